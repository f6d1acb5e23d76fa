"""``make bench-review``: whether review meets the places known to be wrong early; writes docs/benchmarks/review.md.

python -m tests.bench.review RELEASE
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from esco_kg.evaluation.intervals import of_share
from esco_kg.folder.material import Material, read_material
from esco_kg.trials.review.cases import queues
from esco_kg.trials.review.disagreement import disagreement
from tests.support.places import ROOT

PAGE = ROOT / "docs" / "benchmarks" / "review.md"
READINGS = ROOT / "docs" / "readings"
_CUTS = (100, 250, 500, 700)
_FEWEST = 20
_RARE = 500


def still(material: Material, name: str) -> tuple[list[dict[str, str]], int]:
    """The rows of a table of readings whose skill is still in the cluster that was judged, and how many are not."""
    with (READINGS / name).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    kept = [
        row
        for row in rows
        if row["skill"] in material.primary and material.label(material.primary[row["skill"]].cluster) == row["cluster"]
    ]
    return kept, len(rows) - len(kept)


def orders(material: Material) -> dict[str, list[str]]:
    """Ways to order the skills that 20 occupations or more need."""
    used = {skill: len(material.occupations_of.get(skill, ())) for skill in material.primary}
    frequent = sorted(skill for skill, number in used.items() if number >= _FEWEST)
    doubts = disagreement(material)
    margins = {skill: 1 - (material.primary[skill].margin or 0.0) for skill in frequent}
    return {
        "disagreement (the first queue)": [skill for skill in queues(material)[0] if skill in set(frequent)],
        "disagreement x use": sorted(frequent, key=lambda skill: -doubts[skill] * used[skill]),
        "(1 - margin) x use (before)": sorted(frequent, key=lambda skill: -margins[skill] * used[skill]),
    }


def frequent_lines(material: Material) -> Iterator[str]:
    """The share of the known wrong places that each order meets early."""
    rows, gone = still(material, "frequent.csv")
    wrong = {row["skill"] for row in rows}
    found = orders(material)
    number = len(next(iter(found.values())))
    yield (
        f"Of {number:,} skills that {_FEWEST} occupations or more need, {len(wrong)} are in the wrong place by reading"
        f" ([frequent.csv](../readings/frequent.csv)). {gone} more were, and are in another cluster now. Share met:"
    )
    yield ""
    yield "| order | " + " | ".join(f"first {cut}" for cut in _CUTS) + " |"
    yield "|---|" + "---:|" * len(_CUTS)
    yield "| by chance | " + " | ".join(f"{cut / number:.3f}" for cut in _CUTS) + " |"
    for name, order in found.items():
        yield f"| {name} | " + " | ".join(f"{_met(order[:cut], wrong):.3f}" for cut in _CUTS) + " |"


def _met(order: Sequence[str], wrong: set[str]) -> float:
    return len(wrong.intersection(order)) / len(wrong)


def rare_lines(material: Material) -> Iterator[str]:
    """How many are wrong at the head of the second queue, and in a random sample."""
    rows, gone = still(material, "rare.csv")
    _, queue = queues(material)
    head = set([skill for skill in queue if material.primary[skill].margin is not None][:_RARE])
    yield "| rarely used skills | read | wrong | share | 95 % interval |"
    yield "|---|---:|---:|---:|---:|"
    for name, label in (("first 500", f"a draw of the first {_RARE} of the second queue"), ("random", "a draw of all")):
        of = [row for row in rows if row["sample"] == name and (name == "random" or row["skill"] in head)]
        wrong = sum(row["reading"] == "wrong" for row in of)
        share = of_share(wrong / len(of), len(of))
        yield f"| {label} | {len(of)} | {wrong} | {share.value:.3f} | {share.low:.3f} to {share.high:.3f} |"
    yield ""
    yield f"{gone} rows are left out, since their skill is in another cluster now."


def page(material: Material) -> str:
    """The page."""
    lines = [
        "# Review, measured",
        "",
        f"Written by `make bench-review`: release {material.version} of ESCO {material.esco_version}. How the places"
        " were read is told in [Are skills in the right place?](../readings/places.md): once, by the one who wrote the"
        " order, too.",
        "",
        "## Much used skills",
        "",
        *frequent_lines(material),
        "",
        "## Rarely used skills",
        "",
        *rare_lines(material),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(read_material(Path(sys.argv[1]))), encoding="utf-8", newline="\n")
