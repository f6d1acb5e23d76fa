"""The shares in ``docs/readings/places.md``, from the tables beside it: ``python -m tests.pages.readings``."""

from __future__ import annotations

import csv
from pathlib import Path

from esco_kg.evaluation.intervals import of_share
from tests.support.places import ROOT

PAGE = ROOT / "docs" / "readings" / "places.md"
TABLE = PAGE.with_suffix(".csv")
TABLES = {
    "Before the fifth round": TABLE,
    "After the fifth round": PAGE.with_name("places-fifth-round.csv"),
    "After the sixth round": PAGE.with_name("places-sixth-round.csv"),
}
CLUSTERS = PAGE.with_name("clusters-sixth-round.csv")
"""Every finest cluster with what each of two readers said of it: right or wrong."""
MARK = "<!-- From here on written by `python -m tests.pages.readings` from the tables. -->\n"
_HEAD = (
    "| sample | skills | wrong in both readings | 95 % interval | wrong in one alone |\n"
    "| --- | ---: | ---: | ---: | ---: |\n"
)


_CLUSTERS = _HEAD.replace("| skills |", "| clusters |").replace("wrong", "unfit")


def page(text: str) -> str:
    """The page with its shares as they must be; what stands before the mark stays as it is."""
    tables = [f"\n{round_}:\n\n{_table(path)}" for round_, path in TABLES.items()]
    clusters = [{**row, "sample": "all finest clusters"} for row in _rows(CLUSTERS)]
    tables.append(f"\nFinest clusters, after the sixth round:\n\n{_CLUSTERS}{_line(clusters, 'all finest clusters')}")
    return text.split(MARK)[0] + MARK + "".join(tables)


def _table(path: Path) -> str:
    rows = _rows(path)
    return _HEAD + "".join(_line(rows, sample) for sample in sorted({row["sample"] for row in rows}))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _line(rows: list[dict[str, str]], sample: str) -> str:
    wrong = [[row["first_reading"], row["second_reading"]].count("wrong") for row in rows if row["sample"] == sample]
    both = of_share(wrong.count(2) / len(wrong), len(wrong))
    one = wrong.count(1) / len(wrong)
    return f"| {sample} | {len(wrong)} | {both.value:.1%} | {both.low:.1%} to {both.high:.1%} | {one:.1%} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
