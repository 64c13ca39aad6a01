#!/usr/bin/env python3
"""logits.py FOLDERS: whether PyTorch computes from config.json and model.safetensors what damla did (logits.json). GPT-2 is
written out here; nothing of damla is used."""
import json
import sys
from pathlib import Path

try:
    import numpy
    import torch
    from torch.nn.functional import layer_norm
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)


def read_safetensors(path):
    data = path.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    if header.pop("__metadata__")["format"] != "pt":
        raise ValueError("transformers asks for the format pt")
    tensors = {}
    for name, entry in header.items():
        begin, end = (start + offset for offset in entry["data_offsets"])
        numbers = numpy.frombuffer(data[begin:end], {"F32": "<f4", "F64": "<f8"}[entry["dtype"]]).reshape(entry["shape"])
        tensors[name] = torch.tensor(numbers, dtype=torch.float64)
    return tensors


def gpt2(config, w, tokens):
    def linear(x, name):
        return x @ w[name + ".weight"] + w[name + ".bias"]

    def norm(x, name):
        return layer_norm(x, x.shape[-1:], w[name + ".weight"], w[name + ".bias"], config["layer_norm_epsilon"])

    def attention(x, name):
        T, C = x.shape
        q, k, v = (part.view(T, config["n_head"], -1).transpose(0, 1) for part in linear(x, name + ".c_attn").split(C, dim=-1))
        scores = q @ k.transpose(1, 2) / q.shape[-1] ** 0.5
        scores = scores.masked_fill(torch.ones(T, T, dtype=torch.bool).triu(1), -torch.inf)
        return linear((scores.softmax(-1) @ v).transpose(0, 1).reshape(T, C), name + ".c_proj")

    x = w["transformer.wte.weight"][tokens] + w["transformer.wpe.weight"][: len(tokens)]
    for i in range(config["n_layer"]):
        block = f"transformer.h.{i}."
        x = x + attention(norm(x, block + "ln_1"), block + "attn")
        up = linear(norm(x, block + "ln_2"), block + "mlp.c_fc")
        gelu_new = 0.5 * up * (1 + torch.tanh((2 / torch.pi) ** 0.5 * (up + 0.044715 * up**3)))
        x = x + linear(gelu_new, block + "mlp.c_proj")
    head = w["transformer.wte.weight" if config["tie_word_embeddings"] else "lm_head.weight"]
    return norm(x, "transformer.ln_f") @ head.T


def main(root):
    worst = 0.0
    for path in sorted(root.glob("*/logits.json")):
        case = json.loads(path.read_text())
        config = json.loads((path.parent / "config.json").read_text())
        logits = gpt2(config, read_safetensors(path.parent / "model.safetensors"), case["tokens"])
        ours = torch.tensor(case["logits"], dtype=torch.float64)
        difference = (logits - ours).abs().max().item()
        print(f"{path.parent.name}: {tuple(ours.shape)} logits up to {ours.abs().max():.3g}, largest difference {difference:.2g}")
        worst = max(worst, difference)
    return 0 if 0 < worst < 1e-4 else 1  # not one digit of difference: then nothing was compared


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
