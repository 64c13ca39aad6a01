"""The page of the tour: tour.py DAMLA_TOUR LESSON_01. Where Chromium is installed, as it shows it, too."""
import html
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

os.environ["LC_ALL"] = "C.UTF-8"
TOUR, LESSON = sys.argv[1:3]
CHROMIUM = shutil.which(os.environ.get("CHROMIUM", "chromium"))
HOSTILE = '</script><img src=x onerror="alert(1)"> & "quoted"'


def run_tour(*words):
    return subprocess.run([TOUR, *words], capture_output=True, text=True, encoding="utf-8", timeout=60)


def lessons_in(out):
    page = (out / "index.html").read_text(encoding="utf-8")
    return json.loads(re.search(r'<script type="application/json" id="lessons">(.*?)</script>', page, re.DOTALL)[1])


def shown(page, language):
    """The page's elements as Chromium builds them, without scripts; and what its console said."""
    with tempfile.TemporaryDirectory() as profile:
        run = subprocess.run(
            [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}", f"--accept-lang={language}",
             f"--lang={language}", "--enable-logging=stderr", "--virtual-time-budget=3000", "--dump-dom", page.as_uri()],
            capture_output=True, text=True, encoding="utf-8", timeout=120)
    return re.sub(r"<(script|style).*?</\1>", "", run.stdout, flags=re.DOTALL), re.findall(r".*CONSOLE.*", run.stderr)


def write_run(folder, seed, held, first=1):
    def claim(number, says, measured, holds, **more):
        return {"number": number, "says": says, "says_tr": "bir iddia", "measured": measured, "low": 80, "high": None, "unit": "%",
                "asserted": True, "holds": holds, "seconds": 2.0, "band": "≥ 80", **more}
    folder.mkdir(parents=True)
    (folder / "report.json").write_text(json.dumps({
        "lesson": "07_next_word", "about": HOSTILE, "seed": seed, "fast": False, "build": "2 threads", "seconds": 4.0,
        "claims": [claim(first, "a claim", 88.94321 + seed, True, truth=90.5), claim(first, "a claim", 70.5 if not held else 99, held),
                   claim(first + 1, "never finite", None, False, asserted=False)],
        "pictures": [{"name": name, "caption": "songs", "caption_tr": "şarkılar"} for name in ("many", "heat", "bars")],
        "tables": [{"title": "numbers", "title_tr": "sayılar",
                    "rows": [["word / kelime", "figures"], [HOSTILE, "0.25, 1"], ["", "1,024.5"], ["", "50 %"]]}]}), encoding="utf-8")
    (folder / "many.csv").write_text("series,x,y\n" + "".join(f"dots / noktalar,{i},{i / 7}\n" for i in range(3000)), encoding="utf-8")
    (folder / "many.json").write_text('{"kind": "scatter", "x": "step / adım", "y": "y"}', encoding="utf-8")
    (folder / "heat.csv").write_text(',"""yüz"", a",b\nrow,123456,0.123456\nlast,1e-9,-2\n', encoding="utf-8")
    (folder / "heat.json").write_text('{"kind": "heat map"}', encoding="utf-8")
    (folder / "bars.csv").write_text("label,one\nleft,0.5\n", encoding="utf-8")  # as an older tour left it: nobody says what it is


class Tour(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.out = pathlib.Path(cls.folder.name) / "out"
        write_run(cls.out / "seed_1" / "07_next_word", 1, held=True)
        write_run(cls.out / "seed_2" / "07_next_word", 2, held=False)
        for language, title in (("en", "# 07 · The next word"), ("tr", "# 07 · Sonraki kelime")):
            pages = cls.out.parent / "docs" / language
            pages.mkdir(parents=True)
            (pages / "07_next_word.md").write_text(title + "\n", encoding="utf-8")
        cls.run_ = run_tour(cls.out)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_a_claim_that_fails_in_one_seed_fails_the_tour(self):
        self.assertEqual(self.run_.returncode, 1)
        lines = self.run_.stdout.splitlines()
        self.assertRegex(lines[2], r"07 · 1 +a claim +89.94 … 90.94 +≥ 80 +holds 2× +2.0")
        self.assertRegex(lines[3], r"07 · 1 +a claim +70.5 … 99 +≥ 80 +FAILS 1 of 2")
        self.assertRegex(lines[4], r"07 · 2 +never finite +NaN +≥ 80 +not asserted")

    def test_numbers_are_short_and_texts_whole(self):
        lesson, = lessons_in(self.out)
        self.assertEqual((lesson["about"], lesson["seeds"]), (HOSTILE, [1, 2]))
        many, heat, bars = (picture["rows"] for picture in lesson["pictures"])
        self.assertEqual(heat, [["", '"yüz", a', "b"], ["row", 123456, 0.1235], ["last", 1e-9, -2]])
        self.assertEqual(bars, [["label", "one"], ["left", 0.5]])
        self.assertEqual(many[:2], [["series", "x", "y"], ["dots / noktalar", 0, 0]])
        self.assertTrue(400 < len(many) < 700 and many[-1][1] > 2980, f"{len(many)} rows, the last {many[-1]}")

    def test_without_reports_it_says_what_to_do(self):
        run = run_tour(self.out / "nothing")
        self.assertEqual(run.returncode, 2)
        self.assertIn("run the lessons first", run.stderr)

    def test_a_heading_says_whose_claims_they_are(self):
        for first, whose in ((32, "the lecture says / sunum diyor ki"), (34, "we say / biz diyoruz ki")):
            with tempfile.TemporaryDirectory() as out:
                write_run(pathlib.Path(out) / "07_next_word", 1, held=True, first=first)
                run_tour(out)
                self.assertEqual(lessons_in(pathlib.Path(out))[0]["who_says"], whose)

    def test_help_and_what_it_does_not_know(self):
        for language, usage in (("en", "Usage: damla_tour [OPTIONS] [folder]"), ("tr", "Kullanım: damla_tour [SEÇENEKLER] [folder]")):
            run = run_tour("--help", "--lang", language)
            self.assertEqual((run.returncode, run.stderr), (0, ""))
            self.assertIn(usage, run.stdout)
        run = run_tour(self.out, "--first", "--second")
        self.assertEqual((run.returncode, run.stderr), (2, "Not expected here: --first --second\nHelp: --help\n"))

    def test_a_lesson_says_what_its_pictures_are(self):
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder)
            subprocess.run([LESSON, "--fast", "--out", out / "01_rap_or_arabesk"], check=True, capture_output=True, timeout=120)
            self.assertEqual(run_tour(out).returncode, 0)
            pictures = {picture["name"]: picture for picture in lessons_in(out)[0]["pictures"]}
            border = pictures["border"]
            self.assertEqual([pictures[name]["kind"] for name in ("border", "distance", "regression")], ["scatter", "lines", "scatter"])
            slow, fast = border["grid"]["p"][0][0], border["grid"]["p"][-1][-1]  # slow and soft is arabesk, fast and loud is rap
            self.assertTrue(slow > 0.95 and fast < 0.05, f"{slow} {fast}")
            for axis, column in (("x", 1), ("y", 2)):
                low, high = border["grid"][axis]
                self.assertTrue(all(low - 1e-3 <= row[column] <= high * 1.001 for row in border["rows"][1:]))

    def check_page(self, language, has, has_not):
        page, console = shown(self.out / "index.html", language)
        text = html.unescape(page)
        self.assertEqual(console, [])
        library = "Chart.js v" in (self.out / "index.html").read_text(encoding="utf-8")
        self.assertEqual(page.count("<canvas"), 1 if library else 0)
        self.assertIn(f'<html lang="{language}"', page)
        self.assertNotIn("<img", page)
        self.assertIn(HOSTILE, text)
        for word in has:
            self.assertIn(f">{word}<", text)
        for word in has_not:
            self.assertNotIn(f">{word}<", text)
        self.assertIn(f'href="../docs/{language}/07_next_word.md"', page)

    @unittest.skipUnless(CHROMIUM, "Chromium is not installed")
    def test_english(self):
        self.check_page("en", ["07 · The next word", "the lecture says", "a claim", "89.94 % … 90.94 %", "90.5", "≥ 80", "FAILS 1/2", "numbers", "word", "dots",
                               "0.25, 1", "1,024.5", "50 %", "123,456", "NaN"], ["bir iddia", "kelime", "noktalar", "0,25; 1"])

    @unittest.skipUnless(CHROMIUM, "Chromium is not installed")
    def test_turkish(self):
        self.check_page("tr", ["07 · Sonraki kelime", "sunum diyor ki", "bir iddia", "%89,94 … %90,94", "90,5", "≥ 80", "TUTMUYOR 1/2", "sayılar", "kelime",
                               "noktalar", "0,25; 1", "1.024,5", "%50", "123.456"], ["a claim", "word", "dots", "0.25, 1", "the numbers"])

    @unittest.skipUnless(CHROMIUM, "Chromium is not installed")
    def test_without_the_library_numbers_stand_in_place_of_charts(self):
        page = self.out / "plain.html"
        page.write_text(re.sub(r"<script>/\*!.*?</script>", "", (self.out / "index.html").read_text(encoding="utf-8"), count=1,
                               flags=re.DOTALL), encoding="utf-8")
        text, console = shown(page, "en")
        self.assertEqual((console, text.count("<canvas"), text.count("<details open")), ([], 0, 2))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
