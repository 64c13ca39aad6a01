"""What is changed in a cell before clang-repl reads it. Lines stay where they are.

A cell that is run again defines its names again, which C++ forbids. So the second `model` is called `model__run2` behind the
scenes, in this cell and in all that run after it. What ran before keeps the first.

clang-repl 19 makes what is `const` or `static` outside any braces anew in each later cell that uses it, and not always rightly;
as `inline` they are made once. And it crashes on lambdas and statics in a block outside any function; so a block becomes one.

It shows no values either: behind a last expression that no semicolon ends stands what prints it.
"""
import re

TOKEN = re.compile(r"""
    (?P<comment>//(?:\\\n|[^\n])* | /\*.*?\*/)
  | R"(?P<mark>[^(\s]*)\(.*?\)(?P=mark)"         # a raw string
  | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'    # a string, a letter
  | (?P<directive>^[ \t]*\#(?:\\\n|[^\n])*)       # for the preprocessor; a backslash joins its lines
  | \d[\w.']*                                    # a number
  | (?:\.|->|::)\s*~?[^\W\d]\w*                # a member of something: keeps its name
  | \b(?P<type>struct|class|union|enum|namespace)\b
  | (?P<name>[^\W\d]\w*)
  | (?P<mark_of_block>[{}();<>,])
""", re.VERBOSE | re.DOTALL | re.MULTILINE)
DIRECTIVE = re.compile(r"(?P<head>\s*#\s*(?P<what>\w*)\s*)(?P<name>\w*)")
TYPE = re.compile(r"\b(?:struct|class|union|enum)\s+(\w+)")


def members(code):
    """The struct bodies of a cell: where each begins and ends, and the names that are declared directly in it."""
    found, opened, pending, round_brackets = [], [], False, 0
    for match in TOKEN.finditer(code):
        name, mark = match["name"], match["mark_of_block"]
        if match["type"]:
            pending = True
        elif mark == "{":
            opened.append([pending, match.end(), set(), round_brackets])
            pending, round_brackets = False, 0
        elif mark == "}" and opened:
            is_type, begin, names, round_brackets = opened.pop()
            if is_type:
                found.append((begin, match.start(), names))
        elif mark:
            round_brackets += {"(": 1, ")": -1}.get(mark, 0)
            pending = False
        elif name and opened and opened[-1][0] and not round_brackets:  # between a type and what can follow a declared name
            before, after = code[:match.start()].rstrip()[-1:], code[match.end():].lstrip()[:1]
            if (before in ">&*," or re.match(r"\w", before)) and after in tuple(";=,({["):
                opened[-1][2].add(name)
    return found


class Names:
    """Which names have been defined more than once, and how often."""

    def __init__(self, counts=None):
        self.counts = counts or {}

    def apply(self, code):
        """The code with today's names. Members inside a struct keep theirs; the struct's own name does not."""
        types = set(TYPE.findall(code))
        structs = [(begin, end, names - types) for begin, end, names in members(code)]
        blocks, pending, pieces, at = [], False, [], 0
        for match in TOKEN.finditer(code):
            name, mark = match["name"], match["mark_of_block"]
            if match["type"]:
                pending = True
            elif mark == "{":
                blocks.append(pending)
                pending = False
            elif mark:
                pending = False
                if mark == "}" and blocks:
                    blocks.pop()
            elif match["directive"]:
                line = DIRECTIVE.match(match["directive"])
                if line["what"] != "include":
                    pieces += [code[at:match.start()], line["head"], self.apply(match["directive"][line.end("head"):])]
                    at = match.end()
            elif any(begin <= match.start() < end and name in names for begin, end, names in structs):
                pass
            elif name in self.counts and (name in types or not (blocks and blocks[-1])):
                pieces += [code[at:match.end()], f"__run{self.counts[name]}"]
                at = match.end()
        return "".join(pieces) + code[at:]

    def renew(self, names):
        return Names({**self.counts, **{name: self.counts.get(name, 1) + 1 for name in names}})


def macros(code):
    """The macros that a cell defines, each with its #define; None for one that it takes back."""
    found = {}
    for match in TOKEN.finditer(code):
        line = DIRECTIVE.match(match["directive"] or "")
        if line and line["what"] in ("define", "undef"):
            found[line["name"]] = match["directive"] if line["what"] == "define" else None
    return found


def shown(code):
    """The code with its last expression shown, when no semicolon ends it; None when there is none. By a comma of
    <report/notebook.hpp>, since the expression may be void. The compiler refuses it behind a declaration."""
    def blank(match):
        return re.sub(r"\S", " ", match[0]) if match["comment"] or match["directive"] else match[0]

    bare = TOKEN.sub(blank, code).rstrip()
    depth, begin = 0, 0  # where the last statement begins
    for match in TOKEN.finditer(bare):
        mark = match["mark_of_block"]
        depth += {"{": 1, "(": 1, "}": -1, ")": -1}.get(mark, 0)
        if depth == 0 and mark in (";", "}"):
            begin = match.end()
    if not bare[begin:].strip() or re.match(r"\s*(?:for|while|do|if|switch)\b", bare[begin:]):
        return None
    return f"{code[:len(bare)]}, damla::notebook::Shown(){code[len(bare):]}"


def for_clang_repl(code, cell):
    """Outside all braces: `const`, `constexpr` and `static` at the beginning of a statement become inline, and a block a function
    that is called at once. `cell` is a number, which no two cells share."""
    depth, boundary, block, blocks, pieces, at, end = 0, True, None, 0, [], 0, 0
    for match in TOKEN.finditer(code):
        mark, name = match["mark_of_block"], match["name"]
        boundary = boundary and not code[end:match.start()].strip()
        end = match.end()
        if boundary and depth == 0 and name in ("const", "constexpr", "static"):
            binding = re.match(r"const\s+auto\s*&{0,2}\s*\[", code[match.start():])  # const auto [a, b]: cannot be inline
            line = code.count("\n", 0, match.start()) + 1
            begun = "" if binding else f"inline\n#line {line} \"cell\"\n"
            pieces += [code[at:match.start()], begun, name if name != "static" and not binding else ""]
            at = end
        if boundary and depth == 0 and mark == "{":
            blocks += 1
            block = f"damla_cell_{cell}_{blocks}()"
            pieces += [code[at:match.start()], f"void {block} {{"]
            at = end
        if mark and mark in "{(":
            depth += 1
        elif mark and mark in "})":
            depth -= 1
        if depth == 0 and mark == "}" and block:
            pieces += [code[at:end], f" {block};"]
            block = None
            at = end
        if mark or name or match["type"]:
            boundary = bool(mark) and mark in ";}"
    return "".join(pieces) + code[at:]


def plain(text):
    """A compiler's text with the student's names."""
    return re.sub(r"\b(\w+?)__run\d+\b", r"\1", text)


def redefined(errors, code):
    """The names that a cell defines although an earlier one did, by the compiler's errors."""
    found = re.findall(r"^cell:\d+:\d+: error: (?:typedef )?redefinition of '(\w+)'", errors, re.MULTILINE)
    found += re.findall(r"^cell:\d+:\d+: error: definition with same mangled name '(\w+)'", errors, re.MULTILINE)
    for line, column in re.findall(r"^cell:(\d+):(\d+): error: (?:functions that differ only in their return type|"
                                   r"typedef redefinition|type alias redefinition|redeclaration of)", errors, re.MULTILINE):
        text = code.encode().split(b"\n")[int(line) - 1][int(column) - 1:].decode(errors="replace")
        found += re.findall(r"^[^\W\d]\w*", text)
    return {plain(name) for name in found}
