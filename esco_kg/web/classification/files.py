"""Rows as CSV and as a workbook, the same bytes each time."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime

from esco_kg.statistics.workbook import write_sheets
from esco_kg.web.classification.versions import Cell, Row
from esco_kg.web.http.negotiation import Form

JSON = Form("json", "application/json", "JSON")
CSV = Form("csv", "text/csv", "CSV")
XLSX = Form("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX")
FORMS = (JSON, CSV, XLSX)
FILES = (CSV, XLSX)


def as_csv(columns: Sequence[str], rows: Sequence[Row], separator: str = ",") -> bytes:
    """UTF-8, a head, nothing where there is no value."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=separator, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row[column] for column in columns] for row in rows)
    return stream.getvalue().encode()


def as_workbook(columns: Sequence[str], rows: Sequence[Row], about: Sequence[tuple[str, str]], issued: str) -> bytes:
    """A sheet with the rows and one that says what they are; codes stay text."""
    stream = io.BytesIO()
    table: list[Sequence[Cell]] = [tuple(columns), *(tuple(row[column] for column in columns) for row in rows)]
    write_sheets(stream, {"Table": table, "About": [("about", "value"), *about]}, datetime.fromisoformat(issued))
    return stream.getvalue()


def file_of(
    form: Form, columns: Sequence[str], rows: Sequence[Row], about: Sequence[tuple[str, str]], issued: str
) -> bytes:
    """The rows in one of the forms of :data:`FILES`."""
    return as_csv(columns, rows) if form is CSV else as_workbook(columns, rows, about, issued)
