"""Which skill is in which cluster, in numbers, before clusters have ids, names or relations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from esco_kg.model.clustering import Branch, Kind

USED_IN: Kind = "used-in"
FOUND_UNDER: Kind = "found-under"
SECONDARY: Kind = "secondary"
SHARES = (USED_IN, SECONDARY)
"""Kinds whose weights are shares of the skill: the primary cluster has the rest."""


class Membership(NamedTuple):
    """A further cluster (number at the finest level) of a skill. ``weight`` in (0, 1] is compared within its kind
    alone: of ``used-in`` the share of the occupations that need the skill whose own cluster this is, of
    ``found-under`` the cosine of the skill's meaning with the mean meaning of the cluster's skills, of ``secondary``
    the share that the publisher of the clusters gives it."""

    cluster: int
    kind: Kind
    weight: float


@dataclass(slots=True)
class Partition:
    """A nested partition of ``skills`` (n IRIs, sorted).

    ``finest`` (n,) gives each skill's cluster at the finest level, 0 .. K-1 without gaps. ``parents`` has one array
    per coarser level, coarsest first: the last is (K,), cluster of the finest level -> cluster one level up; and so
    on upward. ``branches`` has one entry per cluster of the top level, and so has ``frames``: the key of the expert
    frame it came from, or ''. ``further`` (n entries) holds each skill's memberships beside its cluster. ``margins``
    (n,) in [0, 1], or NaN where the method measures none, and ``runners_up`` (n,), -1 where there is none, are of the
    placing score; those of a skill that was not placed by data mean nothing. ``groups`` (one per cluster of the second
    level, where there are three) is ``health/3`` for the group of an expert frame that it came from, counted from 0, or
    ''. ``methods`` and ``decisions`` (n entries) as in :class:`esco_kg.model.clustering.Allocation`.

    ``keys`` has the publisher's own id of each cluster, one list per level, coarsest first; [] where clusters get ids
    by their overlap with the previous release. A cluster that ends above the finest level stands for itself below:
    there it has the key of its parent.
    """

    skills: list[str]
    finest: NDArray[np.int32]
    parents: list[NDArray[np.int32]]
    branches: list[Branch]
    frames: list[str]
    further: list[list[Membership]]
    margins: NDArray[np.float64]
    runners_up: NDArray[np.int32]
    methods: list[str]
    decisions: list[str]
    parameters: dict[str, object] = field(default_factory=dict)
    statements: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    keys: list[list[str]] = field(default_factory=list)

    @classmethod
    def of(cls, chains: Mapping[str, Sequence[str]], method: str = "data") -> Partition:
        """From skill -> the names of its clusters, coarsest first, in names that each level has once.

        Every skill has the same number of levels and one cluster at each; ``method`` is written at every allocation.
        Raises ValueError where a cluster lies in two, or a skill has another number of levels.
        """
        skills = sorted(chains)
        depths = {len(chain) for chain in chains.values()}
        if len(depths) != 1 or 0 in depths:
            raise ValueError("give every skill the same number of clusters, one for each level")
        names = [sorted({chain[depth] for chain in chains.values()}) for depth in range(depths.pop())]
        number = [{name: n for n, name in enumerate(level)} for level in names]
        parents = [np.full(len(level), -1, dtype=np.int32) for level in names[1:]]
        for chain in chains.values():
            for depth, parent in enumerate(parents):
                below, above = number[depth + 1][chain[depth + 1]], number[depth][chain[depth]]
                if parent[below] not in (-1, above):
                    raise ValueError(f"the cluster {chain[depth + 1]!r} lies in two clusters of the level above")
                parent[below] = above
        n = len(skills)
        return cls(
            skills=skills,
            finest=np.array([number[-1][chains[skill][-1]] for skill in skills], dtype=np.int32),
            parents=parents,
            branches=[""] * len(names[0]),
            frames=[""] * len(names[0]),
            further=[[] for _ in skills],
            margins=np.full(n, np.nan),
            runners_up=np.full(n, -1, dtype=np.int32),
            methods=[method] * n,
            decisions=[""] * n,
        )

    def at(self, depth: int) -> NDArray[np.int32]:
        """Each skill's cluster (n,) at a depth; 1 is the coarsest, ``len(parents) + 1`` the finest."""
        labels = self.finest
        for parent in reversed(self.parents[depth - 1 :]):
            labels = parent[labels]
        return labels
