"""Database, Parquet and Data Package of a release: opened by the programs that people use, compared with its CSV."""

from __future__ import annotations

import asyncio
import csv
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import frictionless
import pytest
from datasette.app import Datasette

from esco_kg.model.relational import RelationalColumn, RelationalTable
from esco_kg.statistics.parquet import write_parquet
from esco_kg.statistics.sqlite import write_sqlite

STEM = "esco-kg-1.0.0"


@pytest.fixture(scope="module")
def database(demonstration: Path) -> Iterator[sqlite3.Connection]:
    with sqlite3.connect(f"file:{demonstration / STEM}.sqlite?mode=ro", uri=True) as found:
        yield found


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def typed(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text


def as_text(value: Any) -> str | float:
    return "" if value is None else float(value) if isinstance(value, int | float) else str(value)


def tables(database: sqlite3.Connection) -> list[str]:
    listed = database.execute('SELECT DISTINCT "table" FROM columns ORDER BY 1').fetchall()
    return [name for (name,) in listed]


def test_statistics_are_those_of_the_csv(demonstration: Path, database: sqlite3.Connection) -> None:
    names = [path.stem for path in (demonstration / "statistics").glob("*.csv")]
    assert {f"statistics_{name.replace('-', '_')}" for name in names} == {
        name for name in tables(database) if name.startswith("statistics_")
    }
    for name in names:
        table = f"statistics_{name.replace('-', '_')}"
        text = {
            column
            for column, kind in database.execute('SELECT "column", type FROM columns WHERE "table" = ?', [table])
            if kind == "string"
        }
        expected = [
            tuple(cell if column in text else typed(cell) for column, cell in row.items())
            for row in rows(demonstration / "statistics" / f"{name}.csv")
        ]
        found = [tuple(map(as_text, row)) for row in database.execute(f"SELECT * FROM {table}")]
        assert sorted(found, key=str) == sorted(expected, key=str), name


def test_clusters_and_allocations_are_those_of_the_csv(demonstration: Path, database: sqlite3.Connection) -> None:
    found = database.execute(
        "SELECT s.iri, s.code, coalesce(s.label, ''), a.cluster, a.rank, a.weight, a.margin, "
        "coalesce(a.runner_up, ''), "
        "a.method, coalesce(a.decision, '') FROM allocations a JOIN skills s ON s.id = a.skill"
    ).fetchall()
    expected = [
        tuple(typed(row[c]) if c in ("weight", "margin") else row[c] for c in row)
        for row in rows(demonstration / f"{STEM}-allocations.csv")
    ]
    assert sorted((tuple(map(as_text, r)) for r in found), key=str) == sorted(expected, key=str)
    clusters = database.execute(
        "SELECT id, depth, coalesce(parent, ''), label, skills, created, modified FROM clusters"
    ).fetchall()
    assert clusters == [
        (
            row["id"],
            int(row["depth"]),
            row["parent"],
            row["label_en"],
            int(row["skills"]),
            row["created"],
            row["modified"],
        )
        for row in rows(demonstration / f"{STEM}-clusters.csv")
    ]
    primary = dict(database.execute("SELECT skill, cluster FROM allocations WHERE rank = 'primary'"))
    assert dict(database.execute("SELECT id, cluster FROM skills WHERE cluster IS NOT NULL")) == primary


def test_every_reference_leads_to_a_row(database: sqlite3.Connection) -> None:
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    references = {
        (table, row[2]) for table in tables(database) for row in database.execute(f"PRAGMA foreign_key_list({table})")
    }
    assert {("allocations", "skills"), ("allocations", "clusters"), ("clusters", "clusters")} <= references
    assert ("statistics_sector_profiles", "sectors") in references


def test_words_are_found_without_their_accents(tmp_path: Path) -> None:
    columns = (RelationalColumn("code", "string", "code"), RelationalColumn("label", "string", "label"))
    table = RelationalTable("skills", "Skills", columns, ("code",), ("label",), [("a", "prepare purée"), ("b", "bake")])
    write_sqlite([table], tmp_path / "one.sqlite")
    with sqlite3.connect(tmp_path / "one.sqlite") as found:
        hits = found.execute(
            "SELECT code FROM skills JOIN skills_fts ON skills.rowid = skills_fts.rowid WHERE skills_fts MATCH 'puree'"
        ).fetchall()
    assert hits == [("a",)]


def test_a_reference_to_no_row_is_an_error(tmp_path: Path) -> None:
    column = RelationalColumn("parent", "string", "parent", "clusters.parent")
    table = RelationalTable("clusters", "Clusters", (column,), ("parent",), rows=[("c1",)])
    write_sqlite([table], tmp_path / "right.sqlite")
    other = RelationalTable(
        "links", "Links", (RelationalColumn("to", "string", "to", "clusters.parent"),), rows=[("c2",)]
    )
    with pytest.raises(ValueError, match="table links refers to a row of clusters"):
        write_sqlite([table, other], tmp_path / "wrong.sqlite")


def test_datasette_shows_titles_columns_and_search(demonstration: Path) -> None:
    metadata = json.loads((demonstration / f"{STEM}-datasette.json").read_text(encoding="utf-8"))

    async def ask(*addresses: tuple[str, str]) -> list[Any]:
        datasette = Datasette(immutables=[str(demonstration / f"{STEM}.sqlite")], metadata=metadata)
        await datasette.invoke_startup()
        return [await datasette.client.get(datasette.urls.table(STEM, table) + rest) for table, rest in addresses]

    label = rows(demonstration / f"{STEM}-clusters.csv")[0]["label_en"]
    word = max(label.replace("-", " ").split(), key=len)
    page, found, linked = asyncio.run(
        ask(("clusters", ""), ("clusters", f".json?_search={word}&_shape=array"), ("allocations", ""))
    )
    assert page.status_code == 200 and "date its content last changed" in page.text
    assert "The clusters" in page.text and "Search" in page.text
    assert label in [row["label"] for row in found.json()]
    # A reference shows the name of what it leads to.
    assert (
        linked.status_code == 200 and rows(demonstration / f"{STEM}-allocations.csv")[0]["skill_label"] in linked.text
    )


def test_parquet_holds_the_same_as_the_database(demonstration: Path, database: sqlite3.Connection) -> None:
    names = {path.stem for path in (demonstration / "parquet").glob("*.parquet")}
    assert names == set(tables(database))
    for name in sorted(names):
        found = duckdb.read_parquet(str(demonstration / "parquet" / f"{name}.parquet"))
        expected = database.execute(f'SELECT * FROM "{name}"').fetchall()
        as_said = sorted((tuple(map(as_text, row)) for row in found.fetchall()), key=str)
        assert as_said == sorted((tuple(map(as_text, row)) for row in expected), key=str), name
    kinds = dict(
        duckdb.sql(f"DESCRIBE SELECT * FROM '{demonstration}/parquet/clusters.parquet'")
        .project("column_name, column_type")
        .fetchall()
    )
    assert (kinds["depth"], kinds["created"], kinds["sector_concentration"]) == ("BIGINT", "DATE", "DOUBLE")


def test_the_data_package_is_valid_and_whole(demonstration: Path) -> None:
    package = frictionless.Package(str(demonstration / "datapackage.json"))
    report = package.validate()
    assert report.valid, report.flatten(["name", "type", "note"])
    described = {resource.path for resource in package.resources}
    files = {path.relative_to(demonstration).as_posix() for path in demonstration.rglob("*")}
    # SDMX tables are described by their own structures.
    assert described == {n for n in files if n.endswith((".csv", ".parquet")) and not n.startswith("sdmx/")}


def test_the_bytes_are_the_same_every_time(tmp_path: Path) -> None:
    columns = (
        RelationalColumn("id", "string", "id"),
        RelationalColumn("day", "date", "day"),
        RelationalColumn("share", "decimal", "share"),
    )
    values: list[tuple[str, str, float | None]] = [
        (f"c{n}", "2026-01-31", n / 7 if n % 5 else None) for n in range(500)
    ]
    table = RelationalTable("things", "Things", columns, ("id",), ("id",), list(values))
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
        write_sqlite([table], tmp_path / place / "a.sqlite")
        write_parquet([table], tmp_path / place / "parquet")
    for name in ("a.sqlite", "parquet/things.parquet"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
