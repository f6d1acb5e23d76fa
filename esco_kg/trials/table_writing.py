"""Tables written as streams of rows: CSV, XLSX, NDJSON and Parquet. A file appears when all of it is there."""

from __future__ import annotations

import csv
import errno
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO

from esco_kg.errors import UsageError
from esco_kg.folder.staging import replacing
from esco_kg.model.formulas import keep_as_text
from esco_kg.trials.cells import excel_value, json_cell, text_cell
from esco_kg.trials.parquet_writing import write_parquet
from esco_kg.trials.table_kinds import Row, kind_of

_EXCEL_ROWS = 1_048_576


def write(path: Path, columns: Mapping[str, Any], batches: Iterable[list[Row]]) -> int:
    """Write a stream of batches; returns the number of rows.

    ``columns`` gives the order and each column's type, None where the values tell it. The file appears when all is
    written; until then, and after a failure, what was there stays as it was. Raises UsageError for a value that the
    kind of table cannot hold, with its row and column, and for more rows than Excel can hold; OutputError where the
    file cannot be written.
    """
    writer = {"csv": _write_csv, "ndjson": _write_ndjson, "xlsx": _write_xlsx, "parquet": write_parquet}[kind_of(path)]
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
            yield batch
            self.number += len(batch)


@contextmanager
def _writing(path: Path) -> Iterator[TextIO]:
    """A text file to write, UTF-8; ``-`` is standard output and stays open."""
    if str(path) == "-":
        yield sys.stdout
        return
    with path.open("w", encoding="utf-8", newline="") as stream:
        yield stream


def _cells(
    path: Path, columns: Iterable[str], batches: Iterable[list[Row]], become: Callable[[Any], Any]
) -> Iterator[list[Row]]:
    """The same rows with what their values become; a value that cannot be kept is reported with its place."""
    names, number = list(columns), 0
    for batch in batches:
        found: list[Row] = []
        for row in batch:
            number += 1
            new: Row = {}
            for name in names:
                try:
                    new[name] = become(row.get(name))
                except ValueError as error:
                    place = f"{path.name}: record {number}, column {name!r}"
                    raise UsageError(f"{place}: {error}", "Mend the value, or leave the column out.") from None
            found.append(new)
        yield found


def _write_csv(path: Path, columns: Mapping[str, Any], batches: Iterable[list[Row]]) -> None:
    with _writing(path) as stream:
        writer = csv.DictWriter(stream, list(columns), lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        for batch in _cells(path, columns, batches, text_cell):
            writer.writerows(batch)


def _write_ndjson(path: Path, columns: Mapping[str, Any], batches: Iterable[list[Row]]) -> None:
    with _writing(path) as stream:
        for batch in _cells(path, columns, batches, json_cell):
            stream.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in batch)


def _write_xlsx(path: Path, columns: Mapping[str, Any], batches: Iterable[list[Row]]) -> None:
    from lxml.etree import LxmlError
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("assigned")
    try:
        _append_rows(sheet, columns, _cells(path, columns, batches, excel_value))
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
            sheet.append([excel_cell(sheet, row[column]) for column in columns])


def excel_cell(sheet: Any, value: Any) -> Any:
    """A cell that shows the value as it is: a text that starts with = is no formula, control characters are dropped."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    keep_as_text(cell)
    return cell
