#!/usr/bin/env python3
"""Training on 1, 2 and 4 ranks: bench_ranks.py PROGRAM [--rate 100mbit] [--steps 20] [--rounds 3], where PROGRAM is lesson 16's.

Over TCP on this machine, and between network namespaces whose links are slowed (as root). With and without overlap, with and without
sharded state; beside what the lesson's model of cost says. Then one rank that is slower than the others. Medians of the rounds.
"""
import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "train" / "ranks"))
import network  # noqa: E402

parser = argparse.ArgumentParser()
parser.add_argument("program")
parser.add_argument("--rate", default="100mbit")
parser.add_argument("--steps", type=int, default=20)
parser.add_argument("--rounds", type=int, default=3)
options = parser.parse_args()
BATCH, CONTEXT = 16, 32
ENVIRONMENT = os.environ | {"DAMLA_THREADS": "1", "OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_hwloc_base_binding_policy": "none",
                            "OMPI_MCA_mpi_yield_when_idle": "1", "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
                            "OMPI_MCA_pml_monitoring_enable": "2", "OMPI_MCA_pml_monitoring_enable_output": "3"}


def loopback(ranks, *command):
    return ["mpirun", "-n", ranks, "--mca", "btl", "tcp,self", *command]


def run(start, ranks, **task):
    """What rank 0 wrote, and the bytes that a rank sent in a step."""
    with tempfile.TemporaryDirectory() as folder:
        task = {"seed": 1, "steps": options.steps, "batch": BATCH, "average": True, "sharded": False, "ping": False, "overlap": True,
                "late": 0, "out": f"{folder}/out.json"} | task
        Path(folder, "task.json").write_text(json.dumps(task))
        words = [str(word) for word in start(ranks, Path(options.program).resolve(), "--as-rank", f"{folder}/task.json")]
        done = subprocess.run(words, env=ENVIRONMENT | {"OMPI_MCA_pml_monitoring_filename": f"{folder}/sent"}, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{' '.join(words)}\n{done.stdout}{done.stderr}")
        counted = "".join(file.read_text() for file in Path(folder).glob("sent.*.prof"))
        sent = sum(int(n) for n in re.findall(r"^[EI]\t\d+\t\d+\t(\d+) bytes", counted, re.MULTILINE))
        return json.loads(Path(task["out"]).read_text()), sent / ranks / task["steps"]


def median(start, ranks, **task):
    runs = [run(start, ranks, **task) for _ in range(options.rounds)]
    return runs[0][0] | {"seconds": statistics.median(r["seconds"] for r, _ in runs)}, runs[0][1]


def table(link, start, alone):
    ping = run(start, 2, steps=1, ping=True)[0]
    print(f"\n{link}: {ping['bandwidth'] / 1e6:.1f} MB/s, {1e6 * ping['latency']:.0f} µs\n")
    print("| ranks | overlap | sharded | tokens/s | ms a step | model of cost | MB sent a step | 2(n−1)/n | state, MB |\n|" + "---|" * 9, flush=True)
    processors = os.cpu_count()
    for ranks in (2, 4):
        for overlap in (True, False):
            for sharded in (False, True):
                got, sent = median(start, ranks, overlap=overlap, sharded=sharded)
                share = 2 * (ranks - 1) / ranks
                cost = alone[ranks] * max(1, ranks / processors) + share * got["bytes"] / ping["bandwidth"] + 2 * (ranks - 1) * ping["latency"] * got["matrices"]
                print(f"| {ranks} | {'yes' if overlap else 'no'} | {'yes' if sharded else 'no'} | {BATCH * CONTEXT / got['seconds']:,.0f} "
                      f"| {1e3 * got['seconds']:.0f} | {1e3 * cost:.0f} | {sent / 1e6:.2f} | {share * got['bytes'] / 1e6:.2f} "
                      f"| {max(got['moments']) / 1e6:.2f} |", flush=True)


alone = {ranks: median(loopback, 1, batch=BATCH // ranks)[0]["seconds"] for ranks in (1, 2, 4)}
print(f"1 rank: {BATCH * CONTEXT / alone[1]:,.0f} tokens/s, {1e3 * alone[1]:.0f} ms a step; a half {1e3 * alone[2]:.0f}, a quarter {1e3 * alone[4]:.0f}")
table("loopback", loopback, alone)
missing = network.missing()
if missing:
    print("no slowed link:", missing)
else:
    with network.Machines(4, options.rate) as machines:
        table(options.rate, lambda ranks, *command: machines.mpirun("mpirun", ranks, *command), alone)

print("\nTwo ranks, and one of them loses time in each step:\n\n| ms lost | ms a step | tokens/s | one rank alone |\n|---|---|---|---|")
for late in (0, 0.5, 1, 2):
    got, _ = median(loopback, 2, late=late)
    print(f"| {1e3 * late:.0f} | {1e3 * got['seconds']:.0f} | {BATCH * CONTEXT / got['seconds']:,.0f} | {BATCH * CONTEXT / alone[1]:,.0f} |", flush=True)
