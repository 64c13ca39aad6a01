"""Checks the READMEs and the pages in docs/: code that a page shows is in the sources, links lead somewhere, and both languages agree.

A line `<!-- from examples/01_rap_or_arabesk/lesson.cpp -->` before a ```cpp block names the file that the block is taken from.
The block must be found there line by line; only the indentation may differ. A line that is just `// …` stands for left-out
lines. A block that is deliberately not in the sources says so: `<!-- not in the sources -->`. What a test takes from the page
itself says by which one: `<!-- built by tests/package -->`; it has at most 25 lines.
"""
import pathlib
import re
import sys

BUILT = "<!-- built by tests/package -->"


def is_in(block, source):
    """Whether the pieces of the block, split at `// …`, are in the source one after the other."""
    pieces, piece = [], []
    for line in [line.strip() for line in block] + ["// …"]:
        if line == "// …":
            pieces += [piece] if piece else []
            piece = []
        else:
            piece.append(line)
    at = 0
    for piece in pieces:
        while at + len(piece) <= len(source) and source[at:at + len(piece)] != piece:
            at += 1
        if at + len(piece) > len(source):
            return False, piece[0]
        at += len(piece)
    return bool(pieces), "the block is empty"


def check_page(page, root):
    errors, sources = [], []
    lines = page.read_text(encoding="utf-8").split("\n")
    at = 0
    while at < len(lines):
        if not lines[at].startswith(("```cpp", "```cmake")):
            at += 1
            continue
        end = next((i for i in range(at + 1, len(lines)) if lines[i].startswith("```")), len(lines))
        where = f"{page.relative_to(root)}:{at + 1}"
        named = re.fullmatch(r"<!-- from (\S+) -->", lines[at - 1].strip()) if at else None
        if named and (root / named[1]).is_file():
            source = [line.strip() for line in (root / named[1]).read_text(encoding="utf-8").split("\n")]
            good, what = is_in(lines[at + 1:end], source)
            if not good:
                errors.append(f"{where}: this is not in {named[1]} (any more): {what}")
            sources.append((named[1], "\n".join(line.strip() for line in lines[at + 1:end])))
        elif named:
            errors.append(f"{where}: there is no file {named[1]}")
        elif at and lines[at - 1].strip() == BUILT:
            sources.append((BUILT, "\n".join(lines[at + 1:end])))
            if end - at - 1 > 25:
                errors.append(f"{where}: the block has {end - at - 1} lines, but no more than 25 are allowed")
        elif not at or lines[at - 1].strip() != "<!-- not in the sources -->":
            errors.append(f"{where}: the line before a block of code needs to say <!-- from FILE -->")
        at = end + 1
    for link in re.findall(r"\]\(([^)#\s]+)", "\n".join(lines)):
        if "://" not in link and not (page.parent / link).exists():
            errors.append(f"{page.relative_to(root)}: the link to {link} leads nowhere")
    return errors, sources


def main():
    root = pathlib.Path(sys.argv[1])
    errors, code = [], {}
    for language in ("en", "tr"):
        for page in sorted((root / "docs" / language).glob("*.md")):
            found, code[language, page.name] = check_page(page, root)
            errors += found
    for language, readme in (("en", "README.md"), ("tr", "README.tr.md")):
        found, code[language, "README"] = check_page(root / readme, root)
        errors += found
    for (language, name), blocks in sorted(code.items()):
        other = "tr" if language == "en" else "en"
        if (other, name) not in code:
            errors.append(f"docs/{language}/{name} has no page of that name in docs/{other}")
        elif language == "en" and blocks != code[other, name]:
            errors.append(f"docs/en/{name} and docs/tr/{name} show other code")
    print("\n".join(errors) if errors else f"{len(code)} pages, {sum(map(len, code.values()))} blocks of code: all in the sources")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
