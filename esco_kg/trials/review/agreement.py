"""Agreement of reviewers beyond chance, on nominal choices, with intervals.

Sources: Cohen 1960, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20;
Fleiss 1971, "Measuring nominal scale agreement among many raters", Psychological Bulletin 76; Krippendorff 2011,
"Computing Krippendorff's alpha-reliability". Intervals: percentile bootstrap over the items (Efron 1979).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

RESAMPLES = 2000
Choices = Sequence[Sequence[str]]  # per item the raters' choices


@dataclass(frozen=True, slots=True)
class Measured:
    """A coefficient with its 95 % interval over ``items`` items; None where it is not defined on them."""

    value: float | None
    low: float | None
    high: float | None
    items: int


def cohen_kappa(items: Choices) -> float | None:
    """Two raters, in the same order for each item; None where chance agreement is complete."""
    if not items:
        return None
    observed = sum(a == b for a, b in items) / len(items)
    first, second = Counter(a for a, _ in items), Counter(b for _, b in items)
    expected = sum(first[choice] * second[choice] for choice in first) / len(items) ** 2
    return (observed - expected) / (1 - expected) if expected < 1 else None


def fleiss_kappa(items: Choices) -> float | None:
    """Any raters, the same number (two at least) for every item. Raises ValueError where numbers differ."""
    if not items:
        return None
    raters = len(items[0])
    if raters < 2 or any(len(item) != raters for item in items):
        raise ValueError("Fleiss' kappa needs the same number of raters, two or more, for every item")
    pairs = raters * (raters - 1)
    observed = sum(sum(n * (n - 1) for n in Counter(item).values()) / pairs for item in items) / len(items)
    shares = Counter(choice for item in items for choice in item)
    expected = sum((n / (raters * len(items))) ** 2 for n in shares.values())
    return (observed - expected) / (1 - expected) if expected < 1 else None


def krippendorff_alpha(items: Choices) -> float | None:
    """Nominal alpha; items with one choice say nothing and are left out; None where only one category occurs."""
    paired = [item for item in items if len(item) > 1]
    total = sum(len(item) for item in paired)
    categories = Counter(choice for item in paired for choice in item)
    expected = total**2 - sum(n * n for n in categories.values())
    if total < 2 or not expected:
        return None
    observed = sum((len(item) ** 2 - sum(n * n for n in Counter(item).values())) / (len(item) - 1) for item in paired)
    return 1 - (total - 1) * observed / expected


def with_interval(coefficient: Callable[[Choices], float | None], items: Choices, seed: int = 1) -> Measured:
    """The coefficient and its interval; resamples on which it is not defined are left out."""
    value = coefficient(items)
    if value is None:
        return Measured(None, None, None, len(items))
    random = np.random.default_rng(seed)
    drawn = [coefficient([items[i] for i in random.integers(0, len(items), len(items))]) for _ in range(RESAMPLES)]
    low, high = np.percentile([v for v in drawn if v is not None] or [value], [2.5, 97.5])
    return Measured(round(value, 4), round(float(low), 4), round(float(high), 4), len(items))
