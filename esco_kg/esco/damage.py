"""What spreadsheet programs, scripts and careless copies do to the cells of a table of concepts.

Each kind is named with its first place, column and value, and with what did it. What can be undone without doubt is
undone where the user asks for it (``--repair``); every cell that is changed is logged.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from esco_kg.errors import InputError
from esco_kg.esco.codes import code_of, codes_twice
from esco_kg.esco.defects import REPAIR_HINT, Tally
from esco_kg.esco.misread_texts import decoded, looks_misread
from esco_kg.esco.tables import Row, TableFile
from esco_kg.rdf.terms import is_http_iri

_ESCO_HTTPS = "https://data.europa.eu/"
_NOTHING = {"nan", "none", "null", "n/a", "#n/a", "<na>"}
_LABELS = ("altLabels", "hiddenLabels")
_JOINED = re.compile(r"[ \t]*(?:\||\\n)[ \t]*")
_IRIS = ("conceptUri", "conceptSchemeUri", "inScheme", "naceCode", "hasTopConcept")
_AS_IT_CAME = "Take the table as it came in the ESCO download."
_CAUSES = {
    "code": "has lost zeros that {truth} keeps: a spreadsheet program took the code for a number",
    "decoding": "is UTF-8 that was read as Windows-1252 and saved again",
    "lost-letters": "has lost letters for good: it was decoded wrongly and saved",
    "https": "begins with https, but the IRIs of ESCO begin with http: somebody rewrote them",
    "joined-labels": "holds several labels in one line, joined by '|' or by a written \\n: each has its own line",
    "nothing": "stands for an empty cell: a data frame was saved without its missing values",
    "space": "holds a space, which no IRI has",
    "code-twice": "is the code of {truth} too: a zero at the end was lost, and nothing tells which of the two had it",
}  # fmt: skip
_NOT_MENDED = ("lost-letters", "code-twice")


@dataclass(frozen=True, slots=True)
class _Cell:
    kind: str
    line: int
    column: str
    was: str
    now: str = ""
    truth: str = ""


class DamagedTable(InputError):
    """A table that another program damaged; ``others`` are its further kinds of damage."""

    others: tuple[InputError, ...] = ()


def undamaged(file: TableFile, columns: Sequence[str], rows: Sequence[Row], tally: Tally) -> list[Row]:
    """The rows of a table of concepts, mended where ``tally.repair`` asks for it.

    Raises DamagedTable where something is damaged that is not to be mended, or cannot be without doubt.
    """
    found = _found(file, columns, rows, tally)
    if not found:
        return list(rows)
    kept = [cell for cell in found if not tally.repair or cell.kind in _NOT_MENDED]
    if kept:
        raise _error(file, kept)
    mended = {line: list(cells) for line, cells in rows}
    at = {column: position for position, column in enumerate(columns)}
    for cell in found:
        # One cell may be damaged twice, so each repair goes on from what the one before left.
        mended[cell.line][at[cell.column]] = _mended(cell.kind, mended[cell.line][at[cell.column]], cell.now)
        tally.mended(f"repaired-{cell.kind}", file.place, cell.line, cell.column, cell.was, cell.now)
    return [(line, tuple(cells)) for line, cells in mended.items()]


def _found(file: TableFile, columns: Sequence[str], rows: Sequence[Row], tally: Tally) -> list[_Cell]:
    """Every damaged cell, kind by kind."""
    at = {column: position for position, column in enumerate(columns)}
    found: list[_Cell] = []
    misread: dict[str, list[_Cell]] = {}
    beyond_ascii: dict[str, int] = {}
    joined: dict[str, list[_Cell]] = {}
    lines: dict[str, int] = {}
    for line, cells in rows:
        for column, cell in zip(columns, cells, strict=True):
            if not cell:
                continue
            if not cell.isascii():
                beyond_ascii[column] = beyond_ascii.get(column, 0) + 1
                if looks_misread(cell):
                    text = decoded(cell)
                    kind = "lost-letters" if text is None else "decoding"
                    misread.setdefault(column, []).append(_Cell(kind, line, column, cell, text or ""))
            if len(cell) < 5 and cell.lower() in _NOTHING:
                found.append(_Cell("nothing", line, column, cell))
            elif column in _LABELS:
                if "\n" in cell:
                    lines[column] = lines.get(column, 0) + 1
                elif "|" in cell or "\\n" in cell:
                    joined.setdefault(column, []).append(
                        _Cell("joined-labels", line, column, cell, _mended("joined-labels", cell, ""))
                    )
            elif column in _IRIS:
                if _ESCO_HTTPS in cell:
                    found.append(_Cell("https", line, column, cell, _mended("https", cell, "")))
                elif column.startswith("concept") and " " in cell and is_http_iri("".join(cell.split())):
                    found.append(_Cell("space", line, column, cell, _mended("space", cell, "")))
        found += _codes(line, cells, at, file.table)
    found += _most(misread, beyond_ascii, file, tally)
    for column, cells_joined in joined.items():
        if len(cells_joined) > lines.get(column, 0):  # a label may well hold a bar
            found += cells_joined
    twice = codes_twice(rows, at, {cell.line: cell.now for cell in found if cell.column == "code"})
    return found + [_Cell("code-twice", line, "code", code, truth=other) for line, code, other in twice]


def _codes(line: int, cells: Sequence[str], at: dict[str, int], table: str) -> list[_Cell]:
    found = []
    for column in ("code", "iscoGroup"):
        now, truth = code_of(table, column, cells[at[column]], cells[at["conceptUri"]])
        if now != cells[at[column]]:
            found.append(_Cell("code", line, column, cells[at[column]], now, truth))
    return found


def _most(misread: dict[str, list[_Cell]], beyond_ascii: dict[str, int], file: TableFile, tally: Tally) -> list[_Cell]:
    """Misread cells of columns that are mostly so; a few are ESCO's own (12 descriptions in 1.1.1) and tallied."""
    found = []
    for column, cells in misread.items():
        if 2 * len(cells) > beyond_ascii[column]:
            found += cells
        else:
            for cell in cells:
                tally.add("text-wrongly-decoded", file.place, cell.line, f"{cell.column}: {cell.was[:60]}")
    return found


def _mended(kind: str, cell: str, now: str) -> str:
    if kind == "https":
        return cell.replace(_ESCO_HTTPS, "http" + _ESCO_HTTPS[5:])
    if kind == "space":
        return "".join(cell.split())
    if kind == "joined-labels":
        return "\n".join(label for label in _JOINED.split(cell) if label)
    return now


def _error(file: TableFile, cells: Sequence[_Cell]) -> InputError:
    """One error for the first kind, with the others behind it."""
    by_kind: dict[str, list[_Cell]] = {}
    for cell in cells:
        by_kind.setdefault(cell.kind, []).append(cell)
    errors = []
    for kind, found in by_kind.items():
        first = found[0]
        columns = ", ".join(sorted({cell.column for cell in found}))
        cause = _CAUSES[kind].format(truth=first.truth)
        also = f"; {len(found):,} cells of {file.table} are so ({columns})" if len(found) > 1 else ""
        hint = _AS_IT_CAME if kind in _NOT_MENDED else f"{_AS_IT_CAME} Or {REPAIR_HINT[0].lower()}{REPAIR_HINT[1:]}"
        errors.append(DamagedTable(file.at(first.line), f"{first.column} {first.was[:60]!r} {cause}{also}", hint))
    errors[0].others = tuple(errors[1:])
    return errors[0]
