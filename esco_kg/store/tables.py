"""A table in the forms that people and programs read: aligned text, CSV, JSON, Parquet, a workbook."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import datetime
from decimal import Decimal

from esco_kg.model.findings import Table, Value
from esco_kg.model.formulas import keep_as_text

FORMATS = ("table", "csv", "json", "parquet", "xlsx")
_WIDEST = 60  # characters of a column on a terminal
# The clock has no place in a file that comes out the same each time; the format's own first day stands for it.
_NO_TIME = datetime(1980, 1, 1)


def written(table: Table, form: str) -> bytes:
    """The table as the bytes of a file; ``form`` is one of :data:`FORMATS`. The same table gives the same bytes."""
    return {"table": _aligned, "csv": _csv, "json": _json, "parquet": _parquet, "xlsx": _xlsx}[form](table)


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    # Never 1e-05: spreadsheets and xsd:decimal disagree on exponents.
    return f"{Decimal(repr(value)):f}" if isinstance(value, float) else str(value)


def _aligned(table: Table) -> bytes:
    """For a terminal: long texts are shortened, numbers stand to the right."""
    cells = [table.columns, *([_short(_text(value)) for value in row] for row in table.rows)]
    widths = [max(len(row[number]) for row in cells) for number in range(len(table.columns))]
    right = [kind in ("integer", "decimal") for kind in table.types]
    lines = []
    for row in (cells[0], ["-" * width for width in widths], *cells[1:]):
        parts = zip(row, widths, right, strict=True)
        lines.append("  ".join(cell.rjust(width) if to_right else cell.ljust(width) for cell, width, to_right in parts))
    return "".join(f"{line.rstrip()}\n" for line in lines).encode()


def _short(text: str) -> str:
    text = " ".join(text.split())
    # The end of an IRI tells more than its start.
    if len(text) > _WIDEST and "://" in text:
        return f"…{text[1 - _WIDEST :]}"
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"


def _csv(table: Table) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([_text(value) for value in row] for row in table.rows)
    return out.getvalue().encode()


def _json(table: Table) -> bytes:
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    return (json.dumps(rows, ensure_ascii=False, indent=2) + "\n").encode()


def _parquet(table: Table) -> bytes:
    out = io.BytesIO()
    table.to_polars().write_parquet(out)
    return out.getvalue()


def _xlsx(table: Table) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.properties.created = book.properties.modified = _NO_TIME
    sheet = book.active
    sheet.title = table.name[:31]
    sheet.freeze_panes = "A2"
    for line, row in enumerate([tuple(table.columns), *table.rows], start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(line, column)
            cell.value = ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
            if isinstance(value, str):
                keep_as_text(cell)
    for number, name in enumerate(table.columns, start=1):
        widest = max([len(name), *(len(_text(row[number - 1])) for row in table.rows)])
        sheet.column_dimensions[get_column_letter(number)].width = min(_WIDEST, widest + 2)
    out = io.BytesIO()
    book.save(out)
    return _without_time(out.getvalue())


def _without_time(package: bytes) -> bytes:
    """The workbook with the clock taken out: openpyxl writes the time of saving into each member and one text."""
    import re

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                stamp = _NO_TIME.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
            target.writestr(zipfile.ZipInfo(name, _NO_TIME.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
