"""What the damla program says to each kind of bad input: bad_input.py PROGRAM FOLDER.

One sentence that names what is wrong, where, and what to do; exit code 1; and nothing half written."""
import json, os, pathlib, shutil, struct, subprocess, sys

program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
shutil.rmtree(folder, ignore_errors=True)
folder.mkdir(parents=True)
os.environ["LC_ALL"] = "C.UTF-8"
faults = []


def damla(*words, stdin=b""):
    return subprocess.run([program, *words, "--threads", "1"], input=stdin, capture_output=True, cwd=folder, timeout=120)


def expect(good, what):
    if not good:
        faults.append(what)
        print("FAILED:", what)


shape = ["--layers", "1", "--channels", "16", "--heads", "2", "--context", "16", "--batch", "2", "--steps", "20"]
(folder / "text.txt").write_text("İş işten geçti, şimdi düş peşine.\n" * 100, encoding="utf-8")
(folder / "other.txt").write_text("another alphabet: xyz, QWV 0123456789\n" * 100, encoding="utf-8")
(folder / "empty.txt").write_text("")
(folder / "short.txt").write_text("kısa\n", encoding="utf-8")
(folder / "latin.txt").write_bytes("İş işten geçti, şimdi düş peşine.\n".encode("iso8859-9") * 100)
for name, text, model in (("good", "text.txt", "gpt2"), ("other", "other.txt", "gpt2"), ("llama", "text.txt", "llama")):
    made = damla("train", text, "-o", name, "--model", model, "--tokens", "characters", *shape)
    assert made.returncode == 0, made.stderr


def broken(name, change, of="good"):
    """A copy of a good model with one thing changed."""
    shutil.copytree(folder / of, folder / name)
    change(folder / name)


def edit(path, **fields):
    path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))


def with_nan(path):
    weights = bytearray(path.read_bytes())
    weights[-4:] = struct.pack("<f", float("nan"))
    path.write_bytes(weights)


def cut(path):
    path.write_bytes(path.read_bytes()[:-100])


(folder / "bare").mkdir()
broken("no_config", lambda m: (m / "config.json").unlink())
broken("no_weights", lambda m: (m / "model.safetensors").unlink())
broken("wider", lambda m: edit(m / "config.json", n_embd=32))
broken("deeper", lambda m: edit(m / "config.json", n_layer=2))
broken("huge", lambda m: edit(m / "config.json", n_embd=1 << 40, n_head=1 << 20))
broken("cut_config", lambda m: cut(m / "config.json"))
broken("cut_weights", lambda m: cut(m / "model.safetensors"))
broken("cut_tokenizer", lambda m: [cut(m / name) for name in ("damla_tokenizer.json", "tokenizer.json")])
broken("foreign", lambda m: [shutil.copy(folder / "other" / name, m) for name in ("damla_tokenizer.json", "tokenizer.json")])
broken("nan", lambda m: with_nan(m / "model.safetensors"))
broken("cut_checkpoint", lambda m: cut(m / "checkpoint.safetensors"))
broken("other_recipe", lambda m: edit(m / "training.json", channels=32))
broken("cut_recipe", lambda m: cut(m / "training.json"))
broken("odd_recipe", lambda m: edit(m / "training.json", steps="many"))

broken("mistral", lambda m: edit(m / "config.json", model_type="mistral"))
LLAMAS = {"stretched": {"rope_scaling": {"rope_type": "yarn", "factor": 4}}, "biased": {"attention_bias": True}, "odd": {"head_dim": 7},
          "shared": {"num_key_value_heads": 1}, "deep": {"num_hidden_layers": 2}, "packed": {"quantization_config": {"bits": 4}}}
for name, fields in LLAMAS.items():
    broken(name, lambda m: edit(m / "config.json", **fields), of="llama")
broken("llama_cut", lambda m: cut(m / "model.safetensors"), of="llama")
broken("llama_nan", lambda m: with_nan(m / "model.safetensors"), of="llama")

USE = {"generate": ["İş"], "next": ["İş"], "evaluate": ["text.txt"]}
TABLE = []  # words of the command line, standard input, what the sentence must say
for verb, more in USE.items():
    for model, says in [("nowhere", "nowhere: there is no such folder"), ("bare", "bare: has no config.json"),
                        ("no_config", "no_config: has no config.json"), ("no_weights", "no_weights: has no model.safetensors"),
                        ("text.txt", "text.txt: there is no such folder"), ("wider", "wider/model.safetensors"), ("deeper", "deeper/model.safetensors"),
                        ("huge", "huge/config.json"), ("cut_config", "cut_config/config.json"), ("cut_weights", "cut_weights/model.safetensors"),
                        ("cut_tokenizer", "cut_tokenizer/damla_tokenizer.json"), ("foreign", "do they come from one training"),
                        ("nan", "nan/model.safetensors"), ("mistral", "mistral/config.json: model_type is mistral"),
                        ("stretched", "stretched/config.json: rope_scaling is of type yarn"), ("biased", "biased/config.json: attention_bias is true"),
                        ("odd", "odd/config.json: "), ("shared", "shared/model.safetensors: has layers.0.self_attn.k_proj.weight as 16×16"),
                        ("deep", "deep/model.safetensors"), ("packed", "packed/config.json: has a quantization_config"),
                        ("llama_cut", "llama_cut/model.safetensors"), ("llama_nan", "llama_nan/model.safetensors")]:
        TABLE.append(([verb, model, *more], b"", says))
for model, says in [("nowhere", "nowhere: "), ("bare", "bare: has no tokenizer"), ("cut_tokenizer", "cut_tokenizer/damla_tokenizer.json")]:
    TABLE.append((["tokens", model, "İş"], b"", says))
    TABLE.append((["tokens", "good", "İş", "--beside", model], b"", says))
odd = os.fsdecode(b"\xfe\xff")
for verb in ("generate", "next", "tokens"):
    TABLE.append(([verb, "good", odd], b"", "UTF-8"))
    TABLE.append(([verb, "good", "-"], b"\xfe\xff", "the standard input is no UTF-8"))
TABLE += [
    (["next", "good", ""], b"", "the text is empty"),
    (["next", "good", "-"], b"", "the text is empty"),
    (["evaluate", "good", "latin.txt"], b"", "latin.txt"),
    (["evaluate", "good", "nothing.txt"], b"", "nothing.txt"),
    (["evaluate", "good", "bare"], b"", "bare: there is no file in this folder"),
    (["evaluate", "good", "empty.txt"], b"", "fewer than two tokens"),
    (["evaluate", "good", "-"], b"\xfe\xff", "the standard input is no UTF-8"),
    (["train", "-o", "new"], b"", "no text is given"),
    (["train", "nothing.txt", "-o", "new"], b"", "nothing.txt"),
    (["train", "bare", "-o", "new"], b"", "bare: there is no file in this folder"),
    (["train", "latin.txt", "-o", "new"], b"", "latin.txt"),
    (["train", "text.txt", "-o", "text.txt", *shape], b"", "text.txt: this folder cannot be made"),
    (["train", "text.txt", "-o", "new", "--channels", "30", "--heads", "4"], b"", "channels"),
    (["train", "text.txt", "-o", "new", "--context", "5000"], b"", "--context"),
    (["train", "-o", "nowhere", "--resume"], b"", "nowhere/training.json"),
    (["train", "-o", "cut_recipe", "--resume"], b"", "cut_recipe/training.json"),
    (["train", "-o", "odd_recipe", "--resume"], b"", "odd_recipe/training.json"),
    (["train", "-o", "cut_checkpoint", "--resume"], b"", "cut_checkpoint/checkpoint.safetensors"),
    (["train", "-o", "other_recipe", "--resume"], b"", "other_recipe/checkpoint.safetensors"),
    (["train", "other.txt", "-o", "good", "--resume"], b"", "good/checkpoint.safetensors: this run began with another text"),
]
for kind in ("characters", "pairs", "words"):
    for text, says in (("empty.txt", "the text is empty"), ("short.txt", "too short")):
        TABLE.append((["train", text, "-o", "new", "--tokens", kind], b"", says))


def everything():
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


before = everything()
for words, stdin, says in TABLE:
    name = " ".join(os.fsencode(" ".join(words)).decode("utf-8", "backslashreplace").split())
    run = damla(*words, stdin=stdin)
    said = run.stderr.decode("utf-8", "replace")
    expect(run.returncode == 1, f"damla {name}: exit code {run.returncode}, not 1: {said}")
    expect(said.startswith("damla: ") and said.count("\n") == 1 and len(said) < 400, f"damla {name}: not one sentence: {said}")
    expect(says in said, f"damla {name} does not say “{says}”: {said}")
    expect("\ufffd" not in said, f"damla {name} shows bytes that are no text: {said}")
    after = everything()
    expect(after == before and not (folder / "new").exists(), f"damla {name} changes files: {[str(p) for p in after if after[p] != before.get(p)]}")
    shutil.rmtree(folder / "new", ignore_errors=True)
    before = everything()
    if os.environ.get("SHOW"):
        print(said, end="")

# A Turkish sentence where the program itself speaks, and a Turkish frame around the library's.
for words in (["train", "-o", "new"], ["next", "good", ""], ["generate", "nowhere", "İş"]):
    said = damla("--lang", "tr", *words).stderr.decode()
    expect(any(word in said for word in ("metin", "hata")), f"damla --lang tr {words} speaks Turkish: {said}")

# What is longer than the context is no mistake.
long = "İş işten geçti, " * 100
for words in (["generate", "good", long, "-n", "5"], ["next", "good", long], ["tokens", "good", long], ["evaluate", "good", "short.txt"]):
    run = damla(*words)
    expect(run.returncode == 0 and run.stdout, f"damla {words[0]} with a long text: {run.returncode} {run.stderr.decode()}")

print(len(TABLE), "kinds of input,", len(faults), "faults")
sys.exit(bool(faults))
