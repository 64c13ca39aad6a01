#!/usr/bin/env python3
"""What a student's compiler says: students.py ROOT FOLDER|FOLDER… COMPILER FLAG …. Only read, no object is made."""
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

root, folders, compiler, native = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
flags = ["-std=c++20", f"-I{root}/include"] + [f"-isystem{folder}" for folder in folders.split("|")
                                                         if folder not in ("", "/usr/include")]  # that one the compiler knows
MATRIX = "#include <damla/core/matrix.hpp>\n"
OPTIONS = """#include <damla/damla.hpp>
using namespace damla;
void train(Gpt<>& gpt, Random& random, const Tokens& tokens) {
  train_language_model(gpt, tokens, {.steps = 1}, random);
  generate(gpt, tokens, {.max_new_tokens = 48}, random);
  GenerateOptions{.sampling = {.top_k = 5}};
  Gpt<> small({.vocab_size = 5, .channels = 8}, random);
  WordOptions words{.vocab_limit = 5};
}
"""
ALIGNMENT, INDEX, FREE = "compile without EIGEN_MAX_ALIGN_BYTES", "compile without EIGEN_DEFAULT_DENSE_INDEX_TYPE", "include damla before Eigen"
CASES = [  # flags, program, what the compiler says; None: it takes the program without a word
    (["-DEIGEN_MAX_ALIGN_BYTES=0"], MATRIX, ALIGNMENT),
    (["-DEIGEN_DONT_VECTORIZE"], MATRIX, ALIGNMENT),
    (["-DEIGEN_DEFAULT_DENSE_INDEX_TYPE=int"], MATRIX, INDEX),
    (native + ["-fsanitize=address"], MATRIX, None),
    (native + ["-Wall", "-Wextra", "-Werror"], OPTIONS, None),
]
macros = subprocess.run([compiler, "-dM", "-E", "-x", "c++", "-"], input="#include <cstddef>\n", capture_output=True, text=True).stdout
if "__x86_64__" in macros and "__GLIBC__" in macros:  # where Eigen frees in one way or another
    CASES += [(["-fsanitize=address"], MATRIX, None), (["-mavx", "-DEIGEN_MALLOC_ALREADY_ALIGNED=1"], MATRIX, FREE)]
    if "__clang__" not in macros:
        CASES.append((["-fsanitize=address"], "#include <Eigen/Core>\n" + MATRIX, FREE))


def try_out(case):
    options, program, expected = case
    run = subprocess.run([compiler, *flags, *options, "-fsyntax-only", "-x", "c++", "-"], input=program, capture_output=True, text=True)
    if expected is None and run.returncode == 0 and not run.stderr:
        return ""
    if expected is not None and run.returncode != 0 and expected in run.stderr:
        return ""
    return f"{' '.join(options)}: the compiler ought to say {expected or 'nothing'}, but says:\n{run.stderr or 'nothing'}\n{program}"


with ThreadPoolExecutor(os.cpu_count()) as pool:
    faults = [said for said in pool.map(try_out, CASES) if said]
print("\n".join(faults) or f"{len(CASES)} programs, each as it ought to be")
sys.exit(1 if faults else 0)
