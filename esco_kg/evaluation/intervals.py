"""Estimates with 95 % intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

_Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Estimate:
    """``value`` lies in [``low``, ``high``]; ``count`` values or trials stand behind it. Exact: low = value = high."""

    value: float
    low: float
    high: float
    count: int


def of_mean(values: Sequence[float]) -> Estimate:
    """A mean over splits with Student's t interval (Student 1908, Biometrika 6), n - 1 degrees of freedom.

    Splits share occupations: the interval tells how much a figure depends on the split, and is no test of a
    population. One value has no interval: then low and high are NaN. Raises ValueError without a value.
    """
    if not values:
        raise ValueError("a mean needs a value")
    count = len(values)
    mean = math.fsum(values) / count
    if count == 1:
        return Estimate(mean, math.nan, math.nan, 1)
    from scipy.stats import t

    variance = math.fsum((value - mean) ** 2 for value in values) / (count - 1)
    half = float(t.ppf(0.975, count - 1)) * math.sqrt(variance / count)
    return Estimate(mean, mean - half, mean + half, count)


def of_share(share: float, trials: int) -> Estimate:
    """A share of trials with Wilson's score interval (Wilson 1927, JASA 22)."""
    square = _Z * _Z
    middle = (share + square / (2 * trials)) / (1 + square / trials)
    half = _Z * math.sqrt(share * (1 - share) / trials + square / (4 * trials * trials)) / (1 + square / trials)
    return Estimate(share, min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half)), trials)


def exact(value: float) -> Estimate:
    """A count, or a figure over all there is: nothing was drawn."""
    return Estimate(value, value, value, 1)
