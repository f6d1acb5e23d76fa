"""Tables as testers have them: CSV of every dialect, columns that come late, values of every type, or a line that says
where they are not."""

from __future__ import annotations

import csv
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from esco_kg.cli import main
from esco_kg.errors import InputError, UsageError
from esco_kg.trials import rows
from esco_kg.trials.csv_dialect import Dialect, dialect_given

ENDINGS = ("csv", "xlsx", "ndjson", "parquet")


def run(*arguments: object, status: int = 0) -> Result:
    result = CliRunner().invoke(main, [str(a) for a in arguments], catch_exceptions=False)
    assert result.exit_code == status, result.output
    return result


def read(path: Path, dialect: Dialect | None = None) -> list[rows.Row]:
    with rows.reading(path, dialect) as table:
        return list(table.rows)


def written(path: Path, records: list[rows.Row], *columns: str) -> Path:
    rows.write(path, dict.fromkeys(columns or records[0]), [[dict(record) for record in records]])
    return path


TEXTS = [
    {"id": "1", "text": "Stahlteile schweißen, prüfen"},
    {"id": "2", "text": 'sagen: "Grüße";\tund; mehr'},
    {"id": "3", "text": "zwei\nZeilen €"},
]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    ("encoding", "spoken"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", "read as UTF-16"),
        ("utf-16-le", "read as UTF-16"),
        ("utf-16-be", "read as UTF-16"),
        ("cp1252", "read as Windows-1252"),
    ],
)
def test_a_dialect_of_csv_is_recognised_and_said(encoding: str, spoken: str, delimiter: str, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.DictWriter(stream, ["id", "text"], delimiter=delimiter)
        writer.writeheader()
        writer.writerows(TEXTS)
    with rows.reading(path) as table:
        assert list(table.rows) == TEXTS
        assert spoken in table.told
        assert ("parted by" in table.told) == (delimiter != ",")
        assert table.told == "" or table.told.startswith(f"{path}: ")


_cell = st.text(st.characters(exclude_characters="\r\0", exclude_categories=["Cs"]), max_size=12)


@given(
    st.lists(st.tuples(_cell, _cell, _cell), min_size=1, max_size=8),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-16"]),
)
def test_a_dialect_that_is_given_is_taken(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, str, str]], delimiter: str, encoding: str
) -> None:
    path = tmp_path_factory.mktemp("given") / "t.csv"
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([("a", "b", "c"), *cells])
    found = read(path, Dialect("utf-8-sig" if encoding == "utf-8" else encoding, delimiter))
    assert [tuple(row.values()) for row in found] == cells


def test_one_column_of_texts_with_commas_is_one_column(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text('text\n"welding, milling"\n"a; b; c"\n')
    assert read(tmp_path / "t.csv") == [{"text": "welding, milling"}, {"text": "a; b; c"}]


def test_options_choose_a_dialect_where_recognising_fails(demonstration: Path, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("id~text\n1~Stahlteile schweißen\n".encode("cp850"))
    asked = ("assign", path, "--column", "text", "--language", "de", demonstration)
    found = run(*asked, "--encoding", "cp850", "--delimiter", "~")
    assert "t.csv: read as cp850, cells are parted by '~'" in found.stderr
    assert next(csv.DictReader(found.stdout.splitlines()))["skill_label"] == "Stahlteile schweißen"
    assert "there is no encoding 'klingon'" in run(*asked, "--encoding", "klingon", status=2).stderr
    assert "'~~' cannot part cells" in run(*asked, "--delimiter", "~~", status=2).stderr
    assert dialect_given("utf8", "semicolon") == Dialect("utf-8-sig", ";")


def test_a_byte_that_is_no_letter_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"text\nfine\nno\x81letter\n")
    with pytest.raises(InputError, match=r"t\.csv:3: not Windows-1252") as caught:
        read(tmp_path / "t.csv")
    assert "--encoding" in caught.value.hint


def test_columns_that_the_first_line_of_ndjson_lacks_are_kept(demonstration: Path, tmp_path: Path) -> None:
    """They were dropped without a word."""
    path = tmp_path / "t.ndjson"
    path.write_text('{"text": "weld steel parts"}\n{"text": "x", "region": "north", "n": 2}\n{"n": 3}\n')
    for ending in ENDINGS:
        out = tmp_path / f"out.{ending}"
        run("assign", path, "--column", "text", demonstration, "--out", out, "--quiet")
        found = [{name: row[name] or None for name in ("text", "region", "n")} for row in read(out)]
        as_read = (lambda n: str(n)) if ending == "csv" else (lambda n: n)
        assert found == [
            {"text": "weld steel parts", "region": None, "n": None},
            {"text": "x", "region": "north", "n": as_read(2)},
            {"text": None, "region": None, "n": as_read(3)},
        ]


VALUES: dict[str, list[Any]] = {
    "whole": [1, 2, None],
    "mixed": [1, "A-2", None],
    "fraction": [1, 2.5, None],
    "truth": [True, False, None],
    "list": [["a", "ä"], [], None],
    "object": [{"a": 1}, {"a": None}, None],
    "formula": ["=1+1", "@x", "+2"],
    "long": [12345678901234567, 2, None],
    "blank": [" a ", "", None],
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_values_keep_their_type_or_become_their_text(ending: str, tmp_path: Path) -> None:
    records = [{name: of[n] for name, of in VALUES.items()} for n in range(3)]
    found = read(written(tmp_path / f"t.{ending}", records))
    by = {name: [row[name] for row in found] for name in VALUES}
    if ending == "ndjson":
        assert by == VALUES
    elif ending == "parquet":
        assert by == VALUES | {"mixed": ["1", "A-2", None], "fraction": [1.0, 2.5, None]}
    elif ending == "xlsx":
        assert by == VALUES | {
            "list": ['["a", "ä"]', "[]", None],
            "object": ['{"a": 1}', '{"a": null}', None],
            "long": ["12345678901234567", 2, None],
            "blank": [" a ", None, None],
        }
    else:
        assert by["list"] == ['["a", "ä"]', "[]", ""] and by["object"] == ['{"a": 1}', '{"a": null}', ""]
        assert by["mixed"] == ["1", "A-2", ""] and by["truth"] == ["True", "False", ""]
        assert by["formula"] == VALUES["formula"] and by["blank"] == [" a ", "", ""]


@pytest.mark.parametrize("ending", ENDINGS)
def test_days_and_moments_keep_their_type_where_the_table_has_it(ending: str, tmp_path: Path) -> None:
    records: list[rows.Row] = [
        {"day": date(2026, 1, 31), "moment": datetime(2026, 1, 31, 14, 5)},
        {"day": None, "moment": datetime(2026, 2, 1, 9, 30)},
    ]
    found = read(written(tmp_path / f"t.{ending}", records))
    if ending in ("xlsx", "parquet"):
        assert found == records
    else:
        empty = "" if ending == "csv" else None
        assert [row["day"] for row in found] == ["2026-01-31", empty]
        assert [row["moment"] for row in found] == ["2026-01-31T14:05:00", "2026-02-01T09:30:00"]


def test_a_type_may_change_after_the_first_part_of_a_parquet_file(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    first = [{"id": n, "n": None} for n in range(25_000)]
    rows.write(path, {"id": None, "n": None}, [first, [{"id": "A-1", "n": 2.5}]])
    found = pl.read_parquet(path)
    assert found.schema == {"id": pl.String, "n": pl.Float64}
    assert found["id"].to_list()[-2:] == ["24999", "A-1"] and found["n"].to_list()[-2:] == [None, 2.5]


@pytest.mark.parametrize(
    ("ending", "value", "says"),
    [
        ("parquet", [["a"], "b"], "column 'x'"),
        ("csv", ["fine", "\ud800"], "record 2, column 'x': half a character"),
        ("ndjson", ["fine", "\ud800"], "record 2, column 'x': half a character"),
        ("xlsx", ["fine", "a" * 40_000], "record 2, column 'x': Excel holds 32,767 characters"),
        ("xlsx", [1.0, float("inf")], "record 2, column 'x': Excel has no infinite numbers"),
        ("ndjson", [1.0, float("inf")], "record 2, column 'x': JSON has no infinite numbers"),
        ("csv", ["fine", b"raw"], "record 2, column 'x': bytes are no text"),
    ],
)
def test_what_a_table_cannot_hold_is_refused_with_its_place(
    ending: str, value: list[Any], says: str, tmp_path: Path
) -> None:
    path = tmp_path / f"t.{ending}"
    with pytest.raises(UsageError) as caught:
        written(path, [{"x": one} for one in value])
    assert f"t.{ending}: " in str(caught.value) and says in str(caught.value) and not path.exists()


def test_a_formula_without_its_value_is_refused(tmp_path: Path) -> None:
    """It was read as an empty cell: nobody had computed it."""
    book = Workbook()
    book.active.append(["id", "text"])
    book.active.append([1, "plain"])
    book.active.append([2, '=CONCATENATE("we","ld")'])
    book.save(tmp_path / "t.xlsx")
    with pytest.raises(InputError, match=r"t\.xlsx:3: column 'text' holds the formula =CONCATENATE"):
        read(tmp_path / "t.xlsx")


def test_a_workbook_keeps_numbers_days_and_empty_ends(demonstration: Path, tmp_path: Path) -> None:
    book = Workbook()
    for row in (["id", "text", "on", None], [7, "weld steel parts", date(2026, 1, 31)], ["B8", None, None, None]):
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    out = tmp_path / "out.xlsx"
    run("assign", tmp_path / "t.xlsx", "--column", "text", demonstration, "--out", out, "--quiet")
    lines = list(load_workbook(out).worksheets[0].iter_rows(values_only=True))
    assert lines[0][:4] == ("id", "text", "on", "skill")
    assert lines[1][:3] == (7, "weld steel parts", datetime(2026, 1, 31)) and lines[2][:3] == ("B8", None, None)
    run("assign", tmp_path / "t.xlsx", "--column", "text", demonstration, "--out", tmp_path / "o.ndjson")
    first = json.loads((tmp_path / "o.ndjson").read_text(encoding="utf-8").splitlines()[0])
    assert (first["id"], first["on"]) == (7, "2026-01-31")
