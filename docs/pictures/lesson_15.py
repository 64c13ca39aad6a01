"""Lesson 15: a published model, its block, a habit for little, and what fewer bits cost."""
from draw import BLUE, DARK_ORANGE, GREEN, GREY, ORANGE, PALE, RED, arrow, board, box, picture, report, series

LESSON = "15_a_real_model"


@picture("15_way", size=(9, 3.6))
def way(t, fig):
    axes = board(fig, 18, 7.2)
    parts = [(t("a folder", "bir klasör"), t("read", "okunur"), BLUE, PALE[BLUE]), (t("a habit", "alışkanlık"), t("taught", "öğretilir"),
             ORANGE, PALE[ORANGE]), (t("fewer bits", "az bit"), t("rounded", "yuvarlanır"), ORANGE, PALE[ORANGE]),
             (t("one file", "tek dosya"), t("handed on", "verilir"), GREEN, PALE[GREEN])]
    for i, (name, what, colour, fill) in enumerate(parts):
        x = 2.25 + i * 4.5
        box(axes, x, 4.1, 3.5, 2.2, name, colour, fill, fontsize=17, weight="bold")
        axes.text(x, 2.2, what, ha="center", va="center", fontsize=16, color=GREY)
        if i < 3:
            arrow(axes, (x + 1.85, 4.1), (x + 2.65, 4.1), linewidth=3)
    axes.text(2.25, 6.1, t("somebody else's", "başkasının"), ha="center", va="center", fontsize=14, color=BLUE)
    axes.text(9, 6.1, t("yours", "sizin"), ha="center", va="center", fontsize=14, color=DARK_ORANGE)
    axes.text(15.75, 6.1, t("everybody's", "herkesin"), ha="center", va="center", fontsize=14, color="#00734f")


@picture("15_block", size=(9, 6.4))
def block(t, fig):
    axes = board(fig, 18, 12.8)
    both = ((4.5, t("GPT (lesson 06)", "GPT (06. ders)"), [
        "LayerNorm", t("attention", "dikkat"), "LayerNorm", t("feed-forward", "ileri besleme")], PALE[BLUE], BLUE),
            (13.5, t("today's open models", "bugünün açık modelleri"), [
                "RMSNorm", t("grouped attention,\nrotary positions", "gruplanmış dikkat,\ndöner konumlar"), "RMSNorm", "SwiGLU"], PALE[ORANGE],
             ORANGE))
    for x, title, names, fill, colour in both:
        axes.text(x, 12.2, title, ha="center", va="center", fontsize=17, weight="bold")
        axes.plot([x, x], [0.3, 11.0], color=GREY, linewidth=2.5, zorder=0.5)
        arrow(axes, (x, 10.6), (x, 11.6), linewidth=2.5)
        for k, bottom in enumerate((1.2, 6.4)):
            for name, y, height in ((names[2 * k], bottom + 0.7, 1.0), (names[2 * k + 1], bottom + 2.25, 1.4)):
                box(axes, x, y, 4.9, height, name, colour, fill, fontsize=15)
            top = bottom + 3.75
            axes.plot([x, x - 3.4, x - 3.4, x - 0.42], [bottom - 0.4, bottom - 0.4, top, top], color=GREY, linewidth=2)
            box(axes, x, top, 0.84, 0.84, "+", GREY, fontsize=18)


@picture("15_lora", size=(9, 4.4))
def lora(t, fig):
    from matplotlib.patches import Rectangle
    axes = board(fig, 18, 8.8)

    def matrix(x, y, width, height, colour, fill):
        axes.add_patch(Rectangle((x, y), width, height, edgecolor=colour, facecolor=fill, linewidth=2.5))

    matrix(1.0, 2.4, 4.6, 4.6, GREY, PALE[GREY])
    axes.text(3.3, 4.7, "W", ha="center", va="center", fontsize=30)
    axes.text(3.3, 1.6, t("64 × 64: stays", "64 × 64: değişmez"), ha="center", va="center", fontsize=15)
    axes.text(3.3, 7.9, t("4,096 numbers", "4.096 sayı"), ha="center", va="center", fontsize=16, color=GREY)
    axes.text(6.7, 4.7, "+", ha="center", va="center", fontsize=34)
    matrix(8.2, 2.4, 0.75, 4.6, ORANGE, PALE[ORANGE])
    axes.text(8.57, 4.7, "A", ha="center", va="center", fontsize=20)
    axes.text(9.6, 4.7, "·", ha="center", va="center", fontsize=34)
    matrix(10.2, 4.3, 4.6, 0.75, ORANGE, PALE[ORANGE])
    axes.text(12.5, 4.67, "B", ha="center", va="center", fontsize=20)
    axes.text(8.57, 1.6, "64 × 4", ha="center", va="center", fontsize=15)
    axes.text(12.5, 3.6, "4 × 64", ha="center", va="center", fontsize=15)
    axes.text(11.5, 7.9, t("512 numbers learn", "512 sayı öğrenir"), ha="center", va="center", fontsize=16, color=DARK_ORANGE)


@picture("15_rates", LESSON, size=(8, 4.6))
def rates(t, fig):
    from matplotlib.ticker import FuncFormatter, NullFormatter
    axes = fig.add_axes((0.11, 0.15, 0.86, 0.8))
    rows = next(table["rows"] for table in report(LESSON)["tables"] if table["rows"][0][0] == "model")[2:]
    looks = {"LoRA": (ORANGE, "o", (1.02e-2, 84), DARK_ORANGE, "LoRA", "right"),
             "all weights": (BLUE, "s", (2.6e-3, 42), BLUE, t("all weights", "bütün ağırlıklar"), "right")}
    for name, (colour, shape, place, dark, label, side) in looks.items():
        mine = [row for row in rows if row[0] == name]
        axes.plot([float(row[1]) for row in mine], [float(row[4].rstrip(" %")) for row in mine], color=colour, marker=shape, markersize=9)
        axes.text(*place, label, color=dark, fontsize=17, ha=side, va="center")
    axes.set(xscale="log", ylim=(0, 105), xticks=[1e-4, 1e-3, 1e-2], xlabel=t("learning rate", "öğrenme oranı"),
             ylabel=t("right answers (%)", "doğru yanıt (%)"))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, at: t.number(value, 4).rstrip("0")))
    axes.xaxis.set_minor_formatter(NullFormatter())


@picture("15_bits", LESSON, size=(8, 4.8))
def bits(t, fig):
    from matplotlib.ticker import FuncFormatter
    axes = fig.add_axes((0.15, 0.15, 0.82, 0.81))
    looks = {"KL": (BLUE, "-", "o", (2.25, 2.6), t("measured", "ölçülen")),
             "step²": (RED, "--", None, (5.4, 0.008), t("if it grows with step²", "adım² ile büyüseydi"))}
    for name, xs, ys in series(LESSON, "bits"):
        colour, line, shape, place, label = looks[name]
        axes.plot(xs, ys, color=colour, linestyle=line, marker=shape, markersize=8)
        axes.text(*place, label, color=colour, fontsize=16, va="center")
    axes.set(yscale="log", ylim=(5e-6, 5), xlabel=t("bits for each weight", "ağırlık başına bit"),
             ylabel=t("KL (nats)", "KL (nat)"))
    axes.set_yticks([1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1])
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, at: t.number(value, 5).rstrip("0").rstrip(".,")))
