"""Codes of concepts against what else tells them: spreadsheet programs take them for numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from esco_kg.esco.tables import Row

_OF_IRI = re.compile(r"(?:/isco/C|/isced-f/)([0-9]+)$")
_UNIT_GROUP = 4  # digits


def code_of(table: str, column: str, cell: str, iri: str) -> tuple[str, str]:
    """The code as it must be, and what tells it; the cell itself where nothing tells another.

    The IRI of an ISCO or ISCED-F group ends in its code. A unit group of ISCO-08 has four digits, and an occupation's
    code begins with it.
    """
    truth = _OF_IRI.search(iri) if column == "code" else None
    if truth and cell and cell != truth[1] and cell.strip("0") == truth[1].strip("0"):
        return truth[1], f"its IRI {iri.rsplit('/', 1)[-1]}"
    if table == "occupations" and re.fullmatch(r"[0-9]{1,3}(\.[0-9]+)*", cell):
        group, point, rest = cell.partition(".")
        return group.zfill(_UNIT_GROUP) + point + rest, "the unit group of ISCO, of four digits,"
    return cell, ""


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
