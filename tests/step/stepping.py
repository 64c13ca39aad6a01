"""Inside gdb, on tests/step/program.cpp: `step` from a block's forward reaches the formulas, and `print` shows the numbers."""
import pathlib
import re
import sys

import gdb

ROOT = pathlib.Path(__file__).resolve().parents[2]
FORMULAS = ROOT / "include/damla/functional"


def expect(good, what):
    if not good:
        raise AssertionError(what)


def show(expression):
    text = gdb.execute(f"print {expression}", to_string=True).rstrip("\n")
    return re.sub(r"^\$\d+ = ", "", text)


def numbers(text):
    """The shape and the numbers of a matrix as gdb shows it."""
    found = re.fullmatch(r"\w+ (\d+)×(\d+) = \{(.*)\}", text, re.S)
    expect(found, f"this is no matrix: {text}")
    return [found[1], found[2], *found[3].replace(",", "").split()]


def printed():
    """What the program printed of its matrices: a line each."""
    lines = [line.split() for line in pathlib.Path("printed.txt").read_text().splitlines()]
    return {name: rest for name, *rest in lines}


def cut(nine):
    """A 9×9 matrix, of which three rows and columns at each edge are shown."""
    rows = [nine[2 + 9 * r:11 + 9 * r] for r in range(9)]
    rows = [row[:3] + ["…"] + row[6:] for row in rows]
    return nine[:2] + sum(rows[:3], []) + ["…"] * 7 + sum(rows[6:], [])


def check_numbers():
    program = printed()
    for name, expression in (("x", "x"), ("weights", "block.attention.weights"), ("value", "block.norm_1.bias.value"),
                             ("gradient", "block.norm_1.bias.grad_")):
        text = show(expression)
        expect(numbers(text) == program[name], f"{expression} is shown as {text}, but is {program[name]}")
    parameter = show("block.norm_1.bias")
    expect(re.match(r"Parameter = \{\s+value = Matrix 1×4 = .*\s+gradient = Matrix 1×4 = ", parameter, re.S),
           f"a parameter is shown as {parameter}")
    expect("gradient = none so far" in show("unused"), f"a parameter without a gradient is shown as {show('unused')}")
    expect(show("tokens") == "3 tokens: 7 0 5", f"the tokens are shown as {show('tokens')}")
    expect(numbers(show("wide")) == cut(program["wide"]), f"a large matrix is shown as {show('wide')}")
    for name in ("column", "map", "transposed"):
        expect(numbers(show(name)) == program[name], f"{name} is shown as {show(name)}, but is {program[name]}")


def line_at(frame):
    place = frame.find_sal()
    if place.symtab is None:
        return None, ""
    path = pathlib.Path(place.symtab.fullname()).resolve()
    return path, path.read_text(encoding="utf-8").splitlines()[place.line - 1].strip()


def formula_lines(header, function):
    """The lines of a formula from its loop on that end in a semicolon."""
    text = (FORMULAS / header).read_text(encoding="utf-8")
    body = re.search(r"void " + function + r"\(.*?\) \{\n(.*?)\n\}\n", text, re.S)[1]
    return {line.strip() for line in body.split("\n") if line.endswith(";")}


def check_steps():
    wanted = formula_lines("attention.hpp", "attend") | formula_lines("layer_norm.hpp", "layer_norm")
    for part in ("maxCoeff()", ".exp()", "w.sum()", "const double scale = "):
        expect(any(part in line for line in wanted), f"{part} is not in the formulas any more: {wanted}")
    seen, steps, query = set(), 0, None
    while not wanted <= seen:
        gdb.execute("step", to_string=True)
        steps += 1
        frame = gdb.newest_frame()
        path, line = line_at(frame)
        where = f"step {steps} leads to {frame.name()} in {path}"
        expect(path is not None and path.is_relative_to(ROOT), where)
        expect(not path.is_relative_to(ROOT / "src/engine") and path.name not in ("view.hpp", "error.hpp"), where)
        expect(frame.name() != "main" and steps < 600, f"{where}, but these lines were not reached: {wanted - seen}")
        if path.parent == FORMULAS:
            seen.add(line)
        if "maxCoeff" in line and query is None:
            query = numbers(show("q"))
            expect(re.match(r"VectorBlock 1×1 = ", show("w")), f"w is shown as {show('w')}")
    expect(query == printed()["query"], f"the first head's queries are shown as {query}, but are {printed()['query']}")
    return steps


def main():
    gdb.execute("set width 0")
    gdb.execute("set confirm off")
    source = (ROOT / "tests/step/program.cpp").read_text(encoding="utf-8").splitlines()
    call = next(i for i, line in enumerate(source, 1) if "block.forward(x, std::ssize" in line)
    gdb.execute(f"break program.cpp:{call}")
    gdb.execute("unset environment DAMLA_THREADS")  # one is what a step build takes by itself
    gdb.execute("run > printed.txt")
    skipped = gdb.execute("info skip", to_string=True)
    expect(f"{ROOT}/src/engine/*.cpp" in skipped, f"the engine is not skipped: {skipped}")
    check_numbers()
    return check_steps()


try:
    print(f"{main()} steps from the block through its formulas")
    code = 0
except Exception as fault:  # else gdb would go on
    print("FAILED:", fault)
    code = 1
sys.stdout.flush()
gdb.execute("kill" if gdb.selected_inferior().pid else "echo")
gdb.execute(f"quit {code}")
