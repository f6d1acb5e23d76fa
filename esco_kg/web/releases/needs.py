"""What occupations need, by cluster: an occupation's skills in groups, and two occupations compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nsmallest
from itertools import chain

from esco_kg.web.releases.model import Cluster, Concept
from esco_kg.web.releases.view import ReleaseView


@dataclass(frozen=True, slots=True)
class NeededCluster:
    """The skills of an occupation in one cluster, by label; ``share`` is their part of all its skills."""

    cluster: Cluster
    share: float
    essential: tuple[Concept, ...]
    optional: tuple[Concept, ...]

    @property
    def skills(self) -> tuple[Concept, ...]:
        """Essential and optional skills."""
        return (*self.essential, *self.optional)


@dataclass(frozen=True, slots=True)
class Compared:
    """A cluster that either of two occupations needs: the skills of both, and those of each alone."""

    cluster: Cluster
    both: tuple[Concept, ...]
    first: tuple[Concept, ...]
    second: tuple[Concept, ...]

    @property
    def is_shared(self) -> bool:
        """Whether both need the cluster, be it through different skills."""
        return bool(self.both or (self.first and self.second))


def at_depth(view: ReleaseView, identifier: str, depth: int) -> str:
    """The cluster of a level that holds a cluster; one that ends above the level stands for itself."""
    cluster = view.clusters[identifier]
    while cluster.depth > depth and cluster.parent:
        cluster = view.clusters[cluster.parent]
    return cluster.id


def needed_clusters(view: ReleaseView, occupation: int, language: str, depth: int = 0) -> list[NeededCluster]:
    """The clusters of a level (0: the one above the finest) that an occupation's skills lie in, most skills first."""
    depth = depth or max(1, view.depth - 1)
    needed = {kind: _skills(view, occupation, kind, language) for kind in ("essential", "optional")}
    homes = view.primary_of(skill.id for skills in needed.values() for skill in skills)
    groups: dict[str, dict[str, list[Concept]]] = {}
    for kind, skills in needed.items():
        for skill in skills:
            if skill.id in homes:
                group = groups.setdefault(at_depth(view, homes[skill.id], depth), {"essential": [], "optional": []})
                group[kind].append(skill)
    total = sum(len(skills) for group in groups.values() for skills in group.values())
    found = [
        NeededCluster(
            view.clusters[name],
            (len(group["essential"]) + len(group["optional"])) / total,
            tuple(group["essential"]),
            tuple(group["optional"]),
        )
        for name, group in groups.items()
    ]
    return sorted(found, key=lambda one: (-len(one.skills), -len(one.essential), one.cluster.id))


def compared(view: ReleaseView, first: int, second: int, language: str) -> list[Compared]:
    """Two occupations by cluster: those with most shared skills first, then those with most skills."""
    sides = [{one.cluster.id: one for one in needed_clusters(view, side, language)} for side in (first, second)]
    found = []
    for name in sorted(sides[0].keys() | sides[1].keys()):
        left, right = ({s.id: s for s in _of(side.get(name))} for side in sides)
        found.append(
            Compared(
                view.clusters[name],
                tuple(s for i, s in left.items() if i in right),
                tuple(s for i, s in left.items() if i not in right),
                tuple(s for i, s in right.items() if i not in left),
            )
        )
    return sorted(found, key=lambda one: (-len(one.both), -len(one.first) - len(one.second), one.cluster.id))


def similar_occupations(view: ReleaseView, occupation: int, language: str, limit: int) -> list[Concept]:
    """The occupations whose skills are most alike: those shared as a part of those that either needs."""
    skills, occupations = view.needs
    own = skills.get(occupation, [])
    shared = Counter(chain.from_iterable(occupations[skill] for skill in own))
    shared.pop(occupation, None)
    alike = [(-count / (len(own) + len(skills[other]) - count), other) for other, count in shared.items()]
    return view.concepts_by_id([other for _, other in nsmallest(limit, alike)], language)


def _of(needed: NeededCluster | None) -> Iterable[Concept]:
    return needed.skills if needed else ()


def _skills(view: ReleaseView, occupation: int, kind: str, language: str) -> list[Concept]:
    return [concept for concept in view.linked(occupation, kind, language) if concept.kind == "skill"]
