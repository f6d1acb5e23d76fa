"""Tables as people have them: CSV, workbooks, Parquet, data frames. Every cell as text, every row with its place."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from esco_kg.errors import InputError, not_utf8, reading_as
from esco_kg.esco import spreadsheet

SUFFIXES = (".csv", ".tsv", ".xlsx", ".ods", ".parquet")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: ``name`` is the file, with the sheet of a workbook; ``rows`` are (number in the file, column -> text).

    A column's name is in lower case.
    """

    name: str
    columns: tuple[str, ...]
    rows: list[tuple[int, dict[str, str]]]

    def place(self, row: int) -> str:
        """``clusters.csv:12``, ``clusters.xlsx sheet Members:12``."""
        return f"{self.name}:{row}"


def read_sheets(path: Path) -> list[Sheet]:
    """The tables of a file, by its ending. Raises InputError where it cannot be read as what its ending says."""
    kind = path.suffix.lower()
    if kind in (".csv", ".tsv"):
        return [_sheet(path.name, _csv(path))]
    if kind == ".parquet":
        import polars as pl

        with reading_as("a Parquet file", path.name, "Save the table again."):
            frame = pl.read_parquet(path)
        return [of_frame(frame, path.name)]
    try:
        data = path.read_bytes()
    except OSError as error:
        hint = "Check the path and its permissions."
        raise InputError(path.name, f"cannot be read: {error.strerror}", hint) from None
    read = spreadsheet.sheets(data, path.name, "Save it as .xlsx, .ods or .csv.")
    return [_sheet(f"{path.name} sheet {name}", enumerate(rows, start=1)) for name, rows in read if any(map(any, rows))]


def of_frame(frame: Any, name: str = "data frame") -> Sheet:
    """A data frame of polars or pandas; its first row is row 1."""
    columns = [str(column) for column in frame.columns]
    rows = frame.iter_rows() if hasattr(frame, "iter_rows") else frame.itertuples(index=False, name=None)
    return _sheet(name, [(0, columns), *enumerate(rows, start=1)])


def _csv(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{path.name}:{line}", not_utf8(error.object, error.start), "Save the file as CSV UTF-8."
        ) from None
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    begins = 1
    for row in reader:
        yield begins, row
        begins = reader.line_num + 1


def _sheet(name: str, rows: Iterable[tuple[int, Iterable[object]]]) -> Sheet:
    read = [(number, [_text(cell) for cell in cells]) for number, cells in rows]
    read = [(number, cells) for number, cells in read if any(cells)]
    if not read:
        raise InputError(name, "the table is empty", "Give a table with a head.")
    columns = tuple(cell.lower() for cell in read[0][1])
    named = [column for column in columns if column]
    if twice := sorted({column for column in named if named.count(column) > 1}):
        raise InputError(f"{name}:{read[0][0]}", f"the head names {twice[0]} twice", "Give each column its own name.")
    found = []
    for number, cells in read[1:]:
        if any(cells[len(columns) :]):
            raise InputError(
                f"{name}:{number}",
                f"the row has {len(cells)} cells, the head {len(columns)}",
                "Put cells that hold a comma into double quotes.",
            )
        found.append((number, {c: v for c, v in zip(columns, cells, strict=False) if c}))
    return Sheet(name, tuple(named), found)


def _text(cell: object) -> str:
    """The cell as somebody sees it: 101 for a whole number of a spreadsheet, '' for nothing."""
    if cell is None or cell != cell:  # NaN, as pandas writes an empty cell
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
