"""What somebody who adds and subtracts can find out about counts that are left out.

Each table that fits all published counts and all sums could be the true one. It is the true table plus a move: changes
of the suppressed cells that cancel in every sum and leave no count below its least value. What a count can be is found
by linear programming (the attacker's problem of Fischetti and Salazar, Management Science 47, 2001); a few moves of
many cells at once show most of it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import block_array, csc_matrix, hstack
from scipy.sparse.csgraph import connected_components

Mask = NDArray[np.bool_]
_LITTLE = 1e-6  # of one: what the solver's rounding may be
_STEP = 1e-2  # what moving a cell costs at least, so that a move has no more of them than it needs
_GAIN = 1000.0  # what one more of uncertainty is worth, in suppressed rows


class DisclosureAudit:
    """The span that the value of each watched cell is known to have, from ``low`` to ``high``; it only grows.

    ``matrix`` has a line per sum and a column per cell: 1 for a part, -1 for the total. ``rows`` numbers the row that
    each cell is published with. ``least`` is the smallest value that each cell can have for all anybody knows.
    ``wanted`` is the span to be shown, per cell; cells that want 0 are not watched.
    """

    def __init__(
        self, matrix: csc_matrix, counts: NDArray[np.float64], rows: NDArray[np.intp], least: NDArray[np.float64]
    ) -> None:
        self.matrix, self.counts, self.rows, self.least = matrix, counts, rows, least
        self.wanted = np.zeros(len(counts))
        self.forget()

    def forget(self) -> None:
        """Nothing is shown of any cell but its true value."""
        self.low, self.high = self.counts.copy(), self.counts.copy()

    def watch(self, cells: Mask, span: float, hidden: Mask) -> None:
        """Want ``span`` of these cells, too, but of none more than the suppression of ``hidden`` gives."""
        shown, watched = (self.low, self.high), self.wanted
        self.forget()
        self.wanted = np.where(cells, span, 0.0)
        self.span(hidden)
        self.wanted = np.where(cells, np.minimum(self.wanted, self.high - self.low), watched)
        self.low, self.high = shown

    def narrow(self) -> NDArray[np.intp]:
        """Places of the watched cells not yet shown to span what is wanted."""
        return np.flatnonzero(self.high - self.low < self.wanted - _LITTLE)

    def span(self, hidden: Mask, costs: NDArray[np.float64] | None = None, *, exact: bool = True) -> Mask:
        """Let the watched cells span what they can by moves of ``hidden`` cells; return the cells that were moved.

        ``costs``, per row, is what moving a cell of the row costs, so that moves through dear ones are avoided; a row
        that was moved once costs no more. Without ``exact`` the span is what a few moves of many cells show, at most
        too small.
        """
        random = np.random.default_rng(0)
        moved = np.zeros(len(self.counts), dtype=bool)
        costs = None if costs is None else costs.copy()

        def move(places: NDArray[np.intp], gains: NDArray[np.float64]) -> None:
            for sign in (1, -1):
                moved[self._move(hidden, places, sign * gains, costs)] = True
                if costs is not None:
                    costs[self.rows[moved]] = 0

        before, left = np.inf, self.narrow()
        while 0 < len(left) < 0.9 * before:
            move(left, _GAIN * random.uniform(0.2, 1, len(left)) * random.choice((-1, 1), len(left)))
            before, left = len(left), self.narrow()
        part = self._parts(hidden)
        while exact and len(left):
            # Cells of different parts do not meet in any sum: one of each can be asked for at a time.
            now = left[np.unique(part[left], return_index=True)[1]]
            move(now, np.full(len(now), _GAIN))
            left = np.intersect1d(np.setdiff1d(left, now), self.narrow())
        return moved

    def _parts(self, hidden: Mask) -> NDArray[np.int32]:
        """The number of the connected part that each cell is in, over the sums of hidden cells."""
        inside = self.matrix.multiply(hidden[None, :]).tocsc()
        return np.asarray(connected_components(block_array([[None, inside], [inside.T, None]]), directed=False)[1])[
            self.matrix.shape[0] :
        ]

    def _move(
        self, hidden: Mask, places: NDArray[np.intp], gains: NDArray[np.float64], costs: NDArray[np.float64] | None
    ) -> NDArray[np.intp]:
        """Make the best move, keep what it shows, and return the places it changes. ``gains`` are for ``places``."""
        gain, most = np.zeros(len(self.counts)), np.full(len(self.counts), self.counts.sum() + self.wanted.max())
        gain[places] = gains
        most[places] = np.maximum(0, (self.low + self.wanted - self.counts)[places])
        inside = np.flatnonzero(hidden)
        matrix, most = self.matrix[:, inside], most[inside]
        dear = _STEP if costs is None else np.maximum(costs[self.rows[inside]], _STEP)
        fall = (self.counts - self.least)[inside]
        up_down = self._solved(
            np.r_[dear - gain[inside], dear + gain[inside]],
            hstack([matrix, -matrix]),
            np.r_[most, fall],
        )
        found = up_down[: len(inside)] - up_down[len(inside) :]
        np.minimum.at(self.low, inside, self.counts[inside] + found)
        np.maximum.at(self.high, inside, self.counts[inside] + found)
        return inside[np.abs(found) > _LITTLE]

    @staticmethod
    def _solved(costs: NDArray[np.float64], matrix: csc_matrix, most: NDArray[np.float64]) -> NDArray[np.float64]:
        used = matrix.tocsr()
        used = used[np.diff(used.indptr) > 0]
        bounds = np.column_stack([np.zeros(len(most)), most])
        zeros = np.zeros(used.shape[0])
        # Presolving takes longer than the few steps from the true table to the answer, but does what they cannot.
        for presolve in (False, True):
            options = {"presolve": presolve}
            solution = linprog(costs, A_eq=used, b_eq=zeros, bounds=bounds, method="highs", options=options)
            if solution.success:
                return np.asarray(solution.x)
        raise ValueError(f"the bounds of the hidden cells could not be computed: {solution.message}")
