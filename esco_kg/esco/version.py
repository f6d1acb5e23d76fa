"""Which version of ESCO the tables are: known from names, by the user, or by what the tables hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from esco_kg.errors import InputError
from esco_kg.esco.defects import Tally
from esco_kg.esco.reference import ESCO, NEWEST, known_versions, references
from esco_kg.esco.tables import RELATIONS, TEXTS, TableFile, read_rows

_KEYS = {
    "conceptSchemes": ("conceptSchemeUri",),
    "broaderRelationsSkillPillar": ("conceptUri", "broaderUri"),
    "broaderRelationsOccPillar": ("conceptUri", "broaderUri"),
    "occupationSkillRelations": ("occupationUri", "skillUri", "relationType"),
    "skillSkillRelations": ("originalSkillUri", "relatedSkillUri", "relationType"),
}
_DATED = ("skills", "occupations")
_FEWEST = 2  # figures in common are no accident
_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Version:
    """A resolved version: ``said`` tells how it was recognised, '' where a name says it; '' for both where nothing
    does."""

    version: str
    said: str = ""


def version_key(version: str) -> tuple[int, ...]:
    """``1.2.1`` -> (1, 2, 1), for comparing."""
    return tuple(int(part) for part in re.findall(r"[0-9]+", version))


def chosen_version(name: str, found: Sequence[TableFile], given: str | None) -> tuple[str, list[TableFile]]:
    """The version that names tell, or that the user gave, and the files of it; '' where no name tells one.

    Raises InputError for versions side by side, and for one that is not there.
    """
    stated = {file.version: file.place for file in reversed(found) if file.version}
    if given is not None:
        wanted = given.strip().lstrip("vV")
        if not re.fullmatch(r"[0-9]+(\.[0-9]+)+", wanted):
            raise InputError(name, f"{given!r} is no version of ESCO", "Give it as --esco-version 1.1.1.")
        if stated and wanted not in stated:
            there = ", ".join(sorted(stated, key=version_key))
            raise InputError(
                name, f"holds ESCO {there}, not {wanted}", "Give another path, or leave --esco-version out."
            )
        return wanted, [file for file in found if file.version in (wanted, "")]
    if len(stated) > 1:
        there = " and ".join(f"{key} ({stated[key]})" for key in sorted(stated, key=version_key))
        raise InputError(
            name, f"mixes ESCO versions {there}", "Choose one with --esco-version, or give its files alone."
        )
    return next(iter(stated), ""), list(found)


def version_by_content(files: Iterable[TableFile]) -> Version:
    """The version whose reference counts and newest changes the tables have; '' where none or several fit as well."""
    figures = _figures(files)
    agreeing: dict[str, list[str]] = {version: [] for version in known_versions()}
    for reference in references():
        if figures.get(reference.what) == reference.value:
            agreeing[reference.version].append(reference.what)
    best = max(agreeing, key=lambda version: len(agreeing[version]))
    most = len(agreeing[best])
    if most < _FEWEST or sum(len(whats) == most for whats in agreeing.values()) > 1:
        return Version("")
    return Version(best, f"by its content: {_listed(agreeing[best], figures)}, as in ESCO {best}")


def unknown_version(name: str, files: Sequence[TableFile]) -> InputError:
    """The error that asks for it."""
    hint = f"{_shape(files)} Say which it is with --esco-version, for example --esco-version 1.1.1."
    return InputError(name, "neither a name nor the content tells the ESCO version", hint)


def _figures(files: Iterable[TableFile]) -> dict[str, str]:
    """Distinct rows of each table, and the newest changes; nothing of tables that cannot be read or are not ESCO's."""
    found: dict[str, str] = {}
    for file in files:
        if file.table in found or file.table not in (*TEXTS, *RELATIONS):
            continue
        keys = _KEYS.get(file.table, ("conceptUri",))
        rows: set[tuple[str, ...]] = set()
        newest = ""
        try:
            for _, (date, *cells) in read_rows(replace(file, version=""), ("modifiedDate", *keys), Tally(repair=True)):
                rows.add(tuple(cells))
                newest = max(newest, date)
        except InputError:
            continue  # what is wrong with it is told when it is read
        if not any(cells[0].startswith((ESCO, ESCO.replace("http:", "https:"))) for cells in rows):
            continue
        found[file.table] = str(len(rows))
        if file.table in _DATED and newest:
            found[f"{file.table} {NEWEST}"] = newest
    return found


def _listed(whats: Sequence[str], figures: dict[str, str]) -> str:
    """The weightiest figures in words: ``13,896 rows of skills``."""
    order = [*_DATED, *RELATIONS, *TEXTS]
    ranked = sorted(whats, key=lambda what: (what not in order, order.index(what) if what in order else 0, what))
    shown = [
        f"{int(figures[what]):,} rows of {what}"
        if figures[what].isdecimal()
        else f"the newest change of {what.removesuffix(f' {NEWEST}')} {figures[what][:10]}"
        for what in ranked[:_SHOWN]
    ]
    return ", ".join(shown)


def _shape(found: Sequence[TableFile]) -> str:
    """What the set of tables says about the version; never enough to resolve it."""
    tables = {file.table for file in found}
    if "ictSkillsCollection" in tables:
        return "The tables have the shape of ESCO 1.1.0."
    if any(file.language for file in found if file.table in RELATIONS):
        return "The tables have the shape of ESCO 1.2."
    return "The tables have the shape of ESCO 1.1."
