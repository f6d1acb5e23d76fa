"""Workbooks of any program, read by calamine: judged first, for it gives a sheet all the room that its cells claim.

Two cells in opposite corners of a sheet, in a file of 5 KB, ended the program: Rust cannot go on without memory.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import IO, Any

from esco_kg.errors import InputError, reading_as
from esco_kg.esco import archive

_MOST_CELLS = 20_000_000  # of a sheet; ESCO's largest table has a million
_CELL = re.compile(rb"""\sr=["']([A-Z]{0,9})([0-9]{1,20})["']""")
_PART, _OVERLAP = 1 << 20, 64
_LETTERS = {letter: value for value, letter in enumerate(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", start=1)}


def sheets(data: bytes, place: str, hint: str, *, skips_empty: bool = True) -> list[tuple[str, list[list[Any]]]]:
    """(name, rows) of every sheet. Raises InputError, with the place, where it is no workbook or an absurd one.

    ``skips_empty`` leaves out rows and columns before the first cell.
    """
    from python_calamine import CalamineWorkbook

    with reading_as("a workbook", place, hint):
        refuse_absurd(io.BytesIO(data), place)
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [(n, book.get_sheet_by_name(n).to_python(skip_empty_area=skips_empty)) for n in book.sheet_names]


def refuse_absurd(data: IO[bytes], place: str) -> None:
    """Raise InputError for a bomb, or for cells too far apart; what is no zip (.xls) has few cells at most."""
    if data.read(2) != b"PK":
        return
    with zipfile.ZipFile(data) as packed:
        for info in packed.infolist():
            archive.refuse_absurd(place, info)
            if info.filename.lower().endswith(".xml"):
                cells = _cells(packed, info)
                if cells > _MOST_CELLS:
                    problem = f"{info.filename} has room for {cells:,} cells, from the first to the last one in use"
                    raise InputError(place, problem, "Delete what stands far from the table, or save it as CSV.")


def _cells(packed: zipfile.ZipFile, info: zipfile.ZipInfo) -> int:
    """Rows times columns that the addresses of cells in a sheet claim."""
    columns = rows = 1
    with packed.open(info) as stream:
        before = b""
        while part := stream.read(_PART):
            for letters, digits in set(_CELL.findall(before + part)):
                rows, columns = max(rows, int(digits)), max(columns, _number(letters))
            before = part[-_OVERLAP:]
    return rows * columns


def _number(letters: bytes) -> int:
    found = 0
    for letter in letters:
        found = found * 26 + _LETTERS[letter]
    return found
