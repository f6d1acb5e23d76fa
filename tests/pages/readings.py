"""The shares in ``docs/readings/places.md``, from the tables beside it: ``python -m tests.pages.readings``."""

from __future__ import annotations

import csv
from pathlib import Path

from esco_kg.evaluation.intervals import of_share
from tests.support.places import ROOT

PAGE = ROOT / "docs" / "readings" / "places.md"
TABLE = PAGE.with_suffix(".csv")
FIFTH_ROUND = PAGE.with_name("places-fifth-round.csv")
MARK = "<!-- From here on written by `python -m tests.pages.readings` from the tables. -->\n"
_HEAD = (
    "| sample | skills | wrong in both readings | 95 % interval | wrong in one alone |\n"
    "| --- | ---: | ---: | ---: | ---: |\n"
)


def page(text: str) -> str:
    """The page with its shares as they must be; what stands before the mark stays as it is."""
    tables = f"\nBefore the fifth round:\n\n{_table(TABLE)}\nAfter it:\n\n{_table(FIFTH_ROUND)}"
    return text.split(MARK)[0] + MARK + tables


def _table(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return _HEAD + "".join(_line(rows, sample) for sample in sorted({row["sample"] for row in rows}))


def _line(rows: list[dict[str, str]], sample: str) -> str:
    wrong = [[row["first_reading"], row["second_reading"]].count("wrong") for row in rows if row["sample"] == sample]
    both = of_share(wrong.count(2) / len(wrong), len(wrong))
    one = wrong.count(1) / len(wrong)
    return f"| {sample} | {len(wrong)} | {both.value:.1%} | {both.low:.1%} to {both.high:.1%} | {one:.1%} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
