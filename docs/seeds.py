"""Writes the tables of docs/en/seeds.md and docs/tr/seeds.md: of each claim the least and the greatest figure of many seeds.

    for seed in $(seq 20); do build/release/examples/01_rap_or_arabesk --seed $seed --out seeds/$seed/01_rap_or_arabesk; …; done
    python3 docs/seeds.py seeds

The folder holds the lessons' reports (report.json) at any depth; a report names its seed. All seeds must be there for each lesson.
"""
import collections
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent
HEAD = {"en": "| claim | what is measured | truth | band | least | greatest |",
        "tr": "| iddia | ne ölçülüyor | gerçek | aralık | en küçük | en büyük |"}
VARIES = {"en": "the seed's", "tr": "tohumun"}


def number(x, language):
    """Four digits at most, as the language writes them."""
    text = f"{x:.4g}" if abs(x) < 1e4 else f"{x:,.0f}"
    text = f"{x:.2e}" if 0 < abs(x) < 1e-4 else text
    return (text.translate(str.maketrans(".,", ",.")) if language == "tr" else text).replace("-", "−")


def with_unit(text, unit, language):
    if unit != "%":
        return f"{text} {unit}".strip()
    return f"%{text}" if language == "tr" else f"{text} %"


def common(claims, key, show):
    """What all seeds have in common; of what differs the generator knows the value for each seed."""
    values = {claim.get(key) for claim in claims}
    return None if len(values) > 1 else show(values.pop())


def shared(texts):
    """A text without the numbers in it that differ from seed to seed."""
    pieces = zip(*(re.split(r"(\d[\d.,]*\d|\d)", text) for text in texts))
    return "".join(piece[0] if len(set(piece)) == 1 else "…" for piece in pieces)


def tables(reports, language):
    lines = []
    for lesson in sorted({name for name, _ in reports}):
        runs = [report for (name, _), report in sorted(reports.items()) if name == lesson]
        claims = collections.defaultdict(list)
        for report in runs:
            for place, claim in enumerate(report["claims"]):  # what one says may name a figure of the seed's
                claims[claim["number"], place].append(claim)
        lines += ["", f"## [{lesson[:2]}]({lesson}.md)", "", HEAD[language], "|---|---|---|---|---|---|"]
        for (which, _), found in claims.items():
            if len(found) != len(runs):
                raise SystemExit(f"{lesson}: claim {which} was measured for {len(found)} of {len(runs)} seeds")
            unit = found[0]["unit_tr" if language == "tr" else "unit"]
            truth = common(found, "truth", lambda x: "" if x is None else with_unit(number(x, language), unit, language))
            band = common(found, "band", lambda x: (x.replace(".", ",") if language == "tr" else x).replace("-", "−"))
            if band == "shown" and language == "tr":
                band = "gösterilir"
            measured = [claim["measured"] for claim in found]
            cells = [which, shared(claim["says_tr" if language == "tr" else "says"] for claim in found), VARIES[language] if truth is None else truth,
                     VARIES[language] if band is None else band,
                     *(with_unit(number(x, language), unit, language) for x in (min(measured), max(measured)))]
            lines.append("| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def main():
    reports = {}
    for file in pathlib.Path(sys.argv[1]).rglob("report.json"):
        report = json.loads(file.read_text(encoding="utf-8"))
        if report["fast"]:
            raise SystemExit(f"{file}: a run with --fast is no figure")
        reports[report["lesson"], report["seed"]] = report
    seeds = {seed for _, seed in reports}
    for lesson in sorted({name for name, _ in reports}):
        missing = sorted(seeds - {seed for name, seed in reports if name == lesson})
        if missing:
            raise SystemExit(f"{lesson} lacks seeds {missing}")
    failed = [f"{lesson}, seed {seed}: claim {claim['number']}, {claim['measured']:.4g} of {claim['band']}"
              for (lesson, seed), report in sorted(reports.items()) for claim in report["claims"] if claim["asserted"] and not claim["holds"]]
    print("\n".join(failed) or f"{len(seeds)} seeds: all claims hold")
    for language in ("en", "tr"):
        page = ROOT / language / "seeds.md"
        head = page.read_text(encoding="utf-8").split("\n## ")[0].rstrip("\n") + "\n"
        page.write_text(head + tables(reports, language), encoding="utf-8")


if __name__ == "__main__":
    main()
