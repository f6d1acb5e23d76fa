"""Skill clusters as made: levels, clusters, allocations of skills, relations, sector profiles, identity.

Cluster ids are ``c`` and five digits, opaque, minted once and never reused. IRIs of skills and occupations are plain
``str``. Shares and weights lie in [0, 1].
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from esco_kg.model.pillar import Language, Source

Kind = Literal["used-in", "found-under", "secondary"]
"""Of a further membership: its occupations use the skill; or people who look for the skill find it there by meaning; or
the publisher of the clusters has the skill there too."""
Rank = Literal["primary", "used-in", "found-under", "secondary"]
RANKS: tuple[Rank, ...] = ("primary", "used-in", "secondary", "found-under")
"""In the order in which a skill's allocations are listed: what is counted comes before what only helps to find."""
PACKAGES = ("numpy", "scikit-learn", "scipy", "tokenizers", "wordllama")
"""Packages whose version can change which cluster a skill is in."""
PLACED = ("data", "text")
"""Methods by which data placed a skill, by the placing score; the others are rules and words of experts."""
Branch = Literal["", "sector", "cross-sector", "language", "digital"]
"""'' where the publisher, or the method, knows no branches."""
RULED: tuple[Branch, ...] = ("cross-sector", "language")
"""Branches by rule: their skills are used everywhere, so that their clusters belong to no sector or occupation."""
NameStatus = Literal["given", "agreed", "draft", "concept", "made"]
"""Who gave a cluster its name in a language: ``given`` by the publisher of the clusters, ``agreed`` and ``draft`` by a
line of ``curation/`` that an expert confirmed or has yet to confirm, ``concept`` the label there of the ESCO concept
that the main name is the label of, ``made`` by the program."""
Change = Literal["kept", "split", "merged", "new", "retired"]


@dataclass(frozen=True, slots=True)
class Level:
    """A classification level; ``depth`` 1 is the coarsest."""

    depth: int
    notation: str
    labels: dict[Language, str]


@dataclass(slots=True)
class Cluster:
    """One cluster; texts are per language. A name stands in the main language, and in others where there is one.

    ``parent`` is the id of the cluster one level up, None at depth 1. ``name_status`` tells who gave each name, and
    ``name_concepts`` the IRI of the concept where a name is the label of one. ``given_texts`` are the parts of texts
    that people wrote, by ESCO's name of the field (``definition``, ``scopeNote``, ``exclusionNote``) and language; the
    program writes the rest. ``occupations`` are the typical ones as (IRI, share of the cluster's essential and optional
    links), largest first. ``created`` and ``modified`` are ISO dates; ``modified`` moves only when the content changed.
    Of a publisher's own cluster ``iri`` is theirs, '' where it is that of the release, and ``filled`` names what the
    program wrote because they left it open (``definition_en``).
    """

    id: str
    depth: int
    parent: str | None
    branch: Branch
    labels: dict[Language, str]
    alt_labels: dict[Language, tuple[str, ...]] = field(default_factory=dict)
    definitions: dict[Language, str] = field(default_factory=dict)
    scope_notes: dict[Language, str] = field(default_factory=dict)
    exclusion_notes: dict[Language, str] = field(default_factory=dict)
    name_status: dict[Language, NameStatus] = field(default_factory=dict)
    name_concepts: dict[Language, str] = field(default_factory=dict)
    given_texts: dict[tuple[str, Language], str] = field(default_factory=dict)
    occupations: tuple[tuple[str, float], ...] = ()
    created: str = ""
    modified: str = ""
    iri: str = ""
    filled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Allocation:
    """One skill in one cluster of the finest level.

    Exactly one allocation per skill is primary; it counts in statistics, and the others are further memberships
    (:data:`Kind`). The weight of a ``used-in`` one is the share of the occupations that need the skill whose own
    cluster this is, of a ``secondary`` one the share that the publisher gives it, and the primary one has the rest, so
    that these add up to 1. The weight of a ``found-under`` one is the cosine of the skill's meaning with the mean
    meaning of the cluster's skills, or 1 where an expert says so.

    ``margin``, in [0, 1], stands at a primary allocation that data made, and nowhere else: the lead of its placing
    score over that of the next best cluster; None where none was measured. ``runner_up`` is that cluster's id where it
    is close, or where an expert's word put the skill elsewhere; it is always among the memberships, or rejected.
    ``method``:
    ``given``, ``data``, ``text``, ``rule``, ``seed``, ``forced`` or ``must-link``; ``decision`` names the line of
    ``curation/`` behind it.
    """

    skill: str
    cluster: str
    rank: Rank
    weight: float
    margin: float | None
    runner_up: str | None
    method: str
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Rejection:
    """An expert's word that a skill does not belong to a cluster (of any level). ``decision`` is file and line."""

    skill: str
    cluster: str
    decision: str
    reason: str


@dataclass(frozen=True, slots=True)
class Relation:
    """How two clusters of one level relate. Symmetric: ``source`` < ``target``, stated once.

    ``basis``: ``shared-occupations``, ``used-in``, ``secondary-memberships`` or ``skill-links``; ``evidence``
    a count with its unit in plain English (``31 occupations need more skills than usual of each``).
    """

    source: str
    target: str
    basis: str
    weight: float
    evidence: str


@dataclass(frozen=True, slots=True)
class SectorProfile:
    """A cluster's distribution over NACE 2.1.

    ``sections`` and ``divisions`` give shares of the cluster's occupation links that the crosswalk reaches; each adds
    up to 1 unless empty. ``unreached`` is the share of links it does not reach; ``concentration`` the Herfindahl
    index of ``sections``; ``leading`` the codes of the sections that stand out, at most three.
    """

    cluster: str
    sections: dict[str, float]
    divisions: dict[str, float]
    unreached: float
    concentration: float
    leading: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegistryEntry:
    """One id ever minted. ``replaced_by`` lists the ids of a retired cluster's successors."""

    id: str
    depth: int
    minted_in: str  # release version
    retired_in: str = ""
    replaced_by: tuple[str, ...] = ()
    label: str = ""  # English, the last one it had


@dataclass(frozen=True, slots=True)
class IdentityEvent:
    """What became of a cluster since the previous release. ``overlap`` is the Jaccard index of the members,
    of those that both releases have."""

    change: Change
    id: str
    depth: int
    others: tuple[str, ...] = ()
    overlap: float = 0.0


@dataclass(frozen=True, slots=True)
class Origin:
    """Who made the clusters and how, in words for readers, and the files they came in. ``kind`` as in
    :class:`esco_kg.model.given.GivenClusters`; ``unallocated`` are the skills in no cluster, ``completed`` those that
    the program placed beside the given ones."""

    kind: str
    by: str
    how: dict[Language, str]
    sources: tuple[Source, ...] = ()
    unallocated: tuple[str, ...] = ()
    completed: int = 0


@dataclass(slots=True)
class Clustering:
    """The whole result. ``parameters`` are what it was made with, ready for JSON; ``statements`` are sentences for the
    notes (what was missing, what experts changed), ``details`` those on single lines of ``curation/``, for their annex.
    ``origin`` stands where somebody else made the clusters, or another method than ours.
    """

    levels: list[Level]
    clusters: dict[str, Cluster]
    allocations: list[Allocation]
    relations: list[Relation]
    profiles: dict[str, SectorProfile]
    registry: list[RegistryEntry]
    events: list[IdentityEvent] = field(default_factory=list)
    parameters: dict[str, object] = field(default_factory=dict)
    statements: list[str] = field(default_factory=list)
    details: list[str] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    origin: Origin | None = None
    main_language: Language = "en"

    @property
    def is_given(self) -> bool:
        """Whether a publisher gave the clusters, so that their texts stand as they are."""
        return self.origin is not None and self.origin.kind != "method"

    def name(self, identifier: str, language: Language = "") -> str:
        """The cluster's name in this language, otherwise in the main language."""
        labels = self.clusters[identifier].labels
        return labels.get(language) or labels[self.main_language]

    def name_counts(self, languages: Iterable[Language]) -> dict[Language, dict[str, int]]:
        """Language -> status of a name, or ``none``, -> number of clusters."""
        return {
            language: dict(Counter(c.name_status.get(language, "none") for c in self.clusters.values()))
            for language in languages
        }

    def members(self) -> dict[str, list[str]]:
        """Cluster id -> sorted IRIs of its primary skills, for every level."""
        found: dict[str, list[str]] = {identifier: [] for identifier in self.clusters}
        for allocation in self.allocations:
            if allocation.rank == "primary":
                at: str | None = allocation.cluster
                while at is not None:
                    found[at].append(allocation.skill)
                    at = self.clusters[at].parent
        return {identifier: sorted(skills) for identifier, skills in found.items()}

    def children(self) -> dict[str, list[str]]:
        """Cluster id -> sorted ids of the clusters below it."""
        found: dict[str, list[str]] = {identifier: [] for identifier in self.clusters}
        for cluster in self.clusters.values():
            if cluster.parent is not None:
                found[cluster.parent].append(cluster.id)
        return {identifier: sorted(below) for identifier, below in found.items()}
