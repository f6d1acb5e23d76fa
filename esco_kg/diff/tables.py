"""One release's clusters as its tables have them, beside what :mod:`esco_kg.folder.tables` reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from esco_kg.folder.reading import table_file
from esco_kg.folder.tables import read_clusters, read_table
from esco_kg.model.clustering import RegistryEntry
from esco_kg.model.published import PublishedCluster


@dataclass(frozen=True, slots=True)
class AllocationRow:
    """One skill in one cluster of the finest level, as published."""

    rank: str
    weight: str
    method: str
    decision: str


@dataclass(slots=True)
class Clusters:
    """A release's clusters: ``allocations`` by (skill, cluster), ``relations`` and their weights by (source, target,
    basis), ``leading`` the sections that stand out in a cluster, ``sections`` its shares by (cluster, section)."""

    version: str
    clusters: dict[str, PublishedCluster]
    registry: dict[str, RegistryEntry]
    allocations: dict[tuple[str, str], AllocationRow] = field(default_factory=dict)
    relations: dict[tuple[str, str, str], str] = field(default_factory=dict)
    leading: dict[str, frozenset[str]] = field(default_factory=dict)
    sections: dict[tuple[str, str], str] = field(default_factory=dict)
    skill_labels: dict[str, str] = field(default_factory=dict)

    def primary(self) -> dict[str, str]:
        """Skill -> its cluster of the finest level."""
        return {skill: cluster for (skill, cluster), row in self.allocations.items() if row.rank == "primary"}

    def at(self, depth: int) -> dict[str, str]:
        """Skill -> its cluster of this level."""
        here = (c for c in self.clusters.values() if c.depth == depth)
        return {skill: cluster.id for cluster in here for skill in cluster.members}

    def size(self, depth: int) -> int:
        """How many clusters a level has."""
        return sum(cluster.depth == depth for cluster in self.clusters.values())

    @property
    def depths(self) -> list[int]:
        """The levels there are, coarsest first."""
        return sorted({cluster.depth for cluster in self.clusters.values()})

    def label(self, identifier: str) -> str:
        """A cluster's label, also where it is retired."""
        cluster = self.clusters.get(identifier)
        entry = self.registry.get(identifier)
        return cluster.label if cluster else entry.label if entry else ""


def read_release(folder: Path, version: str) -> Clusters:
    """The tables of a release folder, finished or in the making. Raises InputError where one is missing or damaged."""
    clusters, registry = read_clusters(folder, version)
    found = Clusters(version, clusters, {entry.id: entry for entry in registry})
    for _, row in read_table(table_file(folder, version, "allocations")):
        allocation = AllocationRow(row["rank"], row["weight"], row["method"], row["decision"])
        found.allocations[row["skill"], row["cluster"]] = allocation
        found.skill_labels[row["skill"]] = row["skill_label"]
    for _, row in read_table(table_file(folder, version, "relations")):
        found.relations[row["source"], row["target"], row["basis"]] = row["weight"]
    for _, row in read_table(table_file(folder, version, "clusters")):
        found.leading[row["id"]] = frozenset(row["leading_sectors"].split())
    for _, row in read_table(table_file(folder, version, "sector-profile")):
        if row["level"] == "section":
            found.sections[row["cluster"], row["nace"]] = row["share"]
    return found
