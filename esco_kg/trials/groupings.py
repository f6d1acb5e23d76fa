"""Ways of grouping skills that are compared with one another: our clusters, the official hierarchy, no hierarchy.

A grouping is a sparse matrix of memberships (skills x groups); a skill's row adds up to 1, or is empty where the
grouping does not hold the skill.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from esco_kg.folder.material import Material
from esco_kg.model.clustering import RANKS, Allocation
from esco_kg.model.partition import SHARES

OPTIONAL_WEIGHT = 0.5


@dataclass(slots=True)
class Grouping:
    """``family``: clusters, official or none. ``level``: 1 is the coarsest. ``groups`` are ids or IRIs, sorted."""

    family: str
    level: int
    skills: list[str]
    groups: list[str]
    memberships: Any  # scipy CSR matrix (skills x groups)

    @property
    def name(self) -> str:
        """``clusters 2``, ``official 3``, ``none``, ``rival isced``."""
        return self.family if not self.level or self.family == "none" else f"{self.family} {self.level}"

    def rows(self, positions: Mapping[str, int], skills: Iterable[str]) -> Any:
        """The memberships of some skills, by their positions."""
        return self.memberships[[positions[skill] for skill in skills]]


class Groupings:
    """All groupings of one release, over one sorted list of skills."""

    def __init__(self, material: Material) -> None:
        self.material = material
        self.skills = sorted(material.skills)
        self.positions = {skill: number for number, skill in enumerate(self.skills)}

    def clusters(self, level: int, *, soft: bool = False) -> Grouping:
        """Our clusters at a level; ``soft`` takes the further clusters that use a skill too, by their weights."""
        found: dict[str, dict[str, float]] = {}
        for allocation in self.material.allocations:
            if allocation.rank == "primary" or (soft and allocation.rank in SHARES):
                group = self.material.at_level(allocation.cluster, level)
                weight = allocation.weight if soft else 1.0
                of = found.setdefault(allocation.skill, {})
                of[group] = of.get(group, 0.0) + weight
        return self._grouping("clusters", level, found)

    def official(self, level: int) -> Grouping:
        """The skills pillar ``level`` steps below its roots, every parent counting the same."""
        found = {skill: dict.fromkeys(self._above(skill, level), 1.0) for skill in self.skills}
        return self._grouping("official", level, found)

    def one_each(self, level: int) -> list[Grouping]:
        """Clusters and official groups with one group a skill: the primary cluster, the first official group."""
        return self._equal(level, most=1)

    def equally_many(self, level: int) -> list[Grouping]:
        """Clusters and official groups with further ones: for each skill as many in both, the lesser number."""
        return self._equal(level, most=None)

    def _equal(self, level: int, most: int | None) -> list[Grouping]:
        clusters = {
            skill: dict.fromkeys((self.material.at_level(a.cluster, level) for a in _in_order(of)), 1.0)
            for skill, of in self.material.memberships.items()
        }
        official = {skill: dict.fromkeys(sorted(self._above(skill, level)), 1.0) for skill in self.skills}
        found = []
        for family, groups in (("clusters", clusters), ("official", official)):
            cut = {}
            for skill, own in groups.items():
                least = min(len(own), len(clusters.get(skill, own)) or 1, len(official.get(skill, own)) or 1)
                cut[skill] = dict.fromkeys(list(own)[: most or least], 1.0)
            found.append(self._grouping(family, level, cut))
        return found

    def given(self, name: str, groups: Mapping[str, Iterable[str]]) -> Grouping:
        """Groups that somebody else made: skill -> its groups, which count the same."""
        return self._grouping(f"rival {name}", 0, {skill: dict.fromkeys(of, 1.0) for skill, of in groups.items()})

    def none(self) -> Grouping:
        """No hierarchy: every skill is a group of its own."""
        return self._grouping("none", 1, {skill: {skill: 1.0} for skill in self.skills})

    @cached_property
    def demand(self) -> NDArray[np.float64]:
        """How many occupations need each skill; an optional need counts a half, and every skill a tenth at least."""
        found = np.full(len(self.skills), 0.1)
        for needs in self.material.needs.values():
            for skill, necessity in needs:
                if skill in self.positions:
                    found[self.positions[skill]] += 1.0 if necessity == "essential" else OPTIONAL_WEIGHT
        return found

    def official_paths(self, skill: str) -> list[list[str]]:
        """Every path of skill groups from a root of the skills pillar down to the skill's own group."""
        paths = _paths(skill, self.material.parents, 0)
        groups = [[iri for iri in path if iri in self.material.groups] for path in paths]
        return [list(path) for path in sorted({tuple(path) for path in groups if path})]

    def _above(self, skill: str, level: int) -> set[str]:
        """The groups at this level above a skill; a path that ends higher counts with its last group."""
        return {path[min(level, len(path) - 1)] for path in self.official_paths(skill)}

    def _grouping(self, family: str, level: int, found: Mapping[str, Mapping[str, float]]) -> Grouping:
        groups = sorted({group for of in found.values() for group in of})
        columns = {group: number for number, group in enumerate(groups)}
        cells = [
            (self.positions[skill], columns[group], weight / sum(of.values()))
            for skill, of in sorted(found.items())
            if skill in self.positions
            for group, weight in sorted(of.items())
        ]
        rows, cols, weights = zip(*cells, strict=True) if cells else ((), (), ())
        shape = (len(self.skills), len(groups))
        return Grouping(family, level, self.skills, groups, sp.csr_matrix((weights, (rows, cols)), shape=shape))


def _paths(iri: str, parents: Mapping[str, list[str]], length: int) -> list[list[str]]:
    """Every path from a root down to this concept; no hierarchy of ESCO is deeper than ten."""
    above = parents.get(iri, []) if length < 10 else []
    return [[*path, iri] for parent in above for path in _paths(parent, parents, length + 1)] or [[iri]]


def _in_order(allocations: Iterable[Allocation]) -> list[Allocation]:
    """The primary one first, then each kind by weight."""
    return sorted(allocations, key=lambda a: (RANKS.index(a.rank), -a.weight))
