"""Draws the pictures of the pages: docs/pictures/en/NAME.svg and docs/pictures/tr/NAME.svg, one language each.

    python3 docs/pictures/draw.py            all of them
    python3 docs/pictures/draw.py 05 gpt     those of which the name begins so

Those that show what a lesson measures read its CSV files and report.json in out/LESSON (seed 1, not --fast), and keep a stamp of the
lesson's sources: tests/docs.py says when they no longer fit. `./go pictures` runs the lessons first.

A picture is a function of (t, fig) in one of the files beside this one. `t("rap", "rap müzik")` is the text in the language that is
drawn, and t.number(0.25, 2) a number as that language writes it.
"""
import csv
import functools
import hashlib
import importlib
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
OUT = ROOT / "out"

# Okabe and Ito: colour-blind people can tell them apart.
BLUE, ORANGE, GREEN, RED, PURPLE, SKY, YELLOW, BLACK, GREY = (
    "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#F0E442", "#000000", "#767676")
COLOURS = [BLUE, ORANGE, GREEN, RED, PURPLE, SKY, BLACK]
PALE = {BLUE: "#E3EFF8", ORANGE: "#FCF0D6", GREEN: "#DDF3EC", GREY: "#F2F2F2", RED: "#FBE6DA", PURPLE: "#F8EAF1"}  # to fill boxes
DARK_ORANGE = "#8a5f00"  # letters: orange itself is too pale to read

PICTURES = []  # (name, lesson or None, size in inches, function)


def picture(name, lesson=None, size=(8, 4.5)):
    """Registers a function as the picture NAME. lesson: the one whose figures it shows; None: drawn by hand."""
    def register(function):
        PICTURES.append((name, lesson, size, function))
        return function
    return register


class Language:
    def __init__(self, code):
        self.code = code

    def __call__(self, english, turkish):
        return turkish if self.code == "tr" else english

    def number(self, value, digits=1):
        text = f"{value:,.{digits}f}"
        return text.translate(str.maketrans(",.", ".,")) if self.code == "tr" else text

    def percent(self, value, digits=0):
        return self("{} %", "%{}").format(self.number(value, digits))


def series(lesson, name):
    """The series of out/LESSON/NAME.csv in their order: [(name in English, [x …], [y …]) …]."""
    found = {}
    with open(OUT / lesson / f"{name}.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            xs, ys = found.setdefault(row["series"].split(" / ")[0], ([], []))
            xs.append(float(row["x"]))
            ys.append(float(row["y"]))
    return [(key, xs, ys) for key, (xs, ys) in found.items()]


def table(lesson, name):
    """The rows of out/LESSON/NAME.csv as they are, the heading first."""
    with open(OUT / lesson / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def report(lesson):
    """What the lesson wrote: its claims with their figures, and its tables, of which a cell "english / türkçe" is the English."""
    found = json.loads((OUT / lesson / "report.json").read_text(encoding="utf-8"))
    for shown in found["tables"]:
        shown["rows"] = [[cell.split(" / ")[0] for cell in row] for row in shown["rows"]]
    return found


@functools.lru_cache
def stamp(lesson):
    """A hash of what decides the lesson's figures: its sources and the worlds that it includes, without comments and spaces."""
    files = sorted((ROOT / "examples" / lesson).glob("*.[ch]pp"))
    seen, waiting = set(files), list(files)
    while waiting:
        for world in re.findall(r'#include "worlds/(\w+)\.hpp"', waiting.pop().read_text(encoding="utf-8")):
            for file in (ROOT / "examples" / "worlds").glob(f"{world}.[ch]pp"):
                if file not in seen:
                    seen.add(file)
                    waiting.append(file)
    digest = hashlib.sha256()
    for file in sorted(seen):
        text = re.sub(r"//[^\n]*", "", file.read_text(encoding="utf-8"))
        digest.update(re.sub(r"\s+", "", text).encode())
    return digest.hexdigest()[:12]


def box(axes, x, y, width, height, text, colour=BLUE, fill="#FFFFFF", **how):
    """A rounded box around its middle (x, y), with a text in it."""
    from matplotlib.patches import FancyBboxPatch
    axes.add_patch(FancyBboxPatch((x - width / 2, y - height / 2), width, height, boxstyle="round,pad=0,rounding_size=0.12",
                                  edgecolor=colour, facecolor=fill, linewidth=2))
    axes.text(x, y, text, ha="center", va="center", **how)


def arrow(axes, start, end, colour=GREY, **how):
    axes.annotate("", xy=end, xytext=start, arrowprops={"arrowstyle": "-|>", "color": colour, "linewidth": 2, "shrinkA": 0, "shrinkB": 0,
                                                        **how})


def board(fig, width, height):
    """Axes without frame or ticks for drawings by hand; both directions in the same unit."""
    axes = fig.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, width)
    axes.set_ylim(0, height)
    axes.set_aspect("equal")
    axes.axis("off")
    return axes


def figure(cell):
    """The number in a cell of a report's table."""
    return float(re.search(r"-?\d+([.,]\d+)?", cell)[0].replace(",", "."))


def bars(t, axes, rows, text, colours, limit=100):
    """Horizontal bars from above to below, each with its figure behind it; rows: (label, value)."""
    for at, ((label, value), colour) in enumerate(zip(rows, colours)):
        axes.barh(-at, value, color=colour, height=0.62)
        axes.text(value + limit * 0.02, -at, text(value), va="center")
    axes.set(xlim=(0, limit * 1.3), ylim=(0.6 - len(rows), 0.6))
    axes.set_yticks([-at for at in range(len(rows))], [label for label, _ in rows])
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(axis="y", length=0)


def draw(names):
    import matplotlib
    matplotlib.use("svg")
    from matplotlib import pyplot
    # Letters stay letters, so that files are small and screen readers find them. Verdana is as wide as DejaVu Sans.
    matplotlib.rcParams.update({
        "svg.fonttype": "none", "svg.hashsalt": "damla", "font.size": 14, "font.family": ["DejaVu Sans"], "axes.spines.top": False,
        "axes.spines.right": False, "axes.prop_cycle": matplotlib.cycler(color=COLOURS), "lines.linewidth": 2.5, "legend.frameon": False,
        "axes.grid": False, "axes.titlesize": 15, "axes.formatter.use_mathtext": False, "image.interpolation": "nearest"})
    for name, lesson, size, function in PICTURES:
        if names and not any(name.startswith(wanted) for wanted in names):
            continue
        for code in ("en", "tr"):
            t = Language(code)
            fig = pyplot.figure(figsize=size)
            function(t, fig)
            if code == "tr":
                for axes in fig.axes:
                    comma(axes)
            path = HERE / code / f"{name}.svg"
            path.parent.mkdir(exist_ok=True)
            fig.savefig(path, facecolor="white", metadata={
                "Date": None, "Creator": None, "Description": f"{lesson} {stamp(lesson)}" if lesson else "drawn by hand"})
            pyplot.close(fig)
            text = path.read_text(encoding="utf-8").replace("'DejaVu Sans'", "'DejaVu Sans', Verdana, sans-serif")
            path.write_text("\n".join(line.rstrip() for line in text.splitlines()) + "\n", encoding="utf-8")
            if path.stat().st_size > 60_000:
                print(f"{path.relative_to(ROOT)} has {path.stat().st_size // 1000} kB: about 50 are wanted, so draw fewer points")
        print(name)


def comma(axes):
    """A Turkish axis has decimal commas."""
    from matplotlib.ticker import FuncFormatter, ScalarFormatter
    for axis in (axes.xaxis, axes.yaxis):
        if isinstance(axis.get_major_formatter(), ScalarFormatter):
            axis.set_major_formatter(FuncFormatter(lambda value, at: f"{value:.10g}".replace(".", ",")))


def main():
    sys.path.insert(0, str(HERE))
    sys.modules["draw"] = sys.modules["__main__"]
    for file in sorted(HERE.glob("*.py")):
        if file.stem != "draw":
            importlib.import_module(file.stem)
    draw(sys.argv[1:])


if __name__ == "__main__":
    main()
