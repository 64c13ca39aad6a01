"""Lesson 16: one step shared by many machines, what they send, and how far that goes."""
from draw import BLUE, DARK_ORANGE, GREEN, GREY, ORANGE, PALE, RED, arrow, board, box, picture, series

LESSON = "16_many_machines"
COLOURS = ((BLUE, PALE[BLUE]), (ORANGE, PALE[ORANGE]), (GREEN, PALE[GREEN]), (RED, PALE[RED]))


@picture("16_shared", size=(9, 5))
def shared(t, fig):
    axes = board(fig, 18, 10)
    axes.text(9, 9.4, t("one batch, cut into four", "dörde bölünmüş tek yığın"), ha="center", va="center", fontsize=17, weight="bold")
    for i, (colour, fill) in enumerate(COLOURS):
        x = 2.4 + i * 4.4
        box(axes, x, 8.0, 4.2, 1.1, t("4 texts", "4 metin"), colour, fill, fontsize=15)
        arrow(axes, (x, 7.4), (x, 6.75), colour)
        box(axes, x, 5.9, 3.2, 1.5, t(f"copy {i + 1}", f"{i + 1}. kopya"), colour, fontsize=16, weight="bold")
        arrow(axes, (x, 5.1), (x, 4.35), colour)
        axes.text(x, 3.85, t("gradient", "gradyan"), ha="center", va="center", fontsize=15)
        axes.annotate("", xy=(9 + (x - 9) * 0.45, 2.5), xytext=(x, 3.45), arrowprops={"arrowstyle": "-|>", "color": GREY, "linewidth": 2,
                                                                                   "shrinkA": 0, "shrinkB": 0})
    box(axes, 9, 1.7, 9.5, 1.4, t("their mean: all take the same step", "ortalaması: hepsi aynı adımı atar"), GREY, "#f0f0f0", fontsize=16)


def ring(axes, x, y, size, whole, t):
    """Four machines in a ring, and which of the four parts of the sum each has whole."""
    places = [(x - size, y + size), (x + size, y + size), (x + size, y - size), (x - size, y - size)]
    for i, (px, py) in enumerate(places):
        box(axes, px, py, 2.9, 1.5, "", GREY)
        axes.text(px, py + 1.15 if py > y else py - 1.15, t(f"machine {i + 1}", f"{i + 1}. makine"), ha="center", va="center", fontsize=12,
                  color=GREY)
        for part in range(4):
            there = whole[i][part]
            box(axes, px - 0.98 + part * 0.65, py, 0.56, 1.1, "Σ" if there else "", COLOURS[part][0],
                COLOURS[part][1] if there else "#FFFFFF", fontsize=14, weight="bold")
    for start, end in (((x - size + 1.6, y + size), (x + size - 1.6, y + size)), ((x + size, y + size - 0.9), (x + size, y - size + 0.9)),
                       ((x + size - 1.6, y - size), (x - size + 1.6, y - size)), ((x - size, y - size + 0.9), (x - size, y + size - 0.9))):
        arrow(axes, start, end, linewidth=2.5)


@picture("16_ring", size=(9, 5))
def rings(t, fig):
    axes = board(fig, 18, 10)
    one = [[part == (i + 1) % 4 for part in range(4)] for i in range(4)]
    everything = [[True] * 4] * 4
    for x, whole, title in (
            (4.6, one, t("after 3 rounds: each has\none part of the sum", "3 turdan sonra: her birinde\ntoplamın bir parçası")),
            (13.4, everything, t("after 6 rounds:\nall have the whole sum", "6 turdan sonra:\ntoplamın tamamı herkeste"))):
        ring(axes, x, 3.9, 2.3, whole, t)
        axes.text(x, 9.1, title, ha="center", va="center", fontsize=15, weight="bold", linespacing=1.3)
    arrow(axes, (8.6, 3.9), (9.5, 3.9), "#000000", linewidth=3)


@picture("16_worth", LESSON, size=(8.5, 5.2))
def worth(t, fig):
    from matplotlib.ticker import FuncFormatter, NullFormatter
    axes = fig.add_axes((0.12, 0.14, 0.85, 0.83))
    lines = {name: (xs, ys) for name, xs, ys in series(LESSON, "machines")}
    axes.plot([1, 1024], [1, 1024], color=GREY, linestyle=":", linewidth=1.5)
    axes.text(90, 150, t("nobody ever waits", "kimse hiç beklemez"), color=GREY, rotation=38, rotation_mode="anchor", ha="center", va="bottom",
              fontsize=13)
    for name, colour, place, label in (
            ("GPT-3, 200 Gb/s", BLUE, (1150, 460), t("GPT-3, a network\nof 200 Gb/s", "GPT-3,\n200 Gb/sn'lik ağ")),
            ("GPT-2, laptops, 1 Gb/s", GREEN, (1150, 120), t("GPT-2 on laptops,\n1 Gb/s", "dizüstülerde GPT-2,\n1 Gb/sn")),
            ("GPT-3, 1 Gb/s", RED, (1150, 3.6), t("GPT-3, an office\ncable of 1 Gb/s", "GPT-3, 1 Gb/sn'lik\nofis kablosu"))):
        xs, ys = lines[name]
        axes.plot(xs, ys, color=colour)
        axes.text(place[0], place[1], label, color=colour, ha="right" if name == "GPT-3, 1 Gb/s" else "left",
                  va="bottom" if name == "GPT-3, 1 Gb/s" else "center", fontsize=13.5)
    axes.set(xscale="log", yscale="log", xlim=(1, 9000), ylim=(0.8, 1500), xlabel=t("machines", "makine"),
             ylabel=t("the work of how many machines", "kaç makinenin işi"))
    for axis, ticks in ((axes.xaxis, [1, 4, 16, 64, 256, 1024]), (axes.yaxis, [1, 10, 100, 1000])):
        axis.set_ticks(ticks)
        axis.set_major_formatter(FuncFormatter(lambda value, at: t.number(value, 0)))
        axis.set_minor_formatter(NullFormatter())
    axes.minorticks_off()


@picture("16_cuts", size=(9, 4.6))
def cuts(t, fig):
    from matplotlib.patches import Rectangle
    axes = board(fig, 18, 9.2)
    names = ((3, t("data", "veri"), t("each has the model,\na part of the batch", "her birinde model,\nyığının bir parçası")),
             (9, t("tensor", "tensör"), t("each matrix\nis cut", "her matris\nbölünür")),
             (15, t("pipeline", "boru hattı"), t("the stack of layers\nis cut", "katmanların dizisi\nbölünür")))
    for x, name, what in names:
        axes.text(x, 8.5, name, ha="center", va="center", fontsize=18, weight="bold")
        axes.text(x, 1.0, what, ha="center", va="center", fontsize=14, linespacing=1.3)

    def layers(x, width, colours):
        for k, (colour, fill) in enumerate(colours):
            axes.add_patch(Rectangle((x - width / 2, 2.6 + k * 1.25), width, 1.0, edgecolor=colour, facecolor=fill, linewidth=2))

    for i, x in enumerate((1.6, 4.4)):
        layers(x, 2.1, [COLOURS[i]] * 4)
        axes.text(x, 2.15, t(f"machine {i + 1}", f"{i + 1}. makine"), ha="center", va="center", fontsize=12, color=(BLUE, DARK_ORANGE)[i])
    for x, colour in ((7.9, COLOURS[0]), (10.1, COLOURS[1])):
        layers(x, 2.1, [colour] * 4)
    axes.plot([9, 9], [2.3, 7.7], color="#000000", linestyle="--", linewidth=2)
    layers(15, 4.2, [COLOURS[0], COLOURS[0], COLOURS[1], COLOURS[1]])
    axes.plot([12.5, 17.5], [4.98, 4.98], color="#000000", linestyle="--", linewidth=2)
