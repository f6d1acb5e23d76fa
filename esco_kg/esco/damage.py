"""What spreadsheet programs, scripts and careless copies do to the cells of a table of concepts.

Each kind is named with its first place, column and value, and with what did it. What can be undone without doubt is
undone where the user asks for it (``--repair``); every cell that is changed is logged.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from esco_kg.errors import InputError
from esco_kg.esco.codes import code_of, codes_twice, date_or_number
from esco_kg.esco.damaged_columns import LABELS, DamagedCell, damaged_columns, decoded_html, with_spaces
from esco_kg.esco.defects import REPAIR_HINT, Tally
from esco_kg.esco.misread_texts import decoded, looks_misread
from esco_kg.esco.tables import Row, TableFile
from esco_kg.rdf.terms import is_http_iri

_ESCO_HTTPS = "https://data.europa.eu/"
_NOTHING = {"nan", "none", "null", "n/a", "#n/a", "<na>"}
_ERRORS = re.compile(r"#(?:NAME\?|REF!|VALUE!|DIV/0!|NUM!|NULL!|#{4,})", re.IGNORECASE)
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
    "code-comma": "has commas where codes of ESCO have points: a spreadsheet program took the code for a number",
    "code-date": "is a date: a spreadsheet program took the code for one",
    "code-number": "is a number with an exponent: a spreadsheet program took the code for one, and its digits are lost",
    "spreadsheet-error": "is an error that a spreadsheet program wrote in place of what stood there",
    "cut-text": "is cut: this and other texts of the column end after {truth} characters, and none is longer",
    "html": "holds a sign written as in HTML, such as &amp; for &: the text was taken from a web page",
    "no-break-space": "holds no-break spaces where its words are parted by spaces: the text was taken from a web page",
    "labels-in-a-line": "holds several labels in one line, {truth}: each has its own line",
    "sorted-apart": "stands beside another concept than it belongs to: the column is in the order of the alphabet, "
    "while the IRIs are in theirs, so that it was sorted without the others",
    "code-twice": "is the code of {truth} too: a zero at the end was lost, and nothing tells which of the two had it",
}  # fmt: skip
_NOT_MENDED = (
    "lost-letters", "code-twice", "code-date", "code-number", "spreadsheet-error", "cut-text",
    "labels-in-a-line", "sorted-apart",
)  # fmt: skip


class DamagedTable(InputError):
    """A table that another program damaged; ``others`` are its further kinds of damage."""

    others: tuple[InputError, ...] = ()


def undamaged(file: TableFile, columns: Sequence[str], rows: Sequence[Row], tally: Tally) -> list[Row]:
    """The rows of a table of concepts, corrected where ``tally.repair`` asks for it.

    Raises DamagedTable where something is damaged that is not to be corrected, or not without doubt.
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


def _found(file: TableFile, columns: Sequence[str], rows: Sequence[Row], tally: Tally) -> list[DamagedCell]:
    """Every damaged cell, kind by kind."""
    at = {column: position for position, column in enumerate(columns)}
    found: list[DamagedCell] = []
    misread: dict[str, list[DamagedCell]] = {}
    beyond_ascii: dict[str, int] = {}
    joined: dict[str, list[DamagedCell]] = {}
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
                    misread.setdefault(column, []).append(DamagedCell(kind, line, column, cell, text or ""))
            if len(cell) < 5 and cell.lower() in _NOTHING:
                found.append(DamagedCell("nothing", line, column, cell))
            elif cell[0] == "#" and _ERRORS.fullmatch(cell):
                found.append(DamagedCell("spreadsheet-error", line, column, cell))
            elif column in LABELS:
                if "\n" in cell:
                    lines[column] = lines.get(column, 0) + 1
                elif "|" in cell or "\\n" in cell:
                    joined.setdefault(column, []).append(
                        DamagedCell("joined-labels", line, column, cell, _mended("joined-labels", cell, ""))
                    )
            elif column in _IRIS:
                if _ESCO_HTTPS in cell:
                    found.append(DamagedCell("https", line, column, cell, _mended("https", cell, "")))
                elif column.startswith("concept") and " " in cell and is_http_iri("".join(cell.split())):
                    found.append(DamagedCell("space", line, column, cell, _mended("space", cell, "")))
        found += _codes(line, cells, at, file.table)
    found += _most(misread, beyond_ascii, file, tally)
    found += damaged_columns(columns, rows)
    for column, cells_joined in joined.items():
        if len(cells_joined) > lines.get(column, 0):  # a label may well hold a bar
            found += cells_joined
    twice = codes_twice(rows, at, {cell.line: cell.now for cell in found if cell.column == "code"})
    return found + [DamagedCell("code-twice", line, "code", code, truth=other) for line, code, other in twice]


def _codes(line: int, cells: Sequence[str], at: dict[str, int], table: str) -> list[DamagedCell]:
    found = []
    for column in ("code", "iscoGroup"):
        cell, iri = cells[at[column]], cells[at["conceptUri"]]
        if kind := date_or_number(table, column, cell, cells[at["iscoGroup"]]):
            found.append(DamagedCell(kind, line, column, cell))
            continue
        kind, now, truth = code_of(table, column, cell, iri)
        if now != cell:
            found.append(DamagedCell(kind, line, column, cell, now, truth))
    return found


def _most(
    misread: dict[str, list[DamagedCell]], beyond_ascii: dict[str, int], file: TableFile, tally: Tally
) -> list[DamagedCell]:
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
    if kind == "html":
        return decoded_html(cell)
    if kind == "no-break-space":
        return with_spaces(cell)
    if kind == "joined-labels":
        return "\n".join(label for label in _JOINED.split(cell) if label)
    return now


def _error(file: TableFile, cells: Sequence[DamagedCell]) -> InputError:
    """One error for the first kind, with the others behind it."""
    by_kind: dict[str, list[DamagedCell]] = {}
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
