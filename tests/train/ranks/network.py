"""Machines that are one: network namespaces on a bridge, each with a link as slow as is wanted. Needs root on Linux."""
import os
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

FIRST = "10.99.77."


def missing():
    """What is missing here for it, or nothing."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return "root"
    tools = [tool for tool in ("ip", "tc", "unshare") if not shutil.which(tool)]
    if tools:
        return ", ".join(tools)
    with Machines(1, None) as machines:
        return machines.fault


class Machines:
    """`with Machines(4, "100mbit") as machines: machines.mpirun(4, "program")`. Namespaces have their addresses as names."""

    def __init__(self, count, rate):
        self.names, self.rate, self.fault, self.bridge = [f"{FIRST}{n + 1}" for n in range(count)], rate, "", f"damla{os.getpid()}"

    def call(self, *words):
        done = subprocess.run(words, capture_output=True, text=True)
        if done.returncode and not self.fault:
            self.fault = f"{' '.join(words)}: {done.stderr.strip()}"

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        # mpirun asks ssh to start processes on another machine; this stands in for it.
        self.agent = Path(self.folder.name, "agent")
        self.agent.write_text('#!/bin/sh\nname=$1; shift\nexec ip netns exec "$name" unshare -u sh -c "hostname m-${name##*.}; $*"\n')
        self.agent.chmod(self.agent.stat().st_mode | stat.S_IXUSR)
        self.call("ip", "link", "add", self.bridge, "type", "bridge")
        self.call("ip", "link", "set", self.bridge, "up")
        for n, name in enumerate(self.names):
            here, there = f"{self.bridge}.{n}", f"v{os.getpid()}.{n}"
            self.call("ip", "netns", "add", name)
            self.call("ip", "link", "add", here, "type", "veth", "peer", "name", there)
            self.call("ip", "link", "set", here, "master", self.bridge, "up")
            self.call("ip", "link", "set", there, "netns", name, "name", "eth0")
            for words in (["addr", "add", f"{name}/24", "dev", "eth0"], ["link", "set", "eth0", "up"], ["link", "set", "lo", "up"]):
                self.call("ip", "-n", name, *words)
            if self.rate:  # what goes out; a burst of a few packets, and a queue as long as a cheap switch's
                self.call("tc", "-n", name, "qdisc", "add", "dev", "eth0", "root", "tbf", "rate", self.rate, "burst", "32k", "latency", "20ms")
        return self

    def __exit__(self, *_):
        for name in self.names:
            subprocess.run(["ip", "netns", "del", name], capture_output=True)
        subprocess.run(["ip", "link", "del", self.bridge], capture_output=True)
        self.folder.cleanup()

    def mpirun(self, mpirun, ranks, *command):
        """The command that starts a rank on each of so many machines, over TCP alone."""
        hosts = ",".join(self.names[:ranks])
        options = ["--mca", "plm_rsh_agent", self.agent, "--mca", "btl", "tcp,self", "--mca", "btl_tcp_if_include", f"{FIRST}0/24",
                   "--mca", "oob_tcp_if_include", f"{FIRST}0/24"]
        return [self.agent, self.names[0], mpirun, "-n", ranks, "--host", hosts, *options, *command]
