"""Lesson 13: what a prompt can hold, and how a model copies from it."""
from draw import BLACK, BLUE, DARK_ORANGE, GREEN, GREY, ORANGE, PALE, RED, arrow, board, box, picture, series

LESSON = "13_learning_from_examples"


@picture("13_prompts", size=(8, 4.2))
def prompts(t, fig):
    axes = board(fig, 16, 8.4)
    for x, title, lines, answer, colour, fill in (
            (4, t("no example", "sıfır örnek"), ["üçüncü:", "eşek tavuk inek", "ördek keçi"], "inek", BLUE, PALE[BLUE]),
            (12, t("a few examples", "birkaç örnek"), ["Japonya lira", "Kore yen", "Türkiye peso", "Japonya …"], "lira", ORANGE,
             PALE[ORANGE])):
        axes.text(x, 7.7, title, ha="center", va="center", fontsize=18, weight="bold")
        box(axes, x, 4.9, 6.6, 4.4, "", colour, fill)
        for i, line in enumerate(lines):
            axes.text(x, 4.9 + (len(lines) - 1) / 2 - i, line, ha="center", va="center", fontsize=17)
        arrow(axes, (x, 2.6), (x, 1.75))
        box(axes, x, 1.0, 3.4, 1.3, answer, GREEN, PALE[GREEN], fontsize=19, weight="bold")
    axes.text(8, 4.9, t("prompt", "istem"), ha="center", va="center", fontsize=12, color=GREY)
    axes.text(8, 1.0, t("answer", "yanıt"), ha="center", va="center", fontsize=14, color=GREY)


@picture("13_cells", size=(8, 4.4))
def cells(t, fig):
    axes = board(fig, 16, 8.8)
    instructions = [t("first", "ilk"), t("second", "ikinci"), t("third", "üçüncü"), t("fourth", "dördüncü"), t("last two", "son iki")]
    categories = [t("colours", "renkler"), t("fruit", "meyveler"), t("animals", "hayvanlar"), t("furniture", "eşyalar"),
                  t("jobs", "meslekler"), t("nature", "doğa")]
    for c, name in enumerate(categories):
        axes.text(4.3 + c * 2.1, 8.2, name, ha="center", va="center", fontsize=12.5)
    for i, name in enumerate(instructions):
        y = 7.1 - i * 1.3
        axes.text(3.0, y, name, ha="right", va="center", fontsize=14)
        for c in range(6):
            held_out = c % 5 == i
            box(axes, 4.3 + c * 2.1, y, 1.9, 1.1, "?" if held_out else "✓", ORANGE if held_out else BLUE,
                PALE[ORANGE] if held_out else PALE[BLUE], fontsize=19 if held_out else 14, color=DARK_ORANGE if held_out else BLUE,
                weight="bold")
    axes.text(3.35, 0.5, t("✓ learned", "✓ öğrenilen"), fontsize=14, color=BLUE, va="center")
    axes.text(7.6, 0.5, t("? asked only at the end", "? yalnızca sonunda sorulan"), fontsize=14, color=DARK_ORANGE, va="center")


def words(axes, y, pairs, last, found=None, colour=GREY, fill="#FFFFFF"):
    """Boxes for the words of some pairs and for the last word; their middles. The word of number `found` gets a colour."""
    at = []
    x = 1.55
    for pair in pairs:
        for word in pair:
            here = len(at) == found
            box(axes, x, y, 2.3, 1.1, word, colour if here else GREY, fill if here else "#FFFFFF", fontsize=13,
                weight="bold" if here else "normal")
            at.append(x)
            x += 2.35
        x += 0.15
    box(axes, x, y, 2.3, 1.1, last, BLUE, PALE[BLUE], fontsize=13, weight="bold")
    return at + [x]


@picture("13_induction", size=(9, 4.2))
def induction(t, fig):
    axes = board(fig, 18, 8.4)
    at = words(axes, 6.0, [("Japonya", "lira"), ("Kore", "yen"), ("Türkiye", "peso")], "Japonya")
    axes.text(0.4, 7.6, t("the prompt", "istem"), fontsize=13, color=GREY, va="center")
    notes = ["Japonya", "lira", "Kore", "yen", "Türkiye"]
    for x, note in zip(at[1:], notes):
        found = note == "Japonya"
        axes.text(x, 4.95, "← " + note, ha="center", va="center", fontsize=12.5, style="italic",
                  color=RED if found else GREY, weight="bold" if found else "normal")
    axes.text(0.4, 3.55, t("1   Each word notes the word before it.", "1   Her kelime, kendinden öncekini not eder."), fontsize=14, va="center")
    axes.text(0.4, 2.35, t("2   The last word looks for the note that names it …",
                           "2   Son kelime, üzerinde kendi adı olan notu arar …"), fontsize=14, va="center", color=RED)
    axes.text(0.4, 1.15, t("3   … and copies the word that made it:", "3   … ve o notun sahibini kopyalar:"), fontsize=14, va="center")
    axes.annotate("", xy=(at[1], 6.65), xytext=(at[6], 6.65), arrowprops={
        "arrowstyle": "-|>", "color": RED, "linewidth": 2.5, "connectionstyle": "arc3,rad=0.13", "shrinkA": 0, "shrinkB": 0})
    box(axes, at[6], 1.15, 2.3, 1.1, "lira", GREEN, PALE[GREEN], fontsize=16, weight="bold")
    arrow(axes, (at[6], 5.4), (at[6], 1.75))


@picture("13_shots", LESSON, size=(8, 4.8))
def shots(t, fig):
    axes = fig.add_axes((0.11, 0.15, 0.86, 0.81))
    looks = {"two layers": (BLUE, "o", (2.1, 92), t("two layers", "iki katman")),
             "scrambled": (ORANGE, "s", (2.1, 46), t("two layers, format mixed", "iki katman, biçim karışık")),
             "one layer": (RED, "^", (2.1, 21), t("one layer", "tek katman"))}
    for name, xs, ys in series(LESSON, "shots"):
        colour, shape, place, label = looks[name]
        axes.plot(xs, ys, color=colour, marker=shape, markersize=8)
        axes.text(*place, label, color=DARK_ORANGE if colour == ORANGE else colour, va="center", fontsize=15)
    axes.axhline(12.5, color=GREY, linestyle=":", linewidth=1.5)
    axes.text(4.05, 6, t("guessing", "rastgele tahmin"), color=GREY, ha="right", va="center", fontsize=13)
    axes.set(xlim=(-0.1, 4.1), ylim=(0, 104), xticks=range(5), xlabel=t("examples of the country in the prompt",
                                                                       "istemde sorulan ülkenin kaç örneği var"),
             ylabel=t("right answers (%)", "doğru yanıt (%)"))


@picture("13_swapped", size=(9, 4.2))
def swapped(t, fig):
    axes = board(fig, 18, 8.4)
    for y, pairs, found, good, title in (
            (5.9, [("Japonya", "lira"), ("Kore", "yen"), ("Türkiye", "peso")], 3, True,
             t("one format: what followed is the currency", "tek biçim: ardından gelen, para birimidir")),
            (1.7, [("Japonya", "lira"), ("yen", "Kore"), ("Türkiye", "peso")], 4, False,
             t("mixed: what followed is the next pair", "karışık: ardından gelen, sonraki çifttir"))):
        colour, fill = (GREEN, PALE[GREEN]) if good else (RED, PALE[ORANGE])
        at = words(axes, y, pairs, "Kore", found, colour, fill)
        axes.text(0.4, y - 1.15, title, fontsize=15, color=colour, va="center")
        axes.annotate("", xy=(at[found], y + 0.6), xytext=(at[6], y + 0.6), arrowprops={
            "arrowstyle": "-|>", "color": colour, "linewidth": 2.5, "connectionstyle": "arc3,rad=0.2", "shrinkA": 0, "shrinkB": 0})
        axes.text((at[found] + at[6]) / 2, y + 1.85, t("copy", "kopyala"), ha="center", va="center", color=BLACK, fontsize=13)
