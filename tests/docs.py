"""Checks the READMEs and the pages in docs/.

Code: a line `<!-- from examples/01_rap_or_arabesk/lesson.cpp -->` before a ```cpp block names the file that the block is taken from.
The block must be found there line by line; only the indentation may differ. A line that is just `// …` stands for left-out
lines. A block that is deliberately not in the sources says so: `<!-- not in the sources -->`. What a test takes from the page
itself says by which one: `<!-- built by tests/package -->`; it has at most 25 lines.

Besides: links and their anchors lead somewhere; pictures are described, small, and fit their lesson; both languages show the same; the map
(claims.md) and the lessons' claims.hpp name the same claims; no page uses a word of the glossary before the lesson that explains it.
"""
import pathlib
import re
import sys
import unicodedata

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
    for link, anchor in re.findall(r"\]\(([^)#\s]*)#?([^)\s]*)\)", prose("\n".join(lines))):
        target = page.parent / link if link else page
        if "://" in link:
            continue
        if not target.exists():
            errors.append(f"{page.relative_to(root)}: the link to {link} leads nowhere")
        elif anchor and anchor not in anchors(target):
            errors.append(f"{page.relative_to(root)}: {target.name} has no anchor #{anchor}")
    return errors, sources


def prose(text):
    """The text without its blocks of code."""
    return re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)


def anchors(page):
    """The anchors as GitHub makes them: one a heading, and those that are written as <a id="…">."""
    text = prose(page.read_text(encoding="utf-8"))
    headings = [re.sub(r"[^\w\- ]", "", h.strip().lower()).replace(" ", "-") for h in re.findall(r"^#+ (.*)$", text, flags=re.M)]
    return set(headings + re.findall(r'<a id="([^"]+)">', text))


def check_pictures(page, root, language, stamp):
    """The names of the page's pictures in their order, and what is wrong with them."""
    errors, names = [], []
    where = page.relative_to(root)
    for alt, link in re.findall(r"!\[([^\]]*)\]\(([^)\s]+)\)", prose(page.read_text(encoding="utf-8"))):
        picture = (page.parent / link).resolve()
        names.append(picture.name)
        if len(alt) < 20:
            errors.append(f"{where}: {picture.name} needs a text that says what is seen (it has {len(alt)} characters, 20 are needed)")
        if not picture.is_file():
            continue  # a link that leads nowhere
        if picture.suffix != ".svg":
            errors.append(f"{where}: {picture.name} is no SVG")
            continue
        if picture.stat().st_size > 60_000:
            errors.append(f"{where}: {picture.name} has {picture.stat().st_size:,} bytes, but no more than 60,000 are allowed")
        if picture.parent.name != language:
            errors.append(f"{where}: {picture.parent.name}/{picture.name} is not from docs/pictures/{language}")
        drawn = re.search(r"<dc:description>(\d\d_\w+) (\w+)</dc:description>", picture.read_text(encoding="utf-8"))
        if drawn and drawn[2] != stamp(drawn[1]):
            errors.append(f"{picture.relative_to(root)} no longer fits its lesson: ./go pictures {drawn[1][:2]}")
    if page.name[:2].isdigit() and not names:
        errors.append(f"{where} has no picture")
    return errors, names


def check_map(root, language):
    """The map has each claim of the lessons, with the lessons that show it."""
    shown = {}
    for file in sorted((root / "examples").glob("*/claims.hpp")):
        for number in re.findall(r"\.number = (\d+)", file.read_text(encoding="utf-8")):
            shown.setdefault(int(number), set()).add(file.parent.name[:2])
    page = root / "docs" / language / "claims.md"
    said = {}
    for row in re.findall(r'^\| <a id="claim-.*$', page.read_text(encoding="utf-8"), flags=re.M):
        number, anchor = int(re.search(r"</a>(\d+)", row)[1]), int(re.search(r"claim-(\d+)", row)[1])
        if number != anchor or number in said:
            yield f"docs/{language}/claims.md: claim {number} has the anchor of claim {anchor}, or stands there twice"
        said[number] = set(re.findall(r"\]\((\d\d)_\w+\.md\)", row))
    for number in sorted(shown.keys() | said.keys()):
        if said.get(number) is None:
            yield f"docs/{language}/claims.md lacks claim {number} of lesson {min(shown[number])}"
        elif said[number] != shown.get(number, set()):
            yield (f"docs/{language}/claims.md: claim {number} names the lessons {sorted(said[number])}, "
                   f"but it is asserted in {sorted(shown.get(number, set()))}")


# Terms that are also everyday words, and stand in earlier pages as such.
ORDINARY = {"en": {"context", "rank", "ring", "transformer-block", "value", "window"},
            "tr": {"context", "odds", "passage", "rank", "ring", "sentiment", "sharding", "transformer-block", "value", "window"}}
ALPHABET = {"en": "abcdefghijklmnopqrstuvwxyz", "tr": "abcçdefgğhıijklmnoöpqrsştuüvwxyz"}
# Plural, possessive and cases; what comes after an apostrophe is a suffix anyway.
SUFFIX = {"en": r"(?:e?s)?(?:['’]s?)?",
          "tr": r"(?:['’]\w+|(?:l[ae]r)?(?:s?[ıiuü])?(?:n?[ıiuü]n|[yn]?[ıiuü]|[yn]?[ae]|n?[dt][ae]n?|y?l[ae]|[dt][ıiuü]r)?)"}


def lower(text, language):
    return unicodedata.normalize("NFC", text.replace("I", "ı").replace("İ", "i").lower() if language == "tr" else text.lower())


def glossary(root, language):
    """id -> (term, the other language's term, number of the lesson), in the order of the page."""
    text = (root / "docs" / language / "glossary.md").read_text(encoding="utf-8")
    entry = r'^- <a id="([^"]+)"></a>\*\*([^*]+)\*\* · \*([^*]+)\* · .*\]\((\d\d)_\w+\.md\)$'
    return {m[1]: (m[2], m[3], m[4]) for m in re.finditer(entry, text, flags=re.M)}


def check_glossary(root):
    both = {language: glossary(root, language) for language in ("en", "tr")}
    for language, terms in both.items():
        where = f"docs/{language}/glossary.md"
        if len(terms) < 120:
            yield f"{where}: only {len(terms)} terms, but 120 are wanted"
        keys = [[ALPHABET[language].find(c) for c in lower(term, language) if c.isalpha()] for term, _, _ in terms.values()]
        for (term, _, _), before, key in zip(list(terms.values())[1:], keys, keys[1:]):
            if key < before:
                yield f"{where}: {term} is not in its place in the alphabet"
    for name in sorted(both["en"].keys() | both["tr"].keys()):
        english, turkish = both["en"].get(name), both["tr"].get(name)
        if not english or not turkish:
            yield f"the glossary has {name} in one language only"
        elif (english[0], english[1], english[2]) != (turkish[1], turkish[0], turkish[2]):
            yield f"the glossaries disagree on {name}: {english} and {turkish}"
    for language, terms in both.items():
        for page in sorted((root / "docs" / language).glob("[0-9][0-9]_*.md")):
            text = lower(re.sub(r"<!--.*?-->|`[^`\n]*`|^    .*$", "", prose(page.read_text(encoding="utf-8")), flags=re.M), language)
            # Links go, and then each term with the longest first, so that "entropy" is not found in "cross-entropy". Places stay the same.
            left = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", lambda m: "\0" * len(m[0]), text)
            plain = {name: lower(re.sub(r" *\(.*\)", "", term), language) for name, (term, _, _) in terms.items()}
            for name in sorted(plain, key=lambda name: -len(plain[name])):
                term, _, lesson = terms[name]
                word = re.escape(plain[name]).replace(r"\ ", r"\s+")
                if language == "tr":  # sıcaklık, sıcaklığı
                    word = re.sub("[kpçt]$", lambda m: f"(?:{m[0]}|{dict(zip('kpçt', 'ğbcd'))[m[0]]}(?=[aeıiuü]))", word)
                word = rf"(?<![\w-]){word}{SUFFIX[language]}\b"
                used = re.search(word, left)
                left = re.sub(word, lambda m: "\0" * len(m[0]), left)
                if used and lesson > page.name[:2] and name not in ORDINARY[language] and f"](glossary.md#{name})" not in text[:used.start()]:
                    line = text[max(0, used.start() - 30):used.end() + 20].replace("\n", " ").strip()
                    yield f"docs/{language}/{page.name}: “{term}” is explained in lesson {lesson} only; link to glossary.md#{name}: … {line} …"


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    sys.path.insert(0, str(root / "docs" / "pictures"))
    sys.dont_write_bytecode = True
    from draw import stamp
    errors, code, pictures = [], {}, {}
    pages = [(language, page.name, page) for language in ("en", "tr") for page in sorted((root / "docs" / language).glob("*.md"))]
    for language, name, page in pages + [("en", "README", root / "README.md"), ("tr", "README", root / "README.tr.md")]:
        found, code[language, name] = check_page(page, root)
        wrong, pictures[language, name] = check_pictures(page, root, language, stamp)
        errors += found + wrong
    for (language, name), blocks in sorted(code.items()):
        other = "tr" if language == "en" else "en"
        if (other, name) not in code:
            errors.append(f"docs/{language}/{name} has no page of that name in docs/{other}")
        elif language == "en":
            if blocks != code[other, name]:
                errors.append(f"docs/en/{name} and docs/tr/{name} show other code")
            if pictures["en", name] != pictures["tr", name]:
                errors.append(f"docs/en/{name} and docs/tr/{name} show other pictures")
    errors += [*check_map(root, "en"), *check_map(root, "tr"), *check_glossary(root)]
    print("\n".join(dict.fromkeys(errors)) if errors else f"{len(code)} pages, {sum(map(len, code.values()))} blocks of code, "
          f"{sum(map(len, pictures.values()))} pictures: all as it should be")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
