"""The small-cell rule for the statistics of a release: which rows of which tables are not published.

A row is suppressed as a whole, because its figures would give each other away. The tables are looked at together: a
count in one is often the total of counts in another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from esco_kg.confidentiality.suppression import PRIMARY, SECONDARY, Cell, Sum, suppressed
from esco_kg.model.findings import Table
from esco_kg.rdf.terms import lexical

_Coordinates = frozenset[tuple[str, str]]  # dimension and code


def suppress_small_cells(
    tables: Sequence[Table], parents: Mapping[str, Mapping[str, str]], threshold: int
) -> list[Table]:
    """The tables with a status for each row of those that count something that adds up (``sums``).

    ``parents`` maps a dimension to its hierarchy, code -> code above; a dimension that is not there has none. Cells of
    tables that say nothing of sums are left alone. A total that no table shows counts as known where it is of no
    cluster: ESCO itself tells it.
    """
    cells = _Cells(tables)
    counts = cells.counts
    status = suppressed(counts, _sums(counts, parents, threshold), threshold, cells.rows.values())
    found = []
    for table in tables:
        if not table.sums:
            found.append(table)
            continue
        rows = [cells.rows[table.name, place] for place in range(len(table.rows))]
        found.append(replace(table, statuses=[_worst(status.get(cell) for cell in row) for row in rows]))
    return found


def _worst(found: object) -> str:
    statuses = set(found)  # type: ignore[call-overload]
    return PRIMARY if PRIMARY in statuses else SECONDARY if SECONDARY in statuses else "F"


class _Cells:
    """Every count of the tables as a cell: (statistic, coordinates), or one of its own where nothing adds up."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self.counts: dict[Cell, int] = {}
        self.rows: dict[tuple[str, int], tuple[Cell, ...]] = {}
        for table in tables:
            if table.sums:
                for place, row in enumerate(table.rows):
                    self.rows[table.name, place] = tuple(self._of_row(table, row))

    def _of_row(self, table: Table, row: Sequence[object]) -> list[Cell]:
        values = dict(zip(table.columns, row, strict=True))
        key = {name: lexical(values[column]) for column, name in table.dimensions.items()}  # type: ignore[arg-type]
        found: list[Cell] = []
        for column, value in values.items():
            if column not in table.units or not isinstance(value, int):
                continue
            said = table.sums.get(column)
            cell: Cell = (table.name, column, *row)
            if said:
                cell = (said.statistic, frozenset({**key, **said.codes}.items()))
            self.counts[cell] = value
            found.append(cell)
        return found


def _sums(counts: Mapping[Cell, int], parents: Mapping[str, Mapping[str, str]], threshold: int) -> list[Sum]:
    """Every sum between cells: over the codes below one code of a dimension, and over all top codes of it."""
    parts: dict[tuple[str, _Coordinates, str, str], list[Cell]] = defaultdict(list)
    for cell in counts:
        if isinstance(cell, tuple) and isinstance(cell[1], frozenset):
            statistic, coordinates = cell
            for dimension, code in sorted(coordinates):
                above = parents.get(dimension, {}).get(code, "")
                rest = coordinates - {(dimension, code)}
                parts[statistic, rest, dimension, above].append(cell)
    found = []
    for (statistic, rest, dimension, above), below in parts.items():
        at = rest | {(dimension, above)} if above else rest
        total: Cell = (statistic, at)
        value = sum(counts[cell] for cell in below)
        if total in counts:
            # Links without a cluster, say, are in the total alone: then the parts give nothing away by it.
            if counts[total] == value:
                found.append(Sum(tuple(below), total))
        # A total over all clusters is a fact of ESCO; one of a cluster is known where a table shows it, and only there.
        elif value >= threshold and not any(name == "cluster" for name, _ in at):
            found.append(Sum(tuple(below), None, value))
    return found
