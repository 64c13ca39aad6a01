"""What a student needs of a compiler's errors: where in the cell, and what. One wrong word in fmt::print gives a page."""
import re

PLACE = re.compile(r"^(?P<file>[^\s:][^:]*):(?P<line>\d+):(?P<column>\d+): (?P<kind>fatal error|error|note): (?P<text>.*)$")


def digest(text):
    """The errors in the cell, each with its line; of an error in a header, the line of the cell that led there."""
    groups, block = [], None  # a group: the blocks of an error and its notes; a block: its place, and the lines that show it
    for line in text.split("\n"):
        place = PLACE.match(line)
        if place:
            block = (place, [])
            if place["kind"] != "note":
                groups.append([])
            if groups:
                groups[-1].append(block)
        elif block and not line.startswith(("In file included from", "error: ")):
            block[1].append(line)
    direct, led = [], []
    for group in groups:
        error, shown = group[0]
        cell = next(((place, lines) for place, lines in group if place["file"] == "cell"), None)
        if not cell:
            led.append(f"{error['file']}:{error['line']}: {error['text']}")
            continue
        place, lines = cell
        head = f"line/satır {place['line']}: {error['text']}"
        (direct if place is error else led).append("\n".join([head, *(line for line in lines if line.strip())]))
    return "\n".join(direct or led or [text])
