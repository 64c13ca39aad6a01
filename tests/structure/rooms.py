#!/usr/bin/env python3
"""The house, as far as its text shows it: a room knows only what stands above it, no header includes itself in a circle, src/
mirrors include/damla/, files and lines are short, the browser's compiler has what they use. rooms.py ROOT"""
import re
import sys
from pathlib import Path

KNOWS = {"core": [], "functional": ["core"], "text": ["core"], "data": ["core", "text"]}
KNOWS["nn"] = ["core", "functional", "data"]
KNOWS["models"] = ["core", "functional", "text", "data", "nn"]
KNOWS["optim"] = ["core", "functional"]
KNOWS["train"] = KNOWS["models"] + ["models", "optim"]
KNOWS["generate"] = KNOWS["train"] + ["train"]
KNOWS["align"] = KNOWS["generate"] + ["generate"]
KNOWS["hub"] = KNOWS["align"] + ["align"]
KNOWS["check"] = KNOWS["hub"] + ["hub"]
# src/ alone has engine, how it is fast, and command, the program: no header of another room shows either.
IN_SRC = KNOWS | {"engine": ["core", "functional"], "command": KNOWS["check"]}
LINE, HEADER, LAYER = 100, 300, 150

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^">]+)[">]', re.MULTILINE)


def check_includes(name, text, room, rooms, faults):
    """Returns the included headers of damla."""
    found = []
    for included in INCLUDE.findall(text):
        path = included.removeprefix("damla/")
        other, inside, _ = path.partition("/")
        if path != included:
            found.append(included)
        if included == "damla/damla.hpp":
            faults.append(f"{name}: includes {included}, which includes everything")
        elif inside and other in ("worlds", "report") and (room, other) != ("command", "report"):
            faults.append(f"{name}: includes {included}, which is the lessons'")
        elif inside and (path != included or other in rooms) and other not in [room] + rooms[room]:
            faults.append(f"{name}: includes {included}, but {room} may know only: {', '.join(rooms[room])}")
    return found


def check_circles(includes, faults):
    """Again and again without the headers that include none of those left: what remains is in a circle, or includes one."""
    left = dict(includes)
    while True:
        done = [h for h, others in left.items() if not any(o in left for o in others)]
        if not done:
            break
        for h in done:
            del left[h]
    if left:
        faults.append("a circle of includes among: " + ", ".join(sorted(left)))


def main(root):
    faults, includes = [], {}
    headers = sorted((root / "include/damla").rglob("*.hpp"))
    if not headers:
        faults.append("there are no headers in include/damla")
    for base, rooms in (("include/damla", KNOWS), ("src", IN_SRC)):
        for path in sorted((root / base).rglob("*.[ch]pp")):
            name, inside = str(path.relative_to(root)), path.relative_to(root / base).parts
            text = path.read_text(encoding="utf-8")
            if base == "include/damla":
                most = LAYER if inside[0] == "nn" else HEADER
                if text.count("\n") > most:
                    faults.append(f"{name}: {text.count(chr(10))} lines, but no more than {most} are allowed")
            if len(inside) == 1:
                if name != "include/damla/damla.hpp":
                    faults.append(f"{name}: stands in no room")
            elif inside[0] not in rooms:
                faults.append(f"{name}: there is no room {inside[0]} in the design")
            else:
                found = check_includes(name, text, inside[0], rooms, faults)
                if base == "include/damla":
                    includes["/".join(("damla",) + inside)] = found
    check_circles(includes, faults)
    for folder in ("include", "src", "examples/worlds", "playground/engine"):  # what the browser's compiler reads
        for path in sorted((root / folder).rglob("*.[ch]pp")):
            if not path.is_relative_to(root / "src/command") and re.search(r"std::ranges::\w+\(", path.read_text(encoding="utf-8")):
                faults.append(f"{path.relative_to(root)}: uses an algorithm of std::ranges, which the library of Debian's "
                              "emscripten lacks")
    for folder in ("include", "src", "examples", "tests"):
        for path in sorted((root / folder).rglob("*.[ch]pp")):
            for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
                if len(line) > LINE:
                    faults.append(f"{path.relative_to(root)}:{number}: {len(line)} columns, but no more than {LINE} are allowed")
    print("\n".join(faults) or f"{len(headers)} headers, no fault")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
