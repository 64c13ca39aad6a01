"""For gdb: shows matrices, parameters and tokens by their numbers, and makes `step` skip what is not the library's own text.

gdb loads this by itself with the programs of a `step` or `debug` build (cmake/gdb/CMakeLists.txt), once it trusts the folder:
`./go step` says so. By hand: `source cmake/gdb/damla.py`.
"""
import pathlib
import re

import gdb
from gdb.FrameDecorator import FrameDecorator

# Not __file__: when the file beside a program has this one sourced, gdb leaves that one's name there.
ROOT = pathlib.Path((lambda: None).__code__.co_filename).resolve().parents[2]
EDGE, MOST = 3, 8  # as in include/damla/core/format.hpp
FOR_AN_EDITOR = b"mi" in re.split(rb"[\0=]", pathlib.Path("/proc/self/cmdline").read_bytes())  # as VS Code starts gdb


def shown(n):
    """Which of n rows or columns are shown; None stands for those left out."""
    return list(range(n)) if n <= MOST else [*range(EDGE), None, *range(n - EDGE, n)]


def number(value):
    return f"{float(value):.4g}" if value.type.strip_typedefs().code == gdb.TYPE_CODE_FLT else str(value)


def known(variable):
    """The number in Eigen's variable_if_dynamic: a member, or a part of the type."""
    fixed = int(variable.type.strip_typedefs().template_argument(1))
    return fixed if fixed != -1 else int(variable["m_value"])


def row_major(plain):
    return int(plain.strip_typedefs().template_argument(3)) & 1 == 1


class Layout:
    """Where the numbers of an Eigen matrix, or of a look at one, lie."""

    def __init__(self, value):
        kind = eigen_kind(value.type)
        if kind in ("Matrix", "Array"):
            storage, type_ = value["m_storage"], value.type.strip_typedefs()
            fixed = [int(type_.template_argument(i)) for i in (1, 2)]
            self.rows, self.cols = (
                n if n != -1 else int(storage[name]) for n, name in zip(fixed, ("m_rows", "m_cols")))
            data = storage["m_data"]
            self.data = data if data.type.strip_typedefs().code == gdb.TYPE_CODE_PTR else data["array"][0].address
            self.row_step, self.col_step = (self.cols, 1) if row_major(type_) else (1, self.rows)
        elif kind == "Transpose":
            inner = Layout(referred(value["m_matrix"]))
            self.data, self.rows, self.cols = inner.data, inner.cols, inner.rows
            self.row_step, self.col_step = inner.col_step, inner.row_step
        else:
            self.data, self.rows, self.cols = value["m_data"], known(value["m_rows"]), known(value["m_cols"])
            if kind in ("Block", "VectorBlock"):  # steps as the matrix does that it is a part of
                inner = Layout(referred(value["m_xpr"]))
                self.row_step, self.col_step = inner.row_step, inner.col_step
            else:
                rows_first = row_major(value.type.strip_typedefs().template_argument(0))
                inner = known(value["m_stride"]["m_inner"]) or 1
                outer = known(value["m_stride"]["m_outer"]) or inner * (self.cols if rows_first else self.rows)
                self.row_step, self.col_step = (outer, inner) if rows_first else (inner, outer)

    def shape(self):
        if not (0 <= self.rows < 2**31 and 0 <= self.cols < 2**31):
            raise gdb.MemoryError("not constructed yet")
        return f"{self.rows}×{self.cols}"

    def lines(self):
        """A text for each row, with its numbers below those of the row before."""
        self.shape()
        rows, cols = shown(self.rows), shown(self.cols)
        if not cols:
            return []
        cells = [["…" if r is None or c is None else
                  number((self.data + (r * self.row_step + c * self.col_step)).dereference()) for c in cols] for r in rows]
        widths = [max(map(len, column)) for column in zip(*cells)]
        return ["  ".join(f"{cell:>{width}}" for cell, width in zip(row, widths)) for row in cells]

    def row(self, r):
        """A row as an array of C, which an editor unfolds; None where its numbers do not lie side by side."""
        if self.col_step != 1 or self.cols < 1:
            return None
        start = self.data + r * self.row_step
        return start.cast(start.type.target().array(self.cols - 1).pointer()).dereference()


def referred(value):
    return value.referenced_value() if value.type.strip_typedefs().code == gdb.TYPE_CODE_REF else value


def eigen_kind(type_):
    found = re.match(r"Eigen::(\w+)<", type_.strip_typedefs().unqualified().name or "")
    return found and found[1]


class MatrixPrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        try:
            return f"{eigen_kind(self.value.type)} {Layout(self.value).shape()}"
        except gdb.MemoryError:
            return "(no matrix there: not constructed yet, or gone)"

    def children(self):
        try:
            layout = Layout(self.value)
            lines = layout.lines()
        except gdb.MemoryError:
            return
        for r, line in zip(shown(layout.rows), lines):
            row = layout.row(r) if FOR_AN_EDITOR and r is not None else None
            yield "…" if r is None else f"[{r}]", line if row is None else row

    def display_hint(self):
        return "array"


class ParameterPrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        return "Parameter"

    def children(self):
        gradient = self.value["grad_"]
        yield "value", self.value["value"]
        yield "gradient", gradient if Layout(gradient).rows else "none so far"


class TokensPrinter:
    def __init__(self, value):
        self.first, last = value["_M_impl"]["_M_start"], value["_M_impl"]["_M_finish"]
        self.count = int(last - self.first)

    def to_string(self):
        try:
            tokens = [str(self.first[i]) for i in range(min(self.count, 24))]
        except gdb.MemoryError:
            return "(no tokens there: not constructed yet, or gone)"
        return f"{self.count} tokens: {' '.join(tokens + ['…'] * (self.count > 24))}"


class ExpressionPrinter:
    def __init__(self, value):
        self.kind = eigen_kind(value.type)

    def to_string(self):
        return f"{self.kind}: an Eigen expression, whose numbers are computed where they are assigned"


def find_printer(value):
    value = referred(value)
    name, full = value.type.unqualified().name or "", value.type.strip_typedefs().unqualified().name or ""
    if re.fullmatch(r"damla::(\w+::)?Tokens", name):
        return TokensPrinter(value)
    if re.fullmatch(r"damla::(\w+::)?Parameter", full):
        return ParameterPrinter(value)
    kind = eigen_kind(value.type)
    if kind in ("Matrix", "Array", "Map", "Ref", "Block", "VectorBlock", "Transpose"):
        fields = {field.name for base in bases(value.type.strip_typedefs()) for field in base.fields()}
        if fields & {"m_storage", "m_data", "m_matrix"}:
            return MatrixPrinter(value)
    if kind in ("Block", "VectorBlock") or kind and kind.startswith("Cwise") or kind == "Product":
        return ExpressionPrinter(value)  # such a block is one of an expression
    return None


def bases(type_):
    yield type_
    for field in type_.fields():
        if field.is_base_class:
            yield from bases(field.type.strip_typedefs())


def short(name):
    """`damla::f32_a32::MultiHeadAttention::forward(…)::{lambda(long)#1}::operator()(long) const` is MultiHeadAttention::forward, lambda."""
    name = (name or "?").replace("(anonymous namespace)::", "").replace("operator()", "operator")
    while (bare := re.sub(r"<[^<>]*>|\([^()]*\)", "", name)) != name:
        name = bare
    name = re.sub(r"^damla::(\w+::)?", "", name.replace(" const", ""))
    return re.sub(r"::\{lambda#\d+\}::operator$", ", lambda", name)


class ShortFrame(FrameDecorator):
    def function(self):
        frame = self.inferior_frame()
        return short(frame.name()) if frame.name() else super().function()

    def address(self):
        return None


class ShortFrames:
    name, enabled, priority = "damla", True, 100

    def __init__(self):
        gdb.frame_filters[self.name] = self

    def filter(self, frames):
        return map(ShortFrame, frames)


def short_stops():
    """A stop prints its line and, in another function than before, that one's short name. gdb would print the templates' whole names
    and all arguments; it does so still where it is asked, as with `frame`."""
    last = None

    def moves(event):
        gdb.execute("set print frame-info source-line")

    def stops(event):
        nonlocal last
        gdb.execute("set print frame-info auto")
        frame = gdb.selected_frame()
        here = short(frame.name())
        if here != last:
            symtab = frame.find_sal().symtab
            print(f"\tin {here}{f' ({pathlib.Path(symtab.filename).name})' if symtab else ''}")
        last = here

    gdb.events.cont.connect(moves)
    gdb.events.stop.connect(stops)


def skip():
    names = ["^(Eigen|std|fmt|__gnu_cxx)::", "^damla::[^(<]*::(Const)?View::", "^damla::[^(<]*::(expect_[a-z]+|require)([<(]|$)",
             "^damla::[a-z0-9_]+::(threads|detail::(matmul|expect_other|parallel_for))([<(]|$)"]  # the engine's doors
    before = gdb.execute("info skip", to_string=True)
    for kind, what in [("-rfu", name) for name in names] + [("-gfi", f"{ROOT}/src/engine/*.cpp"),
                                                                ("-gfi", "./math/*.c")]:  # the C library's, where gdb has its lines
        if what not in before:
            gdb.execute(f"skip {kind} {what}", to_string=True)


skip()
ShortFrames()
short_stops()
gdb.execute("set print pretty on")
gdb.execute("set print array on")
# Before those of the standard library, which would show tokens as any vector.
(gdb.current_objfile() or gdb.current_progspace()).pretty_printers.insert(0, find_printer)
