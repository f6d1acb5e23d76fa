"""A table of job advertisements or persons by skill -> a table by cluster, sector or ISCO group, safe to publish."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from esco_kg.confidentiality.aggregates import TOTAL, Cell, suppressed
from esco_kg.errors import UsageError
from esco_kg.esco.sectors import nace_structure
from esco_kg.trials.groupings import OPTIONAL_WEIGHT
from esco_kg.trials.material import Material
from esco_kg.trials.rows import Row

Dimension = Literal["cluster", "sector", "isco"]
Shares = dict[str, float]


@dataclass(frozen=True, slots=True)
class Question:
    """What to tabulate. ``unit`` names the column of the advertisement or person (else every row is one unit).

    ``level``: of clusters, digits of ISCO codes, or 1 for NACE sections and 2 for divisions. ``across``: a column that
    becomes the second dimension. ``occupation``: a column with ISCO-08 codes, or occupations by IRI or label, for the
    ISCO dimension.
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
    dimension does not reach (no sector known). ``rule`` says how a skill found its cell, ``estimated`` that it was
    shared over several.
    """

    columns: list[str]
    rows: list[Row]
    read: int
    unknown: int
    unplaced: int
    estimated: bool
    rule: str


@dataclass(slots=True)
class _Tally:
    units: dict[Cell, set[str]] = field(default_factory=lambda: defaultdict(set))
    mentions: dict[Cell, float] = field(default_factory=lambda: defaultdict(float))

    def add(self, column: str, unit: str, shares: Shares) -> None:
        for code, share in shares.items():
            for cell in {(code, column), (code, TOTAL), (TOTAL, column), (TOTAL, TOTAL)}:
                self.units[cell].add(unit)
                self.mentions[cell] += share


def aggregate(material: Material, rows: Iterable[Row], question: Question) -> Answer:
    """Tabulate. A unit counts once in a cell however often it names skills there; ``mentions`` counts every row.

    The number of units decides what is suppressed. Raises UsageError where a column is missing or holds nothing that
    is known, the level is none, or the release cannot tell.
    """
    _check(material, question)
    place = _placing(material, question)
    known, tally = material.skills_by_label(), _Tally()
    read = unknown = unplaced = 0
    row: Row = {}
    for read, row in enumerate(rows, 1):
        name = str(_value(row, question.skill)).strip()
        skills = known.get(name) or known.get(name.casefold())
        if not skills:
            unknown += 1
            continue
        shares = place(skills[0], row)
        unplaced += not shares
        unit = str(_value(row, question.unit)) if question.unit else str(read)
        tally.add(str(_value(row, question.across)) if question.across else TOTAL, unit, shares)
    if read and not tally.units:
        _refuse_empty(material, question, row, is_skill_known=unknown < read)
    return Answer(*_table(material, tally, question), read, unknown, unplaced, *_rule(question))


def _check(material: Material, question: Question) -> None:
    """Refuse what would be passed over without a word."""
    by, level = question.by, question.level
    name, deepest, hint = {
        "cluster": ("cluster", material.depth, f"Give 1 to {material.depth}."),
        "sector": ("NACE", 2, "Give 1 for sections, 2 for divisions."),
        "isco": ("ISCO", 4, "Give 1 to 4 digits."),
    }[by]
    if not 1 <= level <= deepest:
        raise UsageError(f"there is no {name} level {level}", hint)
    if question.occupation and by != "isco":
        hint = "Ask for ISCO groups, or leave the column out: clusters and sectors come from the skills."
        raise UsageError(f"a table by {by} takes no column of occupations", hint)
    if by == "sector" and not material.profiles:
        hint = "Make the release with --nace, or ask for clusters or ISCO groups."
        raise UsageError(f"release {material.version} knows no sectors", hint)


def _refuse_empty(material: Material, question: Question, last: Row, *, is_skill_known: bool) -> None:
    """An empty table would not say that a column was the wrong one."""
    if not is_skill_known:
        problem = f"no row of column {question.skill!r} holds a skill of release {material.version}"
        raise UsageError(f"{problem}; the last is {last[question.skill]!r}", "Give the column of skills.")
    if question.occupation:
        problem = f"no row of column {question.occupation!r} holds an ESCO occupation or an ISCO-08 code"
        hint = f"Codes need {question.level} digits; without the column the table is estimated from the skills."
        raise UsageError(f"{problem}; the last is {last[question.occupation]!r}", hint)


def _rule(question: Question) -> tuple[bool, str]:
    """Whether the table is an estimate, and the rule by which a skill finds its cell, for people."""
    if question.by == "cluster":
        return False, "Each skill counts in its primary cluster."
    if question.by == "sector":
        return True, "Estimates: each skill is shared over NACE as its primary cluster's sector profile is."
    if question.occupation:
        return False, f"Each skill counts in the ISCO group of the occupation in column {question.occupation!r}."
    return True, "Estimates: each skill is shared over the ISCO groups of the occupations that need it in ESCO."


def _value(row: Row, column: str) -> Any:
    if column not in row:
        raise UsageError(f"the table has no column {column!r}", f"It has {', '.join(row)}.")
    return row[column]


def _placing(material: Material, question: Question) -> Callable[[str, Row], Shares]:
    """A function from a skill and its row to shares over codes."""
    primary = {skill: allocation.cluster for skill, allocation in material.primary.items()}
    if question.by == "cluster":
        level = question.level - 1
        return lambda skill, row: {material.path(primary[skill])[level]: 1.0} if skill in primary else {}
    if question.by == "sector":
        of = {iri: p.sections if question.level == 1 else p.divisions for iri, p in material.profiles.items()}
        return lambda skill, row: of.get(primary.get(skill, ""), {})
    if question.occupation:
        return _by_occupation(material, question.occupation, question.level)
    return _by_demand(material, question.level)


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
    across, label = question.across, _labels(material, question.by)
    columns = [question.by, "label", *([across] if across else []), "units", "mentions", "status"]
    rows = []
    for code, column in sorted(units):
        visible = (code, column) not in hidden
        row: Row = {question.by: code or "total", "label": label(code) if code else ""}
        if across:
            row[across] = column or "total"
        row["units"] = units[code, column] if visible else None
        row["mentions"] = round(tally.mentions[code, column], 1) if visible else None
        row["status"] = hidden.get((code, column), "")
        rows.append(row)
    return columns, rows


def _labels(material: Material, by: Dimension) -> Callable[[str], str]:
    if by == "cluster":
        return material.label
    if by == "isco":
        return lambda code: material.isco.get(code, "")
    known = nace_structure((material.language,))
    titles = {code: sector.labels.get(material.language) or sector.labels["en"] for code, sector in known.items()}
    return lambda code: titles.get(code, "")
