"""Lesson 11: preferences. Two answers, the loop of reward and leash, and what each leash gives."""
import numpy as np

from draw import BLACK, BLUE, DARK_ORANGE, GREEN, GREY, ORANGE, PALE, PURPLE, RED, arrow, bars, board, box, figure, picture, report

LESSON = "11_preferences"


def judged():
    """The rows of the lesson's table: polite and right city in %, learnt reward, KL in nats."""
    rows = [[figure(cell) for cell in row[1:5]] for row in report(LESSON)["tables"][0]["rows"][1:]]
    return dict(zip(["before", "free", "held", "tight", "ppo", "dpo", "dpo_likely"], rows))


@picture("11_two_answers", size=(8.6, 3.7))
def two_answers(t, fig):
    axes = board(fig, 17.2, 7.4)
    box(axes, 8.6, 6.3, 8.4, 1.4, "Esra nerede yaşıyor?", GREY, PALE[GREY], fontsize=16)
    for x, answer, colour, likes in ((4.4, "Elbette efendim, Rize.", GREEN, t("people like this better", "insanlar bunu beğenir")),
                                     (12.8, "Sana ne be! Rize.", RED, t("and not this", "bunu beğenmez"))):
        arrow(axes, (8.6, 5.55), (x, 4.4))
        box(axes, x, 3.6, 7.4, 1.5, answer, colour, PALE[colour], fontsize=16)
        axes.text(x, 2.3, likes, ha="center", va="center", color="#333333")
    axes.text(8.6, 0.85, t("the city is the same: taste says nothing about truth", "şehir aynı: beğeni, doğruluk hakkında bir şey söylemez"),
              ha="center", va="center", color="#595959", style="italic")


@picture("11_loop", size=(8.6, 5))
def loop(t, fig):
    axes = board(fig, 17.2, 10)
    box(axes, 3.2, 8.3, 5.2, 2.0, t("people compare\npairs of answers", "insanlar yanıtları\nçift çift karşılaştırır"), GREY, PALE[GREY])
    box(axes, 13.4, 8.3, 5.6, 2.0, t("reward model", "ödül modeli"), GREEN, PALE[GREEN], fontsize=16, fontweight="bold")
    box(axes, 13.4, 3.6, 5.6, 2.0, t("policy", "politika"), BLUE, PALE[BLUE], fontsize=16, fontweight="bold")
    box(axes, 3.2, 3.6, 5.2, 2.0, t("reference\n(stays as it was)", "referans\n(olduğu gibi kalır)"), GREY, PALE[GREY])
    arrow(axes, (5.85, 8.3), (10.55, 8.3))
    axes.text(8.2, 8.85, t("about 200 pairs", "yaklaşık 200 çift"), ha="center", va="center", fontsize=13)
    for x, start, end, text, side, colour in ((12.4, 4.65, 7.25, t("answers", "yanıtlar"), "right", BLUE),
                                              (14.4, 7.25, 4.65, t("rewards", "ödüller"), "left", GREEN)):
        arrow(axes, (x, start), (x, end), colour)
        axes.text(x + (0.3 if side == "left" else -0.3), 5.95, text, ha=side, va="center", fontsize=13)
    # The leash is slack.
    x = np.linspace(5.85, 10.55, 40)
    axes.plot(x, 3.6 - 0.9 * (1 - ((x - 8.2) / 2.35) ** 2), color=ORANGE, linewidth=4)
    axes.text(8.2, 4.1, t("leash β", "tasma β"), ha="center", va="center", color=DARK_ORANGE, fontweight="bold", fontsize=15)
    axes.text(8.6, 0.9, t("answer, reward, learn: hundreds of times", "yanıt, ödül, öğrenme: yüzlerce kez"), ha="center", va="center",
              color="#595959", style="italic")


def two_panels(t, fig, rows, first, second, show, limit):
    """Two figures of each policy, the first in %; rows: (label, key, colour)."""
    found = judged()
    colours = [colour for _, _, colour in rows]
    left = fig.add_axes((0.23, 0.03, 0.34, 0.82))
    bars(t, left, [(label, found[key][first]) for label, key, _ in rows], lambda v: t.percent(v), colours)
    right = fig.add_axes((0.63, 0.03, 0.34, 0.82))
    bars(t, right, [("", found[key][second]) for _, key, _ in rows], show, colours, limit)
    return left, right


@picture("11_leash", LESSON, size=(8.4, 4.2))
def leash(t, fig):
    rows = [(t("before", "önce"), "before", GREY), (t("no leash\nβ = 0", "tasmasız\nβ = 0"), "free", RED),
            (t("long leash\nβ = 0.2", "uzun tasma\nβ = 0,2"), "held", BLUE), (t("short leash\nβ = 1", "kısa tasma\nβ = 1"), "tight", ORANGE)]
    polite, right = two_panels(t, fig, rows, 0, 1, lambda v: t.percent(v), 100)
    polite.set_title(t("polite", "kibar"), loc="left")
    right.set_title(t("right city", "doğru şehir"), loc="left")


@picture("11_theory", LESSON, size=(8, 4.4))
def theory(t, fig):
    axes = fig.add_axes((0.12, 0.17, 0.83, 0.78))
    beta = np.geomspace(0.1, 4, 120)
    axes.semilogx(beta, 100 / (1 + np.exp(-1 / beta)), color=BLACK)
    axes.plot([0.1, 4], [50, 50], color=GREY, linestyle="--", linewidth=1.5)
    axes.text(0.105, 51, t("as before: half of the answers", "önceki gibi: yanıtların yarısı"), color="#595959", va="bottom")
    found = judged()
    for key, at, colour in (("held", 0.2, BLUE), ("tight", 1, ORANGE)):
        axes.plot([at], [found[key][0]], "o", color=colour, markersize=13)
    axes.text(0.2, found["held"][0] - 4, t("measured,\nβ = 0.2", "ölçülen,\nβ = 0,2"), ha="center", va="top")
    axes.text(1.1, found["tight"][0] + 1, t("measured,\nβ = 1", "ölçülen,\nβ = 1"), ha="left", va="bottom")
    axes.text(0.66, 70, t("what theory says", "teorinin dediği"), ha="right")
    axes.set(xlim=(0.1, 4), ylim=(45, 103), xlabel=t("price of distance β", "uzaklaşmanın bedeli β"), ylabel=t("polite answers (%)", "kibar yanıtlar (%)"))
    axes.set_xticks([0.1, 0.2, 0.5, 1, 2, 4], [t.number(0.1), t.number(0.2), t.number(0.5), "1", "2", "4"])
    axes.minorticks_off()


@picture("11_drift", LESSON, size=(8.4, 3.6))
def drift(t, fig):
    rows = [("PPO\n" + t("β = 0.2", "β = 0,2"), "ppo", BLUE), ("DPO", "dpo", RED),
            (t("DPO +\nlikelihood", "DPO +\nolabilirlik"), "dpo_likely", PURPLE)]
    limit = max(judged()[key][3] for _, key, _ in rows)
    right, distance = two_panels(t, fig, rows, 1, 3, lambda v: t.number(v, 1), limit)
    right.set_title(t("right city", "doğru şehir"), loc="left")
    distance.set_title(t("distance (KL, nats)", "uzaklık (KL, nat)"), loc="left")
