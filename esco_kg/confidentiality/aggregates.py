"""The small-cell rule for tables of units: which cells are not published, in all tables of a run and of earlier ones.

The rule is that of a release's statistics (:mod:`esco_kg.confidentiality.suppression`). Whoever reads the tables knows
more of units than that some add up: a unit that names several clusters counts in each, so a total has at least as many
units as any of its parts and at most as many as all together; each unit has a mention; and no listed cell is empty.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from math import isclose

from esco_kg.confidentiality import suppression
from esco_kg.confidentiality.suppression import Known, Sum
from esco_kg.confidentiality.tables import Coordinates, PartsOfTotal, parts_of_totals

UNITS, MENTIONS, DIFFERENCE = "units", "mentions", "difference"


@dataclass(frozen=True, slots=True)
class Cell:
    """``units`` counts units; ``weighted`` adds up the weight of each, ``mentions`` that of each row."""

    units: int
    weighted: float
    mentions: float


@dataclass(frozen=True, slots=True)
class Rule:
    """``smallest``: fewer units are too few. ``parents``: dimension -> code -> code above. ``additive``: the dimensions
    over which units add up. ``are_units_rows``: each mention is a unit. ``are_shared``: a mention may be shared over
    cells, so that a cell can have fewer mentions than units. ``scale``: the mean weight of a unit. ``least``: the
    smallest weight.
    """

    smallest: int
    parents: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    additive: Collection[str] = frozenset()
    are_units_rows: bool = False
    are_shared: bool = False
    scale: float = 1.0
    least: float = 1.0


@dataclass(frozen=True, slots=True)
class Protection:
    """``hidden``: the cells not to be published. ``exposed``: those among them that earlier tables give away."""

    hidden: set[Coordinates]
    exposed: set[Coordinates]


def protect(
    cells: Mapping[Coordinates, Cell],
    rule: Rule,
    shown: Collection[Coordinates] = frozenset(),
    hidden: Collection[Coordinates] = frozenset(),
) -> Protection:
    """Hide each cell of too few units, and others until the values of all hidden ones span what ``smallest`` units are.

    ``shown`` and ``hidden`` are the cells that earlier tables show and hide: they stay so.
    """
    tables = _Linked(cells, rule)
    small = {place for place, cell in cells.items() if 0 < cell.units < rule.smallest} - set(shown)
    known = Known(
        least={} if rule.are_shared else dict.fromkeys(tables.figures, rule.least / rule.scale),
        unpublished=tables.differences,
        shown=tables.figures_of(shown),
        hidden=tables.figures_of(hidden),
        small=tables.figures_of(small),
    )
    counts, smallest = tables.counts, float(rule.smallest)
    status = suppression.suppressed(counts, tables.sums, smallest, tables.rows.values(), known)
    given_away = suppression.exposed(counts, tables.sums, smallest, status, known) if shown else []
    return Protection({cell[1] for cell in status}, {cell[1] for cell in given_away})  # type: ignore[index]


class _Linked:
    """All figures of all cells, and what everybody knows of how they add up."""

    def __init__(self, cells: Mapping[Coordinates, Cell], rule: Rule) -> None:
        self.counts: dict[suppression.Cell, float] = {}
        self.rows: dict[Coordinates, tuple[suppression.Cell, ...]] = {}
        self.sums: list[Sum] = []
        self.differences: set[suppression.Cell] = set()
        for place, cell in cells.items():
            self.counts[MENTIONS, place] = cell.mentions / rule.scale
            if not rule.are_units_rows:
                self.counts[UNITS, place] = cell.weighted / rule.scale
            self.rows[place] = tuple((name, place) for name in (MENTIONS, UNITS) if (name, place) in self.counts)
        self.figures = list(self.counts)
        for place in () if rule.are_units_rows or rule.are_shared else cells:
            self._add_up(((UNITS, place),), (MENTIONS, place), is_whole=False)
        for each in parts_of_totals(cells, rule.parents):
            if each.total in cells:
                self._add(each, rule)

    def figures_of(self, places: Collection[Coordinates]) -> set[suppression.Cell]:
        """The figures of some cells."""
        return {figure for place in places for figure in self.rows[place]}

    def _add(self, each: PartsOfTotal, rule: Rule) -> None:
        mentions: tuple[suppression.Cell, ...] = tuple((MENTIONS, part) for part in each.parts)
        total: suppression.Cell = (MENTIONS, each.total)
        # Codes of fewer digits are in the total alone.
        is_whole = isclose(sum(self.counts[part] for part in mentions), self.counts[total], rel_tol=1e-9)
        self._add_up(mentions, total, is_whole=is_whole)
        if rule.are_units_rows:
            return
        parts: tuple[suppression.Cell, ...] = tuple((UNITS, part) for part in each.parts)
        total = (UNITS, each.total)
        if is_whole and (each.dimension in rule.additive or len(parts) == 1):
            self._add_up(parts, total, is_whole=True)
            return
        for part in parts:
            self._add_up((part,), total, is_whole=False)
        if is_whole:
            together = self._unpublished(sum(self.counts[part] for part in parts))
            self._add_up(parts, together, is_whole=True)
            self._add_up((total,), together, is_whole=False)

    def _add_up(self, parts: tuple[suppression.Cell, ...], total: suppression.Cell, *, is_whole: bool) -> None:
        """Note that parts add up to a total, or where they are not the whole of it to no more than it."""
        if not is_whole:
            rest = self.counts[total] - sum(self.counts[part] for part in parts)
            parts = (*parts, self._unpublished(max(rest, 0.0)))
        self.sums.append(Sum(parts, total))

    def _unpublished(self, value: float) -> suppression.Cell:
        cell = (DIFFERENCE, len(self.differences))
        self.counts[cell] = value
        self.differences.add(cell)
        return cell
