#!/usr/bin/env python3
"""run.py with programs and a PyTorch that are made up: it reads and compares what they say, and names the one whose answer is wrong."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

# damla makes 200 steps a second, PyTorch 100, unless BROKEN says something else of one of them.
PROGRAM = f"""#!{sys.executable} -S
import os, sys
name, words = os.path.basename(sys.argv[0]), sys.argv[1:]
broken, _, how = os.environ["BROKEN"].partition("=")
wrong = how if broken == name else ""
if words[:1] == ["about"]:
    print("GCC 1.2.3\\nAVX2")
elif words[:1] == ["-c"]:
    print("1.13" if "__version__" in words[1] else "0.5")
elif name == "bench_tokenizer":
    print("characters   97 tokens in all, 900 for the text; built in 0.1 s; encodes 24.5 MB/s, line by line 8.1; decodes", wrong or "300")
elif wrong == "no start":
    sys.exit(3)
else:
    print("ready", flush=True)
    for line in sys.stdin:
        if wrong == "crash":
            os.abort()
        print(wrong or ("100 1.0" if words[1:2] == ["--torch"] else "200 1.0"), flush=True)
"""
PROGRAMS = ("bench_train", "bench_generate", "bench_prompt", "bench_tokenizer")


def run(*options, broken=""):
    """Its exit code, what it said, its figures, and its chart."""
    with tempfile.TemporaryDirectory() as folder:
        build = pathlib.Path(folder, "tests/bench")
        build.mkdir(parents=True)
        for program in (*PROGRAMS, "python"):
            (build / program).write_text(PROGRAM, encoding="utf-8")
            (build / program).chmod(0o755)
        done = subprocess.run([sys.executable, pathlib.Path(__file__).with_name("run.py"), folder, "--rounds", "2", "--seconds", "0.01",
                               "--python", build / "python", "--out", folder, *options], capture_output=True, text=True, encoding="utf-8",
                              env=os.environ | {"BROKEN": broken, "PYTHONIOENCODING": "utf-8"}, timeout=120)
        figures, chart = pathlib.Path(folder, "figures.json"), pathlib.Path(folder, "chart.svg")
        return (done.returncode, done.stdout + done.stderr, json.loads(figures.read_text(encoding="utf-8")) if figures.exists() else None,
                xml.etree.ElementTree.fromstring(chart.read_text(encoding="utf-8")) if chart.exists() else None)


class Run(unittest.TestCase):
    def test_compares(self):
        code, said, figures, chart = run("--only", "train,mlp,generate,prompt,tokenizers", "--sizes", "nano", "--threads", "1")
        self.assertEqual(code, 0, said)
        self.assertEqual([figures[key] for key in ("compiler", "instructions", "failures")], ["GCC 1.2.3", "AVX2", []])
        rows = {row["what"]: row for row in figures["rows"]}
        for what, step in {"train": 16 * 64, "mlp": 64, "generate": 1, "prompt": 64}.items():
            self.assertEqual([rows[what][key] for key in ("damla", "PyTorch", "ratios")], [[200 * step] * 2, [100 * step] * 2, [2, 2]], what)
        for what, value in {"encodes": 24.5, "line by line": 8.1, "decodes": 300}.items():
            self.assertEqual(rows[what]["damla"], [value])
        self.assertRegex(said, r"train +\| nano .* 204,800 +\| 102,400 .* 2\.00 \(2\.00 … 2\.00\) +\| ≥ 2\.8 ✗")
        self.assertRegex(said, r"mlp .* ≥ 1\.7 ✓")
        svg = "{http://www.w3.org/2000/svg}"
        tick = {text.text: float(text.get("x")) for text in chart.iter(svg + "text") if text.get("text-anchor") == "middle"}
        bars = [(float(bar.get("x")), float(bar.get("width"))) for bar in chart.iter(svg + "rect") if bar.get("class") == "t1"]
        self.assertEqual(len(bars), 4)
        for left, width in bars:
            self.assertAlmostEqual(left, tick["1"])
            self.assertAlmostEqual(left + width, tick["2"])

    @unittest.skipUnless(os.path.exists("/proc/self/status"), "only Linux tells how much memory")
    def test_memory(self):  # the two programs are one
        self.assertRegex(run("--only", "memory", "--sizes", "gpt2")[1], r"memory +\| gpt2 .*≤ 0\.8 ✗")

    def test_without_pytorch(self):
        code, said, figures, chart = run("--only", "mlp", "--python", "/no/python3")
        self.assertEqual((code, figures["PyTorch"], chart), (0, None, None), said)
        self.assertIn("PyTorch is not measured", said)
        self.assertNotIn("PyTorch", figures["rows"][0])

    def test_names_a_wrong_answer(self):
        for part, program, wrong in (("mlp", "bench_train", ("crash", "no start", "nan 1.0", "200 inf", "0 1.0", "-1 1.0", "hello")),
                                     ("generate", "bench_generate", ("crash",)), ("prompt", "bench_prompt", ("nan 1.0",)),
                                     ("mlp", "python", ("crash",)), ("tokenizers", "bench_tokenizer", ("nan", "0"))):
            for how in wrong:
                with self.subTest(program=program, how=how):
                    code, said, figures, _ = run("--only", part, "--sizes", "nano", "--threads", "1", broken=f"{program}={how}")
                    self.assertEqual(code, 1, said)
                    self.assertRegex(figures["failures"][-1], f"^failed: {program}")

    def test_quick(self):
        code, said, figures, _ = run("--quick")
        self.assertEqual((code, figures["failures"]), (0, []), said)
        self.assertEqual({row["what"] for row in figures["rows"]} - {"memory"},
                         {"train", "mlp", "generate", "generate f32", "generate f32 16", "generate f16", "generate q8_0", "prompt", "encodes",
                          "line by line", "decodes"})


if __name__ == "__main__":
    unittest.main()
