"""The shares in ``docs/readings/places.md``, from the tables beside it: ``python -m tests.pages.readings``."""

from __future__ import annotations

import csv

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

_HEAD_OF_ONE = "| sample | skills | wrong | 95 % interval |\n| --- | ---: | ---: | ---: |\n"


def page(text: str) -> str:
    """The page with its shares as they must be; what stands before the mark stays as it is."""
    with TABLE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    samples = sorted({row["sample"] for row in rows})
    both = _HEAD + "".join(_line(rows, sample) for sample in samples)
    with FIFTH_ROUND.open(encoding="utf-8", newline="") as stream:
        later = list(csv.DictReader(stream))
    one = _HEAD_OF_ONE + "".join(_line_of_one(later, sample) for sample in samples)
    said = f"\nBefore the fifth round, two readings:\n\n{both}\nAfter it, one reading:\n\n{one}"
    return text.split(MARK)[0] + MARK + said


def _line(rows: list[dict[str, str]], sample: str) -> str:
    wrong = [[row["first_reading"], row["second_reading"]].count("wrong") for row in rows if row["sample"] == sample]
    both = of_share(wrong.count(2) / len(wrong), len(wrong))
    one = wrong.count(1) / len(wrong)
    return f"| {sample} | {len(wrong)} | {both.value:.1%} | {both.low:.1%} to {both.high:.1%} | {one:.1%} |\n"


def _line_of_one(rows: list[dict[str, str]], sample: str) -> str:
    read = [row["reading"] for row in rows if row["sample"] == sample]
    wrong = of_share(read.count("wrong") / len(read), len(read))
    return f"| {sample} | {len(read)} | {wrong.value:.1%} | {wrong.low:.1%} to {wrong.high:.1%} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
