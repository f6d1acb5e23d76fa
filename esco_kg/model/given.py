"""Clusters that somebody else made, as read: their hierarchy, texts and members, and where each line stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from esco_kg.model.pillar import Language, Source


@dataclass(slots=True)
class GivenCluster:
    """One cluster. ``parent`` is an id or ''; ``iri`` the publisher's own, or ''; ``sectors`` are NACE 2.1 codes.

    The id is what is published as notation. ``place`` is the file, sheet and row.
    """

    id: str
    parent: str = ""
    labels: dict[Language, str] = field(default_factory=dict)
    alt_labels: dict[Language, tuple[str, ...]] = field(default_factory=dict)
    definitions: dict[Language, str] = field(default_factory=dict)
    scope_notes: dict[Language, str] = field(default_factory=dict)
    exclusion_notes: dict[Language, str] = field(default_factory=dict)
    iri: str = ""
    sectors: tuple[str, ...] = ()
    place: str = ""

    def texts(self) -> Iterator[tuple[str, Language, str]]:
        """Every text with its kind, named as the column of a table, and its language."""
        for kind in ("label", "definition", "scope_note", "exclusion_note"):
            for language, text in getattr(self, f"{kind}s").items():
                yield kind, language, text
        for language, labels in self.alt_labels.items():
            for label in labels:
                yield "alt_label", language, label


@dataclass(frozen=True, slots=True)
class GivenMembership:
    """A skill (its IRI) in a cluster. ``weight`` is above 0; ``rank`` 1 is the primary cluster, 0 where none is
    given."""

    skill: str
    cluster: str
    weight: float = 1.0
    rank: int = 0
    place: str = ""


@dataclass(slots=True)
class GivenClusters:
    """A whole clustering, checked: every leaf has members, and only leaves have. ``kind``: ``table``, ``skos``,
    ``release`` or ``official``.

    ``by`` and ``how`` say who made it and how, in words for readers; '' where the input does not say so.
    ``statements`` are for the notes; ``level_names`` are language -> depth -> name, where the input has them.
    """

    kind: str
    clusters: dict[str, GivenCluster]
    memberships: list[GivenMembership]
    sources: list[Source] = field(default_factory=list)
    by: str = ""
    how: str = ""
    statements: list[str] = field(default_factory=list)
    level_names: dict[Language, dict[int, str]] = field(default_factory=dict)

    def chain(self, cluster: str) -> list[str]:
        """The cluster and those above it, finest first."""
        found = [cluster]
        while parent := self.clusters[found[-1]].parent:
            found.append(parent)
        return found

    def parents(self) -> dict[str, str]:
        """Id -> id of the cluster above, for those that have one."""
        return {cluster.id: cluster.parent for cluster in self.clusters.values() if cluster.parent}

    def leaves(self) -> list[str]:
        """The clusters without clusters below, in the order of the input."""
        inner = set(self.parents().values())
        return [identifier for identifier in self.clusters if identifier not in inner]

    def primary(self) -> dict[str, GivenMembership]:
        """Skill -> its primary membership: the one of the lowest rank, otherwise the heaviest, otherwise the first."""
        found: dict[str, GivenMembership] = {}
        for membership in self.memberships:
            best = found.setdefault(membership.skill, membership)
            if _precedence(membership) < _precedence(best):
                found[membership.skill] = membership
        return found


def _precedence(membership: GivenMembership) -> tuple[float, float]:
    return membership.rank or float("inf"), -membership.weight
