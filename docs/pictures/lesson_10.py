"""Lesson 10: instruction tuning. The same questions before and after, and where the answers come from."""
from matplotlib.patches import Rectangle

from draw import BLUE, GREEN, GREY, ORANGE, PALE, arrow, bars, board, box, figure, picture, report

LESSON = "10_instruction_tuning"
ASKED = 0.5  # the share of the people about whom tuning asks


@picture("10_before_after", LESSON, size=(8.6, 4.6))
def before_after(t, fig):
    axes = board(fig, 17.2, 9.2)
    for x, text in ((2.9, t("asked", "sorulan")), (8.6, t("before tuning", "ince ayardan önce")), (14.3, t("after tuning", "ince ayardan sonra"))):
        axes.text(x, 8.6, text, ha="center", va="center", fontweight="bold", fontsize=15)
    rows = report(LESSON)["tables"][1]["rows"][1:4]
    for at, row in enumerate(rows):
        y = 6.9 - 2.55 * at
        question, before, after = row[0], row[1], row[-1]
        words = question.split()
        half = len(words) // 2 + (1 if len(words) == 2 else 0)
        axes.text(2.9, y, "\n".join(filter(None, (" ".join(words[:half]), " ".join(words[half:])))), ha="center", va="center")
        box(axes, 8.6, y, 5.4, 2.0, "?\n".join(before.split("? ")[:2]) + "? …", GREY, PALE[GREY])
        box(axes, 14.3, y, 5.4, 2.0, after, GREEN, PALE[GREEN], fontweight="bold")


@picture("10_knowledge", size=(8.6, 3.7))
def knowledge(t, fig):
    axes = board(fig, 17.2, 7.4)
    left, right = 5.9, 16.8
    cut = left + ASKED * (right - left)
    rows = [
        (5.9, t("lesson 09\nreads about", "09. ders\nhepsini okur"), [(left, right, BLUE, t("all people", "bütün kişiler"))]),
        (3.7, t("lesson 10\nasks about", "10. ders\nbunları sorar"), [(left, cut, ORANGE, t("some of them", "bir bölümü"))]),
        (1.5, t("then we test\nit on", "sonra bunlarla\nsınarız"), [(cut, right, GREEN, t("all the others", "geri kalanların hepsi"))]),
    ]
    for y, label, spans in rows:
        axes.text(0.4, y, label, ha="left", va="center")
        axes.add_patch(Rectangle((left, y - 0.75), right - left, 1.5, facecolor="#FFFFFF", edgecolor=GREY, linewidth=1.5, linestyle=":"))
        for start, end, colour, text in spans:
            axes.add_patch(Rectangle((start, y - 0.75), end - start, 1.5, facecolor=PALE[colour], edgecolor=colour, linewidth=2))
            axes.text((start + end) / 2, y, text, ha="center", va="center", fontweight="bold")


@picture("10_loss", size=(8.6, 2.7))
def loss(t, fig):
    axes = board(fig, 17.2, 5.4)
    x = 0.4
    read, learnt = [], []
    for word, width in (("<soru>", 2.3), ("Duygu", 2.1), ("nerede", 2.2), ("yaşıyor", 2.3), ("?", 0.9), ("<cevap>", 2.6), ("Sivas", 2.6)):
        answer = word == "Sivas"
        box(axes, x + width / 2, 3.2, width - 0.15, 1.4, word, GREEN if answer else GREY, PALE[GREEN if answer else GREY], fontsize=12.5)
        (learnt if answer else read).append((x, x + width))
        x += width
    box(axes, x + 0.75, 3.2, 1.4, 1.4, "<son>", GREEN, PALE[GREEN], fontsize=12.5)
    learnt.append((x, x + 1.5))
    for spans, text, colour in ((read, t("only read", "yalnızca okunur"), "#595959"), (learnt, t("learnt", "öğrenilir"), "#006b4f")):
        start, end = spans[0][0] + 0.1, spans[-1][1] - 0.1
        axes.plot([start, start, end, end], [2.2, 1.9, 1.9, 2.2], color=colour, linewidth=1.5)
        axes.text((start + end) / 2, 1.3, text, ha="center", va="center", color=colour, fontweight="bold")


@picture("10_asked", LESSON, size=(8.2, 3.6))
def asked(t, fig):
    axes = fig.add_axes((0.42, 0.04, 0.55, 0.9))
    found = [figure(row[2]) for row in report(LESSON)["tables"][0]["rows"][1:5]]
    labels = [t("before, plain", "önce, yalın"), t("before, with the signs", "önce, işaretlerle"),
              t("after, plain", "sonra, yalın"), t("after, with the signs", "sonra, işaretlerle")]
    bars(t, axes, list(zip(labels, found)), lambda v: t.percent(v), [GREY, GREY, ORANGE, GREEN])
