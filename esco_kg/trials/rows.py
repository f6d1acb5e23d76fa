"""Tables as streams of rows: CSV, XLSX, NDJSON and Parquet, in and out, without ever holding one whole.

A row is a dictionary from column to value. The kind of a file is told by its ending; ``-`` is CSV on standard input or
output.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, TextIO

from esco_kg.errors import InputError, OutputError, UsageError

Row = dict[str, Any]
_EXCEL_ROWS = 1_048_576
KINDS = {".csv": "csv", ".xlsx": "xlsx", ".ndjson": "ndjson", ".jsonl": "ndjson", ".parquet": "parquet", "": "csv"}


@dataclass(slots=True)
class Rows:
    """A table being read: ``columns``, ``types`` where the file tells them, and the rows, once.

    ``share()`` tells how much of the file was read, in [0, 1], or None where nobody knows.
    """

    columns: list[str]
    rows: Iterator[Row]
    share: Callable[[], float | None]
    types: Mapping[str, Any]


def kind_of(path: Path) -> str:
    """``csv``, ``xlsx``, ``ndjson`` or ``parquet``. Raises UsageError for another ending."""
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise UsageError(f"{path}: unknown kind of file", "Known endings: .csv, .xlsx, .ndjson, .parquet.")
    return kind


@contextmanager
def reading(path: Path) -> Iterator[Rows]:
    """Open a table. Raises InputError where it is missing, empty or not of its kind."""
    kind = kind_of(path)
    if str(path) != "-" and not path.is_file():
        raise InputError(str(path), "there is no such file")
    reader = {"csv": _csv, "ndjson": _ndjson, "xlsx": _xlsx, "parquet": _parquet}[kind]
    with reader(path) as rows:
        yield rows


@contextmanager
def _text(path: Path) -> Iterator[TextIO]:
    if str(path) == "-":
        yield sys.stdin
        return
    with path.open(encoding="utf-8-sig", newline="") as stream:
        yield stream


def _bytes_read(path: Path, stream: TextIO) -> Callable[[], float | None]:
    if str(path) == "-":
        return lambda: None
    size = max(path.stat().st_size, 1)
    return lambda: min(stream.buffer.tell() / size, 1.0)


@contextmanager
def _csv(path: Path) -> Iterator[Rows]:
    with _text(path) as stream:
        reader = csv.reader(stream)
        columns = next(_guarded(path, reader), [])
        if not columns or len(set(columns)) < len(columns):
            problem = "the first line names a column twice" if columns else "the file is empty"
            raise InputError(f"{path}:1", problem, "The first line names the columns.")

        def rows() -> Iterator[Row]:
            for cells in _guarded(path, reader):
                if not cells:
                    continue
                if len(cells) != len(columns):
                    raise InputError(
                        f"{path}:{reader.line_num}", f"{len(cells)} cells in a table of {len(columns)} columns"
                    )
                yield dict(zip(columns, cells, strict=True))

        yield Rows(columns, rows(), _bytes_read(path, stream), {})


def _guarded(path: Path, reader: Any) -> Iterator[list[str]]:
    try:
        yield from reader
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path}:{reader.line_num + 1}", f"not UTF-8 CSV: {error}", "Save it as UTF-8.") from None


@contextmanager
def _ndjson(path: Path) -> Iterator[Rows]:
    with _text(path) as stream:

        def rows() -> Iterator[Row]:
            number = 0
            try:
                for line in stream:
                    number += 1
                    if line.strip():
                        row = json.loads(line)
                        if not isinstance(row, dict):
                            raise ValueError("the line holds no object")
                        yield row
            except ValueError as error:
                raise InputError(f"{path}:{max(number, 1)}", f"not NDJSON: {error}", "One object a line.") from None

        found = rows()
        first = next(found, None)
        if first is None:
            raise InputError(str(path), "the file is empty")
        yield Rows(list(first), chain([first], found), _bytes_read(path, stream), {})


@contextmanager
def _xlsx(path: Path) -> Iterator[Rows]:
    import zipfile

    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise InputError(str(path), f"no workbook: {error}", "Save it as .xlsx.") from None
    try:
        sheet = book.worksheets[0]
        total, done = max(sheet.max_row or 1, 1), [0]
        lines = sheet.iter_rows(values_only=True)
        columns = [str(cell) if cell is not None else "" for cell in next(lines, ())]
        if not any(columns) or len(set(columns)) < len(columns):
            raise InputError(f"{path}:1", "the first row of the first sheet must name each column once")

        def rows() -> Iterator[Row]:
            for cells in lines:
                done[0] += 1
                if any(cell is not None for cell in cells):
                    yield dict(zip(columns, cells, strict=False))

        yield Rows(columns, rows(), lambda: min(done[0] / total, 1.0), {})
    finally:
        book.close()


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


def write(path: Path, columns: Mapping[str, Any], batches: Iterable[list[Row]]) -> int:
    """Write a stream of batches; returns the number of rows. ``columns`` gives the order and each column's type.

    Raises UsageError for more rows than Excel can hold, OutputError where the file cannot be written.
    """
    writer = {"csv": _write_csv, "ndjson": _write_ndjson, "xlsx": _write_xlsx, "parquet": _write_parquet}[kind_of(path)]
    counted = _Counted(batches)
    try:
        writer(path, columns, counted)
    except BrokenPipeError:
        raise  # the reader of standard output has gone: no failure of ours
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror or error}") from error
    return counted.number


class _Counted:
    def __init__(self, batches: Iterable[list[Row]]) -> None:
        self._batches, self.number = batches, 0

    def __iter__(self) -> Iterator[list[Row]]:
        for batch in self._batches:
            self.number += len(batch)
            yield batch


@contextmanager
def writing(path: Path) -> Iterator[TextIO]:
    """A text file to write, UTF-8; ``-`` is standard output and stays open."""
    if str(path) == "-":
        yield sys.stdout
        return
    with path.open("w", encoding="utf-8", newline="") as stream:
        yield stream


def _write_csv(path: Path, columns: Mapping[str, Any], batches: Iterable[list[Row]]) -> None:
    with writing(path) as stream:
        writer = csv.DictWriter(stream, list(columns), lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        for batch in batches:
            writer.writerows(batch)


def _write_ndjson(path: Path, columns: Mapping[str, Any], batches: Iterable[list[Row]]) -> None:
    with writing(path) as stream:
        for batch in batches:
            stream.writelines(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in batch)


def _write_xlsx(path: Path, columns: Mapping[str, Any], batches: Iterable[list[Row]]) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("assigned")
    sheet.append(list(columns))
    number = 1
    for batch in batches:
        number += len(batch)
        if number > _EXCEL_ROWS:
            raise UsageError(f"{path}: Excel holds {_EXCEL_ROWS:,} rows", "Write .csv, .ndjson or .parquet instead.")
        for row in batch:
            sheet.append([excel_cell(sheet, row.get(column)) for column in columns])
    book.save(path)


def excel_cell(sheet: Any, value: Any) -> Any:
    """A cell that shows the value as it is: a text that starts with = is no formula, control characters are dropped."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"
    return cell


def _write_parquet(path: Path, columns: Mapping[str, Any], batches: Iterable[list[Row]]) -> None:
    import polars as pl
    from polars.io.plugins import register_io_source

    schema = pl.Schema(
        {name: {str: pl.String, float: pl.Float64, int: pl.Int64}.get(t, t) for name, t in columns.items()}
    )

    def frames(*asked: object) -> Iterator[pl.DataFrame]:
        for batch in batches:
            try:
                yield pl.DataFrame([{name: row.get(name) for name in schema} for row in batch], schema=schema)
            except (TypeError, pl.exceptions.PolarsError) as error:
                raise UsageError(f"{path}: a column mixes kinds of values: {error}", "Write .csv or .ndjson.") from None

    register_io_source(frames, schema=schema).sink_parquet(path, engine="streaming")
