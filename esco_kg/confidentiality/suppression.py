"""Small counts left out, and enough others that nobody can work them out from what is published.

A count under the threshold is suppressed (primary, ``C``). It could be recovered from a published total, so further
counts are suppressed (secondary, ``D``) until every primary one is uncertain: the values it can have, given all that is
published, that counts are not negative, and all sums between cells, span at least the threshold.

Which further cells are best is a hard problem. Three steps come near in seconds: a simple rule adds small cells, and
such as stand with suppressed ones already; where it does not help, a linear programme over all cells does (Kelly,
Golden and Assad, Networks 22, 1992); a last one gives back what no small count needs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csc_matrix

from esco_kg.confidentiality.disclosure import Attacker, Mask

Cell = Hashable
PRIMARY, SECONDARY = "C", "D"


@dataclass(frozen=True, slots=True)
class Sum:
    """``parts`` add up to ``total``, a cell as well, or where that is None to ``value``, which everyone knows."""

    parts: tuple[Cell, ...]
    total: Cell | None = None
    value: int = 0

    def cells(self) -> tuple[Cell, ...]:
        """All cells of the sum."""
        return self.parts if self.total is None else (*self.parts, self.total)


def suppressed(
    counts: Mapping[Cell, int], sums: Sequence[Sum], threshold: int, together: Iterable[Sequence[Cell]] = ()
) -> dict[Cell, str]:
    """Cell -> ``C`` or ``D`` for every count that must not be published, in the order of ``counts``.

    ``counts`` are whole numbers from 0; a count from 1 to ``threshold`` - 1 is too small, a 0 tells nothing of anybody.
    Cells of one group in ``together`` are published together or not at all. Where even the suppression of all cells
    would not make a small count uncertain enough, it gets as uncertain as that would make it. Raises ValueError where a
    sum does not add up.
    """
    problem = _Problem(counts, sums, threshold, [tuple(group) for group in together])
    attacker, everything, costs = problem.attacker, np.ones(len(counts), dtype=bool), problem.costs()
    if not problem.small.any():
        return {}
    attacker.want_what_can_be(everything)
    problem.add_neighbours()
    hidden = problem.hidden()
    hidden |= problem.whole_rows(attacker.span(everything, np.where(problem.rows_of(hidden), 0, costs)))
    attacker.forget()
    primary = problem.whole_rows(problem.small)
    kept = primary | problem.whole_rows(attacker.span(hidden, np.where(problem.rows_of(primary), 0, costs)))
    return {
        cell: PRIMARY if is_small else SECONDARY
        for cell, is_small, is_kept in zip(counts, problem.small, kept, strict=True)
        if is_kept
    }


class _Problem:
    def __init__(
        self, counts: Mapping[Cell, int], sums: Sequence[Sum], threshold: int, together: list[tuple[Cell, ...]]
    ) -> None:
        self.counts = counts
        self.status: set[Cell] = set()
        self._order = {cell: place for place, cell in enumerate(counts)}
        self._sums_of: dict[Cell, list[Sum]] = defaultdict(list)
        for each in sums:
            wanted = each.value if each.total is None else counts[each.total]
            if sum(counts[part] for part in each.parts) != wanted:
                raise ValueError(f"{each.parts} do not add up to {wanted}")
            for cell in each.cells():
                self._sums_of[cell].append(each)
        self.sums = list(sums)
        self._totals = {each.total for each in sums}
        self._group_of = {cell: group for group in together for cell in group}
        self._hopeless: set[Cell] = set()
        self._needed: set[Cell] = set()
        self._cells = list(counts)
        values = np.fromiter(counts.values(), dtype=float, count=len(counts))
        self.small: Mask = (values > 0) & (values < threshold)
        first = (self._order[self._group_of.get(cell, (cell,))[0]] for cell in counts)
        rows = np.fromiter(first, dtype=np.intp, count=len(counts))
        summed = np.fromiter((cell in self._sums_of for cell in counts), dtype=bool, count=len(counts))
        self.attacker = Attacker(self._matrix(), values, rows, np.where(self.small & summed, float(threshold), 0.0))

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
        return np.fromiter((cell in self.status for cell in self.counts), dtype=bool, count=len(self.counts))

    def rows_of(self, cells: Mask) -> Mask:
        """Which row numbers have one of these cells."""
        found = np.zeros(len(self.counts), dtype=bool)
        found[self.attacker.rows[cells]] = True
        return found

    def whole_rows(self, cells: Mask) -> Mask:
        """These cells and those that are published with them."""
        return self.rows_of(cells)[self.attacker.rows]

    def costs(self) -> NDArray[np.float64]:
        """What suppressing each row costs: mostly that it is one more, a little its size."""
        sizes = np.bincount(self.attacker.rows, weights=self.attacker.counts, minlength=len(self.counts))
        return np.asarray(1 + 0.1 * np.log1p(sizes))

    def add_neighbours(self) -> None:
        """Suppress small cells, then beside each that is not uncertain enough one more, as long as there is any."""
        for place in np.flatnonzero(self.small):
            self.suppress(self._cells[place])
        while exposed := self.lonely() or self.exposed():
            if not self.cover(exposed):
                break

    def exposed(self) -> list[Cell]:
        """Primary cells not shown to span the threshold, but for those that this rule cannot help."""
        self.attacker.span(self.hidden(), exact=False)
        return [cell for place in self.attacker.narrow() if (cell := self._cells[place]) not in self._hopeless]

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
        return [cell for cell in each.cells() if cell not in self.status and self.counts[cell] > 0]

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

    def _cost(self, cell: Cell) -> tuple[bool, int, int, int]:
        """Whether it is a total, sums in which it would be the first to be suppressed, its count, its place."""
        first = sum(not any(other in self.status for other in each.cells()) for each in self._sums_of[cell])
        return cell in self._totals, first, self.counts[cell], self._order[cell]
