"""Small counts left out, and enough others that nobody can work them out from what is published.

A count under the threshold is suppressed (primary, ``C``). It could be recovered from a published total, so further
counts are suppressed (secondary, ``D``) until every suppressed one is uncertain: the values it can have, given all that
is published, the least value of each cell, and all sums between cells, span at least the threshold. Who publishes
must not tell ``C`` from ``D``: a count known to be small could be worked out from fewer others.

Which further cells are best is a hard problem. Three steps come near in seconds: a simple rule adds small cells, and
such as stand with suppressed ones already; where it does not help, a linear programme over all cells does (Kelly,
Golden and Assad, Networks 22, 1992); a last one gives back what no small count needs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import isclose

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csc_matrix

from esco_kg.confidentiality.disclosure import DisclosureAudit, Mask

Cell = Hashable
PRIMARY, SECONDARY = "C", "D"
_DEAREST = 100.0  # more than any row costs, less than uncertainty is worth


@dataclass(frozen=True, slots=True)
class Sum:
    """``parts`` add up to ``total``, a cell as well, or where that is None to ``value``, which everyone knows."""

    parts: tuple[Cell, ...]
    total: Cell | None = None
    value: float = 0

    def cells(self) -> tuple[Cell, ...]:
        """All cells of the sum."""
        return self.parts if self.total is None else (*self.parts, self.total)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of cells beside the tables that are to be published.

    ``least`` is the smallest value that anybody knows a cell to have, otherwise 0. ``unpublished`` are in no table: by
    how much a total is less than its parts, say. ``shown`` and ``hidden`` are the cells that earlier tables show and
    hide. ``small`` are the cells to suppress, where that is not all that count less than the threshold.
    """

    least: Mapping[Cell, float] = field(default_factory=dict)
    unpublished: Collection[Cell] = frozenset()
    shown: Collection[Cell] = frozenset()
    hidden: Collection[Cell] = frozenset()
    small: Collection[Cell] | None = None


def suppressed(
    counts: Mapping[Cell, float],
    sums: Sequence[Sum],
    threshold: float,
    together: Iterable[Sequence[Cell]] = (),
    known: Known | None = None,
) -> dict[Cell, str]:
    """Cell -> ``C`` or ``D`` for every count that must not be published, in the order of ``counts``.

    A count from 1 to ``threshold`` - 1 is too small, a 0 tells nothing of anybody. Cells of one group in ``together``
    are published together or not at all. Where even the suppression of all cells would not make a count uncertain
    enough, it gets as uncertain as that would make it (:func:`exposed` finds it). Raises ValueError where a sum does
    not add up.
    """
    problem = _Problem(counts, sums, threshold, [tuple(group) for group in together], known or Known())
    audit, everything, costs = problem.audit, problem.free, problem.costs
    if not problem.primary.any():
        return {}
    audit.watch(problem.primary & problem.summed, threshold, everything)
    problem.add_neighbours()
    hidden = problem.hidden()
    hidden |= problem.whole_rows(audit.span(everything, problem.without(hidden, costs)))
    audit.forget()
    kept = problem.whole_rows(problem.primary) | problem.unpublished
    kept |= problem.whole_rows(audit.span(hidden, problem.without(kept, costs)))
    watched = problem.primary
    while (new := kept & ~watched & ~problem.unpublished).any():
        watched = watched | new
        audit.watch(new & problem.summed, threshold, everything)
        audit.span(kept)
        kept |= problem.whole_rows(audit.span(everything, problem.without(kept, costs)))
    return {
        cell: PRIMARY if is_small else SECONDARY
        for cell, is_small, is_kept in zip(counts, problem.small, kept & ~problem.unpublished, strict=True)
        if is_kept
    }


def exposed(
    counts: Mapping[Cell, float], sums: Sequence[Sum], threshold: float, hidden: Collection[Cell], known: Known
) -> list[Cell]:
    """The hidden cells whose values span less than the threshold for whoever knows all others."""
    problem = _Problem(counts, sums, threshold, [], known)
    found = np.fromiter((cell in hidden for cell in counts), dtype=bool, count=len(counts))
    audit = problem.audit
    audit.wanted = np.where(found & problem.summed, threshold, 0.0)
    audit.span(found | problem.unpublished)
    return [problem.cells[place] for place in audit.narrow()]


class _Problem:
    def __init__(
        self,
        counts: Mapping[Cell, float],
        sums: Sequence[Sum],
        threshold: float,
        together: list[tuple[Cell, ...]],
        known: Known,
    ) -> None:
        self.counts = counts
        self.cells = list(counts)
        self._order = {cell: place for place, cell in enumerate(counts)}
        self._sums_of: dict[Cell, list[Sum]] = defaultdict(list)
        for each in sums:
            wanted = each.value if each.total is None else counts[each.total]
            if not isclose(sum(counts[part] for part in each.parts), wanted, rel_tol=1e-9, abs_tol=1e-6):
                raise ValueError(f"{each.parts} do not add up to {wanted}")
            is_exact = not any(cell in known.unpublished for cell in each.cells())
            for cell in each.cells() if is_exact else ():
                self._sums_of[cell].append(each)
        self.sums = list(sums)
        self._group_of = {cell: group for group in together for cell in group}
        self._hopeless: set[Cell] = set()
        values = np.fromiter(counts.values(), dtype=float, count=len(counts))
        self.summed: Mask = self._which({cell for each in sums for cell in each.cells()})
        self.unpublished: Mask = self._which(known.unpublished)
        self.free: Mask = ~self._which(known.shown)
        too_small: Mask = (values > 0) & (values < threshold) & ~self.unpublished
        self.small: Mask = too_small if known.small is None else self._which(known.small)
        self.primary: Mask = self.small | self._which(known.hidden)
        self._fixed = set(known.shown)
        self.status: set[Cell] = set(known.unpublished)
        self._needed: set[Cell] = set()
        first = (self._order[self._group_of.get(cell, (cell,))[0]] for cell in counts)
        rows = np.fromiter(first, dtype=np.intp, count=len(counts))
        least = np.fromiter((known.least.get(cell, 0.0) for cell in counts), dtype=float, count=len(counts))
        self.audit = DisclosureAudit(self._matrix(), values, rows, least)

    def _which(self, cells: Collection[Cell]) -> Mask:
        return np.fromiter((cell in cells for cell in self.counts), dtype=bool, count=len(self.counts))

    def _matrix(self) -> csc_matrix:
        """A line per sum, a column per cell: 1 for a part, -1 for the total."""
        entries = [
            (line, self._order[cell], -1 if cell is each.total else 1)
            for line, each in enumerate(self.sums)
            for cell in each.cells()
        ]
        lines, columns, signs = np.array(entries, dtype=int).reshape(-1, 3).T
        return coo_matrix((signs.astype(float), (lines, columns)), shape=(len(self.sums), len(self.counts))).tocsc()

    def hidden(self) -> Mask:
        """Which cells are suppressed so far."""
        return self._which(self.status)

    def without(self, hidden: Mask, costs: NDArray[np.float64]) -> NDArray[np.float64]:
        """The costs where these cells are suppressed already."""
        return np.where(self.rows_of(hidden | self.unpublished), 0, costs)

    def rows_of(self, cells: Mask) -> Mask:
        """Which row numbers have one of these cells."""
        found = np.zeros(len(self.counts), dtype=bool)
        found[self.audit.rows[cells]] = True
        return found

    def whole_rows(self, cells: Mask) -> Mask:
        """These cells and those that are published with them."""
        return self.rows_of(cells)[self.audit.rows]

    @cached_property
    def costs(self) -> NDArray[np.float64]:
        """What suppressing each row costs: itself and what the parts of a total cost, and a little its size."""
        sizes = np.bincount(self.audit.rows, weights=self.audit.counts, minlength=len(self.counts))
        costs = np.ones(len(self.counts))
        row_of = dict(zip(self.counts, self.audit.rows.tolist(), strict=True))
        totals = [(row_of[each.total], [row_of[part] for part in each.parts]) for each in self.sums if each.total]
        is_changed = True
        while is_changed:
            is_changed = False
            for total, parts in totals:
                cost = min(1 + float(costs[parts].sum()), _DEAREST)
                if cost > costs[total]:
                    costs[total], is_changed = cost, True
        return np.asarray(costs + np.minimum(0.1 * np.log1p(sizes), 0.99))

    def add_neighbours(self) -> None:
        """Suppress small cells, then beside each that is not uncertain enough one more, as long as there is any."""
        for place in np.flatnonzero(self.primary):
            self.suppress(self.cells[place])
        while exposed := self.lonely() or self.exposed():
            if not self.cover(exposed):
                break

    def exposed(self) -> list[Cell]:
        """Primary cells not shown to span the threshold, but for those that this rule cannot help."""
        self.audit.span(self.hidden(), exact=False)
        return [cell for place in self.audit.narrow() if (cell := self.cells[place]) not in self._hopeless]

    def suppress(self, cell: Cell) -> None:
        """Suppress a cell and those that stand with it."""
        self._needed.add(cell)
        self.status.update(self._group_of.get(cell, (cell,)), (cell,))

    def lonely(self) -> list[Cell]:
        """Suppressed cells that stand alone in a sum: a subtraction gives them away.

        Those that only share a row with others may be known.
        """
        found: dict[Cell, None] = {}
        for each in self.sums:
            hidden = [cell for cell in each.cells() if cell in self.status]
            if len(hidden) == 1 and hidden[0] in self._needed and self._candidates(each):
                found[hidden[0]] = None
        return list(found)

    def _candidates(self, each: Sum) -> list[Cell]:
        return [
            cell
            for cell in each.cells()
            if cell not in self.status and cell not in self._fixed and self.counts[cell] > 0
        ]

    def cover(self, exposed: Collection[Cell]) -> bool:
        """Suppress one more cell beside each of these, where there is one; tell whether there was any.

        One a sum is enough for now: it may help the others there as well.
        """
        helped: set[int] = set()
        for cell in exposed:
            tight = self._tightest(cell)
            choices = {other: None for each in tight for other in self._candidates(each)}
            if not choices:
                self._hopeless.add(cell)
            elif not helped.intersection(map(id, tight)):
                chosen = min(choices, key=self._cost)
                self.suppress(chosen)
                for other in self._group_of.get(chosen, (chosen,)):
                    helped.update(map(id, self._sums_of[other]))
        return bool(helped)

    def _tightest(self, cell: Cell) -> list[Sum]:
        """The sums that can take a further cell, those with the smallest suppressed counts beside this cell first."""
        open_ones = [each for each in self._sums_of[cell] if self._candidates(each)]
        beside = [
            sum(self.counts[other] for other in each.cells() if other in self.status and other != cell)
            for each in open_ones
        ]
        return [each for each, size in zip(open_ones, beside, strict=True) if size == min(beside)]

    def _cost(self, cell: Cell) -> tuple[int, int, float, int]:
        """The rows it stands for, sums in which it would be the first to be suppressed, its count, its place."""
        first = sum(not any(other in self.status for other in each.cells()) for each in self._sums_of[cell])
        place = self._order[cell]
        return int(self.costs[self.audit.rows[place]]), first, self.counts[cell], place
