"""The damla program as people use it: command.py PROGRAM FOLDER."""
import csv, json, math, os, pathlib, re, shutil, signal, subprocess, sys, time

program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
os.environ["LC_ALL"] = "C.UTF-8"  # else a Turkish machine is answered in Turkish
faults = []
shutil.rmtree(folder, ignore_errors=True)  # of a run before, nothing stays
folder.mkdir(parents=True)


def expect(good, what):
    if not good:
        faults.append(what)
        print("FAILED:", what)


def damla(*words, code=0, stdin="", says=""):
    run = subprocess.run([program, *words], input=stdin, capture_output=True, text=True, cwd=folder)
    expect(run.returncode == code, f"damla {' '.join(words)}: exit code {run.returncode}, not {code}: {run.stderr[-300:]}")
    expect(says in run.stdout + run.stderr, f"damla {' '.join(words)} does not say “{says}”: {run.stderr[-300:]}")
    return run.stdout


def losses(name):
    with open(folder / name / "log.csv") as file:
        return [(row["step"], row["loss"], row["held_out_loss"]) for row in csv.DictReader(file)]


# A text with a rule that a model can learn: who lives where, in two wordings.
people, cities = ["Ayşe", "Deniz", "Kemal", "Zeynep", "Umut"], ["Bursa", "İzmir", "Sivas", "Rize", "Muş"]
lines = [f"{p} {c} şehrinde oturur.\n" if i % 2 else f"{c}: {p} burada yaşar.\n"
         for i in range(60) for p, c in zip(people, cities)]
(folder / "text.txt").write_text("".join(lines), encoding="utf-8")
recipe = ["text.txt", "--tokens", "characters", "--layers", "1", "--channels", "32", "--heads", "2", "--context", "32",
          "--batch", "4", "--evaluate-every", "10", "--threads", "1"]

# One run to its end.
out = damla("train", *recipe, "-o", "whole", "--steps", "60", says="counting pairs")
for name in ["config.json", "model.safetensors", "tokenizer.json", "log.jsonl", "loss.csv", "training.json"]:
    expect((folder / "whole" / name).exists(), f"train writes {name}")
whole = losses("whole")
expect([step for step, *_ in whole] == [str(10 * i) for i in range(1, 7)], "a look every 10 steps")
expect(float(whole[-1][2]) < float(whole[0][2]) - 0.3, "the held-out loss falls")
expect(json.loads((folder / "whole" / "config.json").read_text())["model_type"] == "gpt2", "a GPT-2's config.json")

# The same run, killed in its middle and resumed: the same losses, digit by digit.
killed = subprocess.Popen([program, "train", *recipe, "-o", "killed", "--steps", "60"], stdout=subprocess.DEVNULL, cwd=folder)
for _ in range(6000):
    if (folder / "killed" / "log.csv").exists() and len(losses("killed")) >= 2 and (folder / "killed" / "checkpoint.safetensors").exists():
        break
    time.sleep(0.005)
killed.send_signal(signal.SIGKILL)
killed.wait()
damla("train", "-o", "killed", "--resume", "--threads", "1", says="goes on after step")
expect(losses("killed") == whole, f"a killed run ends as an uninterrupted one: {losses('killed')} and {whole}")

# Ctrl-C saves and says how to go on.
stopped = subprocess.Popen([program, "train", *recipe, "-o", "stopped", "--steps", "100000"], stdout=subprocess.PIPE, text=True, cwd=folder)
stopped.stdout.readline()
time.sleep(0.5)
stopped.send_signal(signal.SIGINT)
said = stopped.communicate(timeout=60)[0]
expect(stopped.returncode == 130, f"Ctrl-C: exit code {stopped.returncode}")
expect("--resume" in said, "Ctrl-C says how to go on")

# Using the model.
text = damla("generate", "whole", "Ayşe", "-n", "30", "--temperature", "0")
expect(text.startswith("Ayşe") and len(text) > 20, f"generate goes on: {text}")
for weights in ("f32", "f16", "bf16", "q8_0"):
    kept = damla("generate", "whole", "Ayşe", "-n", "30", "--temperature", "0", "--weights", weights)
    expect(kept.startswith("Ayşe") and (weights != "f32" or kept == text), f"generate with weights kept as {weights}: {kept}")
damla("generate", "whole", "Ayşe", "--weights", "q4_0", code=2, says="q8_0")
expect(damla("generate", "whole", "Ayşe", "-n", "30", "--seed", "4") == damla("generate", "whole", "Ayşe", "-n", "30", "--seed", "4"),
       "one seed, one text")
shares = [float(line.split()[0]) for line in damla("next", "whole", "Ay", "--top", "1000").splitlines()]
expect(abs(sum(shares) - 100) < 0.1 and shares == sorted(shares, reverse=True), f"next shows probabilities: {shares}")
expect("A|y|ş|e" in damla("tokens", "whole", "Ayşe"), "tokens shows pieces")
damla("evaluate", "whole", "text.txt", says="bits a byte")
said = damla("--lang", "tr", "evaluate", "whole", "-", stdin="Ayşe Bursa şehrinde oturur.\n", says="bayt başına")
expect(re.search(r"kayıp \d+,\d{4} nat, şaşkınlık \d+,\d\d", said), f"figures have Turkish commas: {said}")

# A model that answers.
(folder / "pairs.tsv").write_text("".join(f"{p} nerede oturur?\t{c} şehrinde.\n" for _ in range(8) for p, c in zip(people, cities)), encoding="utf-8")
damla("train", "text.txt", "--tokens", "words", *recipe[3:], "-o", "words", "--steps", "60")
damla("tune", "words", "pairs.tsv", "-o", "talker", "--steps", "150", "--learning-rate", "0.01", "--threads", "1", says="held out")
said = damla("chat", "talker", "--temperature", "0", stdin="".join(f"{p} nerede oturur?\n\n" for p in people)).splitlines()
expect(said == [f"{c} şehrinde." for c in cities], f"chat answers what the pairs say, one line each: {said}")
said = damla("chat", "talker", "--temperature", "0", "--weights", "q8_0", stdin=f"{people[0]} nerede oturur?\n").splitlines()
expect(said == [f"{cities[0]} şehrinde."], f"chat with eight bits answers the same: {said}")
damla("chat", "whole", code=1, says="damla tune whole")
damla("chat", "words", stdin="Ayşe?\n", says="not tuned")
damla("tune", "whole", "pairs.tsv", "-o", "untuned", code=1, says="byte pairs")
damla("tune", "words", "text.txt", "-o", "untuned", code=1, says="text.txt: line 1")
damla("tune", "words", "-", "-o", "untuned", code=1, stdin="")
damla("chat", "talker", code=1, stdin="Ayşe " * 40 + "\n", says="shorter")
expect(not (folder / "untuned").exists(), "what fails writes nothing")

# The same with LoRA: the folder is a plain model, and the adapter lies in it.
damla("tune", "words", "pairs.tsv", "-o", "lora", "--lora", "4", "--steps", "200", "--threads", "1", says="parameters are trained")
said = damla("chat", "lora", "--temperature", "0", stdin="".join(f"{p} nerede oturur?\n\n" for p in people)).splitlines()
expect(said == [f"{c} şehrinde." for c in cities], f"what LoRA learned is in the model: {said}")
adapter = json.loads((folder / "lora/adapter/adapter_config.json").read_text())
expect((adapter["r"], adapter["lora_alpha"], adapter["base_model_name_or_path"]) == (4, 8, "words"), f"the adapter says what it is: {adapter}")
expect((folder / "lora/adapter/adapter_model.safetensors").stat().st_size * 5 < (folder / "lora/model.safetensors").stat().st_size,
       "an adapter is small")
damla("tune", "words", "pairs.tsv", "-o", "lora", "--steps", "1", says="held out")
expect(not (folder / "lora/adapter").exists(), "of a run before, no adapter stays")
damla("tune", "words", "pairs.tsv", "-o", "untuned", "--lora", "65", code=1, says="rank is 65")
damla("tune", "words", "pairs.tsv", "-o", "untuned", "--lora-alpha", "2", code=2, says="--lora")
expect(not (folder / "untuned").exists(), "what fails writes nothing")
damla("export", "talker", "-o", "handed", says="Hugging Face")
expect(not (folder / "handed/checkpoint.safetensors").exists(), "export leaves the run behind")
expect(damla("generate", "handed", "Ayşe", "-n", "9") == damla("generate", "talker", "Ayşe", "-n", "9"), "export changes nothing")
damla("export", "talker", "-o", "talker", code=1, says="another")

# A file for llama.cpp.
damla("train", "text.txt", "--tokens", "gpt2-pairs", "--vocabulary", "300", *recipe[3:], "-o", "gpt2_pairs", "--steps", "10")
damla("export", "gpt2_pairs", "-o", "exact.gguf", says="llama.cpp")
damla("--lang", "tr", "export", "gpt2_pairs", "-o", "eight.gguf", "--weights", "q8_0", says="llama.cpp için")
exact, eight = ((folder / name).read_bytes() for name in ("exact.gguf", "eight.gguf"))
expect(exact[:4] == eight[:4] == b"GGUF" and len(eight) < len(exact) / 2, f"eight bits take less: {len(eight)} and {len(exact)} bytes")
damla("export", "talker", "-o", "words.gguf", code=1, says="--tokens gpt2-pairs")
damla("export", "gpt2_pairs", "-o", "eight", "--weights", "q8_0", code=1, says=".gguf")
expect(not (folder / "words.gguf").exists() and not (folder / "eight").exists(), "what fails writes nothing")

# What a published folder says of its tokenizer: a token that texts begin with, a chat template that is known or refused.
def published(name, settings):
    shutil.copytree(folder / name, folder / f"published_{name}")
    path = folder / f"published_{name}" / "tokenizer_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | settings))


published("words", {"add_bos_token": True, "bos_token": "<son>"})
published("whole", {"chat_template": "[INST] {{ question }} [/INST]"})
damla("next", "words", "", code=1, says="empty")
expect(damla("next", "published_words", "", "--top", "3").count("%") == 3, "what may come at the beginning of a text")
damla("chat", "published_whole", code=1, says="[INST]")


# The same verbs with a model of the Llama family.
damla("train", *recipe, "-o", "llama", "--model", "llama", "--steps", "60", says="counting pairs")
expect(float(losses("llama")[-1][2]) < float(losses("llama")[0][2]) - 0.3, "a Llama's held-out loss falls")
config = json.loads((folder / "llama" / "config.json").read_text())
expect(config["model_type"] == "llama" and config["num_key_value_heads"] == 2, f"a Llama's config.json: {config}")
damla("train", *recipe, "-o", "half", "--model", "llama", "--steps", "30")
damla("train", "-o", "half", "--resume", "--steps", "60", "--threads", "1", says="goes on after step 30")
expect(damla("generate", "llama", "Ayşe", "-n", "40").startswith("Ayşe"), "a Llama generates over the end of its context")
shares = [float(line.split()[0]) for line in damla("next", "llama", "Ay", "--top", "1000").splitlines()]
expect(abs(sum(shares) - 100) < 0.1, f"next shows a Llama's probabilities: {shares}")
damla("evaluate", "llama", "text.txt", says="bits a byte")
damla("export", "llama", "-o", "llama_handed", says="Hugging Face")
expect(damla("generate", "llama_handed", "Ayşe") == damla("generate", "llama", "Ayşe"), "export of a Llama changes nothing")
damla("train", "text.txt", "--tokens", "words", *recipe[3:], "-o", "llama_words", "--model", "llama", "--steps", "60")
damla("tune", "llama_words", "pairs.tsv", "-o", "llama_talker", "--steps", "400", "--learning-rate", "0.01", "--threads", "1", says="held out")
said = damla("chat", "llama_talker", "--temperature", "0", stdin="".join(f"{p} nerede oturur?\n" for p in people)).splitlines()
expect(said == [f"{c} şehrinde." for c in cities], f"a Llama answers what the pairs say: {said}")
damla("train", *recipe, "-o", "x", "--model", "llama", "--dropout", "0.1", code=1, says="--dropout")
damla("train", *recipe, "-o", "x", "--model", "mamba", code=2, says="mamba")


def page_data(name):
    """What a page of inspect holds, and whether the page keeps to itself."""
    text = (folder / name).read_text(encoding="utf-8")
    expect(not re.search(r"(src|href)=|https?:|@import|innerHTML", text), f"{name} needs no network, and writes no markup from data")
    expect(text.count("</script") == 2, f"{name}: nothing in its data ends a script")
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)[1])


def check_page(data, layers, heads):
    tokens = len(data["tokens"])
    expect(len(data["attention"]) == layers and all(len(layer) == heads for layer in data["attention"]), "all heads are in the page")
    for row in (row for layer in data["attention"] for head in layer for row in head):
        expect(abs(sum(row) - 10000) <= len(row) / 2 and min(row) >= 0, f"a row of attention sums to one: {row}")
    for head in data["attention"][0]:
        expect([len(row) for row in head] == list(range(1, tokens + 1)), "a token looks at itself and at those before it")
    expect(len(data["lens"]) == layers + 1 and all(len(row) == tokens for row in data["lens"]), "the lens looks behind each block")
    expect(len(data["losses"]) == tokens - 1, "each token but the first has a loss")
    for five, last, loss, after in zip(data["likeliest"], data["lens"][-1], data["losses"], data["tokens"][1:]):
        expect(five[0] == last[:2], f"the lens behind the last block is the prediction: {five[0]} and {last}")
        expect((last[2] == 1) == (five[0][0] == after), f"rank 1 is the likeliest: {last}, {five}, {after}")
        expect(all(abs(math.exp(-loss) - p) < 2e-4 for token, p in five if token == after), f"loss and probability agree: {loss}, {five}")


def inspect():
    (folder / "inspect.html").unlink(missing_ok=True)
    out = damla("inspect", "whole")
    for shown in ["layers +1\n", "heads +2 a layer, 16 channels each", "context +32 tokens", "characters", "tied", "batch of 8"]:
        expect(re.search(shown, out), f"inspect shows “{shown}”: {out}")
    numbers = {name.strip(): int(value.replace(" ", "")) for name, value in re.findall(r"^(.{24}) ([\d ]*\d)", out, re.MULTILINE)}
    parts = ["token embedding", "positions", "attention", "feed-forward", "norms"]
    with open(folder / "whole" / "model.safetensors", "rb") as file:  # a GPT-2's, from outside: the shapes in the file's header
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    stored = sum(math.prod(tensor["shape"]) for name, tensor in header.items() if name != "__metadata__")
    expect(numbers["parameters"] == stored == sum(numbers[part] for part in parts), f"the parts add up to {stored}: {numbers}")
    expect(not (folder / "inspect.html").exists(), "without a text there is no page")
    damla("--lang", "tr", "inspect", "whole", says="bağlı")

    text = "Ayşe Bursa şehrinde."
    damla("inspect", "whole", text, says="inspect.html")
    data = page_data("inspect.html")
    check_page(data, layers=1, heads=2)
    expect("".join(data["pieces"][str(t)] for t in data["tokens"]) == text.replace(" ", "␣"), "the page has the text's tokens")
    expect(data["notice"] == "" and not data["turkish"], "a text that fits is shown whole")
    damla("--lang", "tr", "inspect", "whole", "-", "-o", "tr.html", stdin=text * 3, says="60 token")
    data = page_data("tr.html")
    expect(data["turkish"] and len(data["tokens"]) == 32, "a long text is cut to the context")
    damla("inspect", "whole", "A", "-o", "one.html")
    check_page(page_data("one.html"), layers=1, heads=2)

    # The largest page that is made: 12 layers of 12 heads, of a model that knows every byte. Whatever the text holds, it stays text.
    damla("train", "text.txt", "-o", "deep", "--tokens", "pairs", "--vocabulary", "260", "--layers", "12", "--heads", "12", "--channels", "24",
          "--context", "80", "--steps", "1", "--batch", "1", "--threads", "1")
    damla("inspect", "deep", "-", "-o", "deep.html", stdin="a</script><b>\"'&\0\x1b\u202e\n<!--" + "ğ" * 60, says="first 64 are shown")
    check_page(page_data("deep.html"), layers=12, heads=12)
    expect((folder / "deep.html").stat().st_size < 2e6, f"a page has {(folder / 'deep.html').stat().st_size} bytes")
    pieces = page_data("deep.html")["pieces"]
    expect({"<", "\\u{0}", "\\u{1B}", "\\n"} <= set(pieces.values()), f"what nobody sees is visible: {pieces}")
    expect(not re.search(r"[\0-\x1f]", "".join(pieces.values())), "no control character is left")
    bad = subprocess.run([program.encode(), b"inspect", b"deep", b"\xff\xc3<", b"-o", b"bytes.html"], cwd=folder, capture_output=True)
    expect(bad.returncode == 1 and b"UTF-8" in bad.stderr, f"bytes that are no UTF-8 are refused: {bad.returncode} {bad.stderr}")

    out = damla("inspect", "llama", text, "-o", "llama.html")
    for shown in ["Llama: token embedding", "rotary", "heads +2 a layer, 16 channels each; 2 of keys and values", "SwiGLU"]:
        expect(shown in re.sub(" +", " ", out) or re.search(shown, out), f"inspect shows “{shown}”: {out}")
    with open(folder / "llama" / "model.safetensors", "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    stored = sum(math.prod(tensor["shape"]) for name, tensor in header.items() if name != "__metadata__")
    expect(f"parameters {stored}" in re.sub(" +", " ", out).replace(f"{stored:,}".replace(",", " "), str(stored)), f"a Llama has {stored} parameters: {out}")
    expect(header["model.layers.0.mlp.down_proj.weight"]["shape"] == [32, config["intermediate_size"]], f"matrices are (out, in): {header}")
    check_page(page_data("llama.html"), layers=1, heads=2)

    shutil.copytree(folder / "whole", folder / "a<" / "script><b>", dirs_exist_ok=True)  # pieces are short, a folder's name is not
    damla("inspect", "a</script><b>", "Ayşe", "-o", "name.html")
    expect(page_data("name.html")["folder"] == "a</script><b>", "a folder's name stays text")

    damla("inspect", "whole", "", code=1, says="the text is empty")
    damla("inspect", "nowhere", "a", code=1, says="nowhere")
    damla("inspect", "whole", "a", "-o", "no/folder.html", code=1, says="no/folder.html")
    damla("inspect", "whole", "-o", "x.html", code=2)


inspect()

# In Turkish: every verb and option has a text of its own, and no English is left around it.
def texts_of(language):
    """What the man page says of each verb, option and file."""
    page = damla("--lang", language, "--man")
    return [(name, text.split("\n.")[0]) for name, text in re.findall(r"\n\.(?:TP|SS)(?:\n| )([^\n]*)\n([^.].*?)(?=\n\.TP|\n\.S)", page, re.DOTALL)]


english, turkish = texts_of("en"), texts_of("tr")
expect(len(english) == len(turkish) > 80, f"both man pages have as many entries: {len(english)} and {len(turkish)}")
for (name, text), (_, in_turkish) in zip(english, turkish):
    expect(text != in_turkish, f"{name} has no Turkish text: {text}")
for verb in [[]] + [[name.split()[1]] for name, _ in english if name.startswith("damla ")]:
    out = damla("--lang", "tr", *verb, "--help", says="Kullanım: damla")
    left = re.findall(r"\b(?:Usage|Options|OPTIONS|Positionals|Subcommands?|SUBCOMMANDS?|REQUIRED|Needs|TEXT|FOLDER|PAIRS|PROMPT|U?INT|FLOAT|POSITIVE|NONNEGATIVE|default)\b", out)
    expect(not left, f"English in the Turkish help of {verb}: {left}")
for words, says in ([], "Bir komut gerekli"), (["train", "text.txt"], "--output gerekli"), (["chat"], "KLASÖR gerekli"), \
        (["generate", "whole", "--weights", "q4_0"], "q4_0 olmaz"), (["train", "-o", "x", "-x", "-y"], "Burada beklenmiyor: -x -y"), \
        (["trian", "text.txt"], "“trian” diye bir komut yok. Bunu mu demek istediniz: “train”\n"), \
        (["tune", "words", "pairs.tsv", "-o", "x", "--lora-alpha", "2"], "--lora olmadan"), (["train", "--heads", "0"], "--heads: 0, 1 … 100000000 aralığında değil"), \
        (["train", "--minutes", "az"], "--minutes"), (["train", "text.txt", "-o"], "--output: değeri eksik"):
    damla("--lang", "tr", *words, code=2, says=says)
damla("--lang", "de", "--help", code=2, says="{tr,en}")
run = subprocess.run([program, "--help"], capture_output=True, text=True, env={**os.environ, "LC_ALL": "tr_TR.UTF-8"})
expect("Kullanım" in run.stdout, f"the locale chooses the language: {run.stdout[:200]}")

# Mistakes end in one sentence and a code.
damla(code=2, says="subcommand is required")
for word, verb in ("trian", "train"), ("cat", "chat"), ("nxt", "next"), ("tokenss", "tokens"), ("eksport", "export"), ("inpsetc", "inspect"):
    damla(word, "text.txt", "-o", "x", code=2, says=f"There is no verb “{word}”. Did you mean “{verb}”?\n")
damla("--threads", "1", "help", code=2, says="There is no verb “help”\n")
damla("--first", "1", "--second", code=2, says="Not expected here: --first 1 --second\n")
damla("train", "text.txt", "-o", "x", "--first", "--second", code=2, says="Not expected here: --first --second\n")
damla("train", "text.txt", code=2, says="--output")
damla("train", "nothing.txt", "-o", "x", code=1, says="nothing.txt")
damla("train", "-", "-o", "x", code=1, stdin="ab\n")
damla("generate", "nowhere", "a", code=1, says="nowhere")
damla("train", "-o", "nowhere", "--resume", code=1, says="nowhere")
damla("evaluate", "whole", "-", code=1, stdin="")
damla("next", "whole", "", code=1)
(folder / "other.txt").write_text("another text altogether\n" * 50)
damla("train", "other.txt", "-o", "killed", "--resume", code=1, says="another text")
head = subprocess.run(f"'{program}' generate whole Ayşe -n 3000 | head -c 10", shell=True, capture_output=True, text=True, cwd=folder)
expect(head.stderr == "", f"a closed pipe is quiet: {head.stderr}")

print(len(faults), "faults")
sys.exit(bool(faults))
