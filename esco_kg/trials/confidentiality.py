"""The small-cell rule: no cell stands for too few units, and no hidden cell can be computed from the others.

Primary suppression hides a cell with fewer units than the smallest number allowed. Secondary suppression hides more
cells until no hidden one follows from the totals. In a two-way table a hidden cell follows exactly when its edge is a
bridge of the graph whose nodes are the table's lines, totals among them, and whose edges are the hidden cells
(Gusfield 1988, "A graph theoretic approach to statistical data security", SIAM Journal on Computing 17(3)).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Literal

TOTAL = ""
Cell = tuple[str, str]
Status = Literal["C", "D"]  # CONF_STATUS of SDMX: primary, secondary


def suppressed(units: Mapping[Cell, int], smallest: int) -> dict[Cell, Status]:
    """The cells to hide, by (row, column).

    ``units`` counts the units behind every cell that is not zero, totals among them: a total's row or column is ``''``.
    A table of one column has the columns ``''`` alone.
    """
    hidden: dict[Cell, Status] = {cell: "C" for cell, number in sorted(units.items()) if 0 < number < smallest}
    one_way = all(column == TOTAL for _, column in units)
    while True:
        exposed = sorted(_bridges([_edge(cell, one_way) for cell in sorted(hidden)]))
        cell = next((found for found in (_partner(e, units, hidden, one_way) for e in exposed) if found), None)
        if cell is None:
            return hidden
        hidden[cell] = "D"


def follows(hidden: Iterable[Cell], one_way: bool) -> set[Cell]:
    """The hidden cells that can be computed from the rest of the table."""
    cells = sorted(hidden)
    return {_cell(edge) for edge in _bridges([_edge(cell, one_way) for cell in cells])}


Edge = tuple[str, str, Cell]


def _edge(cell: Cell, one_way: bool) -> Edge:
    # In a one-way table a row is a cell and gives no equation: all rows are one node.
    return ("row" if one_way else f"row {cell[0]}"), f"column {cell[1]}", cell


def _cell(edge: Edge) -> Cell:
    return edge[2]


def _partner(edge: Edge, units: Mapping[Cell, int], hidden: Mapping[Cell, Status], one_way: bool) -> Cell | None:
    """The visible cell with the fewest units in one of the two lines of an exposed cell; totals last."""
    row, column = edge[2]
    near = [
        cell
        for cell, number in units.items()
        if number and cell not in hidden and (cell[1] == column or (not one_way and cell[0] == row))
    ]
    return min(
        near, key=lambda cell: ((TOTAL in cell and not one_way) or cell[0] == TOTAL, units[cell], cell), default=None
    )


def _bridges(edges: list[Edge]) -> list[Edge]:
    """Edges on no cycle, by depth-first search with low links (Tarjan 1974); parallel edges make a cycle."""
    near: dict[str, list[int]] = defaultdict(list)
    for number, (row, column, _) in enumerate(edges):
        near[row].append(number)
        near[column].append(number)
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    found: list[Edge] = []
    for root in sorted(near):
        if root not in order:
            _search(root, near, edges, order, low, found)
    return found


def _search(
    root: str, near: Mapping[str, list[int]], edges: list[Edge], order: dict[str, int], low: dict[str, int],
    found: list[Edge],
) -> None:  # fmt: skip
    order[root] = low[root] = len(order)
    stack = [(root, -1, iter(near[root]))]
    while stack:
        node, came_by, left = stack[-1]
        number = next(left, None)
        if number is None:
            stack.pop()
            if stack:
                above = stack[-1][0]
                low[above] = min(low[above], low[node])
                if low[node] > order[above]:
                    found.append(edges[came_by])
        elif number != came_by:
            row, column, _ = edges[number]
            other = column if node == row else row
            if other in order:
                low[node] = min(low[node], order[other])
            else:
                order[other] = low[other] = len(order)
                stack.append((other, number, iter(near[other])))
