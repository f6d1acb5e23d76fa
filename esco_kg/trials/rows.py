"""Tables as streams of rows: CSV, XLSX, NDJSON and Parquet, in and out, without ever holding one whole.

A row is a dictionary from column to value. The kind of a file is told by its ending; ``-`` is CSV on standard input or
output.
"""

from __future__ import annotations

import csv
import errno
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any, TextIO

from esco_kg.errors import InputError, OutputError, UsageError
from esco_kg.folder.staging import replacing

Row = dict[str, Any]
_EXCEL_ROWS = 1_048_576
_PARQUET_PART = 20_000  # rows
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

    The file appears when all is written; until then, and after a failure, what was there stays as it was. Raises
    UsageError for more rows than Excel can hold, OutputError where the file cannot be written.
    """
    writer = {"csv": _write_csv, "ndjson": _write_ndjson, "xlsx": _write_xlsx, "parquet": _write_parquet}[kind_of(path)]
    counted = _Counted(batches)
    if str(path) == "-":
        writer(path, columns, counted)
    else:
        with replacing(path) as part:
            writer(part, columns, counted)
    return counted.number


class _Counted:
    def __init__(self, batches: Iterable[list[Row]]) -> None:
        self._batches, self.number = batches, 0

    def __iter__(self) -> Iterator[list[Row]]:
        for batch in self._batches:
            self.number += len(batch)
            yield batch


@contextmanager
def _writing(path: Path) -> Iterator[TextIO]:
    """A text file to write, UTF-8; ``-`` is standard output and stays open."""
    if str(path) == "-":
        yield sys.stdout
        return
    with path.open("w", encoding="utf-8", newline="") as stream:
        yield stream


def _write_csv(path: Path, columns: Mapping[str, Any], batches: Iterable[list[Row]]) -> None:
    with _writing(path) as stream:
        writer = csv.DictWriter(stream, list(columns), lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        for batch in batches:
            writer.writerows(batch)


def _write_ndjson(path: Path, columns: Mapping[str, Any], batches: Iterable[list[Row]]) -> None:
    with _writing(path) as stream:
        for batch in batches:
            stream.writelines(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in batch)


def _write_xlsx(path: Path, columns: Mapping[str, Any], batches: Iterable[list[Row]]) -> None:
    from lxml.etree import LxmlError
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("assigned")
    try:
        _append_rows(sheet, columns, batches)
        book.save(path)
    except BaseException as error:
        # A sheet that is left open complains on standard error; what kept it from being written keeps it from closing.
        with suppress(LxmlError):
            sheet.close()
        if isinstance(error, LxmlError):
            code = getattr(errno, str(error).removeprefix("IO_"), errno.EIO)
            raise OSError(code, os.strerror(code), str(path)) from error
        raise


def _append_rows(sheet: Any, columns: Mapping[str, Any], batches: Iterable[list[Row]]) -> None:
    sheet.append(list(columns))
    number = 1
    for batch in batches:
        number += len(batch)
        if number > _EXCEL_ROWS:
            raise UsageError(f"Excel holds {_EXCEL_ROWS:,} rows", "Write .csv, .ndjson or .parquet instead.")
        for row in batch:
            sheet.append([excel_cell(sheet, row.get(column)) for column in columns])


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
    """In parts that are joined at the end: a sink that is fed by Python cannot be interrupted before it has all."""
    import polars as pl

    schema = pl.Schema(
        {name: {str: pl.String, float: pl.Float64, int: pl.Int64}.get(t, t) for name, t in columns.items()}
    )

    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        parts = [pl.LazyFrame(schema=schema)]
        for number, batch in enumerate(_joined(batches, _PARQUET_PART)):
            try:
                frame = pl.DataFrame([{name: row.get(name) for name in schema} for row in batch], schema=schema)
            except (TypeError, pl.exceptions.PolarsError) as error:
                problem = f"{path.name}: a column mixes kinds of values: {error}"
                raise UsageError(problem, "Write .csv or .ndjson.") from None
            content = BytesIO()
            frame.write_parquet(content)
            place = Path(folder) / f"{number}.parquet"
            place.write_bytes(content.getbuffer())  # polars would tell a full disk in many ways
            parts.append(pl.scan_parquet(place))
        try:
            pl.concat(parts).sink_parquet(path)
        except pl.exceptions.PolarsError as error:
            raise OutputError(f"{path.name} cannot be written: {error}", "Is there room on the disk?") from error


def _joined(batches: Iterable[list[Row]], size: int) -> Iterator[list[Row]]:
    """The same rows in batches of at least ``size``; the last may be smaller."""
    found: list[Row] = []
    for batch in batches:
        found += batch
        if len(found) >= size:
            yield found
            found = []
    if found:
        yield found
