"""Lesson 01: songs and the line between two genres."""
import numpy as np

from draw import BLACK, BLUE, ORANGE, picture, report, series

LESSON = "01_rap_or_arabesk"


def line():
    """w₁, w₂ and b, from the table in which the lesson computes one song by hand: 80 beats per minute, energy 0.3."""
    rows = {row[0].split(" / ")[0]: float(row[2]) for row in report(LESSON)["tables"][0]["rows"][1:]}
    return rows["w₁·tempo"] / 80, rows["w₂·energy"] / 0.3, rows["b"]


@picture("01_border", LESSON, size=(8, 5))
def border(t, fig):
    axes = fig.add_axes((0.11, 0.14, 0.86, 0.83))
    w1, w2, b = line()
    looks = {"arabesk": (ORANGE, "o", t("arabesk", "arabesk")), "rap": (BLUE, "^", t("rap", "rap"))}
    for name, xs, ys in series(LESSON, "border"):
        if name in looks:
            colour, shape, label = looks[name]
            axes.scatter(xs[:120], ys[:120], c=colour, marker=shape, s=22, label=label, linewidths=0)
    tempo = np.array([40, 160])
    axes.plot(tempo, -(w1 * tempo + b) / w2, color=BLACK)
    axes.set(xlim=(45, 155), ylim=(0, 1), xlabel=t("tempo (beats per minute)", "tempo (dakikadaki vuruş)"),
             ylabel=t("energy", "enerji"))
    axes.text(48, 0.05, t("more likely arabesk", "arabesk daha olası"), color="#8a5f00")
    axes.text(152, 0.93, t("more likely rap", "rap daha olası"), color=BLUE, ha="right")
    axes.legend(loc="upper left")
