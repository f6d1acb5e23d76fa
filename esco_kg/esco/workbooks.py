"""Workbooks (.ods, as the portal offers them; .xlsx, as people save them): each sheet as a CSV file of our own."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterable
from pathlib import Path

from esco_kg.esco import archive, spreadsheet
from esco_kg.esco.scratch import Scratch

_ENDINGS = (".ods", ".xlsx", ".xlsm", ".xls")
_HINT = "Save it again as .xlsx, .ods or CSV UTF-8, or take the CSV download of the ESCO portal."


def is_workbook(name: str) -> bool:
    """Whether the name has a workbook's ending."""
    return name.lower().endswith(_ENDINGS)


class Workbooks:
    """Opens each workbook once; its sheets lie in ``scratch`` then."""

    def __init__(self, scratch: Scratch) -> None:
        self._scratch = scratch
        self._number = 0

    def sheets(self, path: Path, member: str | None, place: str) -> list[tuple[str, Path]]:
        """(name, CSV file) of every sheet that is not empty. Raises InputError where it is no workbook.

        Row n of the sheet is record n of the file: empty rows are kept.
        """
        with archive.stream(path, member, place) as raw:
            data = raw.read()
        read = spreadsheet.sheets(data, place, _HINT, skips_empty=False)
        return [(name, self._written(rows)) for name, rows in read if any(map(any, rows))]

    def _written(self, rows: Iterable[Iterable[object]]) -> Path:
        self._number += 1
        path = self._scratch.folder() / f"sheet-{self._number}.csv"
        with path.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([_text(cell) for cell in row] for row in rows)
        return path


def _text(cell: object) -> str:
    """The cell as a text table has it: 110 for a whole number, an instant as ESCO writes it, '' for nothing."""
    if cell is None or cell != cell:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime.datetime):
        return f"{cell.isoformat()}Z"
    return str(cell)
