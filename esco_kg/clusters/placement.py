"""What each skill belongs to beside its primary cluster, and how sure the allocation is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from esco_kg.clusters.assignment import centroids
from esco_kg.clusters.features import Matrix
from esco_kg.clusters.scores import SWITCHING, canonical

_SHARPNESS = 12.0
_LEAST_WEIGHT = 0.01


@dataclass(slots=True)
class Memberships:
    """As in :class:`esco_kg.model.partition.Partition`."""

    secondary: list[list[tuple[int, float]]]
    weights: NDArray[np.float64]
    margins: NDArray[np.float64]
    runners_up: NDArray[np.int32]


def cosines(vectors: Matrix, finest: NDArray[np.int32], count: int) -> Matrix:
    """(n, K) cosines of ``vectors`` (n, d) with the centroids of ``count`` clusters, whatever their numbers."""
    order = canonical(finest, count)
    number = np.argsort(order)
    return np.asarray((vectors @ centroids(vectors, number[finest], count).T)[:, number])


def place(near: Matrix, scores: Matrix, finest: NDArray[np.int32], secondary: int) -> Memberships:
    """Memberships from ``near`` (n, K), the :func:`cosines` with the clusters, margins from ``scores`` (n, K).

    Both are of the clusters as the data make them, before decisions: so a decision about a skill changes that skill.

    Weights are a softmax over the primary cluster and its ``secondary`` nearest rivals, none of which outweighs the
    primary; votes do not count here, so that a skill may belong to another frame, too. The runner-up has the best
    score beside the primary. The margin is a / (a + :data:`esco_kg.clusters.scores.SWITCHING`) for a score that is
    ahead by a, 0 where it is not ahead: where a decision put the skill elsewhere, or only the previous release keeps
    it. At .5 the skill is ahead by as much as would move it here from elsewhere.
    """
    n, count = scores.shape
    rows = np.arange(n)
    kept = min(secondary, count - 1)
    if count < 2:
        return Memberships([[] for _ in range(n)], np.ones(n), np.ones(n), np.full(n, -1, dtype=np.int32))
    order = canonical(finest, count)
    scores, near, finest = scores[:, order], near[:, order], np.argsort(order)[finest].astype(np.int32)
    others = scores.copy()
    others[rows, finest] = -np.inf
    runners = others.argmax(axis=1).astype(np.int32)
    ahead = np.maximum(scores[rows, finest] - others[rows, runners], 0.0).astype(np.float64)
    own = near[rows, finest].copy()
    near[rows, finest] = -np.inf
    best = np.argsort(-near, axis=1, kind="stable")[:, :kept]
    found = np.minimum(near[rows[:, None], best], own[:, None]).astype(np.float64)
    powers = np.exp(_SHARPNESS * (found - own[:, None]))
    shares = powers / (1.0 + powers.sum(axis=1, keepdims=True))
    numbers = order[best]
    pairs = [
        [(int(c), float(w)) for c, w in zip(numbers[i], shares[i], strict=True) if w >= _LEAST_WEIGHT] for i in rows
    ]
    weights = np.array([1.0 - sum(w for _, w in listed) for listed in pairs])
    return Memberships(pairs, weights, ahead / (ahead + SWITCHING), order[runners].astype(np.int32))
