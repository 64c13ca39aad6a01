#!/usr/bin/env python3
"""Training on 1, 2 and 4 ranks of one machine, seen from outside. ranks.py MPIRUN PROGRAM TEST"""
import math
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import network

MPIRUN, PROGRAM, TEST = sys.argv[1:4]
STEPS = 20
# Open MPI asks for these where one machine has fewer processors than ranks, and in containers (where no process may read another's memory).
ENVIRONMENT = os.environ | {"DAMLA_THREADS": "1", "OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_hwloc_base_binding_policy": "none",
                            "OMPI_MCA_mpi_yield_when_idle": "1", "OMPI_MCA_btl_vader_single_copy_mechanism": "none",
                            "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}


def start(ranks, *words):
    """Without mpirun where ranks is 0."""
    command = ([MPIRUN, "-n", str(ranks)] if ranks else []) + [PROGRAM, *map(str, words)]
    return subprocess.Popen(command, env=ENVIRONMENT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def run(ranks, *words):
    process = start(ranks, *words)
    said, _ = process.communicate(timeout=250)
    if process.returncode:
        sys.exit(f"{ranks} ranks, {words}: ended with code {process.returncode}:\n{said}")
    return said


def losses(said):
    return {int(step): float(loss) for step, loss in re.findall(r"^step (\d+) loss (\S+)", said, re.MULTILINE)}


def held_out(said):
    return float(re.search(r"held out (\S+)", said)[1])


def bits(said):
    return re.search(r"bits (\S+)", said)[1]


def moments(said):
    return [int(n) for n in re.findall(r"^rank \d+ moments (\d+)", said, re.MULTILINE)]


def expect(good, what):
    if not good:
        sys.exit(what)


def expect_alike(said, other, what):
    a, b = losses(said), losses(other)
    if "held out" in other:
        a["held out"], b["held out"] = held_out(said), held_out(other)
    common = a.keys() & b.keys()
    worst = max(abs(a[k] - b[k]) for k in common)
    expect(len(common) > 1 and worst < 1e-5, f"{what}: losses differ by {worst:g}:\n{said}\n{other}")
    print(f"{what}: {len(common)} losses, at most {worst:.1g} apart")


def messages():
    for ranks in (0, 1, 2, 3, 4):
        run(ranks, "messages")


def equal():
    one = run(0, STEPS)
    expect(losses(one)[STEPS] < losses(one)[1] - 0.1, f"nothing was learned: the test shows nothing:\n{one}")
    for ranks in (1, 2, 4):
        for words in ((), ("sharded",)):
            expect_alike(run(ranks, STEPS, *words), one, f"{ranks} ranks {words} beside one process")
    expect_alike(run(2, STEPS, "two_lines"), run(0, STEPS, "two_lines"), "2 ranks with train_language_model")


def bits_repeat():
    for words in ((), ("sharded",), ("dropout",)):
        first, second = run(4, STEPS, *words), run(4, STEPS, *words)
        expect(bits(first) == bits(second) and losses(first) == losses(second), f"4 ranks {words}: two runs differ:\n{first}\n{second}")
    with_dropout = [bits(run(ranks, STEPS, "dropout")) for ranks in (1, 2)]
    expect(with_dropout[0] != with_dropout[1], "dropout draws the same numbers on both ranks")


def memory():
    whole = moments(run(0, 2))[0]
    for ranks in (2, 4):
        expect(moments(run(ranks, 2)) == [whole] * ranks, "not sharded, every rank has all moments")
        shares = moments(run(ranks, 2, "sharded"))
        expect(sum(shares) == whole, f"the shares {shares} are not the {whole} bytes of all moments")
        # What has one row, and so is not divided, is a tenth of this small model.
        expect(max(shares) < 1.2 * whole / ranks, f"{shares}: one rank has far more than its share of {whole}")
        print(f"{ranks} ranks: {whole} bytes of moments become {shares}")


def sent():
    """What Open MPI counts: each rank sends 2(n−1)/n of the gradients a step. 77, which ctest calls skipped, without its counter."""
    steps = 4
    for ranks in (2, 4):
        for words in ((), ("sharded",)):
            with tempfile.TemporaryDirectory() as folder:
                counter = {"enable": "2", "enable_output": "3", "filename": f"{folder}/sent"}
                ENVIRONMENT.update({f"OMPI_MCA_pml_monitoring_{name}": value for name, value in counter.items()})
                said = run(ranks, steps, "large", *words)
                files = sorted(Path(folder).glob("sent.*.prof"))
                if not files:
                    sys.exit(77)
                each = [sum(int(n) for n in re.findall(r"^[EI]\t\d+\t\d+\t(\d+) bytes", file.read_text(), re.MULTILINE)) for file in files]
            whole = sum(moments(said)) / (1 if words else ranks)
            gradients = whole / 2  # two moments for each number
            must = steps * 2 * (ranks - 1) / ranks * gradients
            first = math.log2(ranks) * gradients  # the weights that all begin with, from rank to rank
            print(f"{ranks} ranks {words}: {each} bytes sent, {must:.0f} for the gradients")
            expect(len(each) == ranks and all(must <= n < 1.02 * (must + first) for n in each), f"{ranks} ranks {words} send {each}, must send {must}")


def end_of(ranks, *words):
    """What a run says that does not end well, and how long that takes from its start on."""
    begin = time.monotonic()
    process = start(ranks, STEPS, *words)
    said, _ = process.communicate(timeout=60)
    expect(process.returncode != 0, f"{words}: it ended well:\n{said}")
    print(f"{ranks} ranks {words}: all ended {time.monotonic() - begin:.1f} s after their start")
    expect(time.monotonic() - begin < 20, "that is too long")
    return said


def killed():
    """A rank is killed in the midst: mpirun ends the others and names it. Any number of ranks takes the run up."""
    with tempfile.TemporaryDirectory() as folder:
        file, copy = Path(folder, "run.safetensors"), Path(folder, "copy.safetensors")
        one = run(0, STEPS)
        for words in ((), ("sharded",)):
            said = end_of(4, f"file={file}", "kill=2", *words)
            expect(re.search(r"rank 2\b.*signal 9", said.replace("\n", " "), re.IGNORECASE), f"nobody says that rank 2 was killed:\n{said}")
            for ranks in (0, 2, 4):
                copy.write_bytes(file.read_bytes())
                then = run(ranks, STEPS, f"file={copy}", "resume", *words)
                expect(min(losses(then)) == 11, f"step 10 was saved, but the run goes on otherwise:\n{then}")
                expect_alike(then, one, f"4 ranks {words}, then {ranks}")


def failed():
    """A rank that throws: its sentence is there, and all end."""
    said = end_of(4, "fail=1")
    expect("rank 1 of 4" in said and "was told to fail" in said, f"nobody says what rank 1 died of:\n{said}")


def slow_link():
    """Two machines with a cable of 100 Mbit/s between them: the same losses, and no more goes through than fits. 77 where there is no root."""
    missing = network.missing()
    if missing:
        print("skipped:", missing)
        sys.exit(77)
    steps = 3
    one = run(0, steps, "large")
    with network.Machines(2, "100mbit") as machines:
        begin = time.monotonic()
        done = subprocess.run(list(map(str, machines.mpirun(MPIRUN, 2, PROGRAM, steps, "large"))), env=ENVIRONMENT, text=True, capture_output=True)
        seconds = time.monotonic() - begin
    expect(done.returncode == 0, f"ended with code {done.returncode}:\n{done.stdout}{done.stderr}")
    expect_alike(done.stdout, one, "2 machines beside one process")
    least = steps * moments(one)[0] / 2 / 12.5e6  # with two, each sends the gradients once a step
    print(f"{seconds:.1f} s, at least {least:.1f} of them in the cable")
    expect(seconds > least, "the link was not slow: the test shows nothing")


def interrupted():
    """PROGRAM is damla: Ctrl-C reaches mpirun, which hands it on. They save, and one process takes the run up. What they say then may
    be lost: mpirun no longer listens."""
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder, "text.txt")
        text.write_text("one two three four five\n" * 300)
        ENVIRONMENT["OMPI_MCA_odls_base_sigkill_timeout"] = "4"  # seconds until mpirun kills them; 1 if it is not told
        words = ["--lang", "en", "train", text, "-o", Path(folder, "model"), "--tokens", "characters", "--layers", 1, "--channels", 16, "--heads", 1,
                 "--context", 8, "--batch", 2, "--steps", 10000000, "--evaluate-every", 10000000]  # so nothing else saves it
        process = start(2, *words)
        for line in process.stdout:
            if "held-out loss" in line:  # of counting, before the first step
                break
        time.sleep(2)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=60)
        expect(process.returncode != 0, said)
        process = start(0, "--lang", "en", "train", "-o", Path(folder, "model"), "--resume")
        said = ""
        for line in process.stdout:
            said += line
            if re.search(r"goes on after step [1-9]\d*", line):
                break
        else:
            expect(False, said)
        process.kill(), process.communicate()


def without_mpi():
    """PROGRAM has no MPI: under mpirun it says so, and nothing is trained twice."""
    process = start(2)
    said, _ = process.communicate(timeout=60)
    expect(process.returncode != 0 and "mpirun started 2 processes, but damla was built without MPI" in said, said)


def command():
    """PROGRAM is damla: two ranks log what one process logs, four take the run up, and an error names its rank."""
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder, "text.txt")
        text.write_text("".join(f"{n} times {n} is {n * n}, and {n} and {n} are {n + n}\n" for n in range(400)))

        def train(ranks, output, *words):
            options = ["-o", Path(folder, output), *words]
            said = run(ranks, "--lang", "en", "train", *options)
            logged = Path(folder, output, "log.csv").read_text().split("\n")[1:-1]
            return said, [tuple(float(line.split(",")[i]) for i in (0, 1, 4, 5)) for line in logged]

        new = [text, "--tokens", "characters", "--layers", 1, "--channels", 32, "--heads", 2, "--context", 16, "--batch", 8,
               "--evaluate-every", 5]
        _, one = train(0, "one", *new, "--steps", 20)
        said, two = train(2, "two", *new, "--steps", 20)
        expect("2 ranks: each learns from 4 of the 8 windows" in said and said.count("tokens to learn from") == 1, f"said wrongly or twice:\n{said}")
        _, more = train(4, "two", "--resume", "--sharded", "--steps", 30)
        expect(len(one) == 4 and more[:4] == two and len(more) == 6, f"the logs have other lines: {one} {two} {more}")
        worst = max(abs(a - b) for lines in zip(one, two) for a, b in zip(*lines))
        expect(worst < 1e-5, f"two ranks log other numbers than one process:\n{one}\n{two}")
        process = start(2, "--lang", "en", "train", *new[:-4], "--batch", 3, "-o", Path(folder, "three"))
        said, _ = process.communicate(timeout=60)
        expect(process.returncode != 0 and re.search(r"damla: rank \d of 2 on .*batch is 3.*multiple of 2", said), said)


globals()[TEST]()
