"""Runs cells of C++ in clang-repl, with damla loaded. Knows nothing of Jupyter."""
import codecs
import ctypes
import os
import pathlib
import re
import selectors
import shutil
import signal
import subprocess
import tempfile
import time

import rewrite

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent
AS_BEFORE = ("All is as it was before this cell.", "Her şey bu hücreden önceki gibi.")
CRASHED = ("The cell crashed: perhaps it read outside a matrix or a vector, or called itself for ever.",
           "Hücre çöktü: belki bir matrisin ya da vektörün dışını okudu, ya da kendini durmadan çağırdı.")
NOT_READ = ("clang-repl crashed while it read the cell. Outside any function it takes no lambdas and statics in a loop: "
            "put braces around the cell, { … }.",
            "clang-repl hücreyi okurken çöktü. Fonksiyon dışındaki döngülerde lambda ve static kabul etmez: hücreyi süslü "
            "parantez içine alın, { … }.")
RESTARTED = ("The interpreter itself has ended. It was started again: nothing is defined any more, so run the cells again from "
             "the top.\nYorumlayıcının kendisi kapandı. Yeniden başlatıldı: artık hiçbir şey tanımlı değil, hücreleri baştan "
             "çalıştırın.")


class Failure(Exception):
    """Why a cell failed: a kind in a word or two, and a text for the student."""

    def __init__(self, kind, text):
        super().__init__(text)
        self.kind, self.text = kind, text


def build_folder():
    """Where CMake built the library: DAMLA_BUILD, or what ./go builds."""
    return pathlib.Path(os.environ.get("DAMLA_BUILD") or ROOT / "build" / "release")


def compile_flags(build):
    """The flags that the library was built with, as far as its headers depend on them."""
    cache = (build / "CMakeCache.txt").read_text(encoding="utf-8")
    native = re.search(r"^DAMLA_NATIVE:\w+=(ON|1|TRUE|YES)$", cache, re.MULTILINE | re.IGNORECASE)
    return ["-std=c++20", "-O2", *(["-march=native", "-mtune=generic"] if native else []), "-DNDEBUG", "-DFMT_SHARED",
            f"-I{ROOT / 'include'}", f"-I{ROOT / 'examples'}", "-isystem", "/usr/include/eigen3"]


def mpi_libraries(build):
    """What a library that was built with MPI has to be linked to."""
    cache = (build / "CMakeCache.txt").read_text(encoding="utf-8")
    built = re.search(r"^DAMLA_MPI:\w+=(ON|1|TRUE|YES)$", cache, re.MULTILINE | re.IGNORECASE)
    return re.findall(r"^MPI_\w+_LIBRARY:\w+=(/.+)$", cache, re.MULTILINE) if built else []


def shared_library(build):
    """damla, the lessons' worlds and report, and support.cpp as one shared library, made again when one of them is newer."""
    statics = [build / "examples" / "libdamla_lessons.a", build / "libdamla.a"]
    source, library = HERE / "support.cpp", build / "notebook" / "libdamla_notebook.so"
    for static in statics:
        if not static.is_file():
            raise Failure("NotBuilt", f"{static} is missing: start Jupyter with ./go notebook, which builds it")
    if not library.is_file() or library.stat().st_mtime < max(path.stat().st_mtime for path in [*statics, source]):
        library.parent.mkdir(exist_ok=True)
        new = library.with_suffix(f".{os.getpid()}")
        made = subprocess.run(["g++", "-shared", "-fPIC", *compile_flags(build), "-o", new, source, "-Wl,--whole-archive",
                               *statics, "-Wl,--no-whole-archive", "-lfmt", "-lutf8proc", "-lpthread", *mpi_libraries(build)],
                              capture_output=True, text=True)
        if made.returncode:
            raise Failure("NotBuilt", made.stderr)
        new.rename(library)
    return library


class Interpreter:
    def __init__(self):
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER: forks of forks are ours to wait for
        # clang-repl loses all but ASCII from the lines that it reads: no path among them may have a letter such as ş.
        folder = tempfile.gettempdir()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="damla_notebook_", dir=folder if folder.isascii() else "/tmp"))
        self.process = None
        self.start()

    def start(self):
        """A fresh interpreter: nothing is defined, nothing included."""
        self.stop()
        build = build_folder()
        library = shared_library(build)
        control, write_control = os.pipe()
        environment = dict(os.environ, DAMLA_NOTEBOOK=str(self.folder), DAMLA_NOTEBOOK_CONTROL=str(write_control))
        flags = [*compile_flags(build), "-Wno-everything", "-Werror=return-type", "-fno-color-diagnostics"]
        repl = shutil.which("clang-repl-19") or shutil.which("clang-repl")
        if not repl:
            raise Failure("NotFound", "clang-repl is missing: ./go notebook installs it (Debian's package clang-tools-19)")
        self.process = subprocess.Popen([repl, *[word for flag in flags for word in ("-Xcc", flag)]], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, pass_fds=[write_control],
                                        env=environment, start_new_session=True)
        os.close(write_control)
        # When Jupyter kills the kernel, the end of the guard's input is how it hears of it: nothing is left behind.
        self.guard = subprocess.Popen(["sh", "-c", 'read _; kill -s KILL -- "-$1"; rm -rf "$2"', "sh", str(self.process.pid),
                                       self.folder], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True)
        self.control = os.fdopen(control, "rb", buffering=0)
        self.streams = {self.process.stdout: "stdout", self.process.stderr: "stderr", self.control: "control"}
        self.selector = selectors.DefaultSelector()
        for stream in self.streams:
            os.set_blocking(stream.fileno(), False)
            self.selector.register(stream, selectors.EVENT_READ)
        self.pending = ""     # the beginning of a line on the control pipe
        self.current = self.process.pid
        self.cells = 0
        self.names = rewrite.Names()
        self.macros = {}
        link = self.folder / "libdamla.so"
        link.unlink(missing_ok=True)
        link.symlink_to(library.resolve())
        self.send(f"%lib {link}")
        for function in ("checkpoint", "begin", "done"):
            self.send(f'extern "C" void damla_kernel_{function}();')

    def stop(self):
        if self.process is None:
            return
        self.guard.kill()
        self.guard.wait()
        self.guard.stdin.close()
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        try:
            while True:
                os.waitpid(-self.process.pid, 0)
        except ChildProcessError:
            pass
        for stream in (self.process.stdin, *self.streams):
            try:
                stream.close()
            except BrokenPipeError:
                pass
        self.selector.close()
        self.process = None

    def close(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def send(self, line):
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def read(self, timeout=None):
        """What has come: pairs of the stream's name and bytes, or for control, a line. Empty when time is up."""
        found = []
        for key, _ in self.selector.select(timeout):
            data = os.read(key.fd, 1 << 16)
            name = self.streams[key.fileobj]
            if name != "control":
                found.append((name, data))
                if not data:
                    self.selector.unregister(key.fileobj)
                continue
            if not data:
                raise EOFError
            *lines, self.pending = (self.pending + data.decode()).split("\n")
            found += [("control", line) for line in lines]
        return found

    def run(self, code, output):
        """Runs a cell. output(stream, text) is called as text comes. Raises Failure; then all is as it was before the cell."""
        self.cells += 1
        self.interrupted = False
        try:
            handler = signal.signal(signal.SIGINT, lambda *_: setattr(self, "interrupted", True))
        except ValueError:  # not the main thread
            handler = None
        try:
            self.run_renamed(code, output)
        except Failure:
            raise
        except (EOFError, BrokenPipeError):
            self.start()
            raise Failure("Crash", RESTARTED) from None
        except BaseException:  # the cell may still run: nothing that it left is to be relied on
            self.start()
            raise
        finally:
            if handler is not None:
                signal.signal(signal.SIGINT, handler)

    def run_renamed(self, code, output):
        """Names that an earlier cell defined get new ones, and the cell is tried again: the compiler names a few at a time."""
        names, shown = self.names, rewrite.shown(code)
        for last in [False] * 20 + [True]:
            text = shown or code
            renamed = names.apply(text)
            # What a macro of an earlier cell names has its new name wherever the macro is used from now on.
            renamed_macros = [names.apply(macro) for macro in self.macros.values() if macro and names.apply(macro) != macro]
            try:
                self.attempt(renamed, output, "\n".join(renamed_macros))
                self.names = names
                self.macros.update(rewrite.macros(code))
                return
            except Failure as failure:
                compiles = failure.kind != "CompileError"
                renewed = names if compiles else names.renew(rewrite.redefined(failure.text, renamed))
                if not last and renewed.apply(text) != renamed:
                    names = renewed
                elif shown and not compiles and not last:
                    shown = None  # it was no expression
                else:
                    failure.text = rewrite.plain(failure.text)
                    raise

    def attempt(self, code, output, macros):
        before = self.current
        self.checkpoint()
        cell = self.folder / f"cell_{self.cells}.cpp"
        code = rewrite.for_clang_repl(code, self.cells)
        cell.write_text(f'{macros}\ndamla_kernel_begin();\n#line 1 "cell"\n{code}\n;damla_kernel_done();\n', encoding="utf-8")
        decode = {name: codecs.getincrementaldecoder("utf-8")("replace").decode for name in ("stdout", "stderr")}
        words, compiler, killed = [], "", False  # words: of support.cpp; compiler: on stderr before the cell runs
        self.send(f'#include "{cell}"')
        while "done" not in words and not any(word.startswith("ended") for word in words):
            for name, data in self.read(0.2):
                if name == "control":
                    words.append(data)
                elif name == "stderr" and "begin" not in words:
                    compiler += decode[name](data)
                else:
                    output(name, decode[name](data))
            failed = "begin" not in words and re.search(r"^error: .*\n", compiler, re.MULTILINE)
            if (self.interrupted or failed) and not killed:
                killed = True
                os.kill(self.current, signal.SIGKILL)
        for name, data in self.drain():
            output(name, decode[name](data))
        if "done" in words:
            os.kill(before, signal.SIGKILL)  # the parent is needed no more
            os.waitpid(before, 0)
            return
        self.current = before
        self.explain(words, compiler)

    def explain(self, words, compiler):
        """Raises why a cell failed."""
        if self.interrupted:
            raise Failure("Interrupted", f"Stopped. {AS_BEFORE[0]}\nDurduruldu. {AS_BEFORE[1]}")
        if "begin" not in words and compiler:
            raise Failure("CompileError", compiler)
        for word in words:
            if word.startswith("uncaught "):
                raise Failure("Exception", word.removeprefix("uncaught ").replace("\1", "\n"))
        if "exit" in words:
            raise Failure("Exit", f"The cell ended the program (exit). {AS_BEFORE[0]}\n"
                                  f"Hücre programı bitirdi (exit). {AS_BEFORE[1]}")
        number = int(words[-1].split()[1])
        name = signal.Signals(number).name if number > 0 else str(number)
        english, turkish = CRASHED if "begin" in words else NOT_READ
        raise Failure("Crash", f"{english} ({name}) {AS_BEFORE[0]}\n{turkish} ({name}) {AS_BEFORE[1]}")

    def checkpoint(self):
        """Forks. Afterwards `current` is the fork, which will run the cell."""
        self.send("damla_kernel_checkpoint();")
        deadline = time.monotonic() + 60
        while True:
            for name, data in self.read(1):
                if name == "control" and data.startswith("ready"):
                    self.current = int(data.split()[1])
                    return
            if time.monotonic() > deadline:
                raise EOFError

    def drain(self):
        found = []
        while more := self.read(0):
            if all(not data for _, data in more):
                break
            found += [(name, data) for name, data in more if name != "control"]
        return found
