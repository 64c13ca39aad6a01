"""Lesson 09: pre-training. What it reads, what it then knows, and what size and data are worth."""
from draw import BLUE, GREEN, GREY, ORANGE, PALE, RED, SKY, arrow, bars, board, box, figure, picture, report, series

LESSON = "09_pre_training"


@picture("09_stages", size=(8.6, 4.3))
def stages(t, fig):
    axes = board(fig, 17.2, 8.6)
    columns = [
        (2.9, BLUE, t("Pre-training", "Ön eğitim"), t("lesson 09", "09. ders"),
         t("reads a great\ndeal of text", "çok büyük bir\nmetin okur"), "Adın ne?\nSoyadın ne?", t("goes on", "sürdürür")),
        (8.6, ORANGE, t("Instruction tuning", "Talimatla ince ayar"), t("lesson 10", "10. ders"),
         t("reads a few questions\nwith their answers", "birkaç soru ve\nyanıt okur"), "Adın ne?\nBenim adım Damla.", t("answers", "yanıt verir")),
        (14.3, GREEN, t("Preferences", "Tercihler"), t("lesson 11", "11. ders"),
         t("is told which answer\npeople like better", "hangi yanıtın\nbeğenildiğini duyar"), "… nerede yaşıyor?\nElbette efendim, Bursa.",
         t("pleases", "hoşa gider")),
    ]
    for x, colour, title, lesson, reads, says, does in columns:
        axes.text(x, 8.05, title, ha="center", va="center", fontsize=15, fontweight="bold")
        axes.text(x, 7.3, lesson, ha="center", va="center", color=GREY)
        box(axes, x, 5.6, 5.0, 2.1, reads, colour, PALE[colour])
        arrow(axes, (x, 4.5), (x, 3.5))
        axes.text(x + 0.25, 4.02, does, ha="left", va="center", color="#595959", fontsize=13)
        box(axes, x, 2.1, 5.0, 2.5, "", GREY)
        question, answer = says.split("\n")
        axes.text(x, 2.65, question, ha="center", va="center", color=GREY)
        axes.text(x, 1.65, answer, ha="center", va="center", fontweight="bold", fontsize=12.5)
    for x in (5.4, 11.1):
        arrow(axes, (x, 5.6), (x + 0.7, 5.6))


@picture("09_one_habit", size=(8.6, 4.2))
def one_habit(t, fig):
    axes = board(fig, 17.2, 8.4)
    axes.text(4.9, 7.85, t("how a text begins", "metnin başı"), ha="center", va="center", color=GREY)
    axes.text(13.3, 7.85, t("how the model goes on", "modelin sürdürdüğü"), ha="center", va="center", color=GREY)
    rows = [
        ("Nehir şimdi", "Trabzon'da oturuyor.", t("a fact", "bir bilgi"), BLUE),
        ("Adın ne?", "Soyadın ne? Yaşın kaç?", t("a blank form", "boş bir form"), ORANGE),
        ("… Yelspor üç gol attı.\nTribünler doluydu. Özet:", "Yelspor kazandı.", t("a summary", "bir özet"), GREEN),
    ]
    for at, (begun, goes_on, what, colour) in enumerate(rows):
        y = 6.3 - 2.45 * at
        box(axes, 4.9, y, 8.2, 1.8, begun, GREY, PALE[GREY])
        arrow(axes, (9.1, y), (9.95, y))
        box(axes, 13.4, y, 6.8, 1.8, "", colour, PALE[colour])
        axes.text(13.4, y + 0.32, goes_on, ha="center", va="center", fontweight="bold")
        axes.text(13.4, y - 0.45, what, ha="center", va="center", color="#595959", fontsize=12)


@picture("09_recall", LESSON, size=(8, 4.4))
def recall(t, fig):
    axes = fig.add_axes((0.12, 0.16, 0.83, 0.79))
    (_, steps, right), = series(LESSON, "recall")
    axes.plot(steps, right, color=BLUE, marker="o", clip_on=False)
    chance = 100 * (1 / 20 + 1 / 12) / 2
    axes.plot([0, 1200], [chance, chance], color=GREY, linestyle="--", linewidth=1.5)
    axes.text(1200, chance + 2, t("by chance", "rastlantıyla"), color=GREY, ha="right", va="bottom")
    axes.annotate(t("it names\nsome city,\nsome job", "bir şehir,\nbir meslek\nsöyler"), (122, 14), (12, 52), color="#595959",
                  arrowprops={"arrowstyle": "-", "color": GREY})
    axes.annotate(t("it knows who is who", "kimin kim olduğunu bilir"), (372, 92), (470, 70), color="#595959",
                  arrowprops={"arrowstyle": "-", "color": GREY})
    axes.set(xlim=(0, 1200), ylim=(0, 102), xlabel=t("step of training", "eğitim adımı"), ylabel=t("facts recalled (%)", "hatırlanan bilgiler (%)"))


@picture("09_false", LESSON, size=(8, 3.4))
def false(t, fig):
    rows = report(LESSON)["tables"][0]["rows"][1:3]
    names = [t("all true", "hepsi doğru"), t("30 % wrong", "%30'u yanlış")]
    loss = fig.add_axes((0.2, 0.06, 0.33, 0.72))
    bars(t, loss, list(zip(names, [figure(row[1]) for row in rows])), lambda v: t.number(v, 3), [BLUE, RED], limit=1.1)
    loss.set_title(t("loss (nats a word)", "kayıp (kelime başına nat)"), loc="left", fontsize=14)
    truth = fig.add_axes((0.64, 0.06, 0.34, 0.72))
    bars(t, truth, list(zip(["", ""], [figure(row[3]) for row in rows])), lambda v: t.percent(v), [BLUE, RED])
    truth.set_title(t("facts told truly", "doğru söylediği bilgiler"), loc="left", fontsize=14)


@picture("09_scaling", LESSON, size=(8, 5))
def scaling(t, fig):
    axes = fig.add_axes((0.12, 0.14, 0.64, 0.82))
    looks = [(SKY, "o"), (ORANGE, "s"), (GREEN, "^"), (BLUE, "D")]
    for (name, words, above), (colour, shape) in zip(series(LESSON, "scaling"), looks):
        axes.loglog(words, above, color=colour, marker=shape, markersize=8)
        axes.text(words[-1] * 1.12, above[-1], t("{} parameters", "{} parametre").format(t.number(float(name), 0)), va="center",
                  color="#333333", fontsize=13)
    axes.set(xlabel=t("words of text", "metindeki kelime sayısı"), ylabel=t("nats above the floor", "tabanın üstünde (nat)"))
    axes.set_xticks([1000, 3000, 10000, 30000], [t.number(n, 0) for n in (1000, 3000, 10000, 30000)])
    axes.set_yticks([0.2, 0.5, 1, 2, 5], [t.number(0.2, 1), t.number(0.5, 1), "1", "2", "5"])
    axes.minorticks_off()
    axes.annotate(t("the largest network\nhas learnt 1,000 words\nby heart", "en büyük ağ 1.000\nkelimeyi ezberlemiş"), (1040, 5.3), (2300, 3.6),
                  color="#595959", arrowprops={"arrowstyle": "-", "color": GREY})
