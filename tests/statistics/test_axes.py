"""JSON-stat, PC-Axis and the workbook: read by libraries that did not write them, compared with the tables' CSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pyaxis import pyaxis
from pyjstat import pyjstat

from esco_kg.model.cube import Statistics
from esco_kg.model.published import ReleaseInfo
from esco_kg.statistics import measures
from esco_kg.statistics.jsonstat import write_jsonstat
from esco_kg.statistics.px import write_px
from esco_kg.statistics.relational import statistics_tables
from esco_kg.statistics.workbook import write_workbook
from tests.scheme.test_cubes import statistics
from tests.support.sample_release import Sample, sample

Figures = dict[tuple[str, ...], float]


@pytest.fixture(scope="module")
def made() -> Sample:
    return sample()


@pytest.fixture(scope="module")
def found(made: Sample) -> Statistics:
    return statistics(made)


@pytest.fixture(scope="module")
def info(made: Sample) -> ReleaseInfo:
    return made.release


def figures(statistics: Statistics, info: ReleaseInfo) -> Iterator[tuple[str, Figures]]:
    """Each table with its figures by key: codes of the dimensions, figure, release, date."""
    for cube in statistics.cubes:
        kept: Figures = {}
        for key, values, status in cube.observations():
            for figure, value in zip(cube.figures, values, strict=True):
                if status == "F":
                    assert isinstance(value, int | float)
                    kept[(*map(str, key), figure.column, info.version, info.issued)] = float(value)
        yield cube.table.name, kept


def suppressed(made: Sample) -> Statistics:
    """The table of types by cluster, its second row suppressed."""
    tables = measures.run(made.store(), ["cluster-skill-types"])
    tables[0].statuses = ["F", "C", *["F"] * (len(tables[0].rows) - 2)]
    return statistics(made, tables)


def test_json_stat_reads_back(made: Sample, found: Statistics, info: ReleaseInfo, tmp_path: Path) -> None:
    for cube in found.cubes:
        write_jsonstat(cube, tmp_path / f"{cube.table.name}.json", made.config, info)
    for name, expected in figures(found, info):
        text = (tmp_path / f"{name}.json").read_text(encoding="utf-8")
        frame = pyjstat.Dataset.read(text).write("dataframe", naming="id")
        frame = frame[frame["value"].notna()]
        *axes, _ = frame.columns
        assert {tuple(map(str, row[:-1])): row[-1] for row in frame.itertuples(index=False)} == expected, name
        assert axes[-3:] == ["indicator", "release", "date"]


def test_json_stat_says_units_parents_and_time(
    made: Sample, found: Statistics, info: ReleaseInfo, tmp_path: Path
) -> None:
    cube = next(cube for cube in found.cubes if cube.table.name == "occupation-links")
    write_jsonstat(cube, tmp_path / "a.json", made.config, info)
    said = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert said["role"] == {"time": ["date"], "metric": ["indicator"]} and said["updated"] == info.issued
    units = said["dimension"]["indicator"]["category"]["unit"]
    assert (
        units["essential"] == {"label": "number of links", "decimals": 0} and units["essential_share"]["decimals"] == 4
    )
    children = said["dimension"]["cluster"]["category"]["child"]
    clusters = made.clustering.clusters
    assert all(clusters[code].parent == parent for parent, codes in children.items() for code in codes)
    assert len(said["dimension"]["cluster"]["category"]["index"]) == len(clusters)


def test_px_reads_back(made: Sample, found: Statistics, info: ReleaseInfo, tmp_path: Path) -> None:
    for cube in found.cubes:
        write_px(cube, tmp_path / f"{cube.table.name}.px", made.config, info)
    for name, expected in figures(found, info):
        read = read_px(tmp_path / f"{name}.px")
        assert read == expected, name


def read_px(path: Path) -> Figures:
    """Key by codes -> figure, as pyaxis reads it; cells without a row are left out."""
    parsed = pyaxis.parse(str(path), encoding="utf-8")
    said, frame = parsed["METADATA"], parsed["DATA"]
    axes = [*said.get("STUB", []), *said["HEADING"]]
    # The library keeps the names; the codes stand in the same order.
    keys = product(*(said[f"CODES({axis})"] for axis in axes))
    cells = zip(keys, frame["DATA"], strict=True)
    return {key: float(cell) for key, cell in cells if cell not in ("", '"."') and cell == cell}


def test_px_has_the_keywords_that_the_format_demands(
    made: Sample, found: Statistics, info: ReleaseInfo, tmp_path: Path
) -> None:
    cube = next(cube for cube in found.cubes if cube.table.name == "isco-major-groups")
    write_px(cube, tmp_path / "a.px", made.config, info)
    content = (tmp_path / "a.px").read_bytes().decode("utf-8")
    assert content.count("\r\n") == content.count("\n") and content.endswith(";\r\n")
    head, data = content.split("DATA=\r\n")
    keywords = [line.partition("=")[0].partition("(")[0] for line in head.split("\r\n") if not line.startswith('"')]
    needed = ("DECIMALS", "MATRIX", "SUBJECT-CODE", "SUBJECT-AREA", "TITLE", "CONTENTS", "UNITS", "HEADING", "VALUES")
    assert keywords[0] == "CHARSET" and set(needed) <= set(keywords)
    assert all(len(line) <= 256 + len('VALUES("Reuse level")=""') for line in head.split("\r\n"))
    assert all(line.endswith(" ") for line in data.split("\r\n")[:-2])
    said = pyaxis.parse(str(tmp_path / "a.px"), encoding="utf-8")["METADATA"]
    assert len(set(said["VALUES(Cluster)"])) == len(said["CODES(Cluster)"])


def test_px_shows_counts_without_decimals(made: Sample, found: Statistics, info: ReleaseInfo, tmp_path: Path) -> None:
    """All figures were said to have four decimals, and counts a PRECISION of 0, which the format does not know."""
    for cube in found.cubes:
        write_px(cube, tmp_path / "a.px", made.config, info)
        said = pyaxis.parse(str(tmp_path / "a.px"), encoding="utf-8")["METADATA"]
        (shown,) = map(int, said["SHOWDECIMALS"])
        precise = {key: int(value[0]) for key, value in said.items() if key.startswith("PRECISION(")}
        assert all(number > shown for number in precise.values())
        wanted = [0 if figure.datatype == "integer" else 4 for figure in cube.figures]
        assert sorted([*precise.values(), *[shown] * (len(wanted) - len(precise))]) == sorted(wanted)


def test_suppressed_figures_are_marked_in_each_form(made: Sample, info: ReleaseInfo, tmp_path: Path) -> None:
    few = suppressed(made)
    (cube,) = few.cubes
    hidden = cube.table.rows[1][0]
    write_jsonstat(cube, tmp_path / "a.json", made.config, info)
    write_px(cube, tmp_path / "a.px", made.config, info)
    said = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert set(said["status"].values()) == {"C"} and len(said["status"]) == len(cube.figures)
    ((_, expected),) = figures(few, info)
    assert read_px(tmp_path / "a.px") == expected
    assert hidden not in {key[0] for key in expected}
    assert (tmp_path / "a.px").read_text(encoding="utf-8").count('".."') == len(cube.figures)


def test_the_workbook_reads_back(made: Sample, found: Statistics, info: ReleaseInfo, tmp_path: Path) -> None:
    tables = measures.run(made.store())
    write_workbook(statistics_tables(tables, found.cubes), tmp_path / "a.xlsx", info, title="T", licence="L")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx", read_only=False)
    assert book.sheetnames == ["Contents", "Columns", *(table.name for table in tables)]
    assert book.properties.created.date().isoformat() == info.issued
    for table in tables:
        head, *rows = list(book[table.name].iter_rows(values_only=True))
        assert head == (*table.columns, "release", "issued")
        expected = [tuple(None if value == "" else value for value in row) for row in table.rows]
        assert [row[:-2] for row in rows] == expected, table.name
        assert {(row[-2], row[-1].date().isoformat()) for row in rows} <= {(info.version, info.issued)}
    listed = {row[0]: row[1] for row in book["Contents"].iter_rows(min_row=2, values_only=True)}
    assert listed == {table.name: len(table.rows) for table in tables}


def test_the_bytes_are_the_same_every_time(made: Sample, found: Statistics, info: ReleaseInfo, tmp_path: Path) -> None:
    tables = statistics_tables(measures.run(made.store(), ["levels"]), found.cubes)
    for name in ("one", "two"):
        write_workbook(tables, tmp_path / f"{name}.xlsx", info, title="T", licence="L")
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_a_release_has_each_table_in_each_form(demonstration: Path) -> None:
    names = {path.stem for path in (demonstration / "sdmx").glob("*.csv")}
    assert names == {path.stem for path in (demonstration / "px").iterdir()}
    assert names == {path.stem for path in (demonstration / "jsonstat").iterdir()}
    book = openpyxl.load_workbook(demonstration / "esco-kg-1.0.0.xlsx", read_only=True)
    with (demonstration / "statistics" / "levels.csv").open(encoding="utf-8", newline="") as stream:
        levels = list(csv.reader(stream))
    found: list[Any] = [[str(cell) for cell in row[:-2]] for row in book["levels"].iter_rows(values_only=True)]
    assert [[*row[:2], *row[2:4], float(row[4])] for row in found[1:]] == [
        [*row[:4], float(row[4])] for row in levels[1:]
    ]
