"""A table of job advertisements or persons by skill -> a table by cluster, sector or ISCO group, safe to publish."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from esco_kg.errors import UsageError
from esco_kg.trials.confidentiality import TOTAL, Cell, suppressed
from esco_kg.trials.groupings import OPTIONAL_WEIGHT
from esco_kg.trials.material import Material
from esco_kg.trials.rows import Row

Dimension = Literal["cluster", "sector", "isco"]
Shares = dict[str, float]


@dataclass(frozen=True, slots=True)
class Question:
    """What to tabulate. ``unit`` names the column of the advertisement or person (else every row is one unit).

    ``level``: of clusters, or digits of ISCO codes. ``across``: a column that becomes the second dimension.
    ``occupation``: a column with ISCO-08 codes, or occupations by IRI or label, for the ISCO dimension.
    """

    by: Dimension
    skill: str
    unit: str | None = None
    across: str | None = None
    occupation: str | None = None
    level: int = 1
    smallest: int = 10


@dataclass(slots=True)
class Answer:
    """``rows`` in the order of ``columns``; suppressed cells are None there and have a ``status`` of C or D.

    ``read`` counts rows read, ``unknown`` those whose skill the release does not have, ``unplaced`` those that the
    dimension does not reach (no sector known); ``estimated`` says that shares were used instead of counts.
    """

    columns: list[str]
    rows: list[Row]
    read: int
    unknown: int
    unplaced: int
    estimated: bool


@dataclass(slots=True)
class _Tally:
    units: dict[Cell, set[str]] = field(default_factory=lambda: defaultdict(set))
    mentions: dict[Cell, float] = field(default_factory=lambda: defaultdict(float))

    def add(self, code: str, column: str, unit: str, weight: float) -> None:
        for cell in {(code, column), (code, TOTAL)}:
            self.units[cell].add(unit)
            self.mentions[cell] += weight


def aggregate(material: Material, rows: Iterable[Row], question: Question) -> Answer:
    """Tabulate. A unit counts once in a cell however often it names skills there; ``mentions`` counts every row.

    The number of units decides what is suppressed. Raises UsageError where a column is missing or the level is none.
    """
    if question.by == "cluster" and not 1 <= question.level <= material.depth:
        raise UsageError(f"there is no cluster level {question.level}", f"Give 1 to {material.depth}.")
    place, estimated = _placing(material, question)
    known, tally = material.skills_by_label(), _Tally()
    read = unknown = unplaced = 0
    for read, row in enumerate(rows, 1):
        name = str(_value(row, question.skill)).strip()
        skills = known.get(name) or known.get(name.casefold())
        if not skills:
            unknown += 1
            continue
        unit = str(_value(row, question.unit)) if question.unit else str(read)
        shares = place(skills[0], row)
        unplaced += not shares
        column = str(_value(row, question.across)) if question.across else TOTAL
        for code, share in shares.items():
            tally.add(code, column, unit, share)
            for cell in {(TOTAL, column), (TOTAL, TOTAL)}:
                tally.units[cell].add(unit)
                tally.mentions[cell] += share
    return Answer(*_table(material, tally, question), read, unknown, unplaced, estimated)


def _value(row: Row, column: str) -> Any:
    if column not in row:
        raise UsageError(f"the table has no column {column!r}", f"It has {', '.join(row)}.")
    return row[column]


def _placing(material: Material, question: Question) -> tuple[Callable[[str, Row], Shares], bool]:
    """A function from a skill and its row to shares over codes, and whether these are estimates."""
    primary = {skill: allocation.cluster for skill, allocation in material.primary.items()}
    if question.by == "cluster":
        level = question.level - 1
        return lambda skill, row: {material.path(primary[skill])[level]: 1.0} if skill in primary else {}, False
    if question.by == "sector":
        profiles = {skill: material.profiles.get(cluster) for skill, cluster in primary.items()}
        sections = {skill: profile.sections for skill, profile in profiles.items() if profile}
        return lambda skill, row: sections.get(skill, {}), True
    if question.occupation:
        return _by_occupation(material, question.occupation, question.level), False
    return _by_demand(material, question.level), True


def _by_occupation(material: Material, column: str, digits: int) -> Callable[[str, Row], Shares]:
    by_name = {iri: o.isco for iri, o in material.occupations.items()}
    for occupation in material.occupations.values():
        for texts in occupation.texts.values():
            by_name.setdefault(texts.pref.casefold(), occupation.isco)

    def shares(skill: str, row: Row) -> Shares:
        given = str(_value(row, column)).strip()
        code = given if given in material.isco else by_name.get(given) or by_name.get(given.casefold(), "")
        return {code[:digits]: 1.0} if len(code) >= digits else {}

    return shares


def _by_demand(material: Material, digits: int) -> Callable[[str, Row], Shares]:
    """A skill's occupations shared over ISCO groups, optional needs counting a half."""
    demand: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for occupation, needs in sorted(material.needs.items()):
        code = material.occupations[occupation].isco[:digits]
        for skill, necessity in needs if code else ():
            demand[skill][code] += 1.0 if necessity == "essential" else OPTIONAL_WEIGHT

    @cache
    def shares(skill: str) -> Shares:
        total = sum(demand[skill].values()) if skill in demand else 0.0
        return {code: weight / total for code, weight in sorted(demand[skill].items())} if total else {}

    return lambda skill, row: shares(skill)


def _table(material: Material, tally: _Tally, question: Question) -> tuple[list[str], list[Row]]:
    units = {cell: len(members) for cell, members in tally.units.items()}
    hidden = suppressed(units, question.smallest)
    across = question.across
    columns = [question.by, "label", *([across] if across else []), "units", "mentions", "status"]
    rows = []
    for code, column in sorted(units):
        visible = (code, column) not in hidden
        row: Row = {question.by: code or "total", "label": _label(material, question.by, code)}
        if across:
            row[across] = column or "total"
        row["units"] = units[code, column] if visible else None
        row["mentions"] = round(tally.mentions[code, column], 1) if visible else None
        row["status"] = hidden.get((code, column), "")
        rows.append(row)
    return columns, rows


def _label(material: Material, by: Dimension, code: str) -> str:
    if not code:
        return ""
    if by == "isco":
        return material.isco.get(code, "")
    return material.label(code) if by == "cluster" else ""
