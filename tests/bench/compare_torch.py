#!/usr/bin/env python3
"""Measures damla beside PyTorch on the same models, taking turns, and prints the ratios with their spread.

    compare_torch.py BUILD [--debug-build DIR] [--only train,generate,mlp,memory,compile,debug] [--sizes nano,tiny]
                     [--threads 1,2] [--rounds 7] [--seconds 0.7]

BUILD is a CMake build folder in which the target `bench` was built (release). Every figure is the median of `rounds` short
runs; a ratio is taken within each round, where the two programs ran one after the other, and is given as its median with
the least and the greatest. The same file is PyTorch's side: `compare_torch.py --torch train tiny 1`.
"""
import argparse
import math
import os
import statistics
import subprocess
import sys
import time

# name: layers, heads, channels, context, vocabulary, batch; tests/bench/bench.hpp has the same
SIZES = {
    "nano": (3, 3, 48, 64, 256, 16),
    "tiny": (4, 4, 128, 128, 1024, 16),
    "small": (6, 6, 384, 256, 4096, 8),
    "gpt2": (12, 12, 768, 64, 50257, 4),
    "tiny-1024": (4, 4, 128, 1024, 1024, 2),
    "tiny-4096": (4, 4, 128, 4096, 1024, 1),
}
# What the project asks for: ratios of training at 1 and 2 threads, and of cached generation at 1 thread.
WANTED = {
    ("train", "nano"): {1: 2.3, 2: 2.5}, ("train", "tiny"): {1: 1.45, 2: 2.0},
    ("train", "small"): {1: 1.2, 2: 1.35}, ("train", "gpt2"): {1: 1.5, 2: 1.6},
    ("train", "tiny-1024"): {1: 4.0, 2: 4.5}, ("train", "tiny-4096"): {2: 6.0},
    ("generate", "nano"): {1: 15}, ("generate", "tiny"): {1: 6}, ("generate", "small"): {1: 3}, ("generate", "gpt2"): {1: 3},
    ("mlp", "mlp"): {1: 1.7},
}


# ---------------------------------------------------------------------------------------------------- PyTorch's side
def torch_model(size):
    """Plain GPT-2 as a student would write it: pre-norm, learned positions, GELU in tanh form, tied head, no dropout."""
    import torch
    from torch import nn
    from torch.nn import functional as F
    L, H, C, T, V, _ = SIZES[size]

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.ln_1, self.ln_2 = nn.LayerNorm(C), nn.LayerNorm(C)
            self.c_attn, self.attn_proj = nn.Linear(C, 3 * C), nn.Linear(C, C)
            self.c_fc, self.mlp_proj = nn.Linear(C, 4 * C), nn.Linear(4 * C, C)
            self.gelu = nn.GELU(approximate="tanh")
            self.register_buffer("hidden", torch.triu(torch.ones(T, T, dtype=torch.bool), 1), persistent=False)

        def forward(self, x):
            B, t, _ = x.shape
            q, k, v = (p.view(B, t, H, C // H).transpose(1, 2) for p in self.c_attn(self.ln_1(x)).split(C, dim=2))
            w = (q @ k.transpose(2, 3)) * (1 / math.sqrt(C // H))
            w = F.softmax(w.masked_fill(self.hidden[:t, :t], float("-inf")), dim=-1)
            x = x + self.attn_proj((w @ v).transpose(1, 2).reshape(B, t, C))
            return x + self.mlp_proj(self.gelu(self.c_fc(self.ln_2(x))))

        def next(self, x, keys, values, n):
            """One more token x (1, C) behind the n in the caches (H, T, d), which are written in place."""
            q, k, v = self.c_attn(self.ln_1(x)).view(3, H, 1, C // H)
            keys[:, n:n + 1], values[:, n:n + 1] = k, v
            w = F.softmax((q @ keys[:, :n + 1].transpose(1, 2)) * (1 / math.sqrt(C // H)), dim=-1)
            x = x + self.attn_proj((w @ values[:, :n + 1]).reshape(1, C))
            return x + self.mlp_proj(self.gelu(self.c_fc(self.ln_2(x))))

    class Gpt(nn.Module):
        def __init__(self):
            super().__init__()
            self.wte, self.wpe, self.ln_f = nn.Embedding(V, C), nn.Embedding(T, C), nn.LayerNorm(C)
            self.h = nn.ModuleList(Block() for _ in range(L))
            nn.init.normal_(self.wte.weight, std=0.02)

        def forward(self, tokens):
            x = self.wte(tokens) + self.wpe.weight[:tokens.shape[1]]
            for block in self.h:
                x = block(x)
            return self.ln_f(x) @ self.wte.weight.T

        def next(self, token, caches, n):
            x = (self.wte.weight[token] + self.wpe.weight[n]).view(1, C)
            for block, (keys, values) in zip(self.h, caches):
                x = block.next(x, keys, values, n)
            return self.ln_f(x) @ self.wte.weight.T

    torch.manual_seed(1)
    return Gpt()


def torch_train(size):
    import torch
    from torch.nn import functional as F
    _, _, _, T, V, B = SIZES[size]
    model = torch_model(size)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, betas=(0.9, 0.99), weight_decay=0.01)
    text = torch.randint(0, V, (100_000,))

    def step():
        starts = torch.randint(0, len(text) - T - 1, (B,)).tolist()
        x = torch.stack([text[i:i + T] for i in starts])
        y = torch.stack([text[i + 1:i + 1 + T] for i in starts])
        loss = F.cross_entropy(model(x).view(-1, V), y.view(-1))
        optimizer.zero_grad(set_to_none=True)  # the faster of its two ways
        loss.backward()
        optimizer.step()
    return step


def torch_generate(size):
    import torch
    L, H, C, T, _, _ = SIZES[size]
    model = torch_model(size).eval()
    caches = [(torch.zeros(H, T, C // H), torch.zeros(H, T, C // H)) for _ in range(L)]
    state = {"token": 0, "n": 0}

    def step():
        with torch.inference_mode():
            if state["n"] == T:
                state["n"] = 0
            state["token"] = int(model.next(state["token"], caches, state["n"]).argmax())
            state["n"] += 1
    # The cached way must be the model's: the last logits of a sequence, both ways.
    with torch.inference_mode():
        tokens = torch.randint(0, SIZES[size][4], (1, 5))
        for n in range(5):
            cached = model.next(int(tokens[0, n]), caches, n)
        assert torch.allclose(cached[0], model(tokens)[0, -1], atol=1e-3)
    return step


def torch_mlp(_):
    import torch
    from torch import nn
    model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    x, y = torch.rand(64, 784), torch.randint(0, 10, (64,))
    loss_function = nn.CrossEntropyLoss()

    def step():
        loss = loss_function(model(x), y)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
    return step


def torch_worker(what, size, threads):
    """The same conversation as serve() in bench.hpp."""
    import torch
    torch.set_num_threads(int(threads))
    step = {"train": torch_train, "generate": torch_generate, "mlp": torch_mlp}[what](size)
    step()
    print("ready", flush=True)
    for line in sys.stdin:
        start, steps, passed = time.perf_counter(), 0, 0.0
        while passed < float(line):
            step()
            steps += 1
            passed = time.perf_counter() - start
        print(steps, passed, flush=True)


# -------------------------------------------------------------------------------------------------------- measuring
class Worker:
    def __init__(self, command, environment=None):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        if self.process.stdout.readline().strip() != "ready":
            raise SystemExit(f"{' '.join(command)} did not start")

    def rate(self, seconds):
        """Steps a second."""
        print(seconds, file=self.process.stdin, flush=True)
        steps, passed = self.process.stdout.readline().split()
        return float(steps) / float(passed)

    def peak_memory(self):
        """MiB."""
        with open(f"/proc/{self.process.pid}/status", encoding="utf-8") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def torch_environment(core=None):
    """Without overrides OpenBLAS finds the kernels for the processor by itself, unless it is older than the processor."""
    return {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_")} | ({"OPENBLAS_CORETYPE": core} if core else {})


PROBE = """
import time, torch
torch.set_num_threads(1)
a, b, best = torch.rand(1024, 384), torch.rand(384, 1536), 1e9
for _ in range(20):
    start = time.perf_counter()
    a @ b
    best = min(best, time.perf_counter() - start)
print(best)
"""


def fastest_core(python):
    """The name of OpenBLAS's kernels that multiply at least a tenth faster than those it chooses itself, or None.

    Version 0.3.21 takes a Xeon of 2023 for one of 2004 and is then four times slower than it can be.
    """
    def seconds(core):
        run = subprocess.run([python, "-c", PROBE], env=torch_environment(core), capture_output=True, text=True)
        return float(run.stdout) if run.returncode == 0 else math.inf  # it may have no such instructions
    took = {core: seconds(core) for core in (None, "SkylakeX", "Haswell", "Zen")}
    best = min(took, key=took.get)
    return best if took[best] < 0.9 * took[None] else None


def ours(build, what, size, threads):
    program = "bench_generate" if what == "generate" else "bench_train"
    return Worker([os.path.join(build, "tests", "bench", program), size, str(threads)])


def theirs(python, core, what, size, threads):
    return Worker([python, os.path.abspath(__file__), "--torch", what, size, str(threads)], torch_environment(core))


def take_turns(a, b, rounds, seconds):
    """Rates of a and b, round by round; which one goes first alternates."""
    pairs = []
    for i in range(rounds):
        if i % 2 == 0:
            x = a.rate(seconds)
            y = b.rate(seconds)
        else:
            y = b.rate(seconds)
            x = a.rate(seconds)
        pairs.append((x, y))
    return pairs


def number(x):
    return f"{x:,.0f}" if x >= 100 else f"{x:.1f}"


def ratio_text(pairs):
    ratios = [x / y for x, y in pairs]
    return f"{statistics.median(ratios):6.2f}  ({min(ratios):.2f} … {max(ratios):.2f})"


def operations_per_token(size, masked_half):
    L, _, C, T, V, _ = SIZES[size]
    return 6 * (12 * L * C * C + V * C) + (12 if masked_half else 6) * L * T * C


def compare(args, what):
    print(f"\n{what}: tokens a second" if what != "mlp" else "\nmlp 784-128-10, batch 64, SGD: samples a second")
    print(f"{'':7}threads {'damla':>11} {'PyTorch':>11}   ratio (least … greatest)   wanted"
          + ("   share of FMA peak (masked half not counted)" if what == "train" else ""))
    alone = {}
    for size in ["mlp"] if what == "mlp" else args.sizes:
        for threads in args.threads:
            a, b = ours(args.build, what, size, threads), theirs(args.python, args.core, what, size, threads)
            peak = ours(args.build, "peak", "peak", threads) if what == "train" else None
            pairs, peaks = [], []
            for _ in range(args.rounds):
                pairs += take_turns(a, b, 1, args.seconds)
                if peak:
                    peaks.append(peak.rate(0.05) * 2e9 * threads)
            for worker in [a, b] + ([peak] if peak else []):
                worker.close()
            per_step = {"train": lambda s: SIZES[s][3] * SIZES[s][5], "generate": lambda s: 1, "mlp": lambda s: 64}[what](size)
            x, y = (statistics.median(p[i] for p in pairs) * per_step for i in (0, 1))
            wanted = WANTED.get((what, size), {}).get(threads)
            line = f"{size:7}{threads:7} {number(x):>11} {number(y):>11}   {ratio_text(pairs):24} "
            line += f"{'≥ ' + str(wanted) if wanted else '':>8}"
            if peak:
                top = statistics.median(peaks)
                both, half = (x * operations_per_token(size, m) for m in (True, False))
                line += f"   {100 * both / top:3.0f} % ({100 * half / top:3.0f} %) of {top * 1e-9:.0f} GFLOP/s"
            alone[size, threads] = x
            print(line, flush=True)
        if (size, 1) in alone and (size, 2) in alone and what == "train":
            print(f"{size:7} two threads / one: {alone[size, 2] / alone[size, 1]:.2f}")


def compare_memory(args):
    print("\npeak memory of training gpt2, MiB")
    peaks = []
    for start in (lambda: ours(args.build, "train", "gpt2", 1), lambda: theirs(args.python, args.core, "train", "gpt2", 1)):
        worker = start()
        for _ in range(3):
            worker.rate(0.01)
        peaks.append(worker.peak_memory())
        worker.close()
    print(f"damla {peaks[0]:,.0f}   PyTorch {peaks[1]:,.0f}   ratio {peaks[0] / peaks[1]:.2f}   wanted ≤ 0.7")


def measure_compile(args):
    print("\ncompile and link, seconds")
    for name, wanted in (("homework_linear", 4), ("homework_gpt", 8)):
        build = ["cmake", "--build", args.build, "--target", name]
        subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
        times = []
        for _ in range(3):
            os.utime(os.path.join(os.path.dirname(os.path.abspath(__file__)), name + ".cpp"))
            start = time.perf_counter()
            subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
            times.append(time.perf_counter() - start)
        print(f"{name:16} {statistics.median(times):5.1f}  ({min(times):.1f} … {max(times):.1f})   wanted ≤ {wanted}")


def compare_debug(args):
    if not args.debug_build:
        print("\ndebug against release: not measured (--debug-build)")
        return
    print("\ndebug program (library at full speed) against release, tiny")
    for threads in args.threads:
        a, b = ours(args.build, "train", "tiny", threads), ours(args.debug_build, "train", "tiny", threads)
        print(f"{threads} threads: debug takes {ratio_text(take_turns(a, b, args.rounds, args.seconds))} times as long"
              "   wanted < 3", flush=True)
        a.close(), b.close()


def main():
    if sys.argv[1:2] == ["--torch"]:
        return torch_worker(*sys.argv[2:])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("--debug-build")
    parser.add_argument("--python", default="/usr/bin/python3", help="a Python that has torch")
    parser.add_argument("--core", help="OpenBLAS's kernels for PyTorch (Haswell, SkylakeX, Zen) in place of the fastest")
    parser.add_argument("--only", default="train,generate,mlp,memory,compile,debug")
    parser.add_argument("--sizes", default="nano,tiny,small,gpt2")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.7, help="of one run; one step at least")
    args = parser.parse_args()
    args.sizes, args.threads = args.sizes.split(","), [int(t) for t in args.threads.split(",")]
    about = "import torch; print('PyTorch', torch.__version__, '·', torch.__config__.show().split('CPU capability usage: ')[1].split()[0])"
    args.core = args.core or fastest_core(args.python)
    version = subprocess.run([args.python, "-c", about], env=torch_environment(args.core) | {"OPENBLAS_VERBOSE": "2"},
                             capture_output=True, text=True, check=True)
    print(version.stdout.strip(), "· OpenBLAS", version.stderr.strip().removeprefix("Core: ") or "(not linked)",
          f"· load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    for what in args.only.split(","):
        {"memory": compare_memory, "compile": measure_compile, "debug": compare_debug}.get(
            what, lambda a, w=what: compare(a, w))(args)


if __name__ == "__main__":
    main()
