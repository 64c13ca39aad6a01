"""Lesson 07: the next word beside the truth, the text that labels itself, loss by what has been read, and two kinds of memory."""
from draw import BLACK, BLUE, DARK_ORANGE, GREEN, GREY, ORANGE, arrow, board, box, picture, series, table

LESSON = "07_next_word"


@picture("07_next_word", LESSON, size=(8, 4.8))
def next_word(t, fig):
    axes = fig.add_axes((0.13, 0.15, 0.85, 0.74))
    rows = table(LESSON, "next_word")[1:]
    english = {"kutu": "\n(box)", "koltuk": "\n(armchair)", "balkon": "\n(balcony)"}
    for at, (word, truth, model) in enumerate(rows):
        for offset, value, colour in ((-0.2, float(truth), BLACK), (0.2, float(model), ORANGE)):
            axes.bar(at + offset, value, width=0.38, color=colour)
            digits = 2 if value >= 0.01 else 4 if value >= 0.0001 else 5
            axes.text(at + offset + (0.1 if digits == 5 else 0), value * 1.15, t.number(value, digits), ha="center", fontsize=13)
    axes.text(3, 0.5, t("truth", "gerçek"), ha="center", fontsize=16, weight="bold")
    axes.text(3, 0.12, t("model", "model"), ha="center", fontsize=16, weight="bold", color=DARK_ORANGE)
    axes.set_yscale("log")
    axes.set(ylim=(3e-6, 2), xlim=(-0.6, 3.7))
    axes.set_yticks([1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1], [t.number(10.0 ** -n, n) for n in (5, 4, 3, 2, 1, 0)], fontsize=13)
    axes.minorticks_off()
    axes.set_xticks(range(4), [row[0] + t(english.get(row[0], ""), "") for row in rows], fontsize=14)
    axes.set_title("Kedilerin uyumayı sevdiği yerlerden biri …", fontsize=15, loc="right")


@picture("07_labels", size=(8, 4.2))
def labels(t, fig):
    axes = board(fig, 16, 8.4)
    words = ["Kedilerin", "uyumayı", "sevdiği", "yerlerden", "biri", "kutu"]
    widths = [2.5, 2.35, 2.15, 2.6, 1.5, 1.6]
    starts = [0.9]
    for width in widths:
        starts.append(starts[-1] + width + 0.25)
    for row in range(5):
        y = 6.6 - 1.32 * row
        for at in range(row + 2):
            answer = at == row + 1
            box(axes, starts[at] + widths[at] / 2, y, widths[at], 0.95, words[at], colour=ORANGE if answer else BLUE,
                fill="#fdf1da" if answer else "#e3eff7", fontsize=14)
    axes.text(2.15, 7.7, t("what it reads", "okuduğu"), ha="center", va="center", fontsize=14, color=BLUE)
    axes.text(4.85, 7.7, t("its label", "etiketi"), ha="center", va="center", fontsize=14, color=DARK_ORANGE)


def two_curves(t, axes, name, labels_at):
    looks = [(t("the model", "model"), ORANGE, 3.5), (t("the best possible", "olabilecek en iyi"), BLACK, 2)]
    for (_, xs, ys), (label, colour, width), at in zip(series(LESSON, name), looks, labels_at):
        axes.plot(xs, ys, color=colour, linewidth=width)
        axes.text(*at, label, fontsize=14, color=DARK_ORANGE if colour == ORANGE else colour)


@picture("07_position", LESSON, size=(8, 4.2))
def position(t, fig):
    axes = fig.add_axes((0.11, 0.16, 0.86, 0.8))
    two_curves(t, axes, "position", [(3.4, 0.63), (7, 0.2)])
    axes.set(xlim=(0.5, 32.5), ylim=(0, 1.25), xlabel=t("words read", "okunan kelime"), ylabel=t("loss (nats)", "kayıp (nat)"))
    axes.set_xticks([1, 8, 16, 24, 32])


@picture("07_long", LESSON, size=(8, 4.2))
def long(t, fig):
    axes = fig.add_axes((0.11, 0.16, 0.86, 0.8))
    two_curves(t, axes, "long_windows", [(4.5, 3.66), (1.5, 3.3)])
    axes.set_xscale("log", base=2)
    axes.set(xlim=(1.2, 1024), ylim=(3.0, 3.9), xlabel=t("words read", "okunan kelime"), ylabel=t("loss (nats)", "kayıp (nat)"))
    axes.set_xticks([2, 8, 32, 128, 512], ["2", "8", "32", "128", "512"])
    axes.axvspan(100, 1024, color="#f0f0f0", zorder=0, linewidth=0)
    axes.text(320, 3.8, t("beyond a\nhundred words", "yüz kelimenin\nötesi"), ha="center", va="center", fontsize=13, color="#444444")
    axes.minorticks_off()


@picture("07_memory", size=(8, 4.6))
def memory(t, fig):
    axes = board(fig, 16, 9.2)
    words = [t("tea", "çay"), t("salt", "tuz"), t("soap", "sabun"), "…", t("tea", "çay"), t("salt", "tuz"), "?"]
    xs = [1.4 + 2.2 * i for i in range(7)]
    for y, name in ((6.4, "GPT"), (1.9, "LSTM")):
        for x, word in zip(xs, words):
            box(axes, x, y, 1.75, 0.95, word, colour=GREY if word != "?" else ORANGE, fontsize=15)
        axes.text(0.5, y + 2.15, name, ha="left", va="center", fontsize=17, weight="bold", color=BLUE if name == "GPT" else GREEN)
    arrow(axes, (xs[5] + 0.5, 6.95), (xs[2], 6.95), colour=BLUE, connectionstyle="arc3,rad=0.35")
    axes.text(10.0, 8.6, t("looks back at the word itself", "kelimenin kendisine dönüp bakar"), ha="center", va="center", fontsize=14, color=BLUE)
    for i, x in enumerate(xs[:6]):
        box(axes, x, 3.3, 1.2, 0.75, "", colour=GREEN, fill="#e0f3ed")
        arrow(axes, (x, 2.4), (x, 2.9), colour=GREEN)
        if i < 5:
            arrow(axes, (x + 0.6, 3.3), (xs[i + 1] - 0.6, 3.3), colour=GREEN)
    axes.text(10.0, 4.35, t("a memory of fixed size, handed on", "adım adım aktarılan, boyutu sabit bellek"), ha="center", va="center",
              fontsize=14, color=GREEN)
    axes.text(8.0, 0.55, t("“tea, salt, soap …” is read a second time: what comes next?", "“çay, tuz, sabun …” ikinci kez okunuyor: Sırada ne var?"),
              ha="center", va="center", fontsize=13, color="#444444")
