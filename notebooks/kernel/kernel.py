"""A Jupyter kernel for C++20 with damla: ipykernel's Kernel, driving clang-repl. Registered as xcpp20, as xeus-cpp is."""
import base64
import pathlib
import re

from ipykernel.kernelapp import IPKernelApp
from ipykernel.kernelbase import Kernel

import errors
from interpreter import Failure, Interpreter

PICTURE = re.compile(r"\x1b\]damla-picture:(.*?)\a\n?")  # what <report/notebook.hpp> prints for a picture


def picture(path):
    """As an SVG, and as a page's image, which shows it in a handy size and keeps it apart from the page's other pictures."""
    svg = path.read_bytes()
    image = f'<img width="640" src="data:image/svg+xml;base64,{base64.b64encode(svg).decode()}">'
    return {"image/svg+xml": svg[svg.index(b"<svg"):].decode(errors="replace"), "text/html": image}


class DamlaKernel(Kernel):
    implementation = "damla"
    implementation_version = "1"
    language_info = {"name": "C++", "mimetype": "text/x-c++src", "file_extension": ".cpp", "codemirror_mode": "text/x-c++src",
                     "pygments_lexer": "cpp", "version": "20"}
    banner = "C++20 with damla, in clang-repl"
    interpreter = None
    held = ""

    def output(self, name, text):
        if name == "stdout":  # half of a picture's line waits for the other half
            text = self.held + text
            begun = text.rfind("\x1b]damla-picture:")
            cut = begun if begun >= 0 and "\a" not in text[begun:] else len(text)
            text, self.held = text[:cut], text[cut:]
        for i, piece in enumerate(PICTURE.split(text)):
            if i % 2:
                try:
                    shown = picture(pathlib.Path(piece))
                except (OSError, ValueError) as problem:  # a picture that is not there is no reason to lose the session
                    shown = {"text/plain": f"no picture: {problem}"}
                self.send_response(self.iopub_socket, "display_data", {"data": shown, "metadata": {}})
            elif piece:
                self.send_response(self.iopub_socket, "stream", {"name": name, "text": piece})

    def do_execute(self, code, silent, store_history=True, user_expressions=None, allow_stdin=False):
        done = {"status": "ok", "execution_count": self.execution_count, "payload": [], "user_expressions": {}}
        if not code.strip():
            return done
        try:
            if self.interpreter is None:
                self.interpreter = Interpreter()
            self.interpreter.run(code, self.output)
            return done
        except Exception as problem:
            failure = problem if isinstance(problem, Failure) else Failure("KernelError", repr(problem))
            text = errors.digest(failure.text) if failure.kind == "CompileError" else failure.text
            error = {"ename": failure.kind, "evalue": text.split("\n")[0],
                     "traceback": [f"\x1b[31m{failure.kind}\x1b[0m: {text}"]}
            self.send_response(self.iopub_socket, "error", error)
            return {"status": "error", "execution_count": self.execution_count, **error}

    def do_shutdown(self, restart):
        if self.interpreter is not None:
            self.interpreter.close()
            self.interpreter = None
        return {"status": "ok", "restart": restart}


if __name__ == "__main__":
    IPKernelApp.launch_instance(kernel_class=DamlaKernel)
