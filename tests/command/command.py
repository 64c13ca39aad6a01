"""The damla program as people use it: command.py PROGRAM FOLDER."""
import csv, json, pathlib, signal, subprocess, sys, time

program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
faults = []


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
expect(damla("generate", "whole", "Ayşe", "-n", "30", "--seed", "4") == damla("generate", "whole", "Ayşe", "-n", "30", "--seed", "4"),
       "one seed, one text")
shares = [float(line.split()[0]) for line in damla("next", "whole", "Ay", "--top", "1000").splitlines()]
expect(abs(sum(shares) - 100) < 0.1 and shares == sorted(shares, reverse=True), f"next shows probabilities: {shares}")
expect("A|y|ş|e" in damla("tokens", "whole", "Ayşe"), "tokens shows pieces")
damla("evaluate", "whole", "text.txt", says="bits a byte")
damla("--lang", "tr", "evaluate", "whole", "-", stdin="Ayşe Bursa şehrinde oturur.\n", says="bayt başına")

# A model that answers.
(folder / "pairs.tsv").write_text("".join(f"{p} nerede oturur?\t{c} şehrinde.\n" for _ in range(8) for p, c in zip(people, cities)), encoding="utf-8")
damla("train", "text.txt", "--tokens", "words", *recipe[3:], "-o", "words", "--steps", "60")
damla("tune", "words", "pairs.tsv", "-o", "talker", "--steps", "150", "--learning-rate", "0.01", "--threads", "1", says="held out")
said = damla("chat", "talker", "--temperature", "0", stdin="".join(f"{p} nerede oturur?\n\n" for p in people)).splitlines()
expect(said == [f"{c} şehrinde." for c in cities], f"chat answers what the pairs say, one line each: {said}")
damla("chat", "whole", code=1, says="damla tune whole")
damla("chat", "words", stdin="Ayşe?\n", says="not tuned")
damla("tune", "whole", "pairs.tsv", "-o", "x", code=1, says="byte pairs")
damla("tune", "words", "text.txt", "-o", "x", code=1, says="text.txt: line 1")
damla("tune", "words", "-", "-o", "x", code=1, stdin="")
damla("chat", "talker", code=1, stdin="Ayşe " * 40 + "\n", says="shorter")
expect(not (folder / "x").exists(), "what fails writes nothing")
damla("export", "talker", "-o", "handed", says="Hugging Face")
expect(not (folder / "handed/checkpoint.safetensors").exists(), "export leaves the run behind")
expect(damla("generate", "handed", "Ayşe", "-n", "9") == damla("generate", "talker", "Ayşe", "-n", "9"), "export changes nothing")
damla("export", "talker", "-o", "talker", code=1, says="another")

# Mistakes end in one sentence and a code.
damla(code=2)
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
