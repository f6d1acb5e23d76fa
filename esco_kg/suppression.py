"""Small counts left out, and enough others that nobody can work them out from what is published.

A count under the threshold is suppressed (primary, ``C``). It could be recovered from a published total, so further
counts are suppressed (secondary, ``D``) until every primary one is uncertain: the values it can have, given all that is
published, that counts are not negative, and all sums between cells, span at least the threshold. Those values are found
by linear programming (the attacker's problem of Fischetti and Salazar, Management Science 47, 2001). Which further
cells are best is a hard problem; a simple rule decides: small ones, and such as stand with suppressed ones already.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components

Cell = Hashable
_FEW = 12
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
    """Cell -> ``C`` or ``D`` for every count that must not be published.

    ``counts`` are whole numbers from 0; a count from 1 to ``threshold`` - 1 is too small, a 0 tells nothing of anybody.
    Cells of one group in ``together`` are published together or not at all. Where a sum has no more cells to suppress,
    its cells stay as uncertain as it allows. Raises ValueError where a sum does not add up.
    """
    problem = _Problem(counts, sums, threshold, [tuple(group) for group in together])
    for cell, count in counts.items():
        if 0 < count < threshold:
            problem.suppress(cell, PRIMARY)
    while exposed := problem.lonely() or problem.exposed():
        if not problem.cover(exposed):
            break
    return problem.status


class _Problem:
    def __init__(
        self, counts: Mapping[Cell, int], sums: Sequence[Sum], threshold: int, together: list[tuple[Cell, ...]]
    ) -> None:
        self.counts, self.threshold = counts, threshold
        self.sums = list(sums)
        self.status: dict[Cell, str] = {}
        self._order = {cell: place for place, cell in enumerate(counts)}
        self._sums_of: dict[Cell, list[Sum]] = defaultdict(list)
        for each in self.sums:
            wanted = each.value if each.total is None else counts[each.total]
            if sum(counts[part] for part in each.parts) != wanted:
                raise ValueError(f"{each.parts} do not add up to {wanted}")
            for cell in each.cells():
                self._sums_of[cell].append(each)
        self._totals = {each.total for each in self.sums}
        self._group_of = {cell: group for group in together for cell in group}
        self._hopeless: set[Cell] = set()
        self._needed: set[Cell] = set()

    def suppress(self, cell: Cell, status: str) -> None:
        """Suppress a cell and those that stand with it."""
        self._needed.add(cell)
        if status == PRIMARY or cell not in self.status:
            self.status[cell] = status
        for other in self._group_of.get(cell, ()):
            self.status.setdefault(other, SECONDARY)

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
                self.suppress(chosen, SECONDARY)
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

    def exposed(self) -> list[Cell]:
        """Primary cells whose possible values span less than the threshold, in order."""
        cells = sorted(self.status, key=lambda cell: self._order[cell])
        number = {cell: place for place, cell in enumerate(cells)}
        rows, columns, signs = [], [], []
        for row, each in enumerate(self.sums):
            for cell in each.cells():
                if cell in number:
                    rows.append(row)
                    columns.append(number[cell])
                    signs.append(-1 if cell is each.total else 1)
        matrix = coo_matrix((signs, (rows, columns)), shape=(len(self.sums), len(cells))).tocsr()
        _, part = connected_components(matrix.T @ matrix, directed=False) if cells else (0, np.zeros(0, dtype=int))
        found: list[Cell] = []
        truth = np.array([self.counts[cell] for cell in cells], dtype=float)
        for members in _members(part):
            inside = matrix[:, members]
            watched = self._watched([cells[place] for place in members])
            span = _spans(inside[np.diff(inside.indptr) > 0], truth[members], watched, self.threshold)
            found += [cells[members[at]] for at, width in span.items() if width < self.threshold - 1e-6]
        return sorted(found, key=lambda cell: self._order[cell])

    def _watched(self, cells: Sequence[Cell]) -> list[int]:
        """Places of the primary cells that more suppression could help."""
        return [
            at
            for at, cell in enumerate(cells)
            if self.status[cell] == PRIMARY and cell not in self._hopeless and self._sums_of[cell]
        ]


def _members(part: NDArray[np.int32]) -> list[NDArray[np.intp]]:
    order = np.argsort(part, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(part[order])) + 1) if len(order) else []


def _spans(matrix: csr_matrix, truth: NDArray[np.float64], watched: Sequence[int], threshold: int) -> dict[int, float]:
    """Place -> how far the values that fit ``matrix @ x = matrix @ truth``, x >= 0, are known to span.

    Every solution is a table that could be the true one. Most cells are shown to be uncertain enough by a few solutions
    that move many at once; a few left over get programs of their own. The span of many left over is what was seen, at
    most too small: then more is suppressed than must be.
    """
    known = matrix @ truth
    ceiling = truth.sum() + threshold
    low, high = truth.copy(), truth.copy()

    def solve(costs: NDArray[np.float64]) -> None:
        solution = linprog(costs, A_eq=matrix, b_eq=known, bounds=(0, ceiling), method="highs")
        if not solution.success:
            raise ValueError(f"the attacker's problem was not solved: {solution.message}")
        np.minimum(low, solution.x, out=low)
        np.maximum(high, solution.x, out=high)

    def narrow() -> list[int]:
        return [at for at in watched if high[at] - low[at] < threshold - 1e-6]

    random = np.random.default_rng(0)
    before, left = 2 * len(watched), narrow()
    while len(left) > _FEW and len(left) < 0.9 * before:
        costs = np.zeros(len(truth))
        costs[left] = random.uniform(-1, 1, len(left))
        solve(costs)
        solve(-costs)
        before, left = len(left), narrow()
    for at in left if len(left) <= _FEW else ():
        for sign in (1, -1):
            costs = np.zeros(len(truth))
            costs[at] = sign
            solve(costs)
    return {at: float(high[at] - low[at]) for at in watched}
