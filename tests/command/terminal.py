"""The damla program in a terminal, and when the terminal, its reader or the disk goes away: terminal.py PROGRAM FOLDER."""
import json, os, pathlib, re, resource, shutil, signal, subprocess, sys, time

from pseudo_terminal import Terminal

program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
shutil.rmtree(folder, ignore_errors=True)
folder.mkdir(parents=True)
os.environ["LC_ALL"] = "C.UTF-8"
faults = []


def expect(good, what):
    if not good:
        faults.append(what)
        print("FAILED:", what)


(folder / "text.txt").write_text("İş işten geçti, şimdi düş peşine.\n" * 300, encoding="utf-8")
shape = ["--layers", "1", "--channels", "32", "--heads", "2", "--context", "32", "--batch", "4", "--threads", "1"]


def train(name, *more, columns=80, **environment):
    return Terminal([program, "train", "text.txt", "-o", name, "--tokens", "characters", *shape, *more], folder, columns, **environment)


def plain(text):
    return re.sub("\033\\[[0-9;]*m", "", text)


def screen(text):
    """The lines that a terminal shows in the end: \\r goes back to the beginning of a line, and what comes then is written over it."""
    lines = []
    for line in plain(text).replace("\r\n", "\n").split("\n"):
        cells = []
        for part in line.split("\r"):
            cells[:len(part)] = part
        lines.append("".join(cells).rstrip())
    return lines


# Progress: one line that is drawn again and again, as narrow as the terminal, with the time that is left; taken away before others.
for columns in (80, 40):
    run = train("drawn", "--steps", "1500", "--evaluate-every", "500", columns=columns)
    expect(run.finish() == 0, f"a run in a terminal ends well: {run.code}")
    drawn = [part for part in re.split("[\r\n]+", plain(run.text)) if re.match(r"training \d", part)]
    expect(len(drawn) >= 2, f"progress is drawn more than once: {drawn}")
    expect(all(len(part.rstrip()) < columns for part in drawn), f"no line of progress is wider than {columns} columns: {drawn}")
    shown = screen(run.text)
    expect(not any("training " in line and "/1500" in line for line in shown), f"progress leaves nothing behind: {shown}")
    looks = [line for line in shown if line.startswith("step")]
    expect(len(looks) == 3 and all(len(line) <= 80 and line.endswith("left") for line in looks), f"a line for each look: {shown}")
    if columns == 80:
        expect(all(re.fullmatch(r"training \d+/1500 · loss \d+\.\d{3} · \d+/s · \d+ (s|min) left *", part) for part in drawn), f"what progress says: {drawn}")
        expect("\033[36mtraining\033[0m" in run.text, "the title is in colour")

run = train("çizilen", "--steps", "1500", "--evaluate-every", "1500", LC_ALL="tr_TR.UTF-8")
run.finish()
expect(re.search(r"eğitim \d+/1500 · kayıp \d+,\d{3} · \d+/sn · kalan \d+ (sn|dk)", plain(run.text)), f"progress in Turkish: {run.text}")

# Of so many minutes the steps are not known at once, but then progress shows them.
run = train("timed", "--minutes", "0.05")
expect(run.finish() == 0, f"a run of three seconds: {run.code}")
steps = re.search(r"0.05 minutes are about (\d+) steps", run.text)
last = [part for part in re.split("[\r\n]+", plain(run.text)) if re.match(r"training \d", part)][-1]
expect(steps and f"/{steps[1]} " in last, f"progress counts to the steps that fit into the minutes: {last}")

# A run that goes on: the time left is counted from what this program has done, not from the steps of the one before.
run = train("long", "--steps", "100000", "--evaluate-every", "3000")
expect(run.wait_for("step  3000"), "the first look comes")
run.type("\x03")
expect(run.finish() == 130, f"Ctrl-C ends with 130: {run.code}")
expect("stopped after step" in run.text and "damla train -o long --resume" in run.text, f"Ctrl-C says how to go on: {run.text[-300:]}")
run = Terminal([program, "train", "-o", "long", "--resume", "--threads", "1"], folder)
expect(run.wait_for(" left"), "a resumed run shows progress")
first = re.search(r"training (\d+)/100000 .* (\d+)/s · (\d+) (s|min) left", plain(run.text))
if first:
    step, speed, left, unit = int(first[1]), int(first[2]), int(first[3]), first[4]
    truth = (100000 - step) * 4 * 32 / speed / (60 if unit == "min" else 1)
    expect(abs(left - truth) <= 0.1 * truth + 1, f"time left is {truth:.0f} {unit}, not {left}")
else:
    expect(False, f"a resumed run shows progress: {run.text}")

run.type("\x03")
run.finish()

# Ctrl-C twice ends at once, even in the middle of a step that takes long.
slow = Terminal([program, "train", "text.txt", "-o", "slow", "--tokens", "characters", "--layers", "4", "--channels", "512",
                 "--context", "256", "--batch", "16", "--steps", "100"], folder)
expect(slow.wait_for("what is to be beaten"), "a slow run begins")
time.sleep(0.5)
slow.type("\x03")
time.sleep(0.2)
slow.type("\x03")
expect(slow.finish(5) == 130 and "stopped" not in slow.text, f"Ctrl-C twice ends at once: {slow.code} {slow.text[-200:]}")
busy = Terminal([program, "generate", "long", "İş", "-n", "100000000", "--threads", "1"], folder)
busy.wait_for("İş")
busy.type("\x03")
expect(busy.finish(10) == 130, f"Ctrl-C ends generate with 130: {busy.code}")

# In no colour, and where a line cannot be drawn again, and where nobody looks.
run = train("plain", "--steps", "800", NO_COLOR="1")
expect(run.finish() == 0 and "training " in run.text and "\033" not in run.text, "NO_COLOR: progress without colour")
run = train("dumb", "--steps", "800", TERM="dumb")
expect(run.finish() == 0 and "\033" not in run.text and "training " not in run.text.replace("training takes", ""), f"TERM=dumb: no progress: {run.text}")
quiet = subprocess.run([program, "train", "text.txt", "-o", "quiet", "--tokens", "characters", *shape, "--steps", "800"], cwd=folder, capture_output=True, text=True)
expect(quiet.stderr == "" and "\r" not in quiet.stdout and "\033" not in quiet.stdout, f"no progress where there is no terminal: {quiet.stderr}")

# The terminal is closed: the run is saved, and goes on later.
run = train("hung", "--steps", "1000000", "--evaluate-every", "1000")
expect(run.wait_for("step  1000"), "the first look comes")
run.wait_for("left", behind=len(run.shown))
os.close(run.end)
run.end = None
os.waitpid(run.pid, 0)
saved = json.loads((folder / "hung/log.jsonl").read_text().splitlines()[-1])["step"]
again = Terminal([program, "train", "-o", "hung", "--resume", "--threads", "1"], folder)
expect(again.wait_for("goes on after step "), f"what a closed terminal left goes on: {again.text}")
again.wait_for(" of 1000000")
step = int(re.search(r"goes on after step (\d+)", again.text)[1]) if "goes on" in again.text else 0
expect(step > saved, f"it goes on from where the terminal was closed, behind the look at {saved}: {step}")
os.kill(again.pid, signal.SIGKILL)
again.finish()

# A reader that goes away, and a terminal in which the text appears letter by letter, never half a one.
pipe = subprocess.run(["bash", "-c", f"'{program}' generate quiet İş -n 100000 | head -c 10; echo ${{PIPESTATUS[0]}}"], cwd=folder, capture_output=True)
expect(pipe.stderr == b"" and pipe.stdout.endswith(b"0\n"), f"a closed pipe ends quietly with 0: {pipe.stdout} {pipe.stderr}")
subprocess.run([program, "train", "text.txt", "-o", "bytes", "--vocabulary", "260", *shape, "--steps", "300"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
streamed = subprocess.Popen([program, "generate", "bytes", "İş", "-n", "3000", "--threads", "1"], cwd=folder, stdout=subprocess.PIPE)
pieces = []
while piece := os.read(streamed.stdout.fileno(), 65536):
    pieces.append(piece)
streamed.wait()
expect(len(pieces) > 20 and "ş" in b"".join(pieces).decode()[2:], f"the text comes while it is written: {len(pieces)} pieces")
halves = [piece for piece in pieces if piece.decode("utf-8", "ignore").encode() != piece]
expect(not halves, f"letters come whole: {halves[:3]}")

# A talk: asked at a prompt, answered, ended by Ctrl-D or Ctrl-C.
cities = {"Ali": "Rize", "Can": "Sivas", "Su": "Bursa"}
(folder / "pairs.tsv").write_text("".join(f"{who} nerede?\t{city} şehrinde.\n" for who, city in cities.items()) * 40, encoding="utf-8")
subprocess.run([program, "train", "pairs.tsv", "-o", "words", "--tokens", "words", *shape, "--steps", "20"], cwd=folder, check=True, capture_output=True)
subprocess.run([program, "tune", "words", "pairs.tsv", "-o", "talker", "--steps", "150", "--learning-rate", "0.01", "--threads", "1"], cwd=folder, check=True, capture_output=True)
talk = Terminal([program, "chat", "talker", "--temperature", "0"], folder)
expect(talk.wait_for("> "), "the prompt comes")
for who, city in cities.items():
    behind = len(talk.shown)
    talk.type(f"{who} nerede?\n")
    expect(talk.wait_for(f"{city} şehrinde.\r\n\r\n> ", behind=behind), f"{who} is answered, and the next prompt comes: {talk.text[-200:]}")
talk.type("\x04")
expect(talk.finish() == 0, f"Ctrl-D ends a talk with 0: {talk.code}")
talk = Terminal([program, "chat", "talker"], folder)
talk.wait_for("> ")
talk.type("\x03")
expect(talk.finish() in (130, -2), f"Ctrl-C ends a talk: {talk.code}")

# No room: one sentence, exit code 1, nothing half written.
full = subprocess.run([program, "generate", "quiet", "İş"], cwd=folder, stdout=open("/dev/full", "w"), stderr=subprocess.PIPE, text=True)
expect(full.returncode == 1 and full.stderr.count("\n") == 1 and "No space left" in full.stderr, f"a full disk behind the output: {full.returncode} {full.stderr}")


def no_room(limit):
    def set_limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    return set_limit


def train_without_room(name, limit):
    run = subprocess.run([program, "train", "text.txt", "-o", name, "--tokens", "characters", *shape, "--steps", "200", "--evaluate-every", "100"],
                         cwd=folder, capture_output=True, text=True, preexec_fn=no_room(limit))
    expect(run.returncode == 1 and run.stderr.count("\n") == 1 and f"{name}/" in run.stderr and "cannot be written" in run.stderr,
           f"{limit} bytes for a file: one sentence and 1, not {run.returncode} {run.stderr}")
    left = list((folder / name).glob("*.tmp"))
    expect(not left, f"{limit} bytes for a file: nothing half written: {left}")


train_without_room("no_room", 20000)  # the model needs more
train_without_room("no_checkpoint", 100000)  # the model fits, its checkpoint with two moments does not
expect(subprocess.run([program, "generate", "no_checkpoint", "İş", "-n", "5"], cwd=folder, capture_output=True).returncode == 0, "the model that was written is whole")

print(len(faults), "faults")
sys.exit(bool(faults))
