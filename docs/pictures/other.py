"""The strip of the READMEs, and drawings for the pages that are not lessons."""
import numpy as np

from draw import BLACK, BLUE, DARK_ORANGE, GREEN, GREY, ORANGE, PALE, RED, arrow, board, box, picture, report, series
import lesson_01

STRIP = (4.2, 3.6)  # four beside each other, so letters are large


def rows(lesson, title):
    """A table of the lesson's report, by the English word in front of each row."""
    found = next(t for t in report(lesson)["tables"] if t["title"].startswith(title))
    return {row[0].split(" / ")[0]: row[1:] for row in found["rows"][1:]}


def tile(axes, x, y, width, height, text, colour, size=14, **how):
    box(axes, x, y, width, height, text, colour, PALE[colour], fontsize=size, linespacing=1.35, **how)


@picture("01_strip", lesson_01.LESSON, size=STRIP)
def line(t, fig):
    axes = fig.add_axes((0.1, 0.12, 0.88, 0.86))
    w1, w2, b = lesson_01.line()
    for name, xs, ys in series(lesson_01.LESSON, "border"):
        if name in ("arabesk", "rap"):
            axes.scatter(xs[:90], ys[:90], c=ORANGE if name == "arabesk" else BLUE, marker="o" if name == "arabesk" else "^", s=36, linewidths=0)
    tempo = np.array([40, 160])
    axes.plot(tempo, -(w1 * tempo + b) / w2, color=BLACK, linewidth=4)
    axes.set(xlim=(45, 155), ylim=(0, 1), xticks=[], yticks=[])
    axes.set_xlabel(t("tempo", "tempo"), fontsize=20)
    axes.set_ylabel(t("energy", "enerji"), fontsize=20)
    axes.text(48, 0.03, "arabesk", color=DARK_ORANGE, fontsize=24, weight="bold")
    axes.text(152, 0.9, "rap", color=BLUE, fontsize=24, weight="bold", ha="right")


@picture("05_strip", "05_attention", size=STRIP)
def verb(t, fig):
    axes = board(fig, 4.2, 3.6)
    weights = rows("05_attention", "What the verb needs")
    for y, word, key in ((2.95, "Biz", "subject"), (1.8, "okuldan", "place"), (0.65, "sabah", "time")):
        weight = float(weights[key][0])
        axes.plot([1.75, 3.35], [y, 1.8], color=BLUE, linewidth=30 * weight, alpha=0.45, solid_capstyle="butt")
        axes.text(0.1, y, word, fontsize=22, va="center")
        axes.text(1.85, y + (0.32 if y >= 1.8 else -0.42), t.percent(100 * weight), fontsize=18, color=BLUE, va="center")
    axes.text(4.15, 1.8, "→ ?", fontsize=26, va="center", ha="right", weight="bold")


@picture("07_strip", "07_next_word", size=STRIP)
def next_word(t, fig):
    axes = fig.add_axes((0.27, 0.03, 0.7, 0.85))
    table = next(t_["rows"] for t_ in report("07_next_word")["tables"] if t_["title"].startswith("The next word"))
    found = {row[1]: (float(row[2]), float(row[3])) for row in table[1:] if row[0].startswith("Kediler")}
    words = ["kutu", "koltuk", "balkon"]
    for i, word in enumerate(words):
        for k, colour in ((0, GREY), (1, BLUE)):
            value = 100 * found[word][k]
            axes.barh(2 - i + (0.19 - 0.38 * k), value, height=0.36, color=colour)
            axes.text(value + 2, 2 - i + (0.19 - 0.38 * k), t.percent(value, 0 if value >= 10 else 1), fontsize=17, va="center", color=colour)
    axes.set_yticks([2, 1, 0], words, fontsize=20)
    axes.set(xlim=(0, 100), ylim=(-0.5, 2.5), xticks=[])
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(length=0)
    fig.text(0.28, 0.91, t("truth", "gerçek"), color=GREY, fontsize=20, weight="bold")
    fig.text(0.62, 0.91, t("model", "model"), color=BLUE, fontsize=20, weight="bold")


@picture("11_strip", "11_preferences", size=STRIP)
def leash(t, fig):
    axes = fig.add_axes((0.03, 0.13, 0.94, 0.73))
    table = rows("11_preferences", "One model before")
    for place, policy in ((0, "β = 0"), (1.25, "β = 0.2")):
        for k, colour in ((0, ORANGE), (1, GREEN)):
            value = float(table[policy][k].strip("% "))
            axes.bar(place + 0.45 * k, value, width=0.42, color=colour)
            axes.text(place + 0.45 * k, value + 2, t.percent(value), fontsize=17, ha="center")
    axes.set_xticks([0.225, 1.475], [t("no leash", "tasmasız"), t("leash", "tasmalı")], fontsize=20)
    axes.set(ylim=(0, 112), yticks=[])
    axes.spines["left"].set_visible(False)
    axes.tick_params(length=0)
    fig.text(0.06, 0.91, t("polite", "kibar"), color=DARK_ORANGE, fontsize=20, weight="bold")
    fig.text(0.42, 0.91, t("right city", "doğru şehir"), color=GREEN, fontsize=20, weight="bold")


@picture("command_road", size=(9, 4.2))
def road(t, fig):
    axes = board(fig, 9, 4.2)
    tile(axes, 1.1, 2.1, 1.7, 1.5, t("your text\nbook.txt", "metniniz\nkitap.txt"), GREY)
    tile(axes, 4.3, 2.1, 1.7, 1.5, t("a model\n(a folder)", "bir model\n(bir klasör)"), BLUE)
    arrow(axes, (2.0, 2.1), (3.4, 2.1))
    axes.text(2.7, 2.3, "train", ha="center", fontsize=16, weight="bold")
    axes.annotate("", xy=(3.9, 2.9), xytext=(4.8, 2.9),
                  arrowprops={"arrowstyle": "-|>", "color": GREY, "linewidth": 2, "connectionstyle": "arc3,rad=1.2"})
    axes.text(4.35, 3.6, t("tune: questions, answers", "tune: sorular, yanıtlar"), ha="center", fontsize=14)
    for y, verb_, what in ((3.75, "generate", t("goes on with a text", "metni sürdürür")), (2.95, "chat", t("answers you", "size yanıt verir")),
                           (2.15, "evaluate", t("says how good it is", "ne kadar iyi olduğunu ölçer")),
                           (1.35, "inspect", t("shows what is inside", "içini gösterir")),
                           (0.55, "export", t("for other programs", "başka programlara verir"))):
        arrow(axes, (5.2, 2.1 + (y - 2.1) * 0.35), (5.95, y))
        axes.text(6.05, y + 0.02, verb_, fontsize=16, weight="bold", va="center")
        axes.text(6.05, y - 0.31, what, fontsize=12.5, va="center", color="#444444")


@picture("homework_grader", size=(9, 3.6))
def grader(t, fig):
    axes = board(fig, 9, 3.6)
    tile(axes, 1.4, 2.6, 2.3, 1.2, t("your file\n2_layer_norm.hpp", "dosyanız\n2_layer_norm.hpp"), BLUE, 13)
    tile(axes, 4.5, 2.6, 2.2, 1.2, t("a program\nthat answers", "yanıt veren\nprogram"), GREY)
    tile(axes, 7.6, 2.6, 2.2, 1.2, t("the grader\nasks and compares", "notlayıcı\nsorar, karşılaştırır"), ORANGE)
    arrow(axes, (2.6, 2.6), (3.35, 2.6))
    arrow(axes, (6.45, 2.8), (5.65, 2.8))
    axes.text(6.05, 2.98, t("numbers", "sayılar"), ha="center", fontsize=12)
    arrow(axes, (5.65, 2.4), (6.45, 2.4))
    axes.text(6.05, 2.08, t("answers", "yanıtlar"), ha="center", fontsize=12)
    tile(axes, 4.5, 0.7, 8.3, 1.0, t("✗ backward: dx · 0 / 30 · “The gradient treats the variance as a constant.”",
                                     "✗ geri yayılım: dx · 0 / 30 · “Gradyan varyansı sabit sayıyor.”"), RED, 13.5)
    arrow(axes, (7.6, 1.95), (7.6, 1.25))


@picture("notebooks_cells", size=(8, 4.4))
def cells(t, fig):
    axes = board(fig, 8, 4.4)
    axes.text(0.3, 4.0, t("Two numbers for each song. Where is the border?", "Her şarkı için iki sayı. Sınır nerede?"), fontsize=15, va="center")
    tile(axes, 4.0, 3.05, 7.4, 0.85, t("First guess: how many of 100 songs will the line get right?",
                                       "Önce tahmin: Çizgi 100 şarkıdan kaçını bilir?"), ORANGE, 14)
    box(axes, 4.0, 1.95, 7.4, 0.85, "", GREY, PALE[GREY])
    axes.text(0.55, 1.95, "100 * accuracy(model, fresh)", family="DejaVu Sans Mono", fontsize=14, va="center")
    axes.text(0.55, 1.08, "88.9", family="DejaVu Sans Mono", fontsize=15, va="center", color=BLUE)
    for y, text, colour in ((3.05, t("question", "soru"), DARK_ORANGE), (1.95, t("cell", "hücre"), GREY), (1.08, t("answer", "yanıt"), BLUE)):
        axes.text(7.55, y - (0.0 if y < 1.5 else 0.28), text, fontsize=12, ha="right", va="center", color=colour)
    tile(axes, 4.0, 0.4, 7.4, 0.5, t("Now change something, and run the cell again.", "Şimdi bir şeyi değiştirin ve hücreyi yeniden çalıştırın."), GREEN, 13)


@picture("stepping_way", size=(9, 3.4))
def way(t, fig):
    axes = board(fig, 9, 3.4)
    tile(axes, 1.5, 2.3, 2.5, 1.5, t("the layer\nforward(x)", "katman\nforward(x)"), BLUE)
    tile(axes, 4.7, 2.3, 2.7, 1.5, t("the formula\nattend(q, k, v)", "formül\nattend(q, k, v)"), ORANGE)
    tile(axes, 7.7, 2.3, 2.1, 1.5, t("one row\nexp, sum, /", "tek satır\nexp, topla, böl"), GREEN)
    arrow(axes, (2.75, 2.3), (3.35, 2.3))
    arrow(axes, (6.05, 2.3), (6.65, 2.3))
    for x in (3.05, 6.35):
        axes.text(x, 2.5, "step", ha="center", fontsize=12, weight="bold")
    for x, text in ((1.5, t("what it keeps:\nprint y", "sakladığı:\nprint y")), (4.7, t("scores:\n4, 2, 0 over √2", "puanlar:\n4, 2, 0 bölü √2")),
                    (7.7, t("weights:\n0.768 · 0.187 · 0.045", "ağırlıklar:\n0,768 · 0,187 · 0,045"))):
        axes.text(x, 0.8, text, ha="center", va="center", fontsize=13.5, linespacing=1.4)


@picture("many_machines_step", size=(9, 4))
def step(t, fig):
    axes = board(fig, 9, 4)
    tile(axes, 1.1, 2.0, 1.6, 1.6, t("one batch\n32 texts", "bir yığın\n32 metin"), GREY)
    for y, name in ((3.1, t("laptop 1", "1. bilgisayar")), (0.9, t("laptop 2", "2. bilgisayar"))):
        tile(axes, 4.5, y, 3.2, 1.3, t("{}: a copy of the model,\n16 texts, their gradient", "{}: modelin kopyası,\n16 metin, gradyanı").format(name), BLUE, 13)
        arrow(axes, (1.95, 2.0), (2.85, y))
        arrow(axes, (6.15, y), (6.95, 2.0))
    axes.annotate("", xy=(4.5, 2.4), xytext=(4.5, 1.6), arrowprops={"arrowstyle": "<|-|>", "color": ORANGE, "linewidth": 4})
    axes.text(4.7, 2.0, t("the cable", "kablo"), fontsize=13, va="center", color=DARK_ORANGE)
    tile(axes, 7.85, 2.0, 1.75, 1.6, t("the mean;\nboth take the\nsame step", "ortalama;\nikisi de aynı\nadımı atar"), GREEN, 12.5)


@picture("playground_class", size=(9, 3.4))
def classroom(t, fig):
    axes = board(fig, 9, 3.4)
    for x, number, title, colour in ((1.6, 1, t("a question", "bir soru"), ORANGE), (4.5, 2, t("your guesses", "tahminleriniz"), GREY),
                                     (7.4, 3, t("the model's answer", "modelin yanıtı"), BLUE)):
        box(axes, x, 1.6, 2.6, 2.2, "", colour, PALE[colour])
        axes.text(x, 3.05, f"{number}  {title}", ha="center", fontsize=15, weight="bold")
    axes.text(1.6, 1.6, t("“Kedilerin uyumayı\nsevdiği yerlerden biri …”\nkutu (box):\nhow likely?", "“Kedilerin uyumayı\nsevdiği yerlerden biri …”\nkutu:\nyüzde kaç?"),
              ha="center", va="center", fontsize=13, linespacing=1.4)
    for k, height in enumerate((0.3, 0.7, 1.3, 0.9, 0.5)):
        for x in (4.5, 7.4):
            axes.bar(x - 0.9 + 0.45 * k, height, width=0.36, bottom=0.75, color="#9a9a9a" if x < 6 else "#c9c9c9")
    axes.set_xlim(0, 9)
    axes.set_ylim(0, 3.4)
    axes.plot([7.98, 7.98], [0.65, 2.35], color=BLUE, linewidth=4)
    axes.text(7.98, 2.5, t.percent(72), ha="center", va="center", fontsize=14, color=BLUE, weight="bold")
    arrow(axes, (2.95, 1.6), (3.15, 1.6))
    arrow(axes, (5.85, 1.6), (6.05, 1.6))
