"""A table of job advertisements or persons by skill -> tables by cluster, sector and ISCO group, safe to publish."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from esco_kg.confidentiality.aggregates import Cell, Rule, protect
from esco_kg.confidentiality.tables import Coordinates
from esco_kg.errors import UsageError
from esco_kg.esco.sectors import nace_structure
from esco_kg.folder.material import Material
from esco_kg.trials import earlier
from esco_kg.trials.counting import TOTAL, UNKNOWN, Columns, Counted, Counts, additive, count, read_rows, subsets
from esco_kg.trials.earlier import ESTIMATED, FIGURES, HEAD, SUPPRESSED, Published
from esco_kg.trials.estimate import Estimated, estimate
from esco_kg.trials.rows import Row

Classification = Literal["cluster", "sector", "isco"]


@dataclass(frozen=True, slots=True)
class Question:
    """What to tabulate: ``by`` which classifications, each at all its levels, and ``across`` which further columns.

    ``unit`` names the column of the advertisement or person (else every row is one unit), ``weight`` that of its
    weight. ``occupation``: a column with ISCO-08 codes, or occupations by IRI or label; without it the table by ISCO
    group is estimated. Cells of fewer than ``smallest`` units are suppressed, weighted or not.
    """

    by: tuple[Classification, ...]
    skill: str
    unit: str | None = None
    weight: str | None = None
    across: tuple[str, ...] = ()
    occupation: str | None = None
    smallest: int = 10

    @property
    def counted(self) -> list[Counted]:
        """The classifications whose cells are counted: clusters where others are estimated from them."""
        found: list[Counted] = ["cluster"] if self.estimated or "cluster" in self.by else []
        return [*found, "isco"] if "isco" in self.by and self.occupation else found

    @property
    def estimated(self) -> list[Estimated]:
        """The classifications whose cells are estimated."""
        found: list[Estimated] = ["sector"] if "sector" in self.by else []
        return [*found, "isco"] if "isco" in self.by and not self.occupation else found


@dataclass(slots=True)
class Answer:
    """``rows`` in the order of ``columns``; suppressed cells are None there. ``status`` is C there, and E in estimates.

    ``counts`` tells what was read, ``rules`` how a skill found its cells, for people.
    """

    columns: list[str]
    rows: list[Row]
    counts: Counts
    rules: list[str]


def aggregate(
    material: Material, rows: Iterable[Row], question: Question, published: Sequence[Published] = ()
) -> Answer:
    """Tabulate. A unit counts once in a cell however often it names skills there; ``mentions`` counts every row.

    All cells of all levels, columns and totals are protected together, and with those of ``published`` tables. Raises
    UsageError where a column is missing or holds nothing that is known, a value cannot be, the release cannot tell, or
    published tables give a small cell away.
    """
    _check(question)
    first, rows = _first(rows)
    further = sorted({*question.across, *earlier.columns_of(published, first or question.across)})
    counted = list(question.counted)
    for by in ("cluster", "isco"):
        if by not in counted and any(by in table.classifications() for table in published):
            counted.append(by)
    if "isco" in counted and not question.occupation:
        hint = "Give the column that they were counted by with --occupation."
        raise UsageError("a published table counts ISCO groups", hint)
    columns = Columns(question.skill, question.unit, question.weight, question.occupation, tuple(further))
    counts = read_rows(material, rows, columns, counted)
    if counts.read and not counts.units:
        problem = f"no row of column {question.skill!r} holds a skill of release {material.version}"
        raise UsageError(f"{problem}; the last is {counts.last!r}", "Give the column of skills.")
    if question.occupation and counts.units and counts.no_occupation == len(counts.units):
        problem = f"no row of column {question.occupation!r} holds an ESCO occupation or an ISCO-08 code"
        raise UsageError(problem, "Without the column the table by ISCO group is estimated from the skills.")
    cells = count(counts, _groups(question.counted, question.across))
    asked = set(cells)
    for table in published:
        made = count(counts, _groups([by for by in counted if by in table.classifications()], table.across))
        cells |= {place: cell for place, cell in made.items() if place in table.lines}
    earlier.check(published, cells, question.smallest)
    hidden = _protected(material, counts, cells, question, published) & asked
    return _answer(material, question, counts, {place: cells[place] for place in asked}, hidden)


def _check(question: Question) -> None:
    if question.smallest < 1:
        raise UsageError("the smallest number of units is below 1", "Give 1 where no cell is to be suppressed.")
    """Refuse what would be passed over without a word."""
    if question.occupation and "isco" not in question.by:
        hint = "Ask for ISCO groups, or leave the column out: clusters and sectors come from the skills."
        raise UsageError(f"a table by {' and '.join(question.by)} takes no column of occupations", hint)
    taken = {*HEAD, *FIGURES, "cluster", "sector", "isco"} & set(question.across)
    if taken:
        raise UsageError(f"a column named {min(taken)!r} is in the table already", "Give the column another name.")


def _first(rows: Iterable[Row]) -> tuple[Row, Iterable[Row]]:
    stream = iter(rows)
    first = next(stream, None)
    return (first or {}), (chain([first], stream) if first is not None else ())


def _groups(counted: Iterable[str], across: Collection[str]) -> list[tuple[str | None, frozenset[str]]]:
    return [(by, some) for some in subsets(across) for by in (None, *counted)]


def _protected(
    material: Material,
    counts: Counts,
    cells: Mapping[Coordinates, Cell],
    question: Question,
    published: Sequence[Published],
) -> set[Coordinates]:
    clusters = {c.id: c.parent for c in material.clusters.values() if c.parent}
    rule = Rule(
        question.smallest,
        {"cluster": clusters, "isco": {code: code[:-1] for code in material.isco if len(code) > 1}},
        additive(counts),
        question.unit is None,
        scale=cells[frozenset()].weighted / cells[frozenset()].units if cells else 1.0,
        least=min(counts.weights, default=1.0),
    )
    shown = {place for table in published for place in table.shown}
    protection = protect(cells, rule, shown, {place for table in published for place in table.hidden})
    if protection.exposed:
        names = ", ".join(f"{name} {code}" for name, code in sorted(min(protection.exposed, key=sorted)))
        problem = f"with the published tables {len(protection.exposed):,} cells could be worked out: {names}"
        hint = "Leave out one of the classifications or columns, or publish this table instead of the earlier ones."
        raise UsageError(problem, hint)
    return protection.hidden


def _answer(
    material: Material, question: Question, counts: Counts, cells: dict[Coordinates, Cell], hidden: set[Coordinates]
) -> Answer:
    rows = [
        _row(material, question, by, place, cells[place], is_hidden=place in hidden) | {"level": level}
        for by in question.counted
        for place in cells
        if _belongs(place, by)
        for level in _levels(material, by, dict(place).get(by, TOTAL))
    ]
    shown = {p: cell.mentions for p, cell in cells.items() if p not in hidden and _belongs(p, "cluster")}
    for kind in question.estimated:
        found = estimate(material, kind, shown, {p for p in hidden if _belongs(p, "cluster")})
        rows += [
            _row(material, question, kind, place, mentions) | {"level": level}
            for place, mentions in found.items()
            for level in _levels(material, kind, dict(place).get(kind, TOTAL))
        ]
    order = list(dict.fromkeys([*question.counted, *question.estimated]))

    def place_in_table(row: Row) -> tuple[object, ...]:
        codes = (row[name] for name in ("code", *question.across))
        return order.index(row["by"]), row["level"], *("" if code == TOTAL else code for code in codes)

    rows.sort(key=place_in_table)
    return Answer([*HEAD, *question.across, *FIGURES], rows, counts, _rules(question))


def _belongs(place: Coordinates, by: str) -> bool:
    names = {name for name, _ in place}
    return by in names or not names & {"cluster", "isco"}


def _row(
    material: Material, question: Question, by: Classification, place: Coordinates, cell: Cell | float,
    *, is_hidden: bool = False,
) -> Row:  # fmt: skip
    codes = dict(place)
    code = codes.get(by, TOTAL)
    row: Row = {"by": by, "level": 0, "code": code, "label": _labels(material, by)(code)}
    figures: list[object]
    row |= {name: codes.get(name, TOTAL) for name in question.across}
    if isinstance(cell, Cell):
        units = round(cell.weighted, 1) if question.weight else cell.units
        figures = [None, None, SUPPRESSED] if is_hidden else [units, round(cell.mentions, 1), ""]
    else:
        figures = [None, round(cell, 1), ESTIMATED]
    return row | dict(zip(FIGURES, figures, strict=True))


def _levels(material: Material, by: Classification, code: str) -> range:
    """The levels at which a code stands. A cluster that ends above a level stands for itself there, so that each level
    of the clusters has all rows; what is in no cluster, too."""
    if code == TOTAL:
        return range(1)
    if by != "cluster":
        first = 1 if code == UNKNOWN else len(code)
        return range(first, first + 1)
    first = 1 if code == UNKNOWN else material.clusters[code].depth
    return range(first, (first if code in material.clusters and code not in material.finest else material.depth) + 1)


def _rules(question: Question) -> list[str]:
    """The rule by which a skill finds its cell in each classification, for people."""
    found = ["Each skill counts in its primary cluster."] if "cluster" in question.counted else []
    if "isco" in question.counted:
        found.append(f"Each skill counts in the ISCO group of the occupation in column {question.occupation!r}.")
    if "sector" in question.estimated:
        found.append("Sectors are estimates: the mentions of each cluster are shared as its sector profile is.")
    if "isco" in question.estimated:
        found.append(
            "ISCO groups are estimates: the mentions of each cluster are shared as ESCO's needs for its skills are."
        )
    return found


def _labels(material: Material, by: Classification) -> Callable[[str], str]:
    if by == "cluster":
        return material.label
    if by == "isco":
        return lambda code: material.isco.get(code, "")
    known = nace_structure((material.language,))
    titles = {code: sector.labels.get(material.language) or sector.labels["en"] for code, sector in known.items()}
    return lambda code: titles.get(code, "")
