#!/usr/bin/env python3
"""What other tools see of the house. A tool that is missing is no fault: the test says so and is skipped.

tools.py library NM LIBRARY LESSONS   the library holds no lesson's world
tools.py names ROOT                   ctags finds what a header declares
tools.py format ROOT                  the sources are what clang-format makes of them"""
import re
import shutil
import subprocess
import sys
from pathlib import Path

SKIPPED = 77


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, errors="replace").stdout


def skip(why):
    print(f"skipped: {why}")
    return SKIPPED


def library(nm, path, lessons):
    def worlds(file):  # a namespace worlds or report, as symbols spell it
        return sorted({line.split()[-1] for line in output(nm, file).splitlines() if re.search(r"5damla.*?(6worlds|6report)", line)})

    if not worlds(lessons):
        print(f"the test cannot see the worlds in {lessons}")
        return 1
    found = worlds(path)
    print("\n".join(found[:20]) or "no lesson's world in the library")
    return 1 if found else 0


def names(root):
    ctags = next((c for c in ("ctags", "universal-ctags") if shutil.which(c) and "Universal" in output(c, "--version")), None)
    if not ctags:
        return skip("universal-ctags is not installed")
    found = output(ctags, "-x", str(Path(root, "include/damla/nn/linear.hpp")))
    print(found)
    return 0 if found.count("\n") >= 10 and "Linear" in found else 1


def format(root):
    programs = [p for p in ("clang-format-14", "clang-format") if shutil.which(p) and " version 14." in output(p, "--version")]
    if not programs:
        return skip("clang-format 14 is not installed (Debian 12's; other versions format differently)")
    files = [p for folder in ("include", "src", "examples", "tests") for p in sorted(Path(root, folder).rglob("*.[ch]pp"))]
    run = subprocess.run([programs[0], "--dry-run", "--Werror", *files], capture_output=True, text=True)
    faults = sorted(set(re.findall(r"^(\S+?):\d+:\d+: error", run.stderr, re.MULTILINE)))
    if faults:
        print("clang-format would change these; `clang-format -i` does it:\n" + "\n".join(faults))
    elif run.returncode == 0:
        print(f"{len(files)} files, none would change")
    return run.returncode


if __name__ == "__main__":
    sys.exit({"library": library, "names": names, "format": format}[sys.argv[1]](*sys.argv[2:]))
