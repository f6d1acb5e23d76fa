"""The ten questions of ``docs/analysts.md``: one answer in SQL, DuckDB, pandas, polars and R."""

from __future__ import annotations

import csv
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.support.places import ROOT

PAGE = (ROOT / "docs" / "analysts.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"^\*\*(\w+)\*\*[^\n]*\n\n```\w+\n(.*?)```", flags=re.DOTALL | re.MULTILINE)
Rows = list[tuple[str | float, ...]]


def blocks(program: str) -> list[str]:
    return [code for name, code in _BLOCK.findall(PAGE) if name == program]


def cells(rows: Any) -> Rows:
    """Numbers to four decimals, texts as they are."""
    return [tuple(_cell(cell) for cell in row) for row in rows]


def _cell(cell: Any) -> str | float:
    try:
        return round(float(cell), 4)
    except ValueError:
        return str(cell)


@pytest.fixture(scope="module")
def by_sql(demonstration: Path) -> list[Rows]:
    with sqlite3.connect(demonstration / "esco-kg-1.0.0.sqlite") as database:
        return [cells(database.execute(query)) for query in blocks("SQL")]


def run(program: list[str], code: str, end: str, release: Path, folder: Path) -> list[Rows]:
    """Run the first block, then each question followed by ``end``, which writes the answer to ``N.csv``."""
    first, *questions = blocks(code)
    parts = [first, *(f"{question}\n{end.format(number)}" for number, question in enumerate(questions, start=1))]
    script = folder / "script"
    script.write_text("\n".join(parts), encoding="utf-8")
    environment = os.environ | {"OUT": str(folder), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [*program, str(script)], cwd=release, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    found = []
    for number in range(1, len(questions) + 1):
        with (folder / f"{number}.csv").open(encoding="utf-8", newline="") as stream:
            found.append(cells(list(csv.reader(stream))[1:]))
    return found


def test_there_are_ten_questions_in_five_programs(by_sql: list[Rows]) -> None:
    assert [len(blocks(name)) for name in ("SQL", "DuckDB", "pandas", "polars", "R")] == [10, 10, 11, 11, 11]
    assert all(by_sql)


def test_answers_are_those_of_the_statistics(demonstration: Path, by_sql: list[Rows]) -> None:
    with (demonstration / "statistics" / "levels.csv").open(encoding="utf-8", newline="") as stream:
        levels = [(row["depth"], row["clusters"], row["skills"]) for row in csv.DictReader(stream)]
    assert by_sql[0] == cells(levels)


def test_duckdb_gives_the_same(demonstration: Path, by_sql: list[Rows], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(demonstration)
    assert [cells(duckdb.sql(query).fetchall()) for query in blocks("DuckDB")] == by_sql


@pytest.mark.parametrize(
    ("program", "end"),
    [
        ("pandas", 'import os; answer.to_csv(os.environ["OUT"] + "/{}.csv", index=False)'),
        ("polars", 'import os; answer.write_csv(os.environ["OUT"] + "/{}.csv")'),
    ],
)
def test_data_frames_give_the_same(
    demonstration: Path, tmp_path: Path, by_sql: list[Rows], program: str, end: str
) -> None:
    assert run([sys.executable], program, end, demonstration, tmp_path) == by_sql


def test_r_gives_the_same(demonstration: Path, tmp_path: Path, by_sql: list[Rows]) -> None:
    if not shutil.which("Rscript"):
        pytest.skip("R is not installed, such as Debian's r-base-core")
    end = 'write.csv(answer, paste0(Sys.getenv("OUT"), "/{}.csv"), row.names = FALSE, fileEncoding = "UTF-8")'
    assert run(["Rscript"], "R", end, demonstration, tmp_path) == by_sql


def test_the_search_finds_words(demonstration: Path) -> None:
    (search,) = re.findall(r"search is\n\n```sql\n(.*?)```", PAGE, flags=re.DOTALL)
    with sqlite3.connect(demonstration / "esco-kg-1.0.0.sqlite") as database:
        found = database.execute(search).fetchall()
    assert found and all(cluster for _, cluster in found)
