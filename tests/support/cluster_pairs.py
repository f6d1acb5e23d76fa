"""Invented releases of clusters for tests of their comparison: three levels, and the changes one wants to find."""

from __future__ import annotations

import copy
from dataclasses import replace

from esco_kg.diff.tables import AllocationRow, Clusters
from esco_kg.model.clustering import RegistryEntry
from esco_kg.model.published import PublishedCluster


def invented(groups: int = 3, per_group: int = 4, skills: int = 20) -> Clusters:
    """One area, ``groups`` groups, in each ``per_group`` clusters of ``skills`` skills; ids are counted on."""
    found = Clusters("1.0.0", {}, {})
    _add(found, 1, None)
    for _ in range(groups):
        group = _add(found, 2, "c00001")
        for _ in range(per_group):
            cluster = _add(found, 3, group)
            for number in range(skills):
                _place(found, f"urn:skill:{cluster}-{number:02d}", cluster)
    return with_members(found)


def _add(found: Clusters, depth: int, parent: str | None) -> str:
    identifier = f"c{len(found.registry) + 1:05d}"
    found.registry[identifier] = RegistryEntry(identifier, depth, found.version, label=f"name of {identifier}")
    found.clusters[identifier] = PublishedCluster(
        identifier, depth, parent, f"name of {identifier}", "2025-01-31", "2025-01-31", "", frozenset()
    )
    found.leading[identifier] = frozenset()
    return identifier


def _place(found: Clusters, skill: str, cluster: str) -> None:
    found.allocations[skill, cluster] = AllocationRow("primary", "1.0000", "data", "")
    found.skill_labels[skill] = skill


def with_members(found: Clusters) -> Clusters:
    """Members of every cluster as the primary allocations have them; their names stand for their content."""
    members: dict[str, set[str]] = {identifier: set() for identifier in found.clusters}
    for skill, cluster in found.primary().items():
        at: str | None = cluster
        while at is not None:
            members[at].add(skill)
            at = found.clusters[at].parent
    for identifier, skills in members.items():
        content = " ".join(sorted(skills))
        found.clusters[identifier] = replace(found.clusters[identifier], members=frozenset(skills), content=content)
    return found


def following(old: Clusters, version: str = "2.0.0") -> Clusters:
    """A copy to change, as the next release."""
    new = copy.deepcopy(old)
    new.version = version
    return new


def move_skills(found: Clusters, skills: list[str], target: str) -> None:
    """Put skills into another cluster of the finest level."""
    now = found.primary()
    for skill in skills:
        row = found.allocations.pop((skill, now[skill]))
        found.allocations[skill, target] = row


def split(found: Clusters, identifier: str, parts: int) -> list[str]:
    """Break a cluster of the finest level into equal parts, of which the first keeps the id; returns all ids."""
    skills = sorted(skill for skill, cluster in found.primary().items() if cluster == identifier)
    ids = [identifier]
    for part in range(1, parts):
        ids.append(_add(found, 3, found.clusters[identifier].parent))
        move_skills(found, skills[part::parts], ids[-1])
    return ids


def merge(found: Clusters, identifier: str, into: str) -> None:
    """Put all of a cluster into another and retire it."""
    move_skills(found, [skill for skill, cluster in found.primary().items() if cluster == identifier], into)
    del found.clusters[identifier]
    entry = found.registry[identifier]
    found.registry[identifier] = replace(entry, retired_in=found.version, replaced_by=(into,))


def move(found: Clusters, identifier: str, parent: str) -> None:
    """Put a cluster below another parent."""
    found.clusters[identifier] = replace(found.clusters[identifier], parent=parent)
