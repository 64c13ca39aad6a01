#!/usr/bin/env python3
"""rooms.py notices each fault that it is there for, and finds none in a good tree."""
import subprocess
import sys
import tempfile
from pathlib import Path

GOOD = {
    "include/damla/damla.hpp": '#include "damla/core/matrix.hpp"\n',
    "include/damla/core/matrix.hpp": "#include <vector>\n",
    "include/damla/nn/linear.hpp": '#include "damla/core/matrix.hpp"\n// ' + "ş" * 97 + "\n",
    "src/engine/team.hpp": "",
    "src/engine/rows.cpp": '#include "damla/core/matrix.hpp"\n#include "engine/team.hpp"\n',
    "examples/01_short/lesson.cpp": '#include "report/lesson.hpp"\n',
}
FAULTS = [
    ("include/damla/core/matrix.hpp", '#include "damla/nn/linear.hpp"\n', "core may know only"),
    ("include/damla/nn/linear.hpp", '#include "damla/train/train.hpp"\n', "nn may know only"),
    ("include/damla/nn/linear.hpp", '#include "report/picture.hpp"\n', "the lessons'"),
    ("include/damla/nn/linear.hpp", '#include "damla/damla.hpp"\n', "includes everything"),
    ("include/damla/core/a.hpp", '#include "damla/core/a.hpp"\n', "a circle of includes among: damla/core/a.hpp"),
    ("include/damla/nn/long.hpp", "\n" * 151, "151 lines"),
    ("include/damla/core/long.hpp", "\n" * 301, "301 lines"),
    ("include/damla/cellar/a.hpp", "", "no room cellar"),
    ("src/cellar/a.cpp", "", "no room cellar"),
    ("src/a.cpp", "", "src/a.cpp: stands in no room"),
    ("src/nn/a.cpp", '#include "engine/team.hpp"\n', "nn may know only"),
    ("src/text/a.cpp", "std::ranges::sort(v);\n", "uses an algorithm of std::ranges"),
    ("examples/worlds/a.cpp", "std::ranges::find(v, 1);\n", "uses an algorithm of std::ranges"),
    ("src/engine/a.cpp", '#include "damla/nn/linear.hpp"\n', "engine may know only"),
    ("examples/01_short/wide.hpp", "\n// " + "ş" * 98 + "\n", "wide.hpp:2: 101 columns"),
    ("tests/nn/wide.cpp", "/" * 101, "wide.cpp:1: 101 columns"),
]


def check(change=None):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (GOOD | ({change[0]: GOOD.get(change[0], "") + change[1]} if change else {})).items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        script = Path(__file__).with_name("rooms.py")
        run = subprocess.run([sys.executable, script, folder], capture_output=True, text=True)
    said = run.stdout + run.stderr
    if (run.returncode == 0) != (change is None) or (change and change[2] not in said):
        sys.exit(f"rooms.py ought to say \"{change[2] if change else 'no fault'}\", but says: {said}")


check()
for fault in FAULTS:
    check(fault)
print(f"{len(FAULTS)} faults, all noticed")
