"""Lesson 05: words look at each other; one head in numbers; what the verb needs; the three vectors of "yüz"."""
import numpy as np

from draw import BLACK, BLUE, DARK_ORANGE, GREEN, GREY, ORANGE, RED, arrow, board, box, picture, report, series

LESSON = "05_attention"


@picture("05_order", size=(8, 4.5))
def order(t, fig):
    axes = board(fig, 16, 9)
    news = [(7.0, ["bizim", "takım", "attı", "rakip", "takım", "yedi"], t("good news", "iyi haber"), GREEN),
            (2.4, ["bizim", "takım", "yedi", "rakip", "takım", "attı"], t("bad news", "kötü haber"), RED)]
    gloss = {"bizim": "our", "takım": "team", "attı": "scored", "rakip": "opposing", "yedi": "conceded"}
    places = [1.6, 4.0, 6.4, 9.6, 12.0, 14.4]
    for y, words, says, colour in news:
        for x, word in zip(places, words):
            side, event = word in ("bizim", "rakip"), word in ("attı", "yedi")
            box(axes, x, y, 2.15, 1.0, word, colour=BLUE if side else ORANGE if event else GREY, fontsize=16)
            if t.code == "en":
                axes.text(x, y - 0.85, gloss[word], ha="center", va="center", fontsize=12, color=GREY)
        for verb, side in ((places[2], places[0]), (places[5], places[3])):
            arrow(axes, (verb, y + 0.5), (side, y + 0.5), colour=ORANGE, connectionstyle="arc3,rad=0.3")
        axes.text(8, y - (1.75 if t.code == "en" else 1.2), says, ha="center", va="center", fontsize=16, color=colour, weight="bold")


@picture("05_head", size=(8, 4.8))
def head(t, fig):
    """The last row of the page's table: the four words as "yedi" sees them."""
    axes = board(fig, 16, 9.6)
    words = ["bizim", "takım", "gol", "yedi"]
    keys, values = np.array([[2, 0], [1, 0], [0, 1], [0, 1]]), np.array([[1, 0], [0, 0], [0, 1], [0, 1]])
    scores = keys @ np.array([2, 0])
    weights = np.exp(scores / np.sqrt(2))
    weights /= weights.sum()
    result = weights @ values

    def pair(row, digits=0):
        return t(", ", "; ").join(t.number(value, digits) for value in row)

    xs = [6.8, 9.4, 12.0, 14.6]
    for y, label in ((8.9, t("word", "kelime")), (7.5, t("its key", "anahtarı")), (6.0, t("score", "puan")),
                     (3.9, t("weight", "ağırlık")), (2.4, t("its value", "değeri"))):
        axes.text(5.3, y, label, ha="right", va="center", color=GREY, fontsize=14)
    for i, (x, word) in enumerate(zip(xs, words)):
        box(axes, x, 8.9, 2.0, 0.9, word, colour=BLACK, fontsize=15)
        box(axes, x, 7.5, 1.6, 0.9, pair(keys[i]), colour=BLUE, fontsize=15)
        axes.text(x, 6.0, t.number(scores[i], 0), ha="center", va="center", fontsize=18)
        axes.add_patch(plot_rectangle(x - 0.6, 4.3, 1.2, 1.3 * weights[i], ORANGE))
        axes.text(x, 3.9, t.number(weights[i], 2), ha="center", va="center", fontsize=15, color=DARK_ORANGE, weight="bold")
        box(axes, x, 2.4, 1.6, 0.9, pair(values[i]), colour=GREEN, fontsize=15)
    box(axes, 1.65, 6.0, 3.0, 1.6, t("“yedi” asks:", "“yedi” sorar:") + "\n" + pair((2, 0)), colour=ORANGE, fontsize=14)
    arrow(axes, (3.15, 6.0), (3.85, 6.0), colour=ORANGE)
    axes.plot([5.7, 15.7], [1.7, 1.7], color=GREY, linewidth=1.5)
    axes.text(5.3, 0.9, t("result", "sonuç"), ha="right", va="center", color=GREY, fontsize=14)
    box(axes, 10.7, 0.9, 9.9, 0.95, t("weights × values, added up: ", "ağırlık × değer, toplamı: ") + pair(result, 2),
        colour=GREEN, fontsize=14)


def plot_rectangle(x, y, width, height, colour):
    from matplotlib.patches import Rectangle
    return Rectangle((x, y), width, height, color=colour, linewidth=0)


@picture("05_circles", size=(8, 5))
def circles(t, fig):
    from matplotlib.patches import Ellipse
    axes = board(fig, 16, 10)
    kinds = [(15.6, 9.7, GREY, "#f5f5f5", t("artificial intelligence", "yapay zekâ"), t("the rule", "kural")),
             (12.8, 7.5, BLUE, "#e3eff7", t("machine learning", "makine öğrenmesi"), t("the line", "çizgi")),
             (10.0, 5.3, GREEN, "#e0f3ed", t("deep learning", "derin öğrenme"), t("the MLP", "MLP")),
             (7.2, 3.1, ORANGE, "#fdf1da", t("large language models", "büyük dil modelleri"), t("built like the transformer", "transformer gibi kurulur"))]
    for width, height, colour, fill, name, model in kinds:
        axes.add_patch(Ellipse((8, 0.15 + height / 2), width, height, edgecolor=colour, facecolor=fill, linewidth=2))
        axes.text(8, 0.15 + height - 0.85, name, ha="center", va="center", fontsize=15, weight="bold")
        axes.text(8, 0.15 + height - 1.55, model, ha="center", va="center", fontsize=13, color="#444444")


@picture("05_covered", LESSON, size=(8, 4))
def covered(t, fig):
    axes = fig.add_axes((0.2, 0.17, 0.72, 0.8))
    right = [claim["measured"] for claim in report(LESSON)["claims"][5:9]]
    names = [t("nothing", "hiçbiri"), t("the subject", "özne"), t("the place", "yer"), t("the time", "zaman")]
    chance = [None, 100 / 6, 100 / 3, None]
    for row, (value, best) in enumerate(zip(right, chance)):
        axes.barh(-row, value, height=0.62, color=BLUE)
        axes.text(value + 1.5, -row, t.percent(value), va="center", fontsize=15)
        if best:
            axes.plot([best, best], [-row - 0.42, -row + 0.42], color=BLACK, linewidth=3)
            axes.annotate(t("guessing", "tahmin"), (best, -row - 0.36), xytext=(best + 16, -row - 0.36), va="center", fontsize=13,
                          arrowprops={"arrowstyle": "-", "color": GREY})
    axes.set_yticks([0, -1, -2, -3], names, fontsize=15)
    axes.set(xlim=(0, 112), xlabel=t("right verbs, %, when this word is covered", "bu kelime örtülüyken doğru fiil, %"))
    axes.set_xticks([0, 25, 50, 75, 100])
    axes.tick_params(axis="y", length=0)


@picture("05_senses", LESSON, size=(8, 5))
def senses(t, fig):
    axes = fig.add_axes((0.05, 0.05, 0.92, 0.92))
    labels = [(t("a face", "surat"), "Kursta bugün yüz …"), (t("a hundred", "sayı"), "Postanede bugün yüz …"),
              (t("to swim", "yüzmek"), "Tatilde bugün yüz …")]
    for (_, xs, ys), colour, shape, label in zip(series(LESSON, "senses"), (ORANGE, BLUE, GREEN), "o^s", labels):
        points = np.unique(np.round(np.array([xs, ys]).T, 1), axis=0)
        axes.scatter(points[:, 0], points[:, 1], c=colour, marker=shape, s=70, linewidths=0)
        middle, below = points.mean(axis=0), points.mean(axis=0)[1] > 0
        for line, (text, weight) in enumerate(zip(label, ("bold", "normal"))):
            axes.annotate(text, middle, xytext=(0, (-32 if below else 54) - 20 * line), textcoords="offset points", ha="center",
                          va="center", fontsize=15, weight=weight)
    axes.set(xticks=[], yticks=[])
    axes.margins(0.3, 0.25)
    for side in axes.spines.values():
        side.set_visible(False)
