"""Lesson 04: how sure a model can honestly be, a bag of words, and where it ends."""
from draw import BLACK, BLUE, GREEN, GREY, RED, arrow, board, box, picture, report, table

LESSON = "04_sentiment"
DARK_GREEN = "#00694d"


@picture("04_sentence", LESSON, size=(9, 3.3))
def sentence(t, fig):
    fig.text(0.5, 0.86, "“Gençlerbirliği müthiş bir spor kulübüdür”", ha="center", size=18)
    fig.text(0.5, 0.73, t("Gençlerbirliği is a wonderful sports club", ""), ha="center", size=14, color="#555555")
    p = report(LESSON)["claims"][0]["measured"]
    axes = fig.add_axes((0.17, 0.06, 0.68, 0.58))
    axes.barh([1, 0], [100 * p, 100 * (1 - p)], color=[GREEN, RED], height=0.62)
    for y, value in ((1, p), (0, 1 - p)):
        axes.text(100 * value + 1.5, y, t.percent(100 * value), va="center", size=19, weight="bold")
    axes.set_yticks([1, 0], ["Pozitif", "Negatif"], size=18)
    axes.set(xlim=(0, 100), xticks=[])
    axes.tick_params(length=0)
    axes.spines["bottom"].set_visible(False)


@picture("04_bag", size=(10, 4.4))
def bag(t, fig):
    axes = board(fig, 20, 8.8)
    words = ("güzel", "bir", "film", "güzel", "bir", "son")
    meanings = ("beautiful", "a", "film", "beautiful", "a", "ending")
    for i, (word, meaning) in enumerate(zip(words, meanings)):
        colour = GREEN if word == "güzel" else BLACK
        box(axes, 2.0 + 3.2 * i, 7.6, 2.7, 1.2, word, colour, size=18)
        axes.text(2.0 + 3.2 * i, 6.45, t(meaning, ""), ha="center", size=13, color="#555555")
    arrow(axes, (4.2, 6.0), (4.2, 4.9), mutation_scale=22)
    axes.text(4.6, 5.4, t("count", "say"), va="center", size=15, color="#555555")
    for i, (word, count) in enumerate((("güzel", 2), ("bir", 2), ("film", 1), ("son", 1))):
        y = 4.1 - 1.05 * i
        axes.text(2.6, y, word, va="center", size=17, color=DARK_GREEN if word == "güzel" else BLACK)
        axes.text(5.4, y, str(count), va="center", ha="right", size=17, weight="bold")
    box(axes, 4.2, 2.55, 5.2, 4.6, "", GREY, "none")
    arrow(axes, (7.0, 2.5), (8.5, 2.5), mutation_scale=22)
    box(axes, 10.4, 2.5, 3.4, 2.3, t("add up the\nvectors", "vektörleri\ntopla"), BLUE, size=16, linespacing=1.4)
    arrow(axes, (12.3, 2.5), (13.8, 2.5), mutation_scale=22)
    axes.text(14.2, 3.1, t("Pozitif: a score", "Pozitif: bir puan"), va="center", size=16, color=DARK_GREEN)
    axes.text(14.2, 1.9, t("Negatif: a score", "Negatif: bir puan"), va="center", size=16, color="#a04000")


@picture("04_pieces", LESSON, size=(8, 3.6))
def pieces(t, fig):
    axes = fig.add_axes((0.25, 0.16, 0.72, 0.78))
    rows = report(LESSON)["tables"][0]["rows"][1:4]
    names = (t("whole words", "bütün kelimeler"), t("byte pairs", "bayt çiftleri"), t("letter n-grams", "harf n-gramları"))
    values = [float(row[2]) for row in rows]
    axes.barh([2, 1, 0], values, color=[GREY, BLUE, GREEN], height=0.62)
    for y, value in zip((2, 1, 0), values):
        axes.text(value - 1, y, t.percent(value), va="center", ha="right", size=18, weight="bold", color="white")
    axes.axvline(90, color=BLACK, linestyle="--", linewidth=2)
    axes.text(90.7, 1, t("nobody can\nget further", "kimse daha\nöteye gidemez"), va="center", size=14)
    axes.set_yticks([2, 1, 0], names, size=16)
    axes.set(xlim=(0, 122), xticks=[0, 50, 100], xlabel=t("right test texts, %", "doğru sınama metni, %"))
    axes.tick_params(axis="y", length=0)


@picture("04_news", LESSON, size=(9, 4.4))
def news(t, fig):
    axes = fig.add_axes((0.09, 0.1, 0.89, 0.76))
    rows = [[float(x) for x in row[1:]] for row in table(LESSON, "models")[1:]]
    names = (t("rule by hand", "elle yazılmış kural"), t("a line", "bir çizgi"), "MLP")
    colours = (GREY, BLUE, GREEN)
    for k, (row, name, colour) in enumerate(zip(rows, names, colours)):
        axes.bar([i + 0.27 * (k - 1) for i in range(3)], row, 0.25, color=colour)
        for i, value in enumerate(row):
            axes.text(i + 0.27 * (k - 1), value + 1.5, t.number(value, 0), ha="center", size=14)
        fig.text(0.14 + (0, 0.33, 0.53)[k], 0.93, "■ " + name, color=(colour, BLUE, DARK_GREEN)[k], size=16)
    axes.set(ylim=(0, 112), yticks=[0, 50, 100], ylabel=t("right, %", "doğru, %"))
    axes.set_xticks(range(3), [t("plain", "düz"), t("irony", "ironi"), t("order", "sıra")], size=17)
    axes.tick_params(axis="x", length=0)


@picture("04_order", size=(10, 4.2))
def order(t, fig):
    axes = board(fig, 20, 8.4)
    good, bad = DARK_GREEN, "#a04000"
    texts = (("bizim takım gol attı, rakip takım gol yedi", t("our team scored, the other conceded", ""), good, t("good news", "iyi haber"), 6.9),
             ("bizim takım gol yedi, rakip takım gol attı", t("our team conceded, the other scored", ""), bad, t("bad news", "kötü haber"), 1.3))
    for text, meaning, colour, verdict, y in texts:
        axes.text(0.4, y + 0.2, text, size=18, va="center")
        axes.text(0.4, y - 0.7, meaning, size=14, va="center", color="#555555")
        axes.text(0.4, y + 1.15, verdict, size=17, va="center", color=colour, weight="bold")
        arrow(axes, (11.6, y), (13.2, 4.1 + (y - 4.1) * 0.4), mutation_scale=22)
    box(axes, 16.4, 4.1, 6.2, 5.6, "", BLUE, "#eef5fa")
    axes.text(16.4, 7.4, t("one and the same bag", "tek ve aynı torba"), ha="center", size=16, color=BLUE)
    for i, (word, count) in enumerate((("takım", 2), ("gol", 2), ("bizim", 1), ("rakip", 1), ("attı", 1), ("yedi", 1))):
        axes.text(14.6, 6.15 - 0.82 * i, word, va="center", size=16)
        axes.text(18.2, 6.15 - 0.82 * i, str(count), va="center", ha="right", size=16, weight="bold")
