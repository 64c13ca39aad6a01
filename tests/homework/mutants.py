#!/usr/bin/env python3
"""Writes, for each homework, one program that holds the stubs, the solutions and every mutant of mutants.txt, each in a namespace
of its own; its first argument chooses among them.

mutants.py ROOT OUT            writes OUT/answers_1.cpp … OUT/answers_5.cpp and the files that they include
mutants() is what grade_all.py reads too.
"""
import pathlib
import sys


def mutants(root):
    """(homework, is a variant, mistake, its name as an argument, [(old text, new text), …])"""
    found = []
    for line in (root / "tests/homework/mutants.txt").read_text(encoding="utf-8").split("\n"):
        kind, text = line[:2].rstrip(), line[2:]
        if line.startswith("#") or not line:
            continue
        if kind in ("-", "+"):
            edits = found[-1][4]
            if kind == "-" and (not edits or edits[-1][1] is not None):
                edits.append([text, None])
            elif kind == "-":
                edits[-1][0] += "\n" + text
            else:
                edits[-1][1] = text if edits[-1][1] is None else edits[-1][1] + "\n" + text
        else:
            work, mistake = line.split()
            found.append((int(work[0]), work.endswith("v"), mistake, f"mutant_{len(found)}_{mistake}", []))
    return found


def mutated(source, edits, name):
    """The source with its edits, each found whatever the line breaks and spaces: clang-format sets those."""
    for old, new in edits:
        places = [at for at, letter in enumerate(source) if not letter.isspace()]
        letters, wanted = "".join(source[at] for at in places), "".join(old.split())
        if letters.count(wanted) != 1:
            sys.exit(f"mutants.txt: {name}: this is in the solution {letters.count(wanted)} times, not once:\n{old}")
        first = letters.index(wanted)
        source = source[:places[first]] + new.lstrip() + source[places[first + len(wanted) - 1] + 1:]
    return source


def main():
    root, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    (out / "students").mkdir(parents=True, exist_ok=True)
    stubs, solutions = root / "examples/homework", root / "tests/homework/solutions"
    for answers in sorted((stubs / "answers").glob("[1-5]_*.cpp")):
        work, header = int(answers.name[0]), answers.stem + ".hpp"
        students = [("stub", stubs / header), ("variant_stub", stubs / "variants" / header), ("solution", solutions / header),
                    ("variant_solution", solutions / "variants" / header)]
        for number, variant, _, name, edits in mutants(root):
            if number != work:
                continue
            base = solutions / ("variants" if variant else "") / header
            file = out / "students" / f"{name}.hpp"
            text = mutated(base.read_text(encoding="utf-8"), edits, name)
            if not file.exists() or file.read_text(encoding="utf-8") != text:
                file.write_text(text, encoding="utf-8")
            students.append((name, file))
        lines = ["// Written by tests/homework/mutants.py.", "#define ANSWERING_PROGRAM"]
        for name, file in students:
            if name.startswith("mutant"):
                lines += ["#undef WITHOUT_TRAINING", "#define WITHOUT_TRAINING"]
            lines += [f"#define student {name}", f'#define STUDENT_FILE "{file}"', f'#include "{answers}"', "#undef student",
                      "#undef STUDENT_FILE"]
        lines += ["int main(int argc, char** argv) {", '  const std::string which = argc > 1 ? argv[1] : "";']
        lines += [f'  if (which == "{name}") return damla::homework::answer({name}::parts());' for name, _ in students]
        lines += ["  return 3;", "}", ""]
        (out / f"answers_{work}.cpp").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
