#!/usr/bin/env python3
"""Packs the student's tree and uses it as a student does: no line of a solution is in it, the stubs get 0 points, a solution that
is written into it all of them.

student_tree.py ROOT PREFIX WORK GENERATOR     PREFIX is where damla is installed, WORK a folder of our own
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys


def lines(path):
    return {line.strip() for line in path.read_text(encoding="utf-8").split("\n")}


def solution_lines(root, tree):
    """Where a line of a solution stands in the tree: lines that no stub has as well, and that are no comment or brace."""
    stubs = set().union(*(lines(p) for p in (root / "examples/homework").glob("**/[1-5]_*.hpp")))
    bodies = set().union(*(lines(p) for p in (root / "tests/homework/solutions").glob("**/*.hpp"))) - stubs
    bodies = {line for line in bodies if len(line) > 20 and not line.startswith(("//", "#include"))}
    if len(bodies) < 100:
        sys.exit(f"only {len(bodies)} lines of solutions to look for: are they where they were?")
    return [f"{p.name}: {line}" for p in tree.rglob("*") if p.is_file() for line in sorted(bodies & lines(p))]


def grade(tree, prefix, generator, number, *options):
    environment = dict(os.environ, CMAKE_PREFIX_PATH=str(prefix), CMAKE_GENERATOR=generator, NO_COLOR="1")
    done = subprocess.run(["./grade", str(number), "--seed", "5", *options], cwd=tree, capture_output=True, text=True,
                          check=False, env=environment)
    print(done.stdout + done.stderr, flush=True)
    return json.loads((tree / "result.json").read_text(encoding="utf-8"))


def main():
    root, prefix, work, generator = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]), sys.argv[4]
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    tree, solutions = work / "homework", root / "tests/homework/solutions"
    subprocess.run(["sh", root / "examples/homework/grader/pack.sh", "--pack", tree, "--variant", "4"], check=True)
    faults = solution_lines(root, tree)
    for number, file, solution in ((1, "1_softmax_classifier.hpp", solutions), (4, "4_attention.hpp", solutions / "variants")):
        result = grade(tree, prefix, generator, number)
        if result["total"] != 0 or result["variant"] != (number == 4) or not all(p["hint"] for p in result["parts"]):
            faults.append(f"stub {number}: {result}")
        shutil.copy(solution / file, tree)
        result = grade(tree, prefix, generator, number, "--lang", "tr")
        if result["total"] != 100:
            faults.append(f"solution {number}: {result}")
    print("\n".join(faults) if faults else "as it should be")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
