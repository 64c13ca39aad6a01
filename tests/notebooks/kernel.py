"""The kernel of notebooks/kernel through Jupyter: text, pictures, errors, cells that run twice, interrupt, crash.

kernel.py [BUILD]      BUILD: where libdamla.a is; otherwise build/release
"""
import os
import pathlib
import queue
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
os.environ["JUPYTER_PATH"] = str(ROOT / "notebooks" / "kernel")
os.environ.setdefault("JUPYTER_RUNTIME_DIR", str(ROOT / "build" / "notebook" / "runtime"))

from jupyter_client.manager import start_new_kernel  # noqa: E402 (it reads JUPYTER_PATH)

sys.path.insert(0, str(ROOT / "notebooks" / "kernel"))
import errors  # noqa: E402
import rewrite  # noqa: E402

FIRST_CELL = "#include <report/notebook.hpp>\n#include <unistd.h>\n#include <thread>\nusing namespace damla;"


class Kernel(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.manager, cls.client = start_new_kernel(kernel_name="xcpp20")
        cls.run_cell(cls, FIRST_CELL)

    @classmethod
    def tearDownClass(cls):
        cls.client.stop_channels()
        cls.manager.shutdown_kernel(now=True)

    def run_cell(self, code, after=None):
        """What a cell prints, the error's name and text, and the pictures. after: called when the first output has come."""
        asked = self.client.execute(code, stop_on_error=False)  # else Jupyter may drop the cell that follows a failed one
        text, error, pictures, deadline = "", None, [], time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                message = self.client.get_iopub_msg(timeout=1)
            except queue.Empty:
                continue
            content = message["content"]
            if message["parent_header"].get("msg_id") != asked:
                continue
            if message["msg_type"] == "stream":
                text += content["text"]
                if after:
                    after()
                    after = None
            elif message["msg_type"] == "display_data":
                pictures.append(content["data"])
            elif message["msg_type"] == "error":
                error = (content["ename"], "\n".join(content["traceback"]))
            elif message["msg_type"] == "status" and content["execution_state"] == "idle":
                return text, error, pictures
        self.fail(f"no answer within a minute to: {code}")

    def test_text_keeps_its_letters(self):
        self.assertEqual(self.run_cell('fmt::print("çğıöşü İ {}\\n", 6 * 7);'), ("çğıöşü İ 42\n", None, []))

    def test_streams_while_the_cell_runs(self):
        seen = []
        start = time.monotonic()
        self.run_cell('fmt::print("first\\n");\nstd::this_thread::sleep_for(std::chrono::seconds(2));\nfmt::print("second\\n");',
                      after=lambda: seen.append(time.monotonic() - start))
        self.assertLess(seen[0], 1.9)

    def test_compile_error_names_the_line(self):
        _, error, _ = self.run_cell('int fine = 1;\nfmt::print("{}\\n", nonsense);')
        self.assertEqual(error[0], "CompileError")
        self.assertIn("line/satır 2: use of undeclared identifier 'nonsense'", error[1])
        self.assertNotIn("core.h", error[1])  # fmt's page of follow-up errors
        self.assertEqual(self.run_cell('int fine = 2;\nfmt::print("{}\\n", fine);')[0], "2\n")  # nothing is half defined

    def test_exception_shows_its_text_and_leaves_all_as_it_was(self):
        self.run_cell("int kept = 1;")
        _, error, _ = self.run_cell("kept = 2;\nLinearModel model(2, 1);\nmodel.forward(Matrix::Zero(3, 3));")
        self.assertEqual(error[0], "Exception")
        self.assertIn("Linear::forward: x is 3×3, but needs 2 columns", error[1])
        self.assertEqual(self.run_cell('fmt::print("{}\\n", kept);')[0], "1\n")

    def test_a_cell_can_run_again(self):
        cell = 'struct Pair { int a; Pair() : a(1) {} };\nPair pair;\nint twice(int x) { return 2 * x; }\nconst double a = 3;\n' \
               'fmt::print("{} {} {}\\n", pair.a, twice(2), a);'
        self.assertEqual(self.run_cell(cell), ("1 4 3\n", None, []))
        self.assertEqual(self.run_cell(cell), ("1 4 3\n", None, []))
        self.assertEqual(self.run_cell(cell.replace("int twice(int x) { return 2", "double twice(int x) { return 2.5")),
                         ("1 5 3\n", None, []))
        self.assertEqual(self.run_cell('fmt::print("{}\\n", twice(2));')[0], "5\n")

    def test_a_cell_with_turkish_names_can_run_again(self):
        for rate in ("0.1", "0.5"):
            cell = f'double öğrenme_hızı = {rate};\nstruct Şarkı {{ double tempo = {rate}; }};\n' \
                   'fmt::print("{} {}\\n", öğrenme_hızı, Şarkı().tempo);'
            self.assertEqual(self.run_cell(cell), (f"{rate} {rate}\n", None, []))

    def test_members_keep_their_names(self):
        for _ in range(2):
            self.run_cell("int size = 100, other = 7;")
        self.run_cell("other = 8;")
        cell = 'struct Box { int size = 5, twice = 0; int get() { twice = 2 * size; return size + other; } };\n' \
               'Box box;\nfmt::print("{} {} {}\\n", box.get(), box.twice, size);'
        for _ in range(2):
            self.assertEqual(self.run_cell(cell), ("13 10 100\n", None, []))

    def test_what_cannot_run_again_says_so(self):
        cell = "namespace configuration { const double speed = 0.1; }"
        self.assertIsNone(self.run_cell(cell)[1])
        self.assertIn("redefinition of 'speed'", self.run_cell(cell)[1][1])

    def test_a_missing_picture_does_not_end_the_session(self):
        self.run_cell("int stays = 4;")
        text, error, _ = self.run_cell('fmt::print("\\033]damla-picture:/no/such.svg\\a\\n");\nfmt::print("after\\n");')
        self.assertEqual((text, error), ("after\n", None))
        self.assertEqual(self.run_cell('fmt::print("{}\\n", stays);')[0], "4\n")

    def test_constants_and_blocks(self):
        self.run_cell('int calls = 0;\nconst std::string made = std::to_string(++calls);\nstatic int counted = ++calls;')
        cell = '{\n  static int here = 7;\n  const auto add = [](int x) { return x + here; };\n' \
               '  fmt::print("{} {} {} {}\\n", made, counted, calls, add(1));\n}'
        for _ in range(3):
            self.assertEqual(self.run_cell(cell), ("1 2 2 8\n", None, []))

    def test_interrupt_stops_an_endless_loop(self):
        self.run_cell("int steps_done = 5;")
        text, error, _ = self.run_cell('fmt::print("begun\\n");\nvolatile int n = 0;\nwhile (true) n = n + 1;',
                                       after=self.manager.interrupt_kernel)
        self.assertEqual((text, error[0]), ("begun\n", "Interrupted"))
        self.assertEqual(self.run_cell('fmt::print("{}\\n", steps_done);')[0], "5\n")

    def test_interrupt_stops_a_training(self):
        self.run_cell("Matrix to_train = Matrix::Ones(8, 2);\nLinearModel in_training(2, 1);\nset_threads(2);")
        text, error, _ = self.run_cell("in_training.bias.value(0, 0) = 1;\nfmt::print(\"begun\\n\");\n"
                                       "while (true) in_training.forward(to_train);", after=self.manager.interrupt_kernel)
        self.assertEqual((text, error[0]), ("begun\n", "Interrupted"))
        self.assertEqual(self.run_cell("in_training.bias.value(0, 0)")[0], "0\n")

    def test_a_crash_is_reported_and_the_next_cell_runs(self):
        self.run_cell("int survives = 3;")
        for crash in ("int* p = nullptr;\n*p = 1;", "std::abort();",
                      "int deep(int n) { volatile int a[999]; a[0] = n; return deep(n + 1) + a[0]; }\ndeep(0);"):
            self.assertEqual(self.run_cell(crash)[1][0], "Crash")
            self.assertEqual(self.run_cell('fmt::print("{}\\n", survives);'), ("3\n", None, []))
        self.assertEqual(self.run_cell("std::exit(0);")[1][0], "Exit")
        self.assertEqual(self.run_cell('fmt::print("{}\\n", survives);'), ("3\n", None, []))

    def test_killed_interpreter_is_started_again(self):
        _, error, _ = self.run_cell('#include <csignal>\nkill(-getpgrp(), SIGKILL);')
        self.assertEqual(error[0], "Crash")
        self.assertIn("started again", error[1])
        self.run_cell(FIRST_CELL)
        self.assertEqual(self.run_cell('fmt::print("again\\n");')[0], "again\n")

    def test_threads(self):
        text, error, _ = self.run_cell('set_threads(2);\nparallel_for(2, [](Index) {});')
        self.assertIsNone(error)
        self.assertEqual(self.run_cell('{\n  std::atomic<int> n = 0;\n  parallel_for(9, [&](Index) { ++n; });\n'
                                       '  fmt::print("{} {}\\n", threads(), n.load());\n}')[0], "2 9\n")

    def test_a_stream_shows_its_text_without_sync(self):
        self.run_cell("#include <iostream>\nstd::ios::sync_with_stdio(false);")
        self.assertEqual(self.run_cell('std::cout << "shown\\n";'), ("shown\n", None, []))
        self.assertEqual(self.run_cell("int nothing_printed = 1;"), ("", None, []))
        text, error, _ = self.run_cell('std::cout << "before" << ""; std::clog << "log"; std::abort();')
        self.assertEqual((text, error[0]), ("beforelog", "Crash"))

    def test_open_files_are_as_before_a_failed_cell(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "open.txt"
            self.run_cell(f'#include <cstdio>\n#include <fstream>\nstd::ofstream written("{path}");\nwritten << "one ";\n'
                          f'FILE* c_file = std::fopen("{path}.c", "w");\nstd::fputs("one ", c_file);')
            for failing in ("std::exit(0);", "throw 1;", 'written << "half" << std::flush;\nthrow 1;',
                            'std::fputs("half", c_file);\nstd::fflush(c_file);\nstd::abort();'):
                self.assertIsNotNone(self.run_cell(failing)[1])
            self.assertIsNone(self.run_cell('written << "two";\nwritten.close();\nstd::fputs("two", c_file);\n'
                                            "std::fclose(c_file);")[1])
            self.assertEqual(path.read_text(), "one two")
            self.assertEqual(pathlib.Path(f"{path}.c").read_text(), "one two")

            path.write_text("".join(f"{n:09}\n" for n in range(5000)))  # more than a buffer
            self.run_cell(f'#include <string>\nstd::ifstream lines("{path}");\nstd::string line;\nstd::getline(lines, line);')
            self.run_cell("while (std::getline(lines, line)) {}\nthrow 1;")
            self.run_cell("int n_read = 1;\nwhile (std::getline(lines, line)) n_read += 1;")
            self.assertEqual(self.run_cell("n_read")[0], "5000\n")

    def test_a_cell_that_reads_input_says_that_it_cannot(self):
        self.run_cell("#include <cstdio>\n#include <cstdlib>\n#include <iostream>\nint told = 7;")
        for reads in ("std::cin >> told;", "std::string text;\nstd::getline(std::cin, text);", 'scanf("%d", &told);'):
            text, error, _ = self.run_cell(reads)
            self.assertEqual((text, error and error[0]), ("", "Exception"))
            self.assertIn("A cell cannot read input: write the value into the cell", error[1])
        self.assertEqual(self.run_cell("std::ios::sync_with_stdio(false);\nstd::cin >> told;")[1][0], "Exception")
        self.assertIn("ended", self.run_cell('std::system("cat; echo ended");')[0])  # cat does not take the next cell
        self.assertEqual(self.run_cell("told")[0], "7\n")

    def test_macros(self):
        self.run_cell("#define BLOCK \\\n  { return 4; }\nint four() BLOCK")
        self.assertEqual(self.run_cell("four()")[0], "4\n")
        self.run_cell('int macro_n = 1;\n#define SHOW fmt::print("{}\\n", macro_n)')
        self.assertEqual(self.run_cell("SHOW;")[0], "1\n")
        self.run_cell("int macro_n = 2;")
        self.assertEqual(self.run_cell("SHOW;"), ("2\n", None, []))  # as if the lines stood below each other
        self.run_cell('int macro_n = 3;\n#define SHOW fmt::print("now {}\\n", macro_n)')
        self.assertEqual(self.run_cell("SHOW;"), ("now 3\n", None, []))
        self.run_cell("#undef SHOW\nint SHOW = 5;\nint macro_n = 4;")
        self.assertEqual(self.run_cell("SHOW"), ("5\n", None, []))

    def test_a_last_expression_without_semicolon_is_shown(self):
        self.run_cell("#include <string>\n#include <vector>")
        matrix = "2×2\n  1  0\n  0  1\n"
        for cell, shown in (("Matrix shown_m = Matrix::Identity(2, 2);\nshown_m", matrix), ("shown_m  // a comment\n", matrix),
                            ("3 * shown_m - 2 * shown_m", matrix), ("shown_m.cast<int>()", matrix),
                            ("shown_m.row(0)", "1×2\n  1  0\n"),
                            ("1 + 2", "3\n"), ("std::vector<int> shown_v{4, 5};\nshown_v", "[4, 5]\n"),
                            ('std::string("ş") + "ı"', "şı\n"), ('fmt::print("void\\n")', "void\n"),
                            ("LinearModel shown_model(2, 1);\nshown_model", ""), ("int shown_n = 8", ""), ("shown_n", "8\n"),
                            ("shown_n;", ""), ("int shown_n = 9;\nshown_n", "9\n")):
            with self.subTest(cell=cell):
                self.assertEqual(self.run_cell(cell), (shown, None, []))
        _, error, _ = self.run_cell("int fine = 1;\nnonsense + 1")
        self.assertIn("line/satır 2: use of undeclared identifier 'nonsense'", error[1])
        self.assertNotIn("Shown", error[1])

    def test_pictures_and_claims(self):
        _, error, pictures = self.run_cell('report::draw_lines(notebook::Picture(), {.title = "Çizgi"},\n'
                                           '                   {{"a", {1, 2}, {3, 4}}});')
        self.assertIsNone(error)
        self.assertIn("Çizgi", pictures[0]["image/svg+xml"])
        self.assertEqual(self.run_cell('notebook::claim("x", 2, 1, 3);')[1], None)
        self.assertIn("does not hold", self.run_cell('notebook::claim("x", 4, 1, 3);')[1][1])
        self.assertIn("does not hold", self.run_cell('notebook::claim("x", std::nan(""), 1, 3);')[1][1])


class Killed(unittest.TestCase):
    def test_nothing_is_left_when_jupyter_kills_the_kernel(self):
        manager, client = start_new_kernel(kernel_name="xcpp20")
        client.execute('#include <cstdio>\n#include <unistd.h>\nprintf("%d\\n", getpid());\nvolatile int n = 0;\n'
                       'while (true) n = n + 1;')
        pid = None
        while pid is None:
            message = client.get_iopub_msg(timeout=60)
            if message["msg_type"] == "stream":
                pid = int(message["content"]["text"])
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        deadline = time.monotonic() + 10
        stat = pathlib.Path(f"/proc/{pid}/stat")
        while stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z":
            self.assertLess(time.monotonic(), deadline, "the cell still runs")
            time.sleep(0.1)


class Rewrite(unittest.TestCase):
    def test_a_macro_of_several_lines_stays_together(self):
        macro = "#define BLOCK \\\n{ int a = 1; }\n"
        self.assertEqual(rewrite.for_clang_repl(macro + "{ b; }", 4), macro + "void damla_cell_4_1() { b; } damla_cell_4_1();")
        self.assertEqual(rewrite.macros(macro + "int a;\n # undef OTHER"), {"BLOCK": macro.rstrip("\n"), "OTHER": None})
        names = rewrite.Names().renew({"x"})
        self.assertEqual(names.apply("#include <x>\n#define F(x) x + a.x\\\n + x"),
                         "#include <x>\n#define F(x__run2) x__run2 + a.x\\\n + x__run2")

    def test_what_is_a_last_expression(self):
        shown = ", damla::notebook::Shown()"
        self.assertEqual(rewrite.shown("a;\nf({1}, [](int b) { return b; })  // c;"),
                         f"a;\nf({{1}}, [](int b) {{ return b; }}){shown}  // c;")
        for none in ("a;", "{ a; }", "// a", "#include <a>", "for (;;) a", "while (a) b", "if (a) b", ""):
            self.assertIsNone(rewrite.shown(none), none)

    def test_new_names(self):
        names = rewrite.Names().renew({"x"})
        self.assertEqual(names.apply('x = a.x + p->x + n::x; // x\n"x" f(x1, x)'),
                         'x__run2 = a.x + p->x + n::x; // x\n"x" f(x1, x__run2)')
        self.assertEqual(names.apply("struct S { int x; }; int x;"), "struct S { int x; }; int x__run2;")
        self.assertEqual(rewrite.plain("x__run2 and y"), "x and y")

    def test_for_clang_repl(self):
        self.assertEqual(rewrite.for_clang_repl("if (a) { b; }\n{ c; { d; } }", 4),
                         "if (a) { b; }\nvoid damla_cell_4_1() { c; { d; } } damla_cell_4_1();")
        self.assertEqual(rewrite.for_clang_repl("for (const int i : v) { const int k = 0; }", 1),
                         "for (const int i : v) { const int k = 0; }")
        self.assertEqual(rewrite.for_clang_repl("const int a = 1;", 1), 'inline\n#line 1 "cell"\nconst int a = 1;')

    def test_errors(self):
        text = "In file included from x:1:\nh.hpp:9:1: error: deep\n   9 | code\n" \
               "cell:3:5: note: required here\n    3 | mine\n      | ^\n"
        self.assertEqual(errors.digest(text), "line/satır 3: deep\n    3 | mine\n      | ^")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        os.environ["DAMLA_BUILD"] = sys.argv.pop(1)
    unittest.main(verbosity=2)
