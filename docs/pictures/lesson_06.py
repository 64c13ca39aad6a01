"""Lesson 06: a GPT from words to logits, its block, what each part is worth, and how large is large."""
import math

from draw import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, arrow, board, box, picture, report, table

LESSON = "06_gpt_block"


def plus(axes, x, y):
    from matplotlib.patches import Circle
    axes.add_patch(Circle((x, y), 0.42, facecolor="white", edgecolor=BLACK, linewidth=2, zorder=3))
    axes.text(x, y - 0.03, "+", ha="center", va="center", fontsize=20, zorder=4)


@picture("06_model", size=(8, 5.4))
def model(t, fig):
    axes = board(fig, 16, 10.8)
    xs = (3.0, 6.2, 9.4)
    for place, (x, word) in enumerate(zip(xs, ("önce", "su", "ateş")), 1):
        box(axes, x, 0.75, 2.2, 0.95, word, colour=GREY, fontsize=16)
        box(axes, x, 2.5, 2.9, 1.3, t(f"word vector\n+ place {place}", f"kelime vektörü\n+ konum {place}"), colour=PURPLE, fontsize=12)
        arrow(axes, (x, 1.25), (x, 1.83))
        arrow(axes, (x, 3.15), (x, 3.75))
        for y in (4.75, 6.15, 7.55):
            arrow(axes, (x, y), (x, y + 0.4))
    for i, y in enumerate((4.25, 5.65, 7.05), 1):
        box(axes, 6.2, y, 9.6, 1.0, t(f"block {i}", f"{i}. blok"), colour=BLUE, fill="#e3eff7", fontsize=16)
    box(axes, 6.2, 8.45, 9.6, 1.0, "norm", colour=GREEN, fill="#e0f3ed", fontsize=16)
    for x in xs:
        arrow(axes, (x, 8.95), (x, 9.45))
        box(axes, x, 9.95, 2.2, 0.95, t("logits", "logitler"), colour=ORANGE, fontsize=15)
    for y, text in ((0.75, t("words", "kelimeler")), (2.5, t("which word\nis where", "nerede\nne var")), (5.65, t("work on\nthe stream", "akışı\nişler")),
                    (8.45, t("evens out\nthe numbers", "sayıları\ndengeler")), (9.95, t("which word next?", "sırada hangisi?"))):
        axes.text(11.5, y, text, ha="left", va="center", fontsize=13, color="#444444")


@picture("06_block", size=(8, 4.2))
def block(t, fig):
    axes = board(fig, 16, 8.4)
    y = 2.2
    axes.plot([0.9, 15.0], [y, y], color=BLACK, linewidth=4, zorder=1)
    arrow(axes, (14.6, y), (15.4, y), colour=BLACK)
    halves = [(1.9, 6.6, t("attention", "dikkat"), ORANGE, t("words look\nat each other", "kelimeler\nbirbirine bakar")),
              (8.9, 13.6, t("feed-\nforward", "ileri\nbesleme"), BLUE, t("each word\nby itself", "her kelime\nkendi başına"))]
    for start, end, name, colour, says in halves:
        middle = (start + end) / 2
        arrow(axes, (start, y), (start, 3.65), colour=GREY)
        box(axes, start + 0.2, 4.2, 1.9, 1.05, "norm", colour=GREEN, fill="#e0f3ed", fontsize=15)
        arrow(axes, (start + 1.2, 4.2), (middle + 0.35, 4.2), colour=GREY)
        box(axes, middle + 1.7, 4.2, 2.6, 1.5, name, colour=colour, fill="white", fontsize=15)
        arrow(axes, (end, 3.42), (end, y + 0.45), colour=GREY)
        plus(axes, end, y)
        axes.text(middle + 0.8, 6.3, says, ha="center", va="center", fontsize=15, color="#444444")
    for x, text in ((0.45, "x"), (7.8, "x₁"), (15.6, "y")):
        axes.text(x, y - (0 if x != 7.8 else 0.75), text, ha="center", va="center", fontsize=18, style="italic")
    axes.text(8.0, 0.55, t("the stream: one row of numbers for each word", "akış: her kelime için bir sayı satırı"), ha="center", va="center",
              fontsize=15)


@picture("06_parts", LESSON, size=(8, 4.4))
def parts(t, fig):
    rows = [[float(value) for value in row[1:]] for row in table(LESSON, "parts")[1:]]
    names = [t("the whole GPT", "bütün GPT"), t("no positions", "konumsuz"), t("no residual sums", "artık toplamsız"), t("no norms", "normsuz"),
             t("no feed-forward", "ileri beslemesiz")]
    titles = [t("the list read again", "ikinci kez okunan liste"), t("mixtures", "karışımlar")]
    for column, (title, guess, colour) in enumerate(zip(titles, (math.log(4), math.log(12)), (ORANGE, BLUE))):
        axes = fig.add_axes((0.235 + 0.39 * column, 0.15, 0.34, 0.74))
        axes.axvline(guess, color=BLACK, linewidth=2, linestyle=":")
        for at, row in enumerate(rows):
            axes.barh(-at, row[column], height=0.62, color=colour)
            inside = row[column] > 0.75 * guess
            axes.text(row[column] + (-0.04 if inside else 0.04) * guess, -at, t.number(row[column], 2), va="center",
                      ha="right" if inside else "left", fontsize=14, color="white" if inside and column else BLACK)
        axes.set_yticks([-at for at in range(5)], names if column == 0 else [], fontsize=14)
        axes.tick_params(axis="y", length=0)
        axes.set(xlim=(0, guess * 1.08), ylim=(-4.6, 0.6), xticks=[0, guess])
        axes.set_xticklabels([t("certain", "kesin"), t("guessing", "tahmin")], fontsize=13)
        for label, side in zip(axes.get_xticklabels(), ("left", "right")):
            label.set_ha(side)
        axes.set_title(title, fontsize=15)


@picture("06_sizes", LESSON, size=(8, 4.6))
def sizes(t, fig):
    axes = fig.add_axes((0.235, 0.16, 0.73, 0.82))
    rows = report(LESSON)["tables"][-1]["rows"][1:]
    names = [t("this lesson's GPT", "bu dersin GPT'si"), "GPT-2 small", "GPT-2 XL", "GPT-3"]

    def round_number(value):
        for unit, digits, word in ((1e9, 0 if value > 1e10 else 1, t("billion", "milyar")), (1e6, 0, t("million", "milyon"))):
            if value >= unit:
                return f"{t.number(value / unit, digits)} {word}"
        return t.number(value, 0)

    for at, row in enumerate(rows):
        for offset, column, colour in ((0.2, -2, BLUE), (-0.2, -1, ORANGE)):
            value = int("".join(c for c in row[column] if c.isdigit()))
            axes.barh(-at + offset, value, height=0.36, color=colour)
            axes.text(value * 1.3, -at + offset, round_number(value) + ("" if at else t(" parameters", " parametre") if column == -2
                                                                   else t(" neurons", " nöron")), va="center", fontsize=13, zorder=2,
                      bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})
    axes.set_xscale("log")
    axes.axvline(1e9, color=BLACK, linewidth=2, linestyle=":", zorder=0)
    axes.text(1.2e9, 0.0, t("large:\nfrom a billion", "büyük:\nmilyardan\nbaşlar"), fontsize=13, va="center", color="#444444")
    axes.set(xlim=(100, 4e13), ylim=(-3.6, 0.6))
    axes.set_yticks([0, -1, -2, -3], names, fontsize=14)
    axes.tick_params(axis="y", length=0)
    axes.set_xticks([1e3, 1e6, 1e9, 1e12], [t("thousand", "bin"), t("million", "milyon"), t("billion", "milyar"), t("trillion", "trilyon")])
    axes.minorticks_off()
