"""Intervals for shares, 95 % throughout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Interval:
    """A value between its limits."""

    value: float
    low: float
    high: float


def exact(successes: float, trials: float) -> tuple[float, float]:
    """Clopper and Pearson's limits (Biometrika 1934); ``trials`` may be an effective number, so need not be whole."""
    from scipy.stats import beta

    low = float(beta.ppf(0.025, successes, trials - successes + 1)) if successes > 0 else 0.0
    high = float(beta.ppf(0.975, successes + 1, trials - successes)) if successes < trials else 1.0
    return low, high


def stratified_share(samples: Mapping[str, Sequence[float]], sizes: Mapping[str, int]) -> Interval:
    """A share in a population of strata, from a random sample of each; ``samples`` hold outcomes in [0, 1].

    The estimate weights each stratum's mean by its size (Cochran 1977, Sampling Techniques, 5.3). The limits are
    Clopper and Pearson's with the effective sample size p (1 - p) / variance, never above the number of outcomes (Korn
    and Graubard 1998, Survey Methodology 24). A stratum with one outcome takes the variance of all outcomes. Strata
    without an outcome are left out of the population. Raises ValueError where no stratum has one.
    """
    drawn = {name: np.asarray(values, dtype=np.float64) for name, values in sorted(samples.items()) if len(values)}
    if not drawn:
        raise ValueError("no stratum has an outcome")
    total = sum(sizes[name] for name in drawn)
    count = sum(len(values) for values in drawn.values())
    weights = {name: sizes[name] / total for name in drawn}
    share = float(sum(weights[name] * values.mean() for name, values in drawn.items()))
    pooled = float(np.concatenate(list(drawn.values())).var(ddof=1)) if count > 1 else share * (1 - share)
    variance = 0.0
    for name, values in drawn.items():
        own = float(values.var(ddof=1)) if len(values) > 1 else pooled
        left = 1 - len(values) / sizes[name] if sizes[name] > len(values) else 0.0
        variance += weights[name] ** 2 * left * own / len(values)
    effective = min(share * (1 - share) / variance, count) if variance and 0 < share < 1 else count
    low, high = exact(share * effective, effective)
    return Interval(share, low, high)
