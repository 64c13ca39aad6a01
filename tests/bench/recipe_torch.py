#!/usr/bin/env python3
"""nanoGPT's CPU recipe for tiny Shakespeare, by one line of `damla train` and in PyTorch: held-out loss and seconds of both.

    recipe_torch.py DAMLA TEXT [--threads 2] [--steps 2000] [--seed 1]

DAMLA is the program, TEXT the file (nanoGPT's data/shakespeare_char/input.txt, public domain; it is not in this repository). Both
learn from the first nine tenths, and are measured on all windows of the rest.
"""
import argparse
import math
import pathlib
import subprocess
import sys
import tempfile
import time

from run import SIZES, torch_model

BATCH, CONTEXT, PEAK, LAST, WARMUP = 12, 64, 1e-3, 1e-4, 100


def damla(program, text, o):
    with tempfile.TemporaryDirectory() as folder:
        start = time.time()
        out = subprocess.run([program, "--lang", "en", "train", text, "-o", folder + "/model", "--tokens", "characters", "--layers", "4",
                              "--heads", "4", "--channels", "128", "--context", str(CONTEXT), "--batch", str(BATCH), "--steps", str(o.steps),
                              "--learning-rate", str(PEAK), "--final-learning-rate", str(LAST), "--warmup", str(WARMUP),
                              "--weight-decay", "0.1", "--seed", str(o.seed), "--threads", str(o.threads)],
                             capture_output=True, text=True, check=True).stdout
        seconds = time.time() - start
    return float(out.split("\nheld-out loss ")[1].split(",")[0]), seconds


def pytorch(text, o):
    import torch
    from torch.nn import functional as F
    torch.manual_seed(o.seed)
    torch.set_num_threads(o.threads)
    start = time.time()
    whole = pathlib.Path(text).read_text(encoding="utf-8")
    letters = sorted(set(whole))
    data = torch.tensor([letters.index(c) for c in whole])
    cut = whole.index("\n", len(whole) * 9 // 10) + 1
    SIZES["recipe"] = (4, 4, 128, CONTEXT, len(letters), BATCH)
    model = torch_model("recipe")
    for name, p in model.named_parameters():
        if p.dim() > 1:
            torch.nn.init.normal_(p, std=0.02 / (math.sqrt(8) if name.endswith("proj.weight") else 1))
        elif name.endswith("bias"):
            torch.nn.init.zeros_(p)
    matrices = [p for p in model.parameters() if p.dim() > 1]
    others = [p for p in model.parameters() if p.dim() == 1]
    optimizer = torch.optim.AdamW([{"params": matrices, "weight_decay": 0.1}, {"params": others, "weight_decay": 0.0}], betas=(0.9, 0.99))
    for step in range(o.steps):
        done = (step - WARMUP) / max(1, o.steps - WARMUP)
        rate = PEAK * (step + 1) / WARMUP if step < WARMUP else LAST + (PEAK - LAST) * (1 + math.cos(math.pi * done)) / 2
        for group in optimizer.param_groups:
            group["lr"] = rate
        at = torch.randint(cut - CONTEXT - 1, (BATCH,))
        x = torch.stack([data[i:i + CONTEXT] for i in at])
        y = torch.stack([data[i + 1:i + 1 + CONTEXT] for i in at])
        optimizer.zero_grad(set_to_none=True)
        F.cross_entropy(model(x).flatten(0, 1), y.flatten()).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    n = (len(data) - cut - 1) // CONTEXT * CONTEXT
    x, y = data[cut:cut + n].view(-1, CONTEXT), data[cut + 1:cut + 1 + n].view(-1, CONTEXT)
    with torch.no_grad():
        losses = [F.cross_entropy(model(a).flatten(0, 1), b.flatten(), reduction="sum").item() for a, b in zip(x.split(64), y.split(64))]
    return sum(losses) / n, time.time() - start


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("damla")
    arguments.add_argument("text")
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--steps", type=int, default=2000)
    arguments.add_argument("--seed", type=int, default=1)
    o = arguments.parse_args()
    for name, run in [("damla", lambda: damla(o.damla, o.text, o)), ("PyTorch", lambda: pytorch(o.text, o))]:
        loss, seconds = run()
        print(f"{name:8} held-out loss {loss:.3f} in {seconds:.0f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
