"""The tables that the package and ``curation/`` bring: a comma without quotes moves every cell after it by one."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.support.places import ROOT

TABLES = sorted(path for folder in ("esco_kg", "curation") for path in (ROOT / folder).rglob("*.csv"))


@pytest.mark.parametrize("path", TABLES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_row_has_the_cells_of_the_head(path: Path) -> None:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        head, *rows = csv.reader(line for line in stream if not line.startswith("#"))
    # In the table of the hierarchy deeper levels are left out: `esco_kg/esco/tables.py` reads it so.
    least = 0 if path.name.startswith("skillsHierarchy_") else len(head)
    assert [row for row in rows if row and not least <= len(row) <= len(head)] == []


def test_there_are_tables_to_look_at() -> None:
    names = {path.name for path in TABLES}
    assert {"phrases.csv", "wordings-en.csv", "ledger.csv", "skills_en.csv"} <= names
