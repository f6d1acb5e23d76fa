"""Ranks and what is made of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from esco_kg.trials.figures import Figure, Metric, mean_figure

HIT_5 = Metric("hit@5", "share of cases in which the right one is among the first five")
HIT_10 = Metric("hit@10", "share of cases in which the right one is among the first ten")
MRR = Metric("mrr", "mean of 1 / rank of the right one")
_CUTS = {"hit@5": 5, "hit@10": 10}


def rank_of(scores: NDArray[np.float64], position: int) -> float:
    """The rank of one position, 1 the best; ties share the mean of their ranks, so that no order of rows helps."""
    rounded = np.round(scores, 12)
    above = int((rounded > rounded[position]).sum())
    equal = int((rounded == rounded[position]).sum())
    return above + (equal + 1) / 2


def hidden_rank(memberships: Any, given: Any, others: Sequence[int], hidden: int) -> float:
    """The rank of a hidden skill by P(group | others) P(skill | group), summed over groups; positions of skills."""
    mass = np.asarray(memberships[list(others)].mean(axis=0)).ravel()
    scores = np.asarray(given @ mass).ravel()
    scores[list(others)] = -1.0
    return rank_of(scores, hidden)


def own_ranks(scores: NDArray[np.float64]) -> list[float]:
    """For a square matrix of scores the rank of each row's own column."""
    return [rank_of(row, number) for number, row in enumerate(scores)]


def gain(metric: Metric, rank: float) -> float:
    """What a rank is worth under a metric."""
    return 1 / rank if metric is MRR else float(rank <= _CUTS[metric.name])


def rank_figures(hierarchy: str, ranks: Sequence[float], metrics: Iterable[Metric], groups: int) -> list[Figure]:
    """One figure per metric, each rank a unit."""
    return [mean_figure(hierarchy, m, [gain(m, rank) for rank in ranks], groups) for m in metrics]
