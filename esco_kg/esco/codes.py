"""Codes of concepts against what else tells them: spreadsheet programs take them for numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from esco_kg.esco.tables import Row

_OF_IRI = re.compile(r"(?:/isco/C|/isced-f/)([0-9]+)$")
_UNIT_GROUP = 4  # digits
_DATE = re.compile(r"[0-9]{1,4}([./-])[0-9]{1,2}\1[0-9]{2,4}|[0-9]{1,2}-[A-Za-z]{3}|[A-Za-z]{3}-[0-9]{2}")
_EXPONENT = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]+")


def code_of(table: str, column: str, cell: str, iri: str) -> tuple[str, str, str]:
    """(kind of damage, the code as it must be, what tells it); the cell itself where nothing tells another.

    The IRI of an ISCO or ISCED-F group ends in its code. A unit group of ISCO-08 has four digits, and an occupation's
    code begins with it.
    """
    truth = _OF_IRI.search(iri) if column == "code" else None
    if truth and cell and cell != truth[1] and cell.strip("0") == truth[1].strip("0"):
        return "code", truth[1], f"its IRI {iri.rsplit('/', 1)[-1]}"
    if table == "occupations" and re.fullmatch(r"[0-9]+([.,][0-9]+)*", cell):
        group, point, rest = cell.replace(",", ".").partition(".")
        kind = "code-comma" if "," in cell else "code"
        return kind, group.zfill(_UNIT_GROUP) + point + rest, "the unit group of ISCO, of four digits,"
    return "", cell, ""


def date_or_number(table: str, column: str, cell: str, group: str) -> str:
    """The kind of damage of an occupation's code that a program made a date or a number of; '' of other codes.

    A code may look like a date, such as 2310.1.30: it begins with the ISCO group of its row.
    """
    if table != "occupations" or column != "code" or re.split("[.,]", cell)[0].lstrip("0") == group.lstrip("0"):
        return ""
    return "code-number" if _EXPONENT.fullmatch(cell) else "code-date" if _DATE.fullmatch(cell) else ""


def codes_twice(
    rows: Sequence[Row], at: Mapping[str, int], mended: Mapping[int, str]
) -> Iterator[tuple[int, str, str]]:
    """(line, code, the other concept's IRI) of codes that two concepts have; one concept may have several rows."""
    seen: dict[str, str] = {}
    for line, cells in rows:
        code, iri = mended.get(line) or cells[at["code"]], cells[at["conceptUri"]]
        other = seen.setdefault(code, iri)
        if code and other != iri:
            yield line, code, other
