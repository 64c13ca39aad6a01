#!/usr/bin/env python3
"""Packs the student's tree in Turkish: the code is that of the English one, and every comment is Turkish. in_turkish.py ROOT WORK"""
import pathlib
import re
import shutil
import subprocess
import sys

ENGLISH = re.compile(r"(?<!')\b(the|and|of|is|are|in|with|for|from|write|which|then|when|over|result|starts|your|own)\b", re.IGNORECASE)


def pack(root, tree, *options):
    shutil.rmtree(tree, ignore_errors=True)
    subprocess.run(["sh", root / "examples/homework/grader/pack.sh", "--pack", tree, *options], check=True, stdout=subprocess.DEVNULL)
    return {p.name: p.read_text(encoding="utf-8") for p in sorted(tree.glob("[1-5]_*.hpp"))}


def parts(text):
    """Its code, and its comments."""
    comment = re.compile(r"//.*")
    return comment.sub("", text).split(), comment.findall(text)


def main():
    root, work = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    faults, all_english = [], ""
    for variant in ([], ["--variant", "all"]):
        english, turkish = pack(root, work / "en", *variant), pack(root, work / "tr", *variant, "--lang", "tr")
        if len(english) != 5 or english.keys() != turkish.keys() or (work / "tr/language").read_text() != "tr\n":
            faults.append(f"packed: {sorted(english)} and {sorted(turkish)}")
        for tree in ("en", "tr"):
            readme = (work / tree / "README.md").read_text(encoding="utf-8")
            if "./grade 2" not in readme or "](" in readme or "--pack" in readme:
                faults.append(f"{tree}/README.md does not tell students, and them alone, how to be graded")
        for name in english:
            all_english += english[name]
            if parts(english[name])[0] != parts(turkish[name])[0]:
                faults.append(f"{name}: the Turkish stub has other code")
            faults += [f"{name}: no Turkish in turkish.txt: {c}" for c in parts(turkish[name])[1]
                       if ENGLISH.search(c.replace("// namespace student", ""))]
            faults += [f"{name}: too long: {line}" for line in turkish[name].split("\n") if len(line) > 100]
            if "// Ödev " + name[0] not in turkish[name]:
                faults.append(f"{name}: its heading is not Turkish")
    said = re.sub(r"\s*\n\s*///? ", " ", all_english)  # paragraphs as one line
    table = (root / "examples/homework/grader/turkish.txt").read_text(encoding="utf-8").split("\n\n")[1:]
    faults += [f"no stub says: {pair}" for pair in table if pair.strip().split("\n")[0] not in said]
    print("\n".join(faults) or "as it should be")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
