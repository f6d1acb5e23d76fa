"""What each skill belongs to beside its primary cluster, and how sure the allocation is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from esco_kg.clusters.features import Matrix

_SHARPNESS = 12.0


@dataclass(slots=True)
class Memberships:
    """As in :class:`esco_kg.model.partition.Partition`."""

    secondary: list[list[tuple[int, float]]]
    weights: Matrix
    margins: Matrix
    runners_up: NDArray[np.int32]


def place(scores: Matrix, finest: NDArray[np.int32], secondary: int) -> Memberships:
    """Memberships from ``scores`` (n, K), cosine similarities of skills and clusters.

    Weights are a softmax over the primary cluster and its best ``secondary`` rivals, none of which outweighs the
    primary. The margin is the primary's score less the runner-up's, at least 0.
    """
    n, count = scores.shape
    rows = np.arange(n)
    own = scores[rows, finest]
    rivals = scores.copy()
    rivals[rows, finest] = -np.inf
    kept = min(secondary, count - 1)
    if kept < 1:
        return Memberships([[] for _ in range(n)], np.ones(n), np.ones(n), np.full(n, -1, dtype=np.int32))
    best = np.argsort(-rivals, axis=1, kind="stable")[:, :kept]
    found = np.minimum(rivals[rows[:, None], best], own[:, None])
    powers = np.exp(_SHARPNESS * (found - own[:, None]))
    total = 1.0 + powers.sum(axis=1)
    pairs = [
        [(int(c), float(w)) for c, w in zip(best[i], powers[i] / total[i], strict=True) if w >= 0.01] for i in rows
    ]
    weights = np.array([1.0 - sum(w for _, w in listed) for listed in pairs])
    margins = np.clip(own - rivals[rows, best[:, 0]], 0.0, 1.0)
    return Memberships(pairs, weights, margins, best[:, 0].astype(np.int32))
