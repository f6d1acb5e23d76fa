"""The small-cell rule: no cell stands for too few units, and no hidden cell can be computed from the others.

Primary suppression hides a cell with fewer units than the smallest number allowed. Secondary suppression hides more
cells until no hidden one follows from the totals. In a two-way table a hidden cell follows exactly when its edge is a
bridge of the graph whose nodes are the table's lines, totals among them, and whose edges are the hidden cells
(Gusfield 1988, "A graph theoretic approach to statistical data security", SIAM Journal on Computing 17(3)).

Here units decide what is hidden and mentions are what adds up: a unit may stand in several cells, so its counts are no
sums, and :mod:`esco_kg.confidentiality.suppression`, which looks for counts that can be worked out, does not apply.
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
    edges = {cell: _edge(cell, one_way) for cell, number in sorted(units.items()) if number}
    while True:
        shown = [edges[cell] for cell in sorted(hidden)]
        exposed = _bridges(shown)
        if not exposed:
            return hidden
        side = _side(exposed[0], shown)
        # Only a cell across the same cut hides it, and there is one, since a table's lines add up. Totals go last.
        across = [
            cell for cell, (row, column, _) in edges.items() if cell not in hidden and (row in side) != (column in side)
        ]
        hidden[min(across, key=lambda cell: (TOTAL in cell[:1] if one_way else TOTAL in cell, units[cell], cell))] = "D"


Edge = tuple[str, str, Cell]


def _edge(cell: Cell, one_way: bool) -> Edge:
    # In a one-way table a row is a cell and gives no equation: all rows are one node.
    return ("row" if one_way else f"row {cell[0]}"), f"column {cell[1]}", cell


def _side(bridge: Edge, edges: Iterable[Edge]) -> set[str]:
    """The nodes that hang together with the row of a bridge when it is taken out."""
    near: dict[str, set[str]] = defaultdict(set)
    for row, column, cell in edges:
        if cell != bridge[2]:
            near[row].add(column)
            near[column].add(row)
    found, waiting = {bridge[0]}, [bridge[0]]
    while waiting:
        for node in near[waiting.pop()] - found:
            found.add(node)
            waiting.append(node)
    return found


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
