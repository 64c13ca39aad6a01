"""What cmake --install --component command puts where: program, man pages, completions. installed.py CMAKE BUILD FOLDER"""
import os, pathlib, shutil, subprocess, sys

from pseudo_terminal import Terminal

cmake, build, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
faults = []


def expect(good, what):
    if not good:
        faults.append(what)
        print("FAILED:", what)


# It works where it is moved to.
shutil.rmtree(folder, ignore_errors=True)
folder.mkdir(parents=True)
subprocess.run([cmake, "--install", build, "--component", "command", "--prefix", folder / "first"], check=True, stdout=subprocess.DEVNULL)
prefix = (folder / "first").rename(folder / "moved here")
program = str(prefix / "bin/damla")
os.environ["PATH"] = f"{prefix / 'bin'}:{os.environ['PATH']}"
os.environ["LC_ALL"] = "C.UTF-8"
expect(subprocess.run([program, "--version"], capture_output=True).returncode == 0, "the installed program runs")
help_text = subprocess.run([program, "--help"], capture_output=True, text=True).stdout
verbs = [line.split()[0] for line in help_text.split("Subcommands:")[1].splitlines() if line.startswith("  ") and line[2] != " "]
expect({"train", "generate"} <= set(verbs), f"--help names the verbs: {verbs}")
options = {verb: [word.rstrip(",") for line in subprocess.run([program, verb, "--help"], capture_output=True, text=True).stdout.splitlines()
                  if line.startswith("  -") for word in line.split()[0].split(",")] for verb in verbs}

# Man pages: all verbs and options, without a warning.
for page, name, headings in ((prefix / "share/man/man1/damla.1", "language models from a text of your own",
                              "NAME SYNOPSIS DESCRIPTION OPTIONS COMMANDS EXAMPLES EXIT.STATUS ENVIRONMENT FILES SEE.ALSO"),
                             (prefix / "share/man/tr/man1/damla.1", "kendi metninizden dil modelleri",
                              "AD KULLANIM AÇIKLAMA SEÇENEKLER KOMUTLAR ÖRNEKLER ÇIKIŞ.KODU ORTAM.DEĞİŞKENLERİ DOSYALAR AYRICA.BAKINIZ")):
    source = page.read_text(encoding="utf-8")
    found = [line[4:] for line in source.splitlines() if line.startswith(".SH ")]
    expect(found == [heading.replace(".", " ") for heading in headings.split()], f"{page}: its sections: {found}")
    for verb in verbs:
        expect(f"\n.SS damla {verb} " in source, f"{page}: a section for {verb}")
        for option in options[verb]:
            expect(option.replace("-", "\\-") in source, f"{page}: {verb} {option}")
    if shutil.which("man") and shutil.which("lexgrog"):
        shown = subprocess.run(["man", "--warnings", "-l", page], capture_output=True, text=True, env={**os.environ, "MANWIDTH": "80"})
        expect(shown.returncode == 0 and shown.stderr == "", f"man warns: {shown.stderr}")
        expect("--size nano|tiny|small" in shown.stdout and "damla generate model" in shown.stdout, f"man shows options and examples: {shown.stdout}")
        expect(name in subprocess.run(["lexgrog", page], capture_output=True, text=True).stdout, f"{page}: lexgrog finds its name")
    if shutil.which("mandoc"):
        said = subprocess.run(["mandoc", "-Tlint", "-Wwarning", page], capture_output=True, text=True).stdout.splitlines()
        expect([line for line in said if "missing date" not in line] == [], f"mandoc warns: {said}")

# Somebody's files, to be completed.
desk = folder / "desk"
(desk / "model").mkdir(parents=True)
for name in ("book.txt", "mono.txt"):
    (desk / name).write_text("")

completion = prefix / "share/bash-completion/completions/damla"


def bash(*words):
    """What bash completes of the last word."""
    script = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _damla; printf "%s\\n" "${COMPREPLY[@]}"'
    run = subprocess.run(["bash", "--norc", "-c", script, "bash", completion, "damla", *words], capture_output=True, text=True, cwd=desk)
    expect(run.stderr == "", f"bash, damla {words}: {run.stderr}")
    return run.stdout.split()


if shutil.which("bash"):
    expect(bash("") == verbs, f"bash completes verbs: {bash('')}")
    expect(bash("tr") == ["train"], f"bash completes a verb: {bash('tr')}")
    for verb in verbs:
        missing = set(option for option in options[verb] if option.startswith("--")) - set(bash(verb, "--"))
        expect(not missing, f"bash completes all options of {verb}, but not {missing}")
    expect(bash("train", "book.txt", "--si") == ["--size"], "bash completes an option")
    for words in (["--size", ""], ["--size", "="], ["--size", "=", ""]):
        expect(bash("train", *words) == ["nano", "tiny", "small"], f"bash completes sizes: {words}")
    expect(bash("train", "--tokens", "p") == ["pairs"], "bash completes kinds of tokens")
    expect(bash("generate", "--tokens", "") == [], "generate's --tokens is a number")
    expect(bash("--lang", "") == ["tr", "en"] and bash("next", "--lang", "t") == ["tr"], "bash completes languages, wherever they stand")
    expect(bash("--lang", "tr", "ev") == ["evaluate"], "bash completes a verb behind an option")
    expect(bash("train", "") == [], "bash is left to complete files itself")


def typed(shell, line, until):
    """Types the line and a tab at the shell's prompt: the line must become that."""
    before = len(shell.shown)
    shell.type(line + "\t")
    good = shell.wait_for(until, 5, before)
    expect(good, f"{line} + tab shows {until}: {shell.shown[before:]}")
    shell.type("\x15")  # deletes the line
    shell.read(0.2)


shells = {
    "bash": (["bash", "--norc", "--noprofile"], f"bind 'set enable-bracketed-paste off'; source '{completion}'; echo rea''dy\n"),
    "zsh": (["zsh", "-f"], f"fpath=('{prefix}/share/zsh/site-functions' $fpath); autoload -U compinit; compinit -u -D; "
                           "unset zle_bracketed_paste; zle_highlight=(none); echo rea''dy\n")}
for name, (words, begin) in shells.items():
    if not shutil.which(name):
        print(f"{name} is not installed: not tested")
        continue
    shell = Terminal(words, desk, columns=200, PS1="> ")
    shell.type(begin)
    expect(shell.wait_for("ready", 20), f"{name} starts: {shell.text}")
    typed(shell, "damla tr", "damla train ")
    typed(shell, "damla train --size s", "--size small")
    typed(shell, "damla train --size=s", "--size=small")
    typed(shell, "damla train bo", "damla train book.txt")
    typed(shell, "damla train --learning-rate 1 -o mod", "-o model/")
    typed(shell, "damla --lang t", "damla --lang tr")
    if name == "zsh":
        typed(shell, "damla ", "How well a model predicts a text")
        typed(shell, "damla evaluate mo", "damla evaluate model/")
        typed(shell, "damla train --lear", "--learning-rate=")
    before = len(shell.shown)
    shell.type("damla train --batch bo\t")
    shell.read(1)
    expect(b"book" not in shell.shown[before:], f"{name}: a number is no file: {shell.shown[before:]}")
    shell.type("\x15exit\n")
    shell.finish(10)

print(len(faults), "faults")
sys.exit(bool(faults))
