"""How sure the place of each skill is: the placing score of its primary cluster against that of the best other one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from esco_kg.clusters.arrays import Matrix
from esco_kg.clusters.scores import SWITCHING, canonical

Labels = NDArray[np.int32]


@dataclass(slots=True)
class Places:
    """``margins`` (n,) in [0, 1]; ``runners_up`` (n,), -1 where there is one cluster alone; ``is_best`` (n,) whether no
    cluster beats the primary one on the placing score."""

    margins: NDArray[np.float64]
    runners_up: Labels
    is_best: NDArray[np.bool_]


def place(scores: Matrix, finest: Labels) -> Places:
    """Margins and runners-up from ``scores`` (n, K), the placing scores.

    A placing score is how well a skill fits a cluster (:func:`esco_kg.clusters.scores.cluster_scores`), and a lead of
    :data:`esco_kg.clusters.scores.SWITCHING` for the cluster that the skill has already. For a lead of a over the
    runner-up the margin is a / (a + SWITCHING): 0.5 where the runner-up fits as well, less where it fits better and
    the lead alone keeps the skill, 0 where another cluster is ahead all the same, as a decision can have it.
    """
    n, count = scores.shape
    rows = np.arange(n)
    if count < 2:
        return Places(np.ones(n), np.full(n, -1, dtype=np.int32), np.ones(n, dtype=bool))
    order = canonical(finest, count)
    scores, finest = scores[:, order], np.argsort(order)[finest].astype(np.int32)
    others = scores.copy()
    others[rows, finest] = -np.inf
    runners = others.argmax(axis=1).astype(np.int32)
    lead = (scores[rows, finest] - others[rows, runners]).astype(np.float64)
    ahead = np.maximum(lead, 0.0)
    return Places(ahead / (ahead + SWITCHING), order[runners].astype(np.int32), lead >= 0)
