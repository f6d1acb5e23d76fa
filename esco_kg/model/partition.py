"""Which skill is in which cluster, in numbers, before clusters have ids, names or relations."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from esco_kg.model.clustering import Branch


@dataclass(slots=True)
class Partition:
    """A nested partition of ``skills`` (n IRIs, sorted).

    ``finest`` (n,) gives each skill's cluster at the finest level, 0 .. K-1 without gaps. ``parents`` has one array
    per coarser level, coarsest first: the last is (K,), cluster of the finest level -> cluster one level up; and so
    on upward. ``branches`` has one entry per cluster of the top level, and so has ``frames``: the key of the expert
    frame it came from, or ''. ``secondary`` (n entries) holds (cluster of the finest level, weight), strongest first;
    ``weights`` (n,) is the primary weight, and each skill's weights add up to 1. ``margins`` (n,) in [0, 1];
    ``runners_up`` (n,), -1 where there is none. ``groups`` (one per cluster of the second level, where there are
    three) is ``health/3`` for the group of an expert frame that it came from, counted from 0, or ''. ``methods`` and
    ``decisions`` (n entries) as in :class:`esco_kg.model.clustering.Allocation`.
    """

    skills: list[str]
    finest: NDArray[np.int32]
    parents: list[NDArray[np.int32]]
    branches: list[Branch]
    frames: list[str]
    secondary: list[list[tuple[int, float]]]
    weights: NDArray[np.float64]
    margins: NDArray[np.float64]
    runners_up: NDArray[np.int32]
    methods: list[str]
    decisions: list[str]
    parameters: dict[str, object] = field(default_factory=dict)
    statements: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)

    def at(self, depth: int) -> NDArray[np.int32]:
        """Each skill's cluster (n,) at a depth; 1 is the coarsest, ``len(parents) + 1`` the finest."""
        labels = self.finest
        for parent in reversed(self.parents[depth - 1 :]):
            labels = parent[labels]
        return labels
