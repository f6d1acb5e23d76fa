"""Tables read as streams of rows: CSV, XLSX, NDJSON and Parquet, without ever holding one whole.

``-`` is CSV on standard input. Tables are written by :mod:`esco_kg.trials.table_writing`.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, time
from pathlib import Path
from typing import Any, TextIO
from zipfile import ZipFile

from esco_kg.errors import EscoKgError, InputError, MissingError, reading_as, unreadable
from esco_kg.esco.spreadsheet import refuse_absurd
from esco_kg.trials.csv_dialect import Dialect, dialect_of, faulty_line
from esco_kg.trials.table_kinds import Row, Rows, kind_of
from esco_kg.trials.table_writing import write

__all__ = ["Row", "Rows", "kind_of", "reading", "write"]
_UNREADABLE = "Give its encoding with --encoding, such as windows-1252, or save it as UTF-8."


@contextmanager
def reading(path: Path, given: Dialect | None = None) -> Iterator[Rows]:
    """Open a table; of a CSV file what ``given`` leaves open is recognised.

    Raises InputError where it is missing, empty or not of its kind.
    """
    kind = kind_of(path)
    if str(path) != "-" and not path.is_file():
        raise MissingError(str(path))
    if kind == "csv":
        with _csv(path, dialect_of(path, given or Dialect())) as rows:
            yield rows
        return
    with ExitStack() as stack:
        with reading_as(*(said := (_NAMES[kind], str(path), "Save it again."))):
            rows = stack.enter_context({"ndjson": _ndjson, "xlsx": _xlsx, "parquet": _parquet}[kind](path))
        rows.rows = _within(rows.rows, *said)
        yield rows


_NAMES = {"ndjson": "JSON Lines", "xlsx": "a workbook", "parquet": "a Parquet file"}


def _within(rows: Iterator[Row], kind: str, place: str, hint: str) -> Iterator[Row]:
    """The same rows; what their reader throws on the way, where a table is damaged further down, names the file."""
    with reading_as(kind, place, hint):
        yield from rows


@contextmanager
def _text(path: Path, encoding: str) -> Iterator[TextIO]:
    if str(path) == "-":
        # The stream under standard input is asked, for its own encoding may be another.
        stream = io.TextIOWrapper(sys.stdin.buffer, encoding=encoding, newline="")
        try:
            yield stream
        finally:
            stream.detach()  # it would close standard input with itself
        return
    with path.open(encoding=encoding, newline="") as stream:
        yield stream


def _bytes_read(path: Path, stream: TextIO) -> Callable[[], float | None]:
    if str(path) == "-":
        return lambda: None
    size = max(path.stat().st_size, 1)
    return lambda: min(stream.buffer.tell() / size, 1.0)


@contextmanager
def _csv(path: Path, dialect: Dialect) -> Iterator[Rows]:
    with _text(path, dialect.encoding) as stream:
        reader = csv.reader(stream, delimiter=dialect.delimiter)
        columns = next(_guarded(path, reader, dialect), [])
        if not columns or len(set(columns)) < len(columns):
            problem = "the first line names a column twice" if columns else "the file is empty"
            raise InputError(f"{path}:1", problem, "The first line names the columns.")

        def rows() -> Iterator[Row]:
            for cells in _guarded(path, reader, dialect):
                if not cells:
                    continue
                if len(cells) != len(columns):
                    raise InputError(
                        f"{path}:{reader.line_num}",
                        f"{len(cells)} cells in a table of {len(columns)} columns",
                        "Put texts with the sign between cells into quotes, or give that sign with --delimiter.",
                    )
                yield dict(zip(columns, cells, strict=True))

        told = f"{path}: {dialect.told}" if dialect.told else ""
        yield Rows(columns, rows(), _bytes_read(path, stream), {}, told)


def _guarded(path: Path, reader: Any, dialect: Dialect) -> Iterator[list[str]]:
    try:
        yield from reader
    except UnicodeError as error:
        line = faulty_line(path, dialect.encoding) or reader.line_num + 1
        raise InputError(f"{path}:{line}", f"not {dialect.spoken}: {error}", _UNREADABLE) from None
    except csv.Error as error:
        raise InputError(f"{path}:{reader.line_num + 1}", f"not CSV: {error}", "Mend the line.") from None


@contextmanager
def _ndjson(path: Path) -> Iterator[Rows]:
    columns: dict[str, None] = {}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in _objects(path, stream):
            columns.update(dict.fromkeys(row))
    if not columns:
        raise InputError(str(path), "the file is empty")
    # A column that a line lacks is empty there.
    empty: Row = dict.fromkeys(columns)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = (empty | row for row in _objects(path, stream))
        yield Rows(list(columns), rows, _bytes_read(path, stream), empty)


def _objects(path: Path, stream: TextIO) -> Iterator[Row]:
    number = 0
    try:
        for line in stream:
            number += 1
            if line.strip():
                row = json.loads(line)
                if not isinstance(row, dict):
                    raise ValueError("the line holds no object")
                yield row
    except (ValueError, RecursionError) as error:
        raise unreadable(f"{path}:{max(number, 1)}", "NDJSON", error, "One object a line, in UTF-8.") from None


@contextmanager
def _xlsx(path: Path) -> Iterator[Rows]:

    from openpyxl import load_workbook

    try:
        with path.open("rb") as stream:
            refuse_absurd(stream, str(path))
        book = load_workbook(path, read_only=True, data_only=True)
        formulas = load_workbook(path, read_only=True) if _has_formulas(path) else None
    except EscoKgError:
        raise
    except Exception as error:  # whatever openpyxl throws at a damaged workbook
        raise InputError(str(path), f"no workbook: {error}", "Save it as .xlsx.") from error
    try:
        sheet = book.worksheets[0]
        total, done = max(sheet.max_row or 1, 1), [0]
        lines = sheet.iter_rows(values_only=True)
        columns = [str(cell) if cell is not None else "" for cell in next(lines, ())]
        while columns and not columns[-1]:
            columns.pop()
        if not columns or len(set(columns)) < len(columns):
            raise InputError(f"{path}:1", "the first row of the first sheet must name each column once")

        def rows() -> Iterator[Row]:
            asked = formulas.worksheets[0].iter_rows(min_row=2, values_only=True) if formulas else None
            for cells in lines:
                done[0] += 1
                if asked:
                    _need_values(f"{path}:{done[0] + 1}", columns, cells, next(asked, ()))
                if any(cell is not None for cell in cells):
                    given = [_day(cell) for cell in cells[: len(columns)]]
                    yield dict(zip(columns, given + [None] * (len(columns) - len(given)), strict=True))

        yield Rows(columns, rows(), lambda: min(done[0] / total, 1.0), dict.fromkeys(columns))
    finally:
        book.close()
        if formulas:
            formulas.close()


def _has_formulas(path: Path) -> bool:
    with ZipFile(path) as archive:
        for name in archive.namelist():
            if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name):
                with archive.open(name) as stream:
                    rest = b""
                    while part := stream.read(1 << 20):
                        if re.search(rb"<f[ >]", rest + part):
                            return True
                        rest = part[-2:]
    return False


def _need_values(place: str, columns: list[str], cells: tuple[Any, ...], asked: tuple[Any, ...]) -> None:
    """A formula whose value nobody computed would be read as an empty cell."""
    for column, value, formula in zip(columns, cells, asked, strict=False):
        if value is None and formula is not None:
            hint = "Open the workbook in a spreadsheet program and save it, or put the value in its place."
            raise InputError(place, f"column {column!r} holds the formula {formula} without its value", hint)


def _day(value: Any) -> Any:
    """Workbooks hold days as midnights."""
    return value.date() if isinstance(value, datetime) and value.time() == time() else value


@contextmanager
def _parquet(path: Path) -> Iterator[Rows]:
    import polars as pl

    try:
        frame = pl.scan_parquet(path)
        schema = frame.collect_schema()
        total = int(frame.select(pl.len()).collect().item())
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputError(str(path), f"no Parquet file: {error}") from None
    done = [0]

    def rows() -> Iterator[Row]:
        for part in frame.collect_batches(chunk_size=10_000, maintain_order=True, engine="streaming"):
            for row in part.iter_rows(named=True):
                done[0] += 1
                yield row

    yield Rows(list(schema), rows(), lambda: done[0] / max(total, 1), dict(schema))
