#!/usr/bin/env python3
"""turns.py ROUNDS SECONDS COMMAND …: programs that speak as serve() of bench.hpp take turns. For each: steps a second of processor
time (of all its processes), and the ratio to the first command, between neighbours: median (least … greatest)."""
import os
import statistics
import subprocess
import sys

rounds, seconds, *commands = sys.argv[1:]


def processor_time(root):
    """Of a process and all below it, in seconds."""
    below = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat") as stat:
                below.setdefault(int(stat.read().rpartition(")")[2].split()[1]), []).append(int(pid))
        except OSError:
            pass  # it has ended
    total, left = 0, [root]
    while left:
        pid = left.pop()
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/schedstat") as used:
                total += int(used.read().split()[0])
        left += below.get(pid, [])
    return total / 1e9


programs = [subprocess.Popen(c.split(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for c in commands]
for p in programs:
    assert any(line.strip() == "ready" for line in iter(p.stdout.readline, ""))


def run(p):
    before = processor_time(p.pid)
    print(seconds, file=p.stdin, flush=True)
    return int(p.stdout.readline().split()[0]) / (processor_time(p.pid) - before)


for p in programs:
    run(p)  # a browser compiles what is called often once more
speeds = [[run(p) for p in programs] for _ in range(int(rounds))]
for i, command in enumerate(commands):
    ratios = [s[i] / s[0] for s in speeds]
    print(f"{statistics.median(s[i] for s in speeds):10.1f} steps/s  {statistics.median(ratios):.3f} "
          f"({min(ratios):.3f} … {max(ratios):.3f})  {command}")
for p in programs:
    p.stdin.close()
for p in programs:
    p.wait()
