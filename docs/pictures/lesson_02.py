"""Lesson 02: shapes that no line separates, the network that does it, and how it learns."""
import json
import math

import numpy as np

from draw import BLACK, BLUE, DARK_ORANGE, GREEN, GREY, ORANGE, OUT, RED, arrow, board, box, picture, report, table

LESSON = "02_curved_borders"


def points(axes, name):
    """Half of the points that the lesson's picture NAME shows: class 0 blue, class 1 orange."""
    for of_class, colour, shape in (("0", BLUE, "^"), ("1", ORANGE, "o")):
        rows = [(float(x), float(y)) for name_of, x, y in table(LESSON, name)[1:] if name_of.endswith(of_class)]
        axes.scatter(*zip(*rows[:100]), c=colour, marker=shape, s=30, linewidths=0)
    edge = 1.76 if "xor" in name else 2.1
    axes.set(xlim=(-edge, edge), ylim=(-edge, edge), xticks=[], yticks=[], aspect="equal")
    for side in ("top", "right"):
        axes.spines[side].set_visible(True)


def border(axes, name):
    """The curve on which both classes are equally likely, from the shade behind the lesson's picture: a grid of P."""
    grid = json.loads((OUT / LESSON / f"{name}.json").read_text(encoding="utf-8"))["grid"]
    rows, columns = np.shape(grid["p"])
    axes.contour(np.linspace(*grid["x"], columns), np.linspace(*grid["y"], rows), grid["p"], [0.5], colors=BLACK, linewidths=3)


@picture("02_shapes", LESSON, size=(9, 4.6))
def shapes(t, fig):
    for i, (name, title) in enumerate((("xor_line", "XOR"), ("rings_line", t("rings", "halkalar")))):
        axes = fig.add_axes((0.02 + 0.5 * i, 0.02, 0.46, 0.88))
        points(axes, name)
        axes.set_title(title)
        if i == 0:
            axes.plot([-1.83, 0.85], [-0.75, 1.83], color=GREY, linestyle="--")
            axes.text(-1.2, -0.14, t("a ruler?", "cetvel?"), color="#555555", size=16, rotation=43.9, ha="center", va="center",
                      bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})


@picture("02_mlp", size=(9, 4.4))
def mlp(t, fig):
    axes = board(fig, 18, 8.8)
    inputs, outputs = [(2.2, 5.4), (2.2, 2.6)], [(13.2, 5.4), (13.2, 2.6)]
    hidden = [(7.7, 7.15 - 0.9 * i) for i in range(8)]
    for a in inputs:
        for h in hidden:
            axes.plot(*zip(a, h), color="#c4c4c4", linewidth=1.3, zorder=1)
    for h in hidden:
        for o in outputs:
            axes.plot(*zip(h, o), color="#c4c4c4", linewidth=1.3, zorder=1)
    for group, colour, size in ((inputs, BLUE, 1500), (hidden, GREEN, 640), (outputs, DARK_ORANGE, 1500)):
        axes.scatter(*zip(*group), s=size, c="white", edgecolors=colour, linewidths=2.5, zorder=2)
    for (x, y), name in zip(inputs, "xy"):
        axes.text(x, y, name, ha="center", va="center", size=17, style="italic", zorder=3)
    s = np.linspace(-1, 1, 25)
    for x, y in hidden:
        axes.plot(x + 0.22 * s, y + 0.2 * np.tanh(3 * s), color=GREEN, linewidth=2.2, zorder=3)
    for (x, y), name in zip(outputs, "01"):
        axes.text(x + 0.75, y, t(f"score of class {name}", f"{name}. sınıfın puanı"), va="center", size=15)
    axes.text(1.9, 8.1, t("inputs", "girdiler"), ha="center", color=BLUE, size=16)
    axes.text(7.7, 8.1, t("8 hidden neurons: a line, then a bend", "8 gizli nöron: bir çizgi, sonra bir bükme"), ha="center",
              color=GREEN, size=16)
    axes.text(14.2, 8.1, t("output", "çıktı"), ha="center", color=DARK_ORANGE, size=16)


@picture("02_borders", LESSON, size=(9, 4.6))
def borders(t, fig):
    for i, (name, title) in enumerate((("xor_mlp", "XOR"), ("rings_mlp", t("rings", "halkalar")))):
        axes = fig.add_axes((0.02 + 0.5 * i, 0.02, 0.46, 0.88))
        points(axes, name)
        border(axes, name)
        axes.set_title(title)


@picture("02_tape", size=(9, 4.8))
def on_tape(t, fig):
    x, w, b = 2, 0.5, -0.3
    s = w * x + b
    y = math.tanh(s)
    factors = (x, 1 - y * y, 2 * (y - 1))
    rows = (("w", w), ("s = w·x + b", s), ("y = tanh(s)", y), (t("loss = (y − 1)²", "kayıp = (y − 1)²"), (y - 1) ** 2))
    gradient = [1.0]
    for factor in reversed(factors):
        gradient.insert(0, gradient[0] * factor)
    axes = board(fig, 18, 9.6)
    n = lambda value, digits: t.number(value, digits).replace("-", "−")
    for i, (name, value) in enumerate(rows):
        at = 7.3 - 2.1 * i
        box(axes, 5.6, at, 5.2, 1.2, name, BLACK, size=17)
        axes.text(9.6, at, n(value, 3), ha="center", va="center", size=18, color=BLUE, weight="bold")
        axes.text(12.9, at, n(gradient[i], 3), ha="center", va="center", size=18, color=RED, weight="bold")
        if i < 3:
            arrow(axes, (5.6, at - 0.6), (5.6, at - 1.5), BLUE)
            arrow(axes, (12.9, at - 1.6), (12.9, at - 0.5), RED)
            axes.text(13.35, at - 1.05, "× " + n(factors[i], 3 if i else 0), va="center", size=15, color=RED)
    axes.text(9.6, 8.7, t("value", "değer"), ha="center", color=BLUE, size=16)
    axes.text(12.9, 8.7, t("gradient", "gradyan"), ha="center", color=RED, size=16)
    arrow(axes, (1.8, 7.8), (1.8, 0.6), BLUE, mutation_scale=22)
    axes.text(1.2, 4.2, t("forward", "ileri"), rotation=90, ha="center", va="center", color=BLUE, size=16)
    arrow(axes, (16.6, 0.6), (16.6, 7.8), RED, mutation_scale=22)
    axes.text(17.2, 4.2, t("backward", "geri"), rotation=90, ha="center", va="center", color=RED, size=16)


@picture("02_depth", LESSON, size=(8, 4.5))
def depth(t, fig):
    axes = fig.add_axes((0.12, 0.17, 0.85, 0.79))
    rows = next(found["rows"] for found in report(LESSON)["tables"] if len(found["rows"][0]) == 5)[1:]
    for deep, colour, shape in ((False, BLUE, "o"), (True, GREEN, "s")):
        chosen = [(float(row[1]), float(row[4])) for row in rows if ("+" in row[0]) == deep]
        axes.plot(*zip(*chosen), color=colour, marker=shape, markersize=9)
    axes.set(xscale="log", xlim=(6.5, 240), ylim=(60, 102), xlabel=t("neurons in all", "toplam nöron sayısı"),
             ylabel=t("right, %", "doğru, %"))
    axes.set_xticks([8, 16, 24, 48, 96, 192], ["8", "16", "24", "48", "96", "192"])
    axes.minorticks_off()
    axes.text(27, 98.5, t("two hidden layers", "iki gizli katman"), color="#00694d", va="center", size=16)
    axes.text(70, 73.5, t("one hidden layer", "tek gizli katman"), color=BLUE, va="center", size=16)
