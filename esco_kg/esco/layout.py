"""How a CSV file is laid out: with commas as it came, or as a spreadsheet program left it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TextIO

from esco_kg.errors import InputError
from esco_kg.esco.defects import REPAIR_HINT, Tally

_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
_NAMES = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}


class Reader:
    """Records of a CSV file, each with the physical line that it starts on.

    ``header`` is the first record; ``line`` is where the record at hand starts; ``before`` is the number of lines that
    were passed over.
    """

    def __init__(self, lines: Iterable[str], separator: str = ",", before: int = 0) -> None:
        self._rows = csv.reader(lines, strict=True, delimiter=separator)
        self._before = before
        self.line = before + 1
        self.header: list[str] = next(self._rows, [])

    def records(self, is_sheet: bool) -> Iterator[tuple[int, list[str]]]:
        """(line, cells) of every record behind the head; of a sheet the line is the row."""
        self.line = 2 if is_sheet else self._before + self._rows.line_num + 1
        for cells in self._rows:
            yield self.line, cells
            self.line = self.line + 1 if is_sheet else self._before + self._rows.line_num + 1


def open_reader(text: TextIO, place: str, tally: Tally) -> Reader:
    """The records of a file. A line ``sep=`` and other separators than the comma are damage: reported, or with
    ``--repair`` read as they are meant and logged. Raises InputError, csv.Error."""
    first = text.readline()
    separator, skipped = ",", 0
    if stated := _SEPARATOR_LINE.fullmatch(first.strip()):
        problem = f"the line {first.strip()!r} is no head: a spreadsheet program wrote it for itself"
        if not tally.repair:
            raise InputError(f"{place}:1", problem, f"Delete the line. {REPAIR_HINT}")
        tally.mended("repaired-separator-line", place, 1, "", first.strip(), "")
        separator, skipped, first = stated.group(1), 1, text.readline()
    if (found := _separator(first)) != separator:
        if not tally.repair:
            problem = f"its columns are not separated by commas, but by {_NAMES[found]}: a spreadsheet program saved it"
            raise InputError(f"{place}:{1 + skipped}", problem, f"Save it with commas. {REPAIR_HINT}")
        separator = found
    if separator != ",":
        tally.mended("repaired-separators", place, 1 + skipped, "", _NAMES.get(separator, separator), "commas")
    return Reader(chain([first], text) if first else (), separator, skipped)


def _separator(head: str) -> str:
    """What separates the columns of a head; a comma where it has any."""
    if "," in head:
        return ","
    return max(_NAMES, key=head.count) if any(sign in head for sign in _NAMES) and not head.startswith("<") else ","
