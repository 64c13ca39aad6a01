"""Lesson 14: two look-ups, chained on paper."""
from draw import BLUE, DARK_ORANGE, GREEN, GREY, ORANGE, PALE, RED, arrow, board, box, picture, report, series

LESSON = "14_step_by_step"


@picture("14_chain", size=(9, 4.4))
def chain(t, fig):
    axes = board(fig, 18, 8.8)
    box(axes, 2.6, 4.2, 4.2, 1.7, "Ak Spor", BLUE, PALE[BLUE], fontsize=19, weight="bold")
    box(axes, 9.0, 4.2, 3.4, 1.7, "1931", ORANGE, PALE[ORANGE], fontsize=22, weight="bold")
    box(axes, 15.4, 4.2, 4.2, 1.7, "Boz Gücü", GREEN, PALE[GREEN], fontsize=19, weight="bold")
    for x, y, name in ((2.6, 2.7, t("team", "takım")), (9.0, 2.7, t("year", "yıl")), (15.4, 2.7, t("champion", "şampiyon"))):
        axes.text(x, y, name, ha="center", va="center", fontsize=14, color=GREY)
    for start, end, name in ((4.8, 7.2, t("fact 1", "bilgi 1")), (10.8, 13.2, t("fact 2", "bilgi 2"))):
        arrow(axes, (start, 4.2), (end, 4.2), GREEN, linewidth=3)
        axes.text((start + end) / 2, 4.75, name, ha="center", va="center", fontsize=13)
    axes.annotate("", xy=(15.4, 5.2), xytext=(2.6, 5.2), arrowprops={
        "arrowstyle": "-|>", "color": RED, "linewidth": 2.5, "linestyle": "--", "connectionstyle": "arc3,rad=-0.22", "shrinkA": 0,
        "shrinkB": 0})
    axes.text(9, 7.25, t("at once: never read anywhere", "hemen: hiçbir yerde okunmadı"), ha="center", va="center", fontsize=17, color=RED)
    axes.text(9, 1.2, t("step by step: both facts were read", "adım adım: iki bilgi de okundu"), ha="center", va="center", fontsize=17,
              color="#00734f")


@picture("14_paper", size=(9, 4.6))
def paper(t, fig):
    axes = board(fig, 18, 9.2)
    block = t("block:\none look-up", "blok:\nbir arama")
    box(axes, 4.6, 7.2, 3.6, 1.9, block, BLUE, PALE[BLUE], fontsize=15)
    axes.text(1.2, 7.2, "Ak Spor", ha="center", va="center", fontsize=15)
    axes.text(9.0, 7.2, t("a champion, but which?", "bir şampiyon, ama hangisi?"), va="center", fontsize=16, color=RED)
    axes.text(0.25, 8.75, t("at once", "hemen"), fontsize=14, color=GREY, va="center")
    arrow(axes, (2.15, 7.2), (2.75, 7.2))
    arrow(axes, (6.45, 7.2), (8.7, 7.2), RED)
    axes.plot([0.2, 17.8], [5.6, 5.6], color="#cccccc", linewidth=1)
    axes.text(0.25, 5.05, t("step by step", "adım adım"), fontsize=14, color=GREY, va="center")
    y = 3.4
    axes.text(1.2, y, "Ak Spor", ha="center", va="center", fontsize=15)
    box(axes, 4.6, y, 3.6, 1.9, block, BLUE, PALE[BLUE], fontsize=15)
    box(axes, 8.65, y, 2.4, 1.5, "1931", ORANGE, PALE[ORANGE], fontsize=19, weight="bold")
    box(axes, 12.3, y, 3.0, 1.9, block, BLUE, PALE[BLUE], fontsize=15)
    box(axes, 16.2, y, 3.0, 1.5, "Boz Gücü", GREEN, PALE[GREEN], fontsize=15, weight="bold")
    for start, end in ((2.15, 2.75), (6.45, 7.4), (9.9, 10.75), (13.85, 14.65)):
        arrow(axes, (start, y), (end, y), GREEN)
    axes.text(8.65, 1.6, t("written down,\nthen read again", "yazılır,\nsonra yine okunur"), ha="center", va="center", fontsize=14,
              color=DARK_ORANGE)


@picture("14_answers", LESSON, size=(8, 4.5))
def answers(t, fig):
    axes = fig.add_axes((0.11, 0.13, 0.86, 0.78))
    rows = {row[0]: [float(cell.rstrip(" %")) for cell in row[1:]] for row in report(LESSON)["tables"][0]["rows"][1:]}
    slow, quick = rows["step by step: the answer"], rows["at once: the answer"]
    for values, shift, colour, label in ((slow, -0.19, BLUE, t("step by step", "adım adım")),
                                         (quick, 0.19, ORANGE, t("at once", "hemen"))):
        at = [x + shift for x in range(2)]
        axes.bar(at, values, 0.36, color=colour)
        for x, value in zip(at, values):
            axes.text(x, value + 2, t.percent(value), ha="center", va="bottom", fontsize=17)
            if value > 20:
                axes.text(x, value / 2, label, ha="center", va="center", fontsize=14, color="white" if colour == BLUE else "black",
                          rotation=90)
            else:
                axes.text(x, value + 13, label, ha="center", va="bottom", fontsize=14, color=DARK_ORANGE)
    axes.set(xlim=(-0.6, 1.6), ylim=(0, 115), xticks=[0, 1], yticks=[0, 50, 100], ylabel=t("right answers (%)", "doğru yanıt (%)"))
    axes.set_xticklabels([t("70 teams that it was taught", "öğretilen 70 takım"), t("30 teams held out", "dışarıda tutulan 30 takım")])


@picture("14_steps", LESSON, size=(8, 4.5))
def steps(t, fig):
    axes = fig.add_axes((0.11, 0.15, 0.86, 0.8))
    looks = {"step by step": (BLUE, (620, 88), t("step by step", "adım adım")), "at once": ("#c98500", (620, 7), t("at once", "hemen"))}
    for name, xs, ys in series(LESSON, "steps"):
        colour, place, label = looks[name]
        axes.plot(xs, ys, color=colour, marker="o", markersize=6, clip_on=False)
        axes.text(*place, label, color=DARK_ORANGE if name == "at once" else colour, fontsize=17, va="center")
    axes.set(xlim=(0, 1520), ylim=(0, 104), xlabel=t("steps of training", "eğitim adımı"),
             ylabel=t("right about the 30 teams (%)", "30 takımda doğru (%)"))
