"""Any grouping of skills in one shape, so that every measure treats ours, the official and a stranger's alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from esco_kg.model.partition import SHARES, Partition
from esco_kg.model.pillar import Pillar, groups_above

Matrix = NDArray[np.float64]
Labels = NDArray[np.int64]


@dataclass(slots=True)
class Groups:
    """One level of a grouping. ``skills`` (n) are sorted IRIs; ``shares`` (n, K) sparse, each row adds up to 1.

    A hard partition has one entry per row; a fractional one shares a skill among its groups.
    """

    name: str
    skills: list[str]
    shares: sparse.csr_matrix

    @property
    def count(self) -> int:
        """Number of groups that hold a skill."""
        return len(np.unique(self.shares.indices))

    def labels(self) -> Labels:
        """(n,) each skill's largest share; the first of equal ones, so that a fractional grouping has a hard
        reading."""
        best = self.shares.argmax(axis=1)
        return np.asarray(best, dtype=np.int64).ravel()


def from_labels(name: str, skills: Sequence[str], labels: NDArray[np.integer]) -> Groups:
    """A hard partition. ``labels`` (n,) are non-negative numbers of groups."""
    n = len(skills)
    count = int(labels.max()) + 1 if n else 0
    return Groups(name, list(skills), sparse.csr_matrix((np.ones(n), (np.arange(n), labels)), shape=(n, count)))


def from_partition(name: str, partition: Partition, depth: int, *, soft: bool = False) -> Groups:
    """One level of ours; ``soft`` shares each skill among its primary cluster and the further ones by their shares."""
    if not soft:
        return from_labels(name, partition.skills, partition.at(depth))
    up: NDArray[np.integer] = np.arange(int(partition.finest.max()) + 1)
    for parent in reversed(partition.parents[depth - 1 :]):
        up = parent[up]
    rows, columns, values = [], [], []
    for i, listed in enumerate(partition.further):
        used = [(m.cluster, m.weight) for m in listed if m.kind in SHARES]
        primary = max(1.0 - fsum(weight for _, weight in used), 0.01)
        for cluster, weight in [(int(partition.finest[i]), primary), *used]:
            rows.append(i)
            columns.append(int(up[cluster]))
            values.append(weight)
    shape = (len(partition.skills), int(up.max()) + 1)
    return Groups(name, partition.skills, sparse.csr_matrix((values, (rows, columns)), shape=shape))


def official(pillar: Pillar, levels: Sequence[int]) -> list[Groups]:
    """Levels 1 to 3 of the skills pillar (``S1``, ``S1.1``, ``S1.1.1``; ``01``, ``011``, ``0111``), all parents.

    A skill is shared equally among the groups of that level above it. A skill that only reaches a coarser group (the
    languages in ``L1``) counts in the lowest group it reaches.
    """
    above = groups_above(pillar)
    return [_official(pillar, above, level) for level in levels]


def _official(pillar: Pillar, above: Mapping[str, frozenset[str]], level: int) -> Groups:
    chosen: dict[str, list[str]] = {}
    for skill in sorted(pillar.skills):
        codes = above.get(skill, frozenset())
        reached = [min(_depth(code), level) for code in codes]
        deepest = max(reached, default=-1)
        chosen[skill] = sorted(code for code in codes if _depth(code) == deepest)
    return from_shares(f"official level {level}", {s: dict.fromkeys(c or [""], 1.0) for s, c in chosen.items()})


def from_shares(name: str, shares: Mapping[str, Mapping[str, float]]) -> Groups:
    """``shares``: skill -> {group: weight above 0}; rows are brought to a sum of 1."""
    skills = sorted(shares)
    column = {group: j for j, group in enumerate(sorted({g for found in shares.values() for g in found}))}
    rows, columns, values = [], [], []
    for i, skill in enumerate(skills):
        total = sum(shares[skill].values())
        for group, weight in sorted(shares[skill].items()):
            rows.append(i)
            columns.append(column[group])
            values.append(weight / total)
    return Groups(name, skills, sparse.csr_matrix((values, (rows, columns)), shape=(len(skills), len(column))))


def _depth(code: str) -> int:
    """``S`` 0, ``S1`` 1, ``S1.1`` 2, ``S1.1.1`` 3; ``01`` 1, ``011`` 2, ``0111`` 3."""
    if code[:1].isdigit():
        return len(code) - 1
    return 0 if len(code) == 1 else code.count(".") + 1
