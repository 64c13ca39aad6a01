#!/usr/bin/env python3
"""Kills training runs at random moments (SIGKILL) and takes them up: each must end with the digits of a run that nobody killed,
and none may lose a step that was saved. killed.py PROGRAM [--kills N] [--seed N]"""
import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STEPS = 60
parser = argparse.ArgumentParser()
parser.add_argument("program")
parser.add_argument("--kills", type=int, default=10)
parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
options = parser.parse_args()


def run(path, kill_after=None):
    """What the run printed, and whether it was killed before its end."""
    process = subprocess.Popen([options.program, str(path), str(STEPS)], stdout=subprocess.PIPE, text=True)
    try:
        printed, _ = process.communicate(timeout=kill_after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        printed, _ = process.communicate()
    if process.returncode not in (0, -signal.SIGKILL):
        sys.exit(f"the run ended with code {process.returncode}; seed {options.seed}")
    return printed.split("\n"), process.returncode != 0


random.seed(options.seed)
kills = taken_up = 0
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder, "run.safetensors")
    start = time.monotonic()
    expected = run(path)[0][-2]
    length = time.monotonic() - start
    while kills < options.kills:
        path.unlink(missing_ok=True)
        saved, killed = 0, True
        while killed:  # a run that was taken up may be killed again
            printed, killed = run(path, random.uniform(0, length) if kills < options.kills else None)
            steps = [int(line) for line in printed[:-1] if line.isdigit()]
            if steps and steps[0] < saved:
                sys.exit(f"step {saved} was saved, but the run was taken up at {steps[0]}; seed {options.seed}")
            saved = steps[-1] if steps else saved
            kills += killed
            taken_up += bool(steps) and steps[0] > 0
        if printed[-2] != expected:
            sys.exit(f"a killed run ended with {printed[-2]}, but should with {expected}; seed {options.seed}")
    print(f"{kills} kills, {taken_up} runs taken up, all with the same end; seed {options.seed}")
if taken_up == 0:
    sys.exit("no run was taken up: the test shows nothing")
