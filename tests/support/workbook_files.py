"""Workbooks of texts: sheet name -> rows."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

Rows = Sequence[Sequence[str]]
_NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns"
_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def write_xlsx(path: Path, sheets: Mapping[str, Rows]) -> None:
    """An Excel workbook."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([cell or None for cell in row])
    book.save(path)


def write_ods(path: Path, sheets: Mapping[str, Rows]) -> None:
    """An OpenDocument spreadsheet; each line of a cell is a paragraph."""
    tables = "".join(
        f"<table:table table:name={quoteattr(n)}>{_rows(rows)}</table:table>" for n, rows in sheets.items()
    )
    content = (
        f'<office:document-content xmlns:office="{_NAMESPACE}:office:1.0" xmlns:table="{_NAMESPACE}:table:1.0" '
        f'xmlns:text="{_NAMESPACE}:text:1.0" office:version="1.2"><office:body><office:spreadsheet>{tables}'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    entries = "".join(
        f'<m:file-entry m:full-path="{name}" m:media-type="{kind}"/>'
        for name, kind in (("/", _TYPE), ("content.xml", "text/xml"))
    )
    manifest = f'<m:manifest xmlns:m="{_NAMESPACE}:manifest:1.0" m:version="1.2">{entries}</m:manifest>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", _TYPE, zipfile.ZIP_STORED)
        packed.writestr("META-INF/manifest.xml", manifest)
        packed.writestr("content.xml", content)


def _rows(rows: Rows) -> str:
    return "".join(f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in rows)


def _cell(cell: str) -> str:
    if not cell:
        return "<table:table-cell/>"
    paragraphs = "".join(f"<text:p>{escape(line)}</text:p>" for line in cell.split("\n"))
    return f'<table:table-cell office:value-type="string">{paragraphs}</table:table-cell>'
