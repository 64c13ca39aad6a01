"""Lesson 01: songs, the line between two genres, and a neuron."""
import numpy as np

from draw import BLACK, BLUE, DARK_ORANGE, GREEN, GREY, ORANGE, arrow, board, box, picture, report, series

LESSON = "01_rap_or_arabesk"
WHITE = {"facecolor": "white", "edgecolor": "none", "pad": 1}


def line():
    """w₁, w₂ and b, from the table in which the lesson computes one song by hand: 80 beats per minute, energy 0.3."""
    rows = {row[0].split(" / ")[0]: float(row[2]) for row in report(LESSON)["tables"][0]["rows"][1:]}
    return rows["w₁·tempo"] / 80, rows["w₂·energy"] / 0.3, rows["b"]


def songs(t, fig):
    """The plane of tempo and energy with 240 songs in it."""
    axes = fig.add_axes((0.11, 0.14, 0.86, 0.83))
    for name, xs, ys in series(LESSON, "border"):
        if name in ("arabesk", "rap"):
            colour, shape = (ORANGE, "o") if name == "arabesk" else (BLUE, "^")
            axes.scatter(xs[:120], ys[:120], c=colour, marker=shape, s=26, linewidths=0)
    axes.set(xlim=(45, 155), ylim=(0, 1), xlabel=t("tempo (beats per minute)", "tempo (dakikadaki vuruş)"),
             ylabel=t("energy", "enerji"))
    return axes


@picture("01_songs", LESSON, size=(8, 5))
def question(t, fig):
    axes = songs(t, fig)
    axes.scatter([118], [0.22], s=620, c="white", edgecolors=BLACK, linewidths=2.5, zorder=3)
    axes.text(118, 0.22, "?", size=20, weight="bold", ha="center", va="center", zorder=4)
    axes.text(123, 0.22, t("a new song", "yeni bir şarkı"), va="center", size=16)
    axes.text(49, 0.04, t("arabesk ●", "arabesk ●"), color=DARK_ORANGE, size=16, bbox=WHITE)
    axes.text(152, 0.93, t("▲ rap", "▲ rap"), color=BLUE, ha="right", size=16, bbox=WHITE)


@picture("01_border", LESSON, size=(8, 5))
def border(t, fig):
    axes = songs(t, fig)
    w1, w2, b = line()
    tempo = np.array([40, 160])
    axes.plot(tempo, -(w1 * tempo + b) / w2, color=BLACK)
    axes.scatter([80], [0.3], s=330, c="white", edgecolors=BLACK, linewidths=2.5, marker="*", zorder=3)
    axes.text(83, 0.29, t("80 beats, energy 0.3", "80 vuruş, enerji 0,3"), va="center", weight="bold",
              bbox=WHITE)
    axes.text(49, 0.04, t("more likely arabesk ●", "arabesk daha olası ●"), color=DARK_ORANGE, size=16, bbox=WHITE)
    axes.text(152, 0.93, t("▲ more likely rap", "▲ rap daha olası"), color=BLUE, ha="right", size=16, bbox=WHITE)


@picture("01_neuron", LESSON, size=(9, 3.5))
def neuron(t, fig):
    w1, w2, b = line()
    score = w1 * 80 + w2 * 0.3 + b
    axes = board(fig, 18, 7)
    axes.set_ylim(0.8, 7.8)
    n = t.number
    box(axes, 2.1, 6, 3.4, 1.3, t("tempo 80", "tempo 80"), BLUE, size=16)
    box(axes, 2.1, 3.9, 3.4, 1.3, t("energy 0.3", "enerji 0,3"), BLUE, size=16)
    box(axes, 2.1, 1.8, 3.4, 1.3, "1", GREY, size=16)
    for y, weight in ((6, n(w1, 4)), (3.9, n(w2, 2)), (1.8, n(b, 2))):
        arrow(axes, (3.8, y), (8.05, 3.9 + (y - 3.9) * 0.42))
        axes.text(5.7, 3.9 + (y - 3.9) * 0.76 + 0.55, "× " + weight.replace("-", "−"), size=15, ha="center")
    box(axes, 9.7, 3.9, 3.3, 3, t("add up", "topla") + "\n" + n(score, 2), BLACK, size=17, linespacing=1.6)
    arrow(axes, (11.35, 3.9), (12.55, 3.9))
    box(axes, 13.9, 3.9, 2.7, 3, "", GREEN)
    s = np.linspace(-5, 5, 60)
    axes.plot(13.9 + s * 0.21, 3.75 + 1.5 / (1 + np.exp(-s)) - 0.5, color=GREEN, linewidth=3)
    arrow(axes, (15.25, 3.9), (16.2, 3.9))
    axes.text(17.05, 3.9, n(1 / (1 + np.exp(-score)), 3), size=17, ha="center", va="center", weight="bold")
    axes.text(2.1, 7.2, t("inputs", "girdiler"), ha="center", color=GREY)
    axes.text(5.7, 7.2, t("parameters", "parametreler"), ha="center", color=GREY)
    axes.text(9.7, 7.2, t("score", "puan"), ha="center", color=GREY)
    axes.text(13.9, 7.2, "sigmoid", ha="center", color=GREY)
    axes.text(16.85, 4.7, t("probability\nof arabesk", "arabesk\nolasılığı"), ha="center", color=GREY)


@picture("01_farther", LESSON, size=(8, 4.5))
def farther(t, fig):
    axes = fig.add_axes((0.11, 0.17, 0.86, 0.79))
    lines = {name: (np.array(xs), np.array(ys)) for name, xs, ys in series(LESSON, "distance")}
    axes.plot(*lines["model"], color=BLUE, linewidth=3.5)
    axes.plot(*lines["songs"], "o", color=ORANGE, markersize=8)
    axes.axvline(0, color=BLACK, linewidth=1.5, linestyle="--")
    axes.set(xlim=(-3.2, 3.2), ylim=(-0.03, 1.05), yticks=[0, 0.25, 0.5, 0.75, 1],
             xlabel=t("distance from the line", "çizgiden uzaklık"),
             ylabel=t("probability of arabesk", "arabesk olasılığı"))
    axes.text(-0.75, 0.62, t("what the model says", "modelin dediği"), color=BLUE, ha="right", size=15)
    axes.annotate("", xy=(0.12, 0.62), xytext=(-0.7, 0.64), arrowprops={"arrowstyle": "-", "color": BLUE})
    axes.text(1.0, 0.4, t("how many songs\nreally are arabesk", "gerçekten arabesk\nolan şarkılar"), color=DARK_ORANGE, size=15, va="center")
    axes.annotate("", xy=(-0.08, 0.4), xytext=(0.95, 0.4), arrowprops={"arrowstyle": "-", "color": DARK_ORANGE})
    axes.text(0.08, 0.03, t("the line", "çizgi"))
    axes.text(-3.1, -0.23, t("← rap side", "← rap yanı"), color=BLUE)
    axes.text(3.2, -0.23, t("arabesk side →", "arabesk yanı →"), color=DARK_ORANGE, ha="right")


@picture("01_regression", LESSON, size=(8, 4.5))
def regression(t, fig):
    axes = fig.add_axes((0.11, 0.17, 0.86, 0.79))
    _, xs, ys = series(LESSON, "regression")[0]
    axes.scatter(xs[:250], ys[:250], s=22, color=GREEN, linewidths=0, alpha=0.8)
    axes.plot([25, 90], [25, 90], color=BLACK)
    axes.set(xlim=(25, 90), ylim=(15, 100), xlabel=t("danceability that the model says", "modelin söylediği dans edilebilirlik"),
             ylabel=t("true danceability", "gerçek dans edilebilirlik"))
    axes.text(60, 26, t("on the line:\nexactly right", "tam çizgide:\nyanılmadı"), va="center", size=15)
    axes.annotate("", xy=(55.3, 54), xytext=(62, 34), arrowprops={"arrowstyle": "-", "color": BLACK})
