"""Lesson 08: the loop of generation, what the model offered at each step, temperature, top-k and top-p, and the cache."""
from draw import BLACK, BLUE, DARK_ORANGE, GREEN, GREY, ORANGE, arrow, board, box, picture, report, table

LESSON = "08_one_word_at_a_time"


@picture("08_loop", size=(8, 4.4))
def loop(t, fig):
    axes = board(fig, 16, 8.8)
    box(axes, 3.4, 6.6, 4.6, 1.5, "Onlar eski", colour=BLUE, fill="#e3eff7", fontsize=18)
    box(axes, 12.6, 6.6, 4.6, 1.5, "GPT", colour=BLACK, fontsize=20, weight="bold")
    axes.text(3.4, 7.9, t("the text so far", "o ana kadarki metin"), ha="center", va="center", fontsize=14, color=GREY)
    arrow(axes, (5.8, 6.6), (10.2, 6.6))
    axes.text(8.0, 7.05, t("1  predict", "1  tahmin et"), ha="center", va="center", fontsize=16, weight="bold")
    arrow(axes, (12.6, 5.8), (12.6, 4.4))
    for at, (word, share) in enumerate((("parka", 0.05), ("eve", 0.045), ("müzeden", 0.04), ("…", 0.0))):
        y = 3.75 - 0.85 * at
        axes.text(11.2, y, word, ha="right", va="center", fontsize=16, weight="bold" if at == 1 else "normal",
                  color=DARK_ORANGE if at == 1 else BLACK)
        if share:
            axes.barh(y, share * 55, left=11.5, height=0.5, color=ORANGE if at == 1 else GREY)
    arrow(axes, (9.0, 2.9), (5.0, 2.9), colour=ORANGE)
    axes.text(7.0, 3.4, t("2  draw", "2  çek"), ha="center", va="center", fontsize=16, weight="bold")
    box(axes, 3.4, 2.9, 2.6, 1.2, "eve", colour=ORANGE, fill="#fdf1da", fontsize=18)
    arrow(axes, (3.4, 3.75), (3.4, 5.7), colour=ORANGE)
    axes.text(3.1, 4.7, t("3  append", "3  ekle"), ha="right", va="center", fontsize=16, weight="bold")
    axes.text(8.0, 5.1, t("4  repeat", "4  tekrarla"), ha="center", va="center", fontsize=16, weight="bold")


@picture("08_steps", LESSON, size=(8, 4.6))
def steps(t, fig):
    """The first four steps of the lesson's table: so far, three candidates, the word drawn."""
    axes = board(fig, 16, 9.2)
    for x, text in ((0.3, t("the text so far", "o ana kadarki metin")), (8.0, t("the three likeliest", "en olası üç kelime")),
                    (13.9, t("drawn", "çekilen"))):
        axes.text(x, 8.6, text, ha="left", va="center", fontsize=13, color=GREY)
    for at, (so_far, *likely, drawn) in enumerate(report(LESSON)["tables"][0]["rows"][1:5]):
        y = 7.2 - 2.1 * at
        axes.text(0.3, y, so_far, ha="left", va="center", fontsize=15 if len(so_far) < 24 else 14)
        for k, text in enumerate(likely):
            word, share = text.rsplit(" ", 1)
            share = float(share.replace(",", "."))
            line = y + 0.55 - 0.55 * k
            axes.text(10.1, line, word, ha="right", va="center", fontsize=13)
            axes.barh(line, max(share, 0.004) * 2.0, left=10.3, height=0.4, color=BLUE)
            axes.text(10.45 + share * 2.0, line, t.number(share, 2), ha="left", va="center", fontsize=12, color="#444444")
        box(axes, 14.7, y, 2.2, 1.0, drawn, colour=ORANGE, fill="#fdf1da", fontsize=15)
        axes.plot([0.3, 15.8], [y - 1.05, y - 1.05], color="#dddddd", linewidth=1.5)


@picture("08_temperature", LESSON, size=(8, 4.4))
def temperature(t, fig):
    axes = fig.add_axes((0.11, 0.24, 0.87, 0.66))
    head, *rows = table(LESSON, "temperature")
    for column, (colour, shape) in enumerate(((BLUE, "o"), (BLACK, "s"), (ORANGE, "^")), 1):
        values = [float(row[column]) for row in rows]
        axes.plot(range(len(values)), values, color=colour, marker=shape, markersize=9)
        axes.text(-0.2, values[0], "T = " + head[column].split("=")[1].strip().replace(".", t(".", ",")), ha="right", va="center",
                  fontsize=15, color=DARK_ORANGE if colour == ORANGE else colour)
    axes.set(ylim=(0, 0.085), xlim=(-1.5, len(rows) - 0.6))
    axes.set_xticks(range(len(rows)), [row[0] for row in rows], fontsize=13, rotation=30, ha="right", rotation_mode="anchor")
    axes.set_yticks([0, 0.02, 0.04, 0.06, 0.08])
    axes.set_title(t("probability of the word after “Onlar eski …”", "“Onlar eski …”den sonraki kelimenin olasılığı"), fontsize=15)


@picture("08_cut", size=(8, 4.2))
def cut(t, fig):
    axes = fig.add_axes((0.04, 0.14, 0.94, 0.78))
    words = t("nice warm cold calm grey clean dry purple", "güzel sıcak soğuk sakin kapalı temiz kuru mor").split()
    shares = [0.40, 0.22, 0.14, 0.09, 0.06, 0.04, 0.03, 0.02]
    axes.bar(range(8), shares, width=0.7, color=[BLUE] * 3 + [GREEN] + ["#bbbbbb"] * 4)
    for x, share in enumerate(shares):
        axes.text(x, share + 0.008, t.number(share, 2), ha="center", fontsize=14)
    for at, height, text, colour in ((2.5, 0.36, t("top-k, k = 3: the three likeliest", "top-k, k = 3: en olası üç kelime"), BLUE),
                                     (3.5, 0.26, t("top-p, p = 0.8: until 0.8 is reached", "top-p, p = 0,8: 0,8'e ulaşana kadar"), GREEN)):
        axes.plot([at, at], [0, height], color=colour, linewidth=2.5, linestyle="--")
        axes.text(at + 0.1, height - 0.012, text, ha="left", va="center", fontsize=14, color=colour)
    axes.set_xticks(range(8), words, fontsize=14)
    axes.set(yticks=[], ylim=(0, 0.47))
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="x", length=0)
    axes.set_title(t("The weather is very …", "Hava çok …"), fontsize=16, loc="right")


@picture("08_cache", size=(8, 4.4))
def cache(t, fig):
    from matplotlib.patches import Rectangle
    axes = board(fig, 16, 8.8)
    words = ["O", "eski", "eve", "sabah", "geldi"]
    for left, title, keeps in ((2.0, t("without a cache", "önbelleksiz"), False), (9.9, t("with a cache", "önbellekle"), True)):
        axes.text(left + 2.75, 8.3, title, ha="center", va="center", fontsize=17, weight="bold")
        for column, word in enumerate(words):
            axes.text(left + 0.55 + 1.1 * column, 7.35, word, ha="center", va="center", fontsize=13)
        for row in range(5):
            y = 6.0 - 1.1 * row
            if not keeps:
                axes.text(left - 0.25, y + 0.5, t(f"step {row + 1}", f"{row + 1}. adım"), ha="right", va="center", fontsize=13, color="#444444")
            for column in range(row + 1):
                now = column == row or not keeps
                axes.add_patch(Rectangle((left + 1.1 * column + 0.05, y + 0.05), 1.0, 0.95, facecolor=ORANGE if now else "#d6e6f2",
                                         edgecolor="none"))
    for x, colour, text in ((3.1, ORANGE, t("computed", "hesaplanıyor")), (8.6, "#d6e6f2", t("remembered", "hatırlanıyor"))):
        axes.add_patch(Rectangle((x, 0.35), 0.6, 0.6, facecolor=colour, edgecolor="none"))
        axes.text(x + 0.85, 0.65, text, ha="left", va="center", fontsize=14)
