"""A program in a pseudo-terminal, as people see it."""
import fcntl, os, pty, select, signal, struct, termios, time


class Terminal:
    def __init__(self, words, folder, columns=80, **environment):
        """Starts the program. An environment's variable that is None is not set."""
        self.shown, self.code = b"", None
        self.pid, self.end = pty.fork()
        if self.pid == 0:
            try:
                os.chdir(folder)
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
                for name, value in {"TERM": "xterm", "NO_COLOR": None, **environment}.items():
                    os.environ.pop(name, None) if value is None else os.environ.update({name: value})
                os.execvp(words[0], words)
            finally:
                os._exit(127)

    def read(self, seconds):
        """Takes what the program writes in that time at most; False when there is no more to come."""
        if not select.select([self.end], [], [], seconds)[0]:
            return True
        try:
            piece = os.read(self.end, 65536)
        except OSError:  # Linux: nobody writes here any more
            piece = b""
        self.shown += piece
        return bool(piece)

    def wait_for(self, text, seconds=120, behind=0):
        """Reads until that text is on the screen, behind so many bytes."""
        last = time.monotonic() + seconds
        while text.encode() not in self.shown[behind:]:
            if time.monotonic() > last or not self.read(0.1):
                return text.encode() in self.shown[behind:]
        return True

    def type(self, text):
        os.write(self.end, text.encode())

    def finish(self, seconds=120):
        """Reads to the end, and returns the exit code: under 0 is a signal."""
        last = time.monotonic() + seconds
        while self.read(0.1) and time.monotonic() < last:
            pass
        while self.code is None and time.monotonic() < last:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
            else:
                time.sleep(0.01)
        if self.code is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.code = "did not end"
        self.hang_up()
        return self.code

    def hang_up(self):
        if self.end is not None:
            os.close(self.end)
            self.end = None

    @property
    def text(self):
        return self.shown.decode("utf-8", "replace")
