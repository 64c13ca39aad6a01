"""Lesson 03: words as pieces, as lists of numbers, and as neighbours of each other."""
from draw import BLACK, BLUE, DARK_ORANGE, GREEN, GREY, RED, arrow, board, box, picture, report, table

LESSON = "03_words_to_numbers"


@picture("03_gap", size=(10, 4.2))
def gap(t, fig):
    """The sentence is Turkish in both languages; in the English picture the words' meaning stands below."""
    axes = board(fig, 20, 8.4)
    words = (("Lokantada", "at the restaurant", 2.4), ("?", "", 6.6), ("bir", "a", 9.1), ("köfte", "", 11.3), ("yedik,", "we ate", 14.0),
             ("sevindik.", "we were glad", 17.6))
    for word, meaning, x in words:
        is_gap = word == "?"
        width = 2.6 if is_gap else 0.38 * len(word) + 0.3
        box(axes, x, 3.9, max(width, 1.5), 1.3, word, RED if is_gap else BLACK, size=18, weight="bold" if is_gap else "normal")
        axes.text(x, 2.75, t(meaning, ""), ha="center", size=13, color="#555555")
        if not is_gap:
            height = 0.35 if x > 6.6 else -0.35
            arrow(axes, (x, 4.65), (6.6 + (0.25 if x > 6.6 else -0.5), 4.65), BLUE, connectionstyle=f"arc3,rad={height}")
    axes.text(10, 7.8, t("the neighbours say what may stand here", "buraya ne gelebileceğini komşular söyler"), ha="center", color=BLUE, size=16)
    for i, (word, fits) in enumerate((("müthiş ✓", True), ("harika ✓", True), ("berbat ✗", False), ("kedi ✗", False))):
        axes.text(3.4 + 4.4 * i, 1.35, word, ha="center", size=18, color="#00694d" if fits else "#a04000")
        axes.text(3.4 + 4.4 * i, 0.45, t(("terrific", "wonderful", "awful", "cat")[i], ""), ha="center", size=13, color="#555555")


@picture("03_vectors", size=(10, 4))
def vectors(t, fig):
    axes = board(fig, 20, 8)
    rows = (("harika", 17, "0,81  −0,32  0,54  …", BLUE), ("bir", 3, "0,02  0,11  −0,07  …", GREY), ("film", 52, "−0,43  0,66  0,29  …", GREEN))
    for i, (word, number, vector, colour) in enumerate(rows):
        y = 5.6 - 1.9 * i
        box(axes, 2.4, y, 3.4, 1.3, word, colour, size=18)
        arrow(axes, (4.2, y), (6.2, y))
        box(axes, 7.4, y, 2.1, 1.3, str(number), colour, size=18)
        arrow(axes, (8.6, y), (10.6, y))
        box(axes, 14.9, y, 8.2, 1.3, t(vector.replace(",", "."), vector), colour, size=18)
    for x, text in ((2.4, "token"), (7.4, t("its number", "numarası")), (14.9, t("its vector: a list of numbers", "vektörü: bir sayı listesi"))):
        axes.text(x, 7.1, text, ha="center", color="#555555", size=16)


@picture("03_cuts", LESSON, size=(10, 4.1))
def cuts(t, fig):
    axes = board(fig, 20, 8.2)
    rows = report(LESSON)["tables"][0]["rows"]
    word = "evlerimizden"
    at = rows[0].index(word)
    names = (t("letters", "harfler"), t("words", "kelimeler"), t("byte pairs", "bayt çiftleri"))
    axes.text(12.4, 7.5, t("“evlerimizden”: from our houses", "“evlerimizden”"), ha="center", size=16, color="#555555")
    for i, (name, row, colour) in enumerate(zip(names, rows[1:], (BLUE, RED, GREEN))):
        y = 5.8 - 2.1 * i
        axes.text(0.3, y, name, va="center", size=17, color=colour if colour != GREEN else "#00694d")
        pieces = [piece for piece in row[at].split("|") if piece != "_"]
        if pieces == ["<unk>"]:
            box(axes, 12.4, y, 14.4, 1.3, t("unknown", "bilinmiyor"), colour, "#f7e4da", size=18)
            continue
        letters = sum(map(len, pieces))
        x = 5.2
        for piece in pieces:
            width = 14.4 * len(piece) / letters
            box(axes, x + width / 2, y, width - 0.16, 1.3, piece, colour, size=18)
            x += width


@picture("03_cosines", LESSON, size=(8, 7))
def cosines(t, fig):
    rows = table(LESSON, "skip_gram")
    words = rows[0][1:]
    chosen = [i for i in range(len(words)) if i % 4 < 3]  # three of each group
    values = [[float(rows[i + 1][j + 1]) for j in chosen] for i in chosen]
    axes = fig.add_axes((0.16, 0.02, 0.7, 0.82))
    image = axes.imshow(values, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    names = [words[i] for i in chosen]
    axes.set_xticks(range(len(names)), names, rotation=60, ha="left", rotation_mode="anchor", size=13)
    axes.set_yticks(range(len(names)), names, size=13)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    for k in range(3, len(names), 3):
        axes.axhline(k - 0.5, color="white", linewidth=3)
        axes.axvline(k - 0.5, color="white", linewidth=3)
    for spine in axes.spines.values():
        spine.set_visible(False)
    scale = fig.colorbar(image, cax=fig.add_axes((0.905, 0.02, 0.025, 0.82)), ticks=[0, 0.5, 1])
    scale.outline.set_visible(False)
    fig.text(0.99, 0.86, t("cosine", "kosinüs"), size=13, ha="right")


@picture("03_suffixes", LESSON, size=(8, 5.4))
def suffixes(t, fig):
    axes = fig.add_axes((0.02, 0.02, 0.96, 0.96))
    rows = [(word, float(x), float(y)) for word, x, y in table(LESSON, "suffixes")[1:]]
    kinds = ((t("plural: -ler, -lar", "çoğul: -ler, -lar"), BLUE), ("-i, -ı, -u", RED), ("-e, -a", "#00694d"), ("-de, -da, -ta", DARK_ORANGE),
             ("-den, -dan, -tan", "#8b4a72"))
    meaning = ("", t("  (the object)", "  (nesne)"), t("  (to)", "  (nereye)"), t("  (in)", "  (nerede)"), t("  (from)", "  (nereden)"))
    for k, (name, colour) in enumerate(kinds):
        xs, ys = [x for _, x, _ in rows[k::5]], [y for _, _, y in rows[k::5]]
        for x, y in zip(xs, ys):
            axes.plot([0, x], [0, y], color=colour, linewidth=1, alpha=0.45)
        axes.scatter(xs, ys, color=colour, s=55, zorder=3)
        middle = sum(xs) / len(xs)
        above = max(ys) + 0.22 if sum(ys) > -6 else min(ys) - 0.36
        if "den" in name:  # below its points, where there is room
            middle, above = min(xs) - 0.75, min(ys) - 0.42
        axes.text(middle, above, name + meaning[k], ha="center", color=colour, size=15)
    axes.plot(0, 0, "o", color=BLACK, markersize=10, zorder=4)
    axes.text(0.12, -0.62, t("the bare noun", "yalın isim"), size=15)
    axes.set(xlim=(-3.1, 3.4), ylim=(-3.2, 1.95), xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set_visible(False)
