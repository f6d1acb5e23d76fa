"""Rows, lines and separators of ESCO's CSV tables, whole and damaged."""

from __future__ import annotations

import csv
import io
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esco_kg.errors import InputError
from esco_kg.esco.defects import Tally
from esco_kg.esco.tables import TableFile, iris, labels, read_rows
from esco_kg.rdf.terms import is_http_iri
from tests.support.esco_csv import Miniature

COLUMNS = ("filename", "data header", "property", "description")
HEADER = b"filename,data header,property,description\n"


def written(folder: Path, data: bytes, table: str = "dictionary") -> TableFile:
    path = folder / f"{table}_en.csv"
    path.write_bytes(data)
    return TableFile(table, "en", "", path.name, path)


def rows(folder: Path, data: bytes, tally: Tally | None = None) -> list[tuple[int, tuple[str, ...]]]:
    return list(read_rows(written(folder, data), COLUMNS, tally or Tally()))


def refused(folder: Path, data: bytes, table: str = "dictionary") -> InputError:
    with pytest.raises(InputError) as caught:
        list(read_rows(written(folder, data, table), COLUMNS, Tally()))
    assert caught.value.hint
    return caught.value


def test_lines_are_those_an_editor_shows(tmp_path: Path) -> None:
    data = HEADER + b'a,b,c,d\n"two\nlines",b,c,d\r\n\r\ne,"x\r\ny\r\n",c,d\ne,,,\n'
    found = rows(tmp_path, data)
    assert [line for line, _ in found] == [2, 3, 6, 9]
    text = data.decode().replace("\r\n", "\n").split("\n")
    assert text[6 - 1].startswith("e,") and text[9 - 1] == "e,,,"


@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_boms_and_line_ends(tmp_path: Path, newline: bytes, bom: bytes) -> None:
    data = bom + (HEADER + b"a,b,c,d\ne,f,g,h").replace(b"\n", newline)
    assert rows(tmp_path, data) == [(2, ("a", "b", "c", "d")), (3, ("e", "f", "g", "h"))]


def test_short_rows_are_padded_and_counted(tmp_path: Path) -> None:
    tally = Tally()
    found = rows(tmp_path, HEADER + b"a,b,c,d\na,b\na,b,c,d\na,b,c,d,,\n", tally)
    assert found[1] == (3, ("a", "b", "", ""))
    assert found[3] == (5, ("a", "b", "c", "d"))
    (defect,) = tally.defects()
    assert (defect.kind, defect.place, defect.count) == ("short-row", "dictionary_en.csv:3", 1)
    assert tally.rows == {"dictionary_en.csv": 4}


def test_a_table_of_short_rows_lost_a_column(tmp_path: Path) -> None:
    error = refused(tmp_path, HEADER + b"a,b,c\na,b,c\na,b,c,d\n")
    assert "2 of 3 rows" in str(error) and "column was lost" in error.hint


def test_a_column_of_a_later_version_reads_as_empty(tmp_path: Path) -> None:
    file = written(tmp_path, HEADER + b"a,b,c,d\n")
    assert list(read_rows(file, ("property", "naceCode", "filename"), Tally())) == [(2, ("c", "", "a"))]


@pytest.mark.parametrize(
    ("data", "place", "problem"),
    [
        (b"", "dictionary_en.csv", "is empty"),
        (b"<html><body>x</body></html>\n", "dictionary_en.csv:1", "is a web page"),
        (HEADER.replace(b",", b";"), "dictionary_en.csv:1", "not separated by commas"),
        (HEADER.replace(b",property", b""), "dictionary_en.csv:1", "column property is missing"),
        (HEADER.replace(b"\n", b",filename\n"), "dictionary_en.csv:1", "column filename stands twice"),
        (HEADER + b"a,b,c,d\na,b,c,d,e\n", "dictionary_en.csv:3", "5 cells"),
        (HEADER + b'a,b,c,d\na,"b,c,d\nx,y\n', "dictionary_en.csv:3", "does not end"),
        (HEADER + b'a,b,c,d\na,"b"c,c,d\n', "dictionary_en.csv:3", "broken"),
        (HEADER + b'a,"b\nb",c,d\na,b\xe9,c,d\n', "dictionary_en.csv:4", "0xE9"),
        (HEADER + b'a,"b\nb\xff",c,d\n', "dictionary_en.csv:3", "0xFF"),
        ((HEADER + b"a,b,c,d\n").decode().encode("utf-16"), "dictionary_en.csv:1", "0xFF"),
    ],
)
def test_damage_is_named_with_file_line_and_value(tmp_path: Path, data: bytes, place: str, problem: str) -> None:
    error = refused(tmp_path, data)
    assert error.place == place and problem in str(error)


def test_several_lost_columns_are_named_at_once(tmp_path: Path) -> None:
    assert "columns conceptType, preferredLabel are missing" in str(
        refused(tmp_path, b"conceptUri\nx\n", "greenSkillsCollection")
    )


@given(st.lists(st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), min_size=1)))
def test_labels_come_back_as_they_were(wanted: list[str]) -> None:
    each_once = sorted(set(wanted))
    assert list(labels("\n".join(wanted))) == each_once
    assert list(labels("\r\n".join(wanted))) == each_once
    assert list(labels("\n".join(wanted) + "\n")) == each_once


_iri = st.from_regex(r"https?://[a-z]{1,8}/[A-Za-z0-9._~/-]{0,12}(#[A-Za-z0-9._~/-]{0,4})?", fullmatch=True)


@given(st.lists(_iri), st.lists(st.sampled_from([",\n", "\n", " | ", ",\r\n", "\r\n", ", "]), min_size=1))
def test_iris_come_back_whatever_separates_them(wanted: list[str], separators: list[str]) -> None:
    cell = "".join(iri + separators[n % len(separators)] for n, iri in enumerate(wanted))
    assert iris(cell) == tuple(sorted(set(wanted)))


@given(st.text(max_size=20))
def test_whatever_is_no_iri_is_refused(text: str) -> None:
    try:
        found = iris(text)
    except ValueError as error:
        assert not is_http_iri(str(error))
    else:
        assert all(is_http_iri(iri) for iri in found)


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=6), min_size=4, max_size=4), max_size=8
    ),
    st.sampled_from(["\n", "\r\n"]),
)
def test_any_table_comes_back(tmp_path_factory: pytest.TempPathFactory, cells: list[list[str]], newline: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=newline, quoting=csv.QUOTE_ALL).writerows(cells)
    found = rows(tmp_path_factory.mktemp("any"), HEADER + out.getvalue().encode())
    assert [list(row) for _, row in found] == cells


def test_line_numbers_hold_on_every_row_of_a_real_table(tmp_path: Path) -> None:
    data = Miniature("1.2.1").contents()["skills_en.csv"]
    path = tmp_path / "skills_en.csv"
    path.write_bytes(data)
    lines = data.decode().splitlines()
    file = TableFile("skills", "en", "", path.name, path)
    for line, (kind, iri) in read_rows(file, ("conceptType", "conceptUri"), Tally()):
        assert lines[line - 1].startswith(f"{kind},{iri},")


def test_an_unclosed_quote_does_not_swallow_the_rest_silently(tmp_path: Path) -> None:
    body = b"".join(b"a%d,b,c,d\n" % number for number in range(10_000)).replace(b"a5000,b", b'a5000,"b')
    error = refused(tmp_path, HEADER + body)
    assert error.place == "dictionary_en.csv:5002" and "or a quotation mark is missing" in str(error)


def test_the_largest_real_table_is_read_fast(shared: Path) -> None:
    path = shared / "data/esco-1.1.1-en/ESCO dataset - v1.1.1 - classification -  - csv.zip"
    file = TableFile("occupationSkillRelations", "", "1.1.1", "x", path, "occupationSkillRelations.csv")
    start = time.process_time()
    count = sum(1 for _ in read_rows(file, ("occupationUri", "skillUri", "relationType"), Tally()))
    assert count == 123_855
    assert time.process_time() - start < 3, "0.3 s on an idle machine"
