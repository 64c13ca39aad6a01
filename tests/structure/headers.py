#!/usr/bin/env python3
"""Each header compiles alone: headers.py ROOT WORK FOLDER|FOLDER… COMPILER FLAG …

Only read, no object is made. Half of the time would go into reading Eigen again and again, so headers that include
core/matrix.hpp, by whatever way, find it compiled already; the others are read without it."""
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

root, work, folders, compiler = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3].split("|"), sys.argv[4]
flags = sys.argv[5:] + ["-std=c++20", f"-I{root}/include"] + [f"-I{folder}" for folder in folders if folder]
MATRIX = "damla/core/matrix.hpp"
INCLUDE = re.compile(r'^\s*#\s*include\s*"(damla/[^"]+)"', re.MULTILINE)
headers = sorted(str(p.relative_to(root / "include")) for p in (root / "include").rglob("*.hpp"))
included = {h: INCLUDE.findall((root / "include" / h).read_text(encoding="utf-8")) for h in headers}


def reaches(header, seen):
    seen.add(header)
    return header == MATRIX or any(reaches(h, seen) for h in included.get(header, []) if h not in seen)


def compile_alone(job):
    header, prepared = job
    run = subprocess.run([compiler, *flags, *prepared, "-fsyntax-only", "-x", "c++", "-"], input=f'#include "{header}"\n',
                         capture_output=True, text=True)
    return "" if run.returncode == 0 else f"{header} does not compile alone:\n{run.stderr}"


work.mkdir(parents=True, exist_ok=True)
prefix = work / "prefix.hpp"
prefix.write_text(f'#include "{MATRIX}"\n', encoding="utf-8")
compiled = prefix.with_suffix(".hpp.gch")
made = subprocess.run([compiler, *flags, "-x", "c++-header", prefix, "-o", compiled], capture_output=True, text=True)
if made.returncode != 0:
    sys.exit(made.stderr)
jobs = [(h, ["-include", str(prefix)] if h != MATRIX and reaches(h, set()) else []) for h in headers]
bad = compile_alone(("no/such/header.hpp", []))
with ThreadPoolExecutor(os.cpu_count()) as pool:
    faults = [said for said in pool.map(compile_alone, jobs) if said]
print("\n".join(faults) or f"{len(headers)} headers compile alone")
sys.exit(1 if faults or not bad else 0)
