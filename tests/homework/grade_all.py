#!/usr/bin/env python3
"""Grades the stubs, the solutions and every mutant, prints a table, and fails unless stubs get 0 points, solutions all, every
mutant is caught and nearly every one named right, within time.

grade_all.py ROOT GRADER PROGRAMS [NUMBER …]     PROGRAMS/answers_1 … are the programs that mutants.py writes
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True  # nothing is left in the source tree
from mutants import mutants  # noqa: E402

SEED = "7"
# Mutants that misbehave: what a hint must say. The last starts a process that outlives it, of which nothing may be left.
MISBEHAVE = {"crash": "crashed", "endless_loop": "No answer within", "exit": "ended before it answered", "nan": "is NaN",
             "file_written": "crashed (File size limit", "process_left": ""}


def grade(grader, program, work, variant, who, *options):
    with tempfile.TemporaryDirectory() as folder:
        result = pathlib.Path(folder) / "result.json"
        start = time.monotonic()
        command = [grader, str(work), program, who, "--seed", SEED, "--result", str(result)] + ["--variant"] * variant + list(options)
        subprocess.run(command, stdout=subprocess.DEVNULL, check=False, timeout=300, cwd=folder)
        return json.loads(result.read_text(encoding="utf-8")), time.monotonic() - start


def running(argument):
    """Whether a process with that argument is still there (where there is /proc)."""
    texts = []
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            texts.append(path.read_bytes())
        except OSError:
            pass
    return any(argument.encode() in text.split(b"\0") for text in texts)


def interrupted(grader, program, work, name):
    """Whether a grader that is ended takes the endless loop that it waits for along (Linux)."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen([grader, str(work), program, name, "--result", "result.json"], stdout=subprocess.DEVNULL, cwd=folder)
        time.sleep(3)
        looped = process.poll() is None and running(name)
        process.terminate()
        process.wait()
        end = time.monotonic() + 10
        while running(name) and time.monotonic() < end:
            time.sleep(0.1)
        return looped and not running(name)


def main():
    root, grader, programs = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
    works = [int(n) for n in sys.argv[4:]] or [1, 2, 3, 4, 5]
    faults, caught, named, every = [], 0, 0, 0
    for work in works:
        program = str(programs / f"answers_{work}")
        for variant in (False, True):
            for who, points in (("stub", 0), ("solution", 100)):
                who = "variant_" * variant + who
                result, seconds = grade(grader, program, work, variant, who)
                print(f"{work} {who:24} {result['total']:3} points  {seconds:.1f} s", flush=True)
                if result["total"] != points or result["of"] != 100:
                    faults.append(f"homework {work}: {who} gets {result['total']} of {result['of']} points: "
                                  + "; ".join(p["hint"] for p in result["parts"] if not p["passed"]))
                if not points and not all("Not written yet" in p["hint"] for p in result["parts"]):
                    faults.append(f"homework {work}: {who}: a part does not say that it is not written yet")
    print(f"\n{'':2} {'mistake':26} {'caught':8} {'named':8} by")
    for work, variant, mistake, name, _ in mutants(root):
        if work not in works:
            continue
        result, seconds = grade(grader, str(programs / f"answers_{work}"), work, variant, name, "--bare")
        # mutants do not train
        lost = [p for p in result["parts"] if not p["passed"] and "Not written yet: part" not in p["hint"]]
        if mistake == "endless_loop" and sys.platform == "linux" and not interrupted(grader, str(programs / f"answers_{work}"), work, name):
            faults.append(f"homework {work}: the endless loop goes on when the grader is interrupted")
        if mistake in MISBEHAVE:  # with the system's rights, and in bubblewrap where that works
            inside, _ = grade(grader, str(programs / f"answers_{work}"), work, variant, name)
            if [p["passed"] for p in inside["parts"]] != [p["passed"] for p in result["parts"]] or (
                    MISBEHAVE[mistake] and not any(MISBEHAVE[mistake] in p["hint"] for p in inside["parts"])):
                faults.append(f"homework {work}: {mistake} is reported otherwise in bubblewrap: {[p['hint'] for p in inside['parts']]}")
            good = any(MISBEHAVE[mistake] in p["hint"] for p in lost) if MISBEHAVE[mistake] else not running(name)
            print(f"{work}{'v' * variant:1} {mistake:26} {'yes' if good else 'NO':8} {'':8} {seconds:.1f} s")
            if not good or not any(p["passed"] for p in result["parts"]) or seconds > 40:
                faults.append(f"homework {work}: {mistake} is not reported: {[p['hint'] for p in lost]}")
            continue
        right = next((p["mistake"] for p in lost if p["mistake"]), "") == mistake  # the first name that the student reads
        every, caught, named = every + 1, caught + bool(lost), named + right
        others = sorted({p["mistake"] for p in lost} - {mistake, ""})
        print(f"{work}{'v' * variant:1} {mistake:26} {'yes' if lost else 'NO':8} {'yes' if right else 'no':8} "
              f"{', '.join(p['name'] for p in lost)}" + (f"  (also: {', '.join(others)})" if others else ""), flush=True)
        if not lost:
            faults.append(f"homework {work}: {mistake} is not caught")
        elif not right:
            print("      " + " | ".join(p["hint"] for p in lost))
    print(f"\n{every} mutants: {caught} caught, {named} named")
    if not sys.argv[4:] and (every < 30 or named < 0.9 * every):
        faults.append(f"only {named} of {every} mutants are named")
    print("\n".join(faults) if faults else "all as it should be")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
