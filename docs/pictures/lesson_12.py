"""Lesson 12: hallucination and context. How sure an invention sounds, what refusing costs, and an answer that stands in the prompt."""
from draw import BLUE, GREEN, GREY, ORANGE, PALE, RED, arrow, bars, board, box, figure, picture, report

LESSON = "12_hallucination_and_context"
# The rows of the table of what people are asked.
KNOWN, UNKNOWN, REFUSE_KNOWN, REFUSE_TEST, _, _, TWO_KNOWN, TWO_TEST, TWO_PRACTICE = range(1, 10)


def asked(row, column):
    """Columns: 1 names a city, 2 right, 3 refuses (all in %), 4 mean probability of the answer."""
    return figure(report(LESSON)["tables"][2]["rows"][row][column])


@picture("12_sure", LESSON, size=(8.4, 3.3))
def sure(t, fig):
    axes = fig.add_axes((0.37, 0.03, 0.6, 0.82))
    rows = [(t("people it read about", "okuduğu kişiler"), asked(KNOWN, 4)),
            (t("people nobody told of", "kimsenin anlatmadığı kişiler"), asked(UNKNOWN, 4)),
            (t("an honest guess", "dürüst bir tahmin"), 1 / 20)]
    bars(t, axes, rows, lambda v: t.number(v, 2), [BLUE, RED, GREY], limit=1)
    axes.set_title(t("probability of its answer", "yanıtının olasılığı"), loc="left")


@picture("12_reference", LESSON, size=(8.6, 3.7))
def reference(t, fig):
    axes = board(fig, 17.2, 7.4)
    topic, said = report(LESSON)["tables"][0]["rows"][2][-1].split(": ")
    box(axes, 8.6, 6.2, 9.4, 1.4, f"{topic} konusunda kaynak ver.", GREY, PALE[GREY], fontsize=16)
    arrow(axes, (8.6, 5.4), (8.6, 4.6))
    box(axes, 8.6, 3.6, 12.6, 1.8, "", RED, PALE[RED])
    parts = zip((4.5, 8.6, 12.7), said.split(", "), (t("an author", "bir yazar"), t("a title", "bir başlık"), t("a year", "bir yıl")))
    for x, word, what in parts:
        axes.text(x, 3.6, word, ha="center", va="center", fontsize=19, fontweight="bold")
        axes.text(x, 2.15, what, ha="center", va="center", color="#595959")
    axes.text(8.6, 0.8, t("all in its place, only the book does not exist", "her şey yerli yerinde, yalnız kitap yok"), ha="center", va="center",
              style="italic")


@picture("12_refusal", LESSON, size=(8.4, 4.5))
def refusal(t, fig):
    known, test, practice = t("known people", "tanınan kişiler"), t("test people", "sınama kişileri"), t("practice people", "alıştırma kişileri")
    one = fig.add_axes((0.32, 0.56, 0.64, 0.33))
    bars(t, one, [(test, asked(REFUSE_TEST, 3)), (known, asked(REFUSE_KNOWN, 3))], lambda v: t.percent(v), [RED, BLUE])
    one.set_title(t('one-word names: says "Bilmiyorum."', 'tek kelimelik adlar: "Bilmiyorum." der'), loc="left", fontsize=14)
    two = fig.add_axes((0.32, 0.02, 0.64, 0.4))
    bars(t, two, [(practice, asked(TWO_PRACTICE, 3)), (test, asked(TWO_TEST, 3)), (known, asked(TWO_KNOWN, 3))],
         lambda v: t.percent(v), [ORANGE, RED, BLUE])
    two.set_title(t("first name and surname: the same", "ad ve soyadı: aynısı"), loc="left", fontsize=14)


@picture("12_prompt", size=(8.6, 4.2))
def prompt(t, fig):
    axes = board(fig, 17.2, 8.4)
    box(axes, 8.6, 5.6, 16.2, 4.6, "", GREY, PALE[GREY])
    axes.text(0.9, 7.45, t("prompt", "istem"), ha="left", va="center", color="#595959", fontweight="bold")
    axes.text(1.1, 6.35, t("passage", "parça"), ha="left", va="center", color="#595959")
    axes.text(1.1, 4.55, t("question", "soru"), ha="left", va="center", color="#595959")
    for x, text in ((5.5, "Metin: Elif şimdi"), (13.0, "oturuyor.")):
        axes.text(x, 6.35, text, ha="center", va="center", fontsize=16)
    box(axes, 9.8, 6.35, 3.0, 1.1, "Rize'de", GREEN, PALE[GREEN], fontsize=16, fontweight="bold")
    axes.text(7.0, 4.55, "Elif nerede yaşıyor?", ha="center", va="center", fontsize=16)
    box(axes, 9.8, 1.5, 3.0, 1.3, "Rize", GREEN, PALE[GREEN], fontsize=16, fontweight="bold")
    axes.text(1.1, 1.5, t("answer", "yanıt"), ha="left", va="center", color="#595959")
    arrow(axes, (9.8, 5.75), (9.8, 2.25), GREEN)
    axes.text(10.15, 3.95, t("copied", "kopyalanır"), ha="left", va="center", color="#006b4f")


@picture("12_passage", LESSON, size=(8.4, 3.6))
def passage(t, fig):
    rows = report(LESSON)["tables"][1]["rows"][1:3]
    names = [t("test people", "sınama kişileri"), t("known people,\nmoved to another\ncity", "tanınan kişiler,\nbaşka bir şehre\ntaşınmış")]
    for x, column, title, shown in ((0.24, 1, t("before", "önce"), names), (0.64, 2, t("taught to read", "okumayı öğrenince"), ["", ""])):
        axes = fig.add_axes((x, 0.03, 0.34, 0.82))
        bars(t, axes, list(zip(shown, [figure(row[column]) for row in rows])), lambda v: t.percent(v), [RED, BLUE])
        axes.set_title(title, loc="left")
