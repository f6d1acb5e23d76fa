"""Damaged workbooks and zips, made from a seed: each is read, or refused in one line that names it.

``ESCO_KG_FUZZ`` is the number of mutations of each kind.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import polars as pl
import pytest
from openpyxl import Workbook

from esco_kg.clusters.given.sheets import read_sheets
from esco_kg.errors import EscoKgError
from esco_kg.esco import archive, spreadsheet
from esco_kg.esco.crosswalk import read_crosswalk
from esco_kg.trials.review.reading import read_review
from esco_kg.trials.rows import reading

NUMBER = int(os.environ.get("ESCO_KG_FUZZ", "20"))
SEED = 20260131


def mutated(data: bytes, random: Random) -> bytes:
    """Some bytes changed; one time in ten the end is cut off as well."""
    changed = bytearray(data)
    for _ in range(random.choice((1, 2, 8))):
        changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed[: random.randrange(len(changed))]) if random.random() < 0.1 else bytes(changed)


def inside(data: bytes, random: Random) -> bytes:
    """A sound zip in which one member is mutated."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(packed, "w") as after:
        chosen = random.choice(before.namelist())
        for name in before.namelist():
            content = before.read(name)
            after.writestr(name, mutated(content, random) if name == chosen else content)
    return packed.getvalue()


@pytest.mark.parametrize("mutate", [mutated, inside], ids=["its bytes", "a member of it"])
def test_a_damaged_workbook_is_read_or_refused(tmp_path: Path, mutate: Callable[[bytes, Random], bytes]) -> None:
    """67 of 120 damaged workbooks gave tracebacks."""
    book = Workbook()
    book.active.append(["ESCO URI", "NACE code", "NACE title"])
    for number in range(30):
        book.active.append([f"http://x.example/o{number}", f"{number:02d}", "title"])
    book.save(tmp_path / "whole.xlsx")
    whole, path, random = (tmp_path / "whole.xlsx").read_bytes(), tmp_path / "damaged.xlsx", Random(SEED)
    for _ in range(NUMBER):
        path.write_bytes(mutate(whole, random))
        try:
            read_crosswalk(path, ("en",))
        except EscoKgError as error:
            assert str(error).startswith(("damaged.xlsx", str(path))), error


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_damaged_zip_is_read_or_refused(tmp_path: Path, method: int) -> None:
    """A zip packed with LZMA gave a traceback."""
    path, random = tmp_path / "damaged.zip", Random(SEED)
    with zipfile.ZipFile(path, "w", method) as packed:
        for number in range(3):
            packed.writestr(f"table{number}.csv", "a,b\n" + "1,2\n" * 500)
    whole = path.read_bytes()
    for _ in range(NUMBER):
        path.write_bytes(mutated(whole, random))
        try:
            for name in archive.member_names(path):
                with archive.stream(path, name, f"{path.name}/{name}") as stream:
                    stream.read()
        except EscoKgError as error:
            assert str(error).startswith(("damaged.zip", str(path))), error


def with_cells(path: Path, cells: str) -> bytes:
    """A sound workbook with these cells more, as the XML of a row."""
    book = Workbook()
    book.active.append(["id", "label"])
    book.active.append(["1", "a"])
    book.save(path)
    packed = io.BytesIO()
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(b"</sheetData>", cells.encode() + b"</sheetData>"))
    path.write_bytes(packed.getvalue())
    return packed.getvalue()


FAR = {
    "corner": ('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "has room for 17,179,869,184 cells"),
    "no corner of any sheet": ('<row r="9"><c r="ZZZZZZZ99999999999"><v>1</v></c></row>', "has room for"),
    "rows alone": ("<row r='99999999999999'><c r='A1'><v>1</v></c></row>", "has room for"),
    "a bomb": ("<row><c><v>1</v></c></row>" * 1_000_000, "would unpack from"),
}


@pytest.mark.parametrize(("cells", "said"), FAR.values(), ids=list(FAR))
def test_cells_far_apart_take_no_memory(tmp_path: Path, cells: str, said: str) -> None:
    """5 KB ended the program: Rust stops where there is no memory, and asks nobody."""
    path = tmp_path / "far.xlsx"
    with pytest.raises(EscoKgError, match=rf"^far\.xlsx: .*{said}"):
        spreadsheet.sheets(with_cells(path, cells), path.name, "")
    with pytest.raises(EscoKgError, match=rf"^far\.xlsx: .*{said}"):
        read_sheets(path)


@pytest.mark.parametrize("mutate", [mutated, inside], ids=["its bytes", "a member of it"])
@pytest.mark.parametrize("ending", ["xlsx", "parquet"])
def test_a_damaged_table_of_clusters_is_read_or_refused(
    tmp_path: Path, mutate: Callable[[bytes, Random], bytes], ending: str
) -> None:
    path, random = tmp_path / f"damaged.{ending}", Random(SEED)
    whole = with_cells(path, "")
    if ending == "parquet":
        if mutate is inside:
            return
        pl.DataFrame({"id": ["1", "2"] * 50, "label": ["a", "b"] * 50}).write_parquet(path)
        whole = path.read_bytes()
    for _ in range(NUMBER):
        path.write_bytes(mutate(whole, random))
        try:
            read_sheets(path)
        except EscoKgError as error:
            assert str(error).startswith("damaged."), error


@pytest.mark.parametrize("ending", ["xlsx", "parquet", "csv", "ndjson"])
def test_a_damaged_table_of_testers_is_read_or_refused(tmp_path: Path, ending: str) -> None:
    """A workbook or a Parquet file that was damaged further down gave a traceback."""
    path, random = tmp_path / f"damaged.{ending}", Random(SEED)
    frame = pl.DataFrame({"text": ["a", "é"] * 500, "n": [1, 2] * 500})
    writers = {"parquet": frame.write_parquet, "csv": frame.write_csv, "ndjson": frame.write_ndjson}
    writers.get(ending, frame.write_excel)(path)
    whole = path.read_bytes()
    for at in range(NUMBER):
        path.write_bytes((inside if ending == "xlsx" and at % 2 else mutated)(whole, random))
        for reader in (_testers_rows, read_review):
            try:
                assert sum(1 for _ in reader(path)) <= 1001
            except EscoKgError as error:
                assert str(error).startswith(str(path)), error


def _testers_rows(path: Path) -> Iterator[object]:
    with reading(path) as found:
        yield from found.rows


def test_rows_far_below_are_refused_by_every_reader(tmp_path: Path) -> None:
    """A row that calls itself the billionth has as many empty ones before it."""
    path = tmp_path / "far.xlsx"
    with_cells(path, '<row r="1000000000"><c r="A1000000000"><v>1</v></c></row>')
    for reader in (_testers_rows, read_review):
        with pytest.raises(EscoKgError, match=r"far\.xlsx: .* has room for"):
            list(reader(path))
