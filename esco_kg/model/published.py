"""A release as published, read back from its folder; and what a release in the making knows of itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from esco_kg.model.clustering import RegistryEntry


@dataclass(frozen=True, slots=True)
class PublishedCluster:
    """A cluster of an earlier release. ``content`` is the SHA-256 of its labels, notes and members; dates are ISO."""

    id: str
    depth: int
    parent: str | None
    label: str
    created: str
    modified: str
    content: str
    members: frozenset[str]  # skill IRIs, primary, at any depth


@dataclass(slots=True)
class Published:
    """What the next release needs to know of the previous one. ``decided``: skills that an expert placed, and the
    cluster that the data alone had them in."""

    folder: Path
    version: str
    esco_version: str
    base_iri: str
    issued: str
    clusters: dict[str, PublishedCluster]
    registry: list[RegistryEntry]
    decided: dict[str, str] = field(default_factory=dict)

    def at_level(self, depth: int) -> dict[str, str]:
        """Skill -> its cluster at a level, 1 the coarsest; a cluster that ends above it stands for itself."""
        inner = {cluster.parent for cluster in self.clusters.values()}
        found = (c for c in self.clusters.values() if c.depth == depth or (c.depth < depth and c.id not in inner))
        return {skill: cluster.id for cluster in found for skill in cluster.members}


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """One file of a release: its name inside the release folder, size in bytes, SHA-256, media type, what it is."""

    name: str
    bytes: int
    sha256: str
    media_type: str
    title: str


@dataclass(frozen=True, slots=True)
class GraphSummary:
    """One named graph as written: number of triples and SHA-256 of its canonical N-Quads (RDFC-1.0)."""

    name: str
    triples: int
    rdfc10_sha256: str
    subjects: int = 0
    classes: dict[str, int] = field(default_factory=dict)  # class IRI -> number of instances
    predicates: dict[str, int] = field(default_factory=dict)  # predicate IRI -> number of triples


@dataclass(frozen=True, slots=True)
class ReleaseInfo:
    """The release in the making. ``issued`` is an ISO date; ``previous`` the previous release's version or ''."""

    version: str
    esco_version: str
    issued: str
    languages: tuple[str, ...]
    software: str  # "esco_kg 0.1.0"
    previous: str = ""
    is_extract: bool = False  # made from a part of ESCO
