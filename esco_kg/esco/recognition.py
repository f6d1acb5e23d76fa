"""Which table of ESCO's a file is, by its name or its columns, and what else it may be."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass

from esco_kg.esco import archive
from esco_kg.esco.candidates import Candidate, is_unfinished
from esco_kg.esco.tables import COLUMNS, RELATIONS, REQUIRED, needed_columns

# The languages ESCO is published in; in a name that the user chose, other pairs of letters are just words.
_LANGUAGES = frozenset(re.findall("..", "arbgcsdadeelenesetfifrgahrhuisitltlvmtnlnoplptroskslsvuk"))
_VERSION = re.compile(r"(?<![0-9.])v?([0-9])[._](0|[1-9][0-9]?)[._](0|[1-9][0-9]?)(?![0-9]|\.[0-9])", re.IGNORECASE)
_OFFICIAL_LANGUAGE = re.compile(r"- classification - ([a-z]{2,3}(?:-[a-z]{2,4})?)? *- (?:csv|ods|xlsx)", re.IGNORECASE)
_TABLE_NAMES = {name.lower(): name for name in COLUMNS}
_NAME = re.compile(
    rf"(?<![a-z])({'|'.join(_TABLE_NAMES)})(?:[_-]([a-z]{{2,3}}(?:-[a-z]{{2,4}})?))?(?![a-z])", re.IGNORECASE
)
_TABIYA = {"UUIDHISTORY", "ORIGINURI"}
_REST_JSON = (b'"_links"', b'"_embedded"', b'"className"', b'"broaderHierarchyConcept"')
_REST_COLUMNS = {"className", "searchHit", "broaderHierarchyConcept", "_links"}
_HEAD = 1 << 16


@dataclass(frozen=True, slots=True)
class Recognised:
    """``table`` and ``language`` are '' where they are unknown. ``other`` says what else the file is; ``near`` names
    the table that it may be, and ``lacks`` the columns that it would need. ``is_unfinished``: a download that has not
    ended."""

    table: str = ""
    language: str = ""
    other: str = ""
    near: str = ""
    lacks: tuple[str, ...] = ()
    is_unfinished: bool = False


def recognised(candidate: Candidate) -> Recognised:
    """What a file is."""
    match, exact = _named(candidate)
    if is_unfinished(candidate.names[0]):
        return Recognised(near=_TABLE_NAMES[match.group(1).lower()] if match else "", is_unfinished=True)
    if candidate.is_rdf:
        return Recognised(other=_json_of_rest(candidate))
    header, row = _first_rows(candidate)
    if other := _export(header):
        return Recognised(other=other)
    table = _TABLE_NAMES[match.group(1).lower()] if match else ""
    lacks = tuple(column for column in needed_columns(table) if column not in header) if table else ()
    if not exact and (not table or lacks):
        by_columns = _by_columns(header, row)
        if not by_columns:
            return Recognised(near=table, lacks=lacks)
        table = by_columns
    stated = (match.group(2) or "").lower() if match else ""
    if stated or table in RELATIONS:
        return Recognised(table, stated)
    return Recognised(table, _stated_language(candidate.names))


def stated_version(names: tuple[str, ...]) -> str:
    """The version that the nearest name tells; '' where none does."""
    for name in names:
        versions = {".".join(match) for match in _VERSION.findall(name)}
        if len(versions) == 1:
            return versions.pop()
    return ""


def _named(candidate: Candidate) -> tuple[re.Match[str] | None, bool]:
    """The name of a table in the file's own name (of a sheet: or in the workbook's), and whether it is the whole."""
    first, *others = candidate.names
    names = [first, others[0]] if candidate.unit == "row" and others else [first]
    for name in names:
        stem = re.sub(r"\.(csv|ods|xlsx|xlsm|xls)(\.gz)?$", "", name, flags=re.IGNORECASE)
        if match := _NAME.search(stem):
            return match, match.group(0) == stem
    return None, False


def _first_rows(candidate: Candidate) -> tuple[list[str], list[str]]:
    head = archive.head(candidate.path, candidate.member, candidate.place, _HEAD)
    text = io.StringIO(head.decode("utf-8-sig", errors="replace"), newline="")
    rows = csv.reader(text)
    try:
        return [cell.strip() for cell in next(rows, [])], next(rows, [])
    except csv.Error:
        return [], []


def _by_columns(header: list[str], row: list[str]) -> str:
    """The table whose columns a renamed file has; thematic lists look alike and are known by name alone."""
    fitting = [table for table in REQUIRED if set(COLUMNS[table]) <= set(header)]
    if not fitting:
        return ""
    if fitting[0].startswith("broaderRelations"):
        return RELATIONS[1] if row and row[0] in ("Occupation", "ISCOGroup") else RELATIONS[0]
    return fitting[0]


def _export(header: list[str]) -> str:
    """What a table of another publisher or interface is called, by its columns."""
    if _TABIYA & {column.upper() for column in header} and "conceptUri" not in header:
        return "a table of Tabiya's open taxonomy, which has keys and columns of its own"
    if "uri" in header and _REST_COLUMNS & set(header):
        return "an export of ESCO's REST interface"
    return ""


def _json_of_rest(candidate: Candidate) -> str:
    if not candidate.names[0].lower().removesuffix(".gz").endswith(".json"):
        return ""
    head = archive.head(candidate.path, candidate.member, candidate.place, _HEAD)
    return "an answer of ESCO's REST interface" if any(key in head for key in _REST_JSON) else ""


def _stated_language(names: tuple[str, ...]) -> str:
    for name in names[1:]:
        official = _OFFICIAL_LANGUAGE.search(name)
        if official:
            return (official.group(1) or "").lower()
        words = {word for word in re.split(r"[^a-z]+", name.lower()) if word in _LANGUAGES}
        if len(words) == 1:
            return words.pop()
    return ""
