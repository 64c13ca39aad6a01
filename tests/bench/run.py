#!/usr/bin/env python3
"""Measures damla, beside PyTorch where it is installed, and writes a table, a chart and all figures.

    run.py BUILD [--quick] [--only train,mlp,generate,compact,prompt,memory,tokenizers,compile,debug] [--sizes nano,tiny]
           [--threads 1,2] [--rounds 7] [--seconds 0.7] [--text FILE] [--debug-build DIR] [--out out/bench]

BUILD is a CMake build folder in which the target `bench` was built (release). A figure is the median of `rounds` short runs. A
ratio is taken within each round, where the two programs ran one after the other, and is given as its median with the least and
the greatest. --quick looks in some seconds whether all programs answer; its figures mean nothing. The same file is PyTorch's
side: `run.py --torch train tiny 1`.
"""
import argparse
import contextlib
import datetime
import functools
import html
import json
import math
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# name: layers, heads, channels, context, vocabulary, batch; tests/bench/bench.hpp has the same
SIZES = {
    "nano": (3, 3, 48, 64, 256, 16),
    "tiny": (4, 4, 128, 128, 1024, 16),
    "small": (6, 6, 384, 256, 4096, 8),
    "gpt2": (12, 12, 768, 64, 50257, 4),
    "tiny-1024": (4, 4, 128, 1024, 1024, 2),
    "tiny-4096": (4, 4, 128, 4096, 1024, 1),
}
FOUR = ["nano", "tiny", "small", "gpt2"]
# What is measured, and at which sizes unless --sizes names others.
PARTS = {"train": list(SIZES), "mlp": ["784-128-10"], "generate": FOUR, "compact": ["small", "gpt2"], "prompt": FOUR + ["tiny-1024"],
         "memory": ["gpt2", "tiny-4096"], "tokenizers": None, "compile": ["homework_linear", "homework_gpt"], "debug": None}
# What the project asks for: (what, size, threads): (of the ratio to PyTorch or of damla's own figure, at least or at most, bound).
ASKED = {("memory", "gpt2", 1): ("ratio", "≤", 0.8), ("memory", "tiny-4096", 1): ("damla", "≤", 250),
         ("compile", "homework_linear", 1): ("damla", "≤", 4), ("compile", "homework_gpt", 1): ("damla", "≤", 8)}
ASKED |= {("debug", "tiny", threads): ("damla", "≤", 3) for threads in (1, 2)}
ASKED |= {(what, size, 1): ("ratio", "≥", bound) for what, size, bound in (
    ("mlp", "784-128-10", 1.7), ("generate", "nano", 15), ("generate", "tiny", 6), ("generate", "small", 3), ("generate", "gpt2", 3))}
LONG = {"tiny-1024": (4, 4.5), "tiny-4096": (None, 6)}
ASKED_TRAINING = {  # by the instructions of both programs; the ratio on one thread and on two
    "AVX2": LONG | {"nano": (2.8, 3.7), "tiny": (1.7, 2.2), "small": (1.35, 1.35), "gpt2": (1.3, 1.4)},
    "AVX-512": LONG | {"nano": (2.98, 3.2), "tiny": (1.74, 2.1), "small": (1.37, 1.5), "gpt2": (1.5, 1.56)},
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

        def forward(self, x, cache=None):
            B, t, _ = x.shape
            q, k, v = (p.view(B, t, H, C // H).transpose(1, 2) for p in self.c_attn(self.ln_1(x)).split(C, dim=2))
            if cache:
                cache[0][:, :t], cache[1][:, :t] = k[0], v[0]
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

        def prompt(self, tokens, caches):
            """The last of tokens' (1, t) logits; keys and values of all go into the caches."""
            x = self.wte(tokens) + self.wpe.weight[:tokens.shape[1]]
            for block, cache in zip(self.h, caches):
                x = block(x, cache)
            return self.ln_f(x[:, -1]) @ self.wte.weight.T

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


def torch_generate(size, prompts=False):
    """Token by token to a full context, or prompts as long as the context, again and again."""
    import torch
    L, H, C, T, V, _ = SIZES[size]
    model = torch_model(size).eval()
    caches = [(torch.zeros(H, T, C // H), torch.zeros(H, T, C // H)) for _ in range(L)]
    state = {"token": 0, "n": 0}
    text = torch.randint(0, V, (1, T))

    def step():
        with torch.inference_mode():
            if prompts:
                return model.prompt(text, caches)
            if state["n"] == T:
                state["n"] = 0
            state["token"] = int(model.next(state["token"], caches, state["n"]).argmax())
            state["n"] += 1
    # The cached ways must be the model's: the last logits of a sequence, in all three ways.
    with torch.inference_mode():
        whole = model(text[:, :5])[0, -1]
        model.prompt(text[:, :4], caches)
        assert torch.allclose(model.next(int(text[0, 4]), caches, 4)[0], whole, atol=1e-3)
        for n in range(5):
            cached = model.next(int(text[0, n]), caches, n)
        assert torch.allclose(cached[0], whole, atol=1e-3)
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
    step = {"train": torch_train, "generate": torch_generate, "mlp": torch_mlp,
            "prompt": functools.partial(torch_generate, prompts=True)}[what](size)
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
class Failure(Exception):
    """A program that does not answer, or not with a figure; the message names it."""


def figure(text, source):
    """A number that a program said: finite and positive, or it is a Failure."""
    with contextlib.suppress(ValueError):
        if math.isfinite(float(text)) and float(text) > 0:
            return float(text)
    raise Failure(f"{source} answered {text!r}, which is no figure")


def name_of(command):
    return " ".join(os.path.basename(word) for word in command)


def output(command, **more):
    """What a program that ends by itself said."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", **more)
    except OSError as error:
        raise Failure(f"{name_of(command)}: {error.strerror}") from error
    if done.returncode:
        raise Failure(f"{name_of(command)} ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout


class Worker:
    """A program that waits for seconds, works as long, and answers with its steps and its time: serve() in bench.hpp."""

    def __init__(self, command, environment=None):
        self.name = name_of(command)
        try:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        except OSError as error:
            raise Failure(f"{self.name}: {error.strerror}") from error
        if (said := self.line()) != "ready":
            self.__exit__()
            raise Failure(f"{self.name} answered {said!r} in place of \"ready\"")

    def line(self):
        line = self.process.stdout.readline()
        if not line:
            raise Failure(f"{self.name} ended with {self.process.wait()}")
        return line.strip()

    def rate(self, seconds):
        """Steps a second."""
        with contextlib.suppress(BrokenPipeError):  # then it has ended, as line() says
            print(seconds, file=self.process.stdin, flush=True)
        steps, _, passed = self.line().partition(" ")
        return figure(steps, self.name) / figure(passed, self.name)

    def peak_memory(self):
        """Megabytes."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) * 1024 / 1e6

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(BrokenPipeError):
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


ABOUT = "import torch; print(torch.__version__, torch.__config__.show().split('CPU capability usage: ')[1].split()[0])"


def torch_version(args):
    """PyTorch and the kernels it multiplies with, or None and a word about why."""
    try:
        output([args.python, "-c", "import torch"])
    except Failure as failure:
        print(f"PyTorch is not measured, damla alone is. {str(failure).splitlines()[-1]}\n")
        return None
    args.core = args.core or fastest_core(args.python)
    done = subprocess.run([args.python, "-c", ABOUT], env=torch_environment(args.core) | {"OPENBLAS_VERBOSE": "2"},
                          capture_output=True, text=True)
    return f"{done.stdout.strip()}, OpenBLAS {done.stderr.strip().removeprefix('Core: ') or '(not linked)'}"


def ours(build, program, *words):
    return Worker([os.path.join(build, "tests", "bench", "bench_" + program), *map(str, words)])


def theirs(args, *words):
    return Worker([args.python, os.path.abspath(__file__), "--torch", *map(str, words)], torch_environment(args.core))


def take_turns(rounds, programs):
    """The runs of each program, round by round; who goes first alternates. name: (how it starts, what a step counts, seconds of a run)."""
    runs = {name: [] for name in programs}
    with contextlib.ExitStack() as stack:
        workers = {name: stack.enter_context(start()) for name, (start, _, _) in programs.items()}
        for turn in range(rounds):
            for name in sorted(programs, reverse=turn % 2 == 1):
                _, step, seconds = programs[name]
                runs[name].append(workers[name].rate(seconds) * step)
    return runs


def speed(args, what, size, threads, weights=None):
    """Training, generation or prompts in both programs. Other weights than float32, and several texts at once, are damla's alone."""
    context, batch = (1, 64) if what == "mlp" else (SIZES[size][3], SIZES[size][5])
    texts = int((weights or "f32 1").partition(" ")[2] or 1)
    step = {"generate": 1, "compact": texts, "prompt": context}.get(what, context * batch)
    what = "generate" if what == "compact" else what
    words = ("train", "mlp", threads) if what == "mlp" else (what, size, threads, *(weights or "").split())
    programs = {"damla": (lambda: ours(args.build, *words), step, args.seconds)}
    if args.torch and weights in (None, "f32"):
        programs["PyTorch"] = lambda: theirs(args, what, size, threads), step, args.seconds
    if what == "train":
        programs["peak"] = lambda: ours(args.build, "train", "peak", threads), 2e9 * threads, 0.05
    return [{"what": f"{what} {weights}" if weights else what, "size": size, "threads": threads,
             "unit": "samples/s" if what == "mlp" else "tokens/s"} | take_turns(args.rounds, programs)]


def memory(args, size):
    """The most that three steps of training hold."""
    row = {"what": "memory", "size": size, "threads": 1, "unit": "MB"}
    for name in ("damla", "PyTorch") if args.torch else ("damla",):
        with ours(args.build, "train", size, 1) if name == "damla" else theirs(args, "train", size, 1) as worker:
            for _ in range(3):
                worker.rate(0.001)
            row[name] = [worker.peak_memory()]
    return [row]


def tokenizers(args):
    """bench_tokenizer names a tokenizer, the number of its tokens, and figures, each behind what it does."""
    page = min((ROOT / "docs/tr").glob("*.md"))
    text = [args.text] if args.text else [str(page)] if args.quick else []  # else the program writes one itself
    command = [os.path.join(args.build, "tests", "bench", "bench_tokenizer"), *text]
    said = output(command)
    rows = []
    for name, size, line in re.findall(r"^(\S.*?) +(\d+) tokens(.*)$", said, re.MULTILINE):
        for verb, value in re.findall(r"\b(learns|encodes|line by line|decodes) ([-+.\w]+)", line):
            rows.append({"what": verb, "size": f"{name}, {size}", "threads": 1, "unit": "MB/s",
                         "damla": [figure(value, f"{name_of(command)}: {name}, {verb}")]})
    if not rows:
        raise Failure(f"{name_of(command)} answered {said[:80]!r}, which names no tokenizer")
    return rows


def compile_time(args, name):
    command, times = ["cmake", "--build", args.build, "--target", name], []
    output(command)
    for _ in range(3):
        os.utime(HERE / f"{name}.cpp")
        start = time.perf_counter()
        output(command, env=os.environ | {"CCACHE_DISABLE": "1"})
        times.append(time.perf_counter() - start)
    return [{"what": "compile", "size": name, "threads": 1, "unit": "s", "damla": times}]


def debug(args, threads):
    """A program whose headers are compiled for debugging, with the library at full speed."""
    runs = take_turns(args.rounds, {name: (functools.partial(ours, build, "train", "tiny", threads), 1, args.seconds)
                                    for name, build in (("debug", args.debug_build), ("release", args.build))})
    return [{"what": "debug", "size": "tiny", "threads": threads, "unit": "× release's time",
             "damla": [fast / slow for slow, fast in zip(runs["debug"], runs["release"])]}]


def jobs(args):
    """What is to be measured: each gives rows when it is called."""
    for what in args.only:
        if what == "tokenizers":
            yield functools.partial(tokenizers, args)
        elif what in ("memory", "compile"):
            for size in what == "memory" and args.sizes or PARTS[what]:
                yield functools.partial(memory if what == "memory" else compile_time, args, size)
        elif what == "debug":
            for threads in args.threads:
                yield functools.partial(debug, args, threads)
        else:
            for size in what != "mlp" and args.sizes or PARTS[what]:
                for threads in args.threads:
                    for weights in ("f32", "f32 16", "f16", "q8_0") if what == "compact" else (None,):
                        yield functools.partial(speed, args, what, size, threads, weights)


# -------------------------------------------------------------------------------------------------------- reporting
HEADINGS = {"what": 13, "size": 30, "threads": 7, "damla": 9, "PyTorch": 9, "unit": 9, "damla / PyTorch (least … greatest)": 34,
            "asked": 10, "of the processor's peak (without the masked half)": 0}


def table_line(cells):
    return "| " + " | ".join(f"{cell:{width}}" for cell, width in zip(cells, HEADINGS.values())) + " |"


def number(x):
    return f"{x:,.0f}" if x >= 100 else f"{x:.3g}"


def judge(row, instructions):
    """Adds to the runs of a row their medians and what is asked."""
    what, size, threads = row["what"], row["size"], row["threads"]
    row["median"] = {name: statistics.median(row[name]) for name in ("damla", "PyTorch", "peak") if name in row}
    if "PyTorch" in row:
        row["ratios"] = [a / b for a, b in zip(row["damla"], row["PyTorch"])]
        row["median"]["ratio"] = statistics.median(row["ratios"])
    row["asked"] = ASKED.get((what, size, threads))
    if what == "train" and threads in (1, 2):
        bound = ASKED_TRAINING.get(instructions, {}).get(size, (None, None))[threads - 1]
        row["asked"] = ("ratio", "≥", bound) if bound else None
    return row


def cells(row):
    median = row["median"]
    of, sign, bound = row["asked"] or ("", "", "")
    value = median.get(of)
    met = "" if value is None else " ✓" if (value >= bound if sign == "≥" else value <= bound) else " ✗"
    share = ""
    if "peak" in median:
        both, half = (100 * median["damla"] * operations_per_token(row["size"], masked) / median["peak"] for masked in (True, False))
        share = f"{both:.0f} % ({half:.0f} %) of {median['peak'] * 1e-9:.0f} GFLOP/s"
    return [row["what"], row["size"], str(row["threads"]), number(median["damla"]), number(median["PyTorch"]) if "PyTorch" in median else "–",
            row["unit"], f"{median['ratio']:.2f} ({min(row['ratios']):.2f} … {max(row['ratios']):.2f})" if "ratio" in median else "–",
            f"{sign} {bound}{' ' + row['unit'] if of == 'damla' else ''}{met}".strip(), share]


def operations_per_token(size, masked_half):
    L, _, C, T, V, _ = SIZES[size]
    return 6 * (12 * L * C * C + V * C) + (12 if masked_half else 6) * L * T * C


def chart(rows, about):
    """An SVG of how many times as fast: a bar from 1 to the median, a line from the least to the greatest, a mark at what is asked."""
    asked = [row["asked"][2] if row["asked"] else None for row in rows]
    shown = [1.0] + [ratio for row in rows for ratio in row["ratios"]] + [bound for bound in asked if bound]
    low, high = math.floor(math.log2(min(shown))), max(1, math.ceil(math.log2(max(shown))))

    def x(ratio):
        return round(210 + 500 * (math.log2(ratio) - low) / (high - low), 1)

    bottom, parts = 90 + 20 * len(rows), []
    for at in (2.0 ** power for power in range(low, high + 1)):
        parts.append(f'<path class="{"one" if at == 1 else "grid"}" d="M{x(at)} 80V{bottom}"/>'
                     f'<text text-anchor="middle" x="{x(at)}" y="{bottom + 16}">{at:g}</text>')
    for i, (row, bound) in enumerate(zip(rows, asked)):
        y, ratio = 96 + 20 * i, row["median"]["ratio"]
        left, right = sorted((x(ratio), x(1)))
        parts.append(f'<text text-anchor="end" x="200" y="{y + 4}">{row["what"]} {row["size"]}, {row["threads"]}</text>'
                     f'<rect class="t{row["threads"]}" x="{left}" y="{y - 6}" width="{right - left:.1f}" height="12"/>'
                     f'<path d="M{x(min(row["ratios"]))} {y}H{x(max(row["ratios"]))}"/><text x="720" y="{y + 4}">{ratio:.2f}</text>'
                     + (f'<path class="asked" d="M{x(bound)} {y - 9}V{y + 9}"/>' if bound else ""))
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 780 {bottom + 26}" font-family="sans-serif" font-size="12">
<style>
.paper {{ fill: #fff }} text {{ fill: #222 }} path {{ stroke: #222; stroke-width: 1.5 }} rect {{ fill: #0072b2 }} .t1 {{ fill: #56b4e9 }}
.grid {{ stroke: #8886; stroke-width: 1 }} .asked {{ stroke: #d55e00; stroke-width: 3 }}
@media (prefers-color-scheme: dark) {{ .paper {{ fill: #1b1b1f }} text {{ fill: #eee }} path {{ stroke: #eee }} }}
</style>
<rect class="paper" width="100%" height="100%"/>
<text x="10" y="20" font-size="14">How many times as fast as PyTorch, for each size and number of threads</text>
<text x="10" y="38">Orange: asked. Line: from the least to the greatest.</text>
<text x="10" y="54">{html.escape(about[0])}</text>
<text x="10" y="70">{html.escape(about[1])}</text>
{chr(10).join(parts)}
</svg>
"""


def machine():
    cpus = pathlib.Path("/proc/cpuinfo")
    name = re.search(r"model name\s*: (.*)", cpus.read_text(encoding="utf-8")) if cpus.exists() else None
    return f"{name[1] if name else platform.processor() or platform.machine()}, {os.cpu_count()} processors, {platform.system()} {platform.release()}"


def main():
    if sys.argv[1:2] == ["--torch"]:
        return torch_worker(*sys.argv[2:])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", type=lambda text: text.split(","), default=list(PARTS))
    parser.add_argument("--sizes", type=lambda text: text.split(","))
    parser.add_argument("--threads", type=lambda text: [int(t) for t in text.split(",")], default=[1, 2])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.7, help="of one run; one step at least")
    parser.add_argument("--text", help="for the tokenizers: UTF-8, some megabytes; else 2.7 MB that are generated")
    parser.add_argument("--debug-build", help="a build folder of the preset debug")
    parser.add_argument("--python", default="/usr/bin/python3", help="one that has torch")
    parser.add_argument("--core", help="OpenBLAS's kernels for PyTorch (Haswell, SkylakeX, Zen) in place of the fastest")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "out/bench")
    if "--quick" in sys.argv:
        parser.set_defaults(sizes=["nano"], threads=[1], rounds=1, seconds=0.2, only=[part for part in PARTS if part not in ("compile", "debug")])
    args = parser.parse_args()
    for given, known in (args.only, PARTS), (args.sizes or [], SIZES):
        for word in given:
            if word not in known:
                parser.error(f"{word!r} is none of {', '.join(known)}")
    left_out = {"debug": not args.debug_build, "memory": not os.path.exists("/proc/self/status")}  # only Linux tells how much memory
    args.only = [what for what in args.only if not left_out.get(what)]

    rows, failures = [], []
    try:
        compiler, instructions = output([os.path.join(args.build, "tests", "bench", "bench_train"), "about"]).splitlines()
    except Failure as failure:
        sys.exit(str(failure))
    args.torch = None if args.quick else torch_version(args)
    commit = subprocess.run(["git", "-C", str(ROOT), "describe", "--always", "--dirty"], capture_output=True, text=True).stdout.strip()
    facts = {"date": datetime.datetime.now().astimezone().isoformat(timespec="minutes"), "machine": machine(), "compiler": compiler,
             "instructions": instructions, "damla": commit, "PyTorch": args.torch, "load": round(os.getloadavg()[0], 1), "command": sys.argv[1:]}
    about = (f"{facts['date'][:10]}, {facts['machine']}, load {facts['load']}",
             f"damla {commit}, {compiler}, {instructions}; PyTorch {args.torch or 'not measured'}")
    lines = [about[0] + "; " + about[1], "", table_line(HEADINGS), "|---" * len(HEADINGS) + "|"]
    if facts["load"] > os.cpu_count():
        lines.insert(1, "\nThis machine may be busy: then two threads wait for processors, and ratios on two threads say nothing.")
    print("\n".join(lines), flush=True)
    for job in jobs(args):
        try:
            for row in job():
                rows.append(judge(row, instructions))
                lines.append(table_line(cells(row)))
                print(lines[-1], flush=True)
        except Failure as failure:
            failures.append(f"failed: {failure}")
            print(failures[-1], flush=True)

    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "table.md").write_text("\n".join(lines + ([""] + failures if failures else [])) + "\n", encoding="utf-8")
    (args.out / "figures.json").write_text(json.dumps(facts | {"rows": rows, "failures": failures}, indent=1, ensure_ascii=False), encoding="utf-8")
    (args.out / "chart.svg").unlink(missing_ok=True)
    compared = [row for row in rows if "ratios" in row and row["what"] != "memory"]
    if compared:
        (args.out / "chart.svg").write_text(chart(compared, about), encoding="utf-8")
    print(f"\n{args.out}: table.md, figures.json" + (", chart.svg" if compared else "; no chart, which shows how many times as fast as PyTorch"))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
