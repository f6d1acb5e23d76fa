"""What the target of a decision stands for among the clusters in the making."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from esco_kg.clusters.chains import skill_of

Labels = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Region:
    """``mask`` (K,) True for the finest clusters that are the target or lie below it; all False where it is not known.
    ``is_finest``: the target is a finest cluster itself, so that no cluster opened beside it is in it."""

    mask: NDArray[np.bool_]
    is_finest: bool


class Targets:
    """Finds the finest clusters that a target stands for.

    ``skills`` maps an IRI to its row. ``finest`` (n,) is read for ``skill:<IRI>`` as it is at the moment of the
    question, and for a cluster of the previous release as the data made it. ``levels`` map finest clusters to those
    above, coarsest first; ``frames`` has the key of each top cluster.
    """

    def __init__(
        self,
        skills: Mapping[str, int],
        finest: Labels,
        levels: Sequence[Labels],
        frames: Sequence[str],
        anchor: Mapping[str, str],
        anchor_parents: Mapping[str, str],
    ) -> None:
        self._skills, self._finest, self._by_data = skills, finest, finest.copy()
        self._count = int(finest.max()) + 1
        self._levels = [*levels, np.arange(self._count, dtype=np.int32)]
        self._frames = frames
        self._members = self._published(anchor, anchor_parents)

    def region(self, target: str) -> Region:
        """The finest clusters of ``skill:<IRI>``, of a frame's key, or of a cluster's id in the previous release."""
        if skill := skill_of(target):
            row = self._skills.get(skill)
            own = -1 if row is None else int(self._finest[row])
            return Region(np.arange(self._count) == own, True)
        if target in self._frames:
            return Region(np.array([self._frames[top] == target for top in self._levels[0]]), False)
        depth, members = self._members.get(target, (0, []))
        is_finest = depth >= len(self._levels) - 1
        if not members:
            return Region(np.zeros(self._count, dtype=bool), True)
        labels = self._levels[-1] if is_finest else self._levels[depth]
        overlap = np.bincount(labels[self._by_data[members]], minlength=int(labels.max()) + 1)
        return Region(np.asarray(labels == overlap.argmax()), is_finest)

    def _published(self, anchor: Mapping[str, str], parents: Mapping[str, str]) -> dict[str, tuple[int, list[int]]]:
        """Depth (0 is the top) and present skills of each cluster of the previous release."""
        chains: dict[str, list[str]] = {}
        found: dict[str, tuple[int, list[int]]] = {}
        for iri in sorted(anchor.keys() & self._skills.keys()):
            finest = anchor[iri]
            if finest not in chains:
                chain = [finest]
                while chain[-1] in parents:
                    chain.append(parents[chain[-1]])
                chains[finest] = chain[::-1]
            for depth, cluster in enumerate(chains[finest]):
                found.setdefault(cluster, (depth, []))[1].append(self._skills[iri])
        return found
