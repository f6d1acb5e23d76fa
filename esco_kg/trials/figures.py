"""Figures of a test: one value per hierarchy and metric, with intervals, and differences that are paired.

Every hierarchy is measured on the same units, and every interval comes from the same replicates of these units, so a
difference between two hierarchies has an interval of its own. Means over units have percentile bootstrap intervals
(Efron 1979, Annals of Statistics 7). What is no mean would be biased by units drawn twice; it has a delete-a-group
jackknife interval with Student's t (Kott 2001, Journal of Official Statistics 17).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000
GROUPS = 20
FEWEST = 10  # fewer units tell nothing of a difference
_SEED = 20260131


@dataclass(frozen=True, slots=True)
class Metric:
    """``name`` as in plans, what it says in words, whether less is better, and the largest value there can be."""

    name: str
    meaning: str
    less_is_better: bool = False
    most: float = 1.0


@dataclass(frozen=True, slots=True)
class Figure:
    """A hierarchy's value over ``units``; ``groups`` counts the hierarchy's groups.

    ``replicates`` are (RESAMPLES,) bootstrap values, or (GROUPS,) jackknife values where ``is_mean`` is False.
    """

    hierarchy: str
    metric: Metric
    value: float
    replicates: NDArray[np.float64]
    units: int
    groups: int
    is_mean: bool = True

    @property
    def limits(self) -> tuple[float, float]:
        """The 95 % interval, inside the values that there can be."""
        low, high = _limits(self.value, self.replicates, self.is_mean)
        return max(low, 0.0), min(high, self.metric.most)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Ours minus theirs over ``units``; ``verdict`` as :func:`verdict_of` tells it."""

    ours: str
    theirs: str
    metric: Metric
    difference: float
    low: float
    high: float
    verdict: str
    units: int


def _limits(value: float, replicates: NDArray[np.float64], is_mean: bool) -> tuple[float, float]:
    if is_mean:
        low, high = np.percentile(replicates, [2.5, 97.5])
        return float(low), float(high)
    from scipy.stats import t

    groups = len(replicates)
    error = float(np.sqrt((groups - 1) / groups * ((replicates - value) ** 2).sum()))
    half = float(t.ppf(0.975, groups - 1)) * error
    return value - half, value + half


@cache
def _resamples(units: int) -> NDArray[np.int64]:
    """(RESAMPLES, units) positions drawn with replacement; the same for the same number of units."""
    return np.random.default_rng(_SEED).integers(0, units, (RESAMPLES, units))


def mean_figure(hierarchy: str, metric: Metric, values: Sequence[float], groups: int) -> Figure:
    """The mean over units. Raises ValueError without a unit."""
    if not len(values):
        raise ValueError("nothing was measured")
    data = np.asarray(values, dtype=np.float64)
    return Figure(hierarchy, metric, float(data.mean()), data[_resamples(len(data))].mean(axis=1), len(data), groups)


def whole_figure(
    hierarchy: str, metric: Metric, of: Callable[[NDArray[np.int64]], float], units: int, groups: int
) -> Figure:
    """A value that is no mean: ``of`` computes it from the positions of units."""
    order = np.random.default_rng(_SEED).permutation(units)
    parts = min(GROUPS, units)
    left = np.array([of(np.sort(order[np.arange(units) % parts != part])) for part in range(parts)])
    return Figure(hierarchy, metric, of(np.arange(units)), left, units, groups, is_mean=False)


def compare(figures: Sequence[Figure]) -> list[Comparison]:
    """Our clusters against the official hierarchy at the same level and against no hierarchy, per metric.

    A rival, a grouping of somebody else, is compared with the level with the most similar number of groups.
    """
    found = []
    for ours in (f for f in figures if f.hierarchy.startswith("clusters")):
        against = (ours.hierarchy.removesuffix(" soft").replace("clusters", "official"), "none")
        for theirs in figures:
            is_rival = theirs.hierarchy.startswith("rival ") and _is_nearest(ours, theirs, figures)
            if (is_rival or theirs.hierarchy in against) and theirs.metric.name == ours.metric.name:
                found.append(comparison(ours, theirs))
    return found


def _is_nearest(ours: Figure, rival: Figure, figures: Sequence[Figure]) -> bool:
    """Whether no other level of the clusters has a number of groups more similar to the rival's."""
    own = [f for f in figures if f.hierarchy.startswith("clusters") and f.metric.name == rival.metric.name]
    nearest = min((abs(np.log(f.groups / rival.groups)) for f in own), default=np.inf)
    return bool(abs(np.log(ours.groups / rival.groups)) == nearest)


def comparison(ours: Figure, theirs: Figure) -> Comparison:
    """Two figures over the same units."""
    difference = ours.value - theirs.value
    low, high = _limits(difference, ours.replicates - theirs.replicates, ours.is_mean)
    verdict = verdict_of(theirs.hierarchy, low, high, ours.units, less_is_better=ours.metric.less_is_better)
    return Comparison(ours.hierarchy, theirs.hierarchy, ours.metric, difference, low, high, verdict, ours.units)


def verdict_of(theirs: str, low: float, high: float, units: int, *, less_is_better: bool) -> str:
    """``better`` or ``worse``, ``no clear difference`` where the interval holds 0, ``too few units`` under 10.

    Against no hierarchy it is ``baseline``: whoever uses a hierarchy gives something up for it, and it is no rival.
    """
    if theirs == "none":
        return "baseline"
    if units < FEWEST:
        return "too few units"
    if low <= 0 <= high:
        return "no clear difference"
    return "better" if (low > 0) != less_is_better else "worse"
