"""The tables as one workbook (XLSX): a sheet of contents, one of columns, and one for each table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

from esco_kg.model.findings import Value
from esco_kg.model.published import ReleaseInfo
from esco_kg.model.relational import RelationalTable

_WIDEST = 60  # characters
_DAY_ZERO = date(1899, 12, 30)  # days of a workbook are counted from here, from 1900-03-01 on (ECMA-376, 18.17.4.1)
_PREFIX = "statistics_"


def write_workbook(
    tables: Sequence[RelationalTable], path: Path, info: ReleaseInfo, *, title: str, licence: str
) -> None:
    """Write the tables; each row ends with release and date of issue, so that rows of releases can be joined."""
    import xlsxwriter

    issued = datetime.fromisoformat(info.issued)
    with xlsxwriter.Workbook(path, {"strings_to_urls": False, "strings_to_formulas": False}) as book:
        book.set_properties({"title": title, "comments": licence, "created": issued, "author": info.software})
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        contents: list[Sequence[Value]] = [("sheet", "rows", "question")]
        contents += [(sheet_name(t), len(t.rows), t.title) for t in tables]
        _fill(book.add_worksheet("Contents"), contents, bold, day)
        listed: list[Sequence[Value]] = [("sheet", "column", "unit", "meaning")]
        listed += [(sheet_name(t), c.name, c.unit or None, c.meaning) for t in tables for c in t.columns]
        _fill(book.add_worksheet("Columns"), listed, bold, day)
        for table in tables:
            head = (*(column.name for column in table.columns), "release", "issued")
            rows = [head, *((*row, info.version, issued.date()) for row in table.rows)]
            _fill(book.add_worksheet(sheet_name(table)), rows, bold, day)


def write_sheets(target: BinaryIO, sheets: Mapping[str, Sequence[Sequence[Value]]], created: datetime) -> None:
    """Write sheets, each with a head, by their names; ``created`` is the date of the workbook."""
    import xlsxwriter

    options = {"strings_to_urls": False, "strings_to_formulas": False, "in_memory": True}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"created": created})
        bold = book.add_format({"bold": True})
        for name, rows in sheets.items():
            _fill(book.add_worksheet(name), rows, bold, None)


def sheet_name(table: RelationalTable) -> str:
    """``statistics_isco_major_groups`` -> ``isco-major-groups``; at most 31 characters, as spreadsheets want."""
    return table.name.removeprefix(_PREFIX).replace("_", "-")[:31]


def _fill(sheet: Any, rows: Sequence[Sequence[Value | date]], bold: Any, day: Any) -> None:
    """A head that stays in sight, filters, and columns as wide as their contents."""
    for place, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_number(place, column, (value - _DAY_ZERO).days, day)
            elif isinstance(value, str):
                sheet.write_string(place, column, value, bold if place == 0 else None)
            elif value is not None:
                sheet.write_number(place, column, value)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows) - 1, 1), len(rows[0]) - 1)
    for column in range(len(rows[0])):
        widest = max(len(str(row[column] if row[column] is not None else "")) for row in rows)
        sheet.set_column(column, column, min(widest + 2, _WIDEST))
