"""The small-cell rule for the statistics of a release: which rows of which tables are not published.

A row is suppressed as a whole, because its figures would give each other away. The tables are looked at together: a
count in one is often the total of counts in another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from esco_kg.confidentiality.suppression import PRIMARY, Cell, Known, Sum, suppressed
from esco_kg.model.findings import Table
from esco_kg.rdf.terms import lexical

Coordinates = frozenset[tuple[str, str]]  # dimension and code


@dataclass(frozen=True, slots=True)
class PartsOfTotal:
    """Cells that add up over one dimension: those at ``parts``, to the one at ``total``."""

    dimension: str
    parts: tuple[Coordinates, ...]
    total: Coordinates


def parts_of_totals(places: Iterable[Coordinates], parents: Mapping[str, Mapping[str, str]]) -> Iterator[PartsOfTotal]:
    """Every sum between cells: over the codes below one code of a dimension, and over all top codes of it.

    ``parents`` maps a dimension to its hierarchy, code -> code above; a dimension that is not there has none. A total
    need not be among ``places``.
    """
    parts: dict[tuple[Coordinates, str, str], list[Coordinates]] = defaultdict(list)
    for place in places:
        for dimension, code in sorted(place):
            above = parents.get(dimension, {}).get(code, "")
            parts[place - {(dimension, code)}, dimension, above].append(place)
    for (rest, dimension, above), below in parts.items():
        yield PartsOfTotal(dimension, tuple(below), rest | {(dimension, above)} if above else rest)


def suppress_small_cells(
    tables: Sequence[Table], parents: Mapping[str, Mapping[str, str]], threshold: int
) -> list[Table]:
    """The tables with a status for each row of those that count something that adds up (``sums``).

    A suppressed row has the status ``C``, whether its count is small or protects another one. ``parents`` maps a
    dimension to its hierarchy, code -> code above; a dimension that is not there has none. Cells of tables that say
    nothing of sums are left alone. A total that no table shows counts as known where it is of no cluster: ESCO itself
    tells it.
    """
    cells = _Cells(tables)
    counts = cells.counts
    # A row without a count is never suppressed by itself, so one that is suppressed has one.
    known = Known(least={row[0]: 1.0 for row in cells.rows.values() if len(row) == 1})
    status = suppressed(counts, _sums(counts, parents, threshold), threshold, cells.rows.values(), known)
    found = []
    for table in tables:
        if not table.sums:
            found.append(table)
            continue
        rows = [cells.rows[table.name, place] for place in range(len(table.rows))]
        found.append(replace(table, statuses=[PRIMARY if status.keys() & set(row) else "F" for row in rows]))
    return found


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
    places: dict[str, list[Coordinates]] = defaultdict(list)
    for cell in counts:
        if isinstance(cell, tuple) and isinstance(cell[1], frozenset):
            places[cell[0]].append(cell[1])
    found = []
    for statistic, of in places.items():
        for each in parts_of_totals(of, parents):
            parts, total = tuple((statistic, part) for part in each.parts), (statistic, each.total)
            value = sum(counts[part] for part in parts)
            if total in counts:
                # Links without a cluster, say, are in the total alone: then the parts give nothing away by it.
                if counts[total] == value:
                    found.append(Sum(parts, total))
            # A total over all clusters is a fact of ESCO; one of a cluster is known where a table shows it, only there.
            elif value >= threshold and not any(name == "cluster" for name, _ in each.total):
                found.append(Sum(parts, None, value))
    return found
