"""Statistical reporting: what of a table may be published, and how much two halves of the sample differ."""

from __future__ import annotations

from collections.abc import Callable
from math import inf

import numpy as np
from numpy.typing import NDArray

from esco_kg.confidentiality.aggregates import Cell, Rule, protect
from esco_kg.confidentiality.tables import Coordinates
from esco_kg.trials.figures import Figure, Metric, whole_figure
from esco_kg.trials.plan import Sample
from esco_kg.trials.tasks.shared import TaskInputs, need

_OfTable = Callable[[NDArray[np.float64]], float]
SMALLEST = 5
_SPLITS, _SEED = 50, 20260131
PUBLISHED = Metric("published", f"share of mentions in cells that may be published (at least {SMALLEST} units)")
DETAIL = Metric("detail", "effective number of published categories: exp of the entropy of their mentions", most=inf)
HALVES = Metric("halves", "total variation distance between the tables of two halves of the sample", True)


def report(inputs: TaskInputs, sample: Sample) -> list[Figure]:
    """Mentions of skills by group under the small-cell rule; a skill of several groups is shared among them."""
    sets = sample.skill_sets(1)
    need(len(sets), "units with a skill")
    positions = inputs.groupings.positions
    figures = []
    for grouping in inputs.hierarchies:
        rows = [np.asarray(grouping.memberships[[positions[s] for s in skills]].sum(axis=0)).ravel() for skills in sets]
        table = np.vstack(rows)
        table = table[:, table.sum(axis=0) > 0]
        figures += [
            whole_figure(grouping.name, metric, _on_units(of, table), len(sets), len(grouping.groups))
            for metric, of in (
                (PUBLISHED, lambda part: _published(part)[0]),
                (DETAIL, lambda part: _published(part)[1]),
                (HALVES, _halves),
            )
        ]
    return figures


def _on_units(of: _OfTable, table: NDArray[np.float64]) -> Callable[[NDArray[np.int64]], float]:
    return lambda units: of(table[units])


def _published(table: NDArray[np.float64]) -> tuple[float, float]:
    """Share of mentions published and effective number of categories, from (units x groups) mentions."""
    units, mentions = (table > 0).sum(axis=0), table.sum(axis=0)
    places = {frozenset({("group", str(column))}): column for column in np.flatnonzero(units)}
    cells: dict[Coordinates, Cell] = {
        place: Cell(int(units[column]), float(units[column]), float(mentions[column]))
        for place, column in places.items()
    }
    cells[frozenset()] = Cell(len(table), float(len(table)), float(mentions.sum()))
    hidden = protect(cells, Rule(SMALLEST, are_shared=True)).hidden
    shown = [mentions[column] for place, column in places.items() if place not in hidden]
    if not shown:
        return 0.0, 0.0
    shares = np.array(shown) / sum(shown)
    return float(sum(shown) / mentions.sum()), float(np.exp(-(shares * np.log(shares)).sum()))


def _halves(table: NDArray[np.float64]) -> float:
    """The mean over splits into random halves; half of the sum of differences between the shares of all groups."""
    random = np.random.default_rng(_SEED)
    distances = []
    for _ in range(_SPLITS):
        order = random.permutation(len(table))
        halves = [table[order[start::2]].sum(axis=0) for start in (0, 1)]
        first, second = (half / half.sum() if half.sum() else half for half in halves)
        distances.append(float(np.abs(first - second).sum() / 2))
    return float(np.mean(distances))
