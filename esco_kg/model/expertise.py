"""Expert knowledge as read from ``curation/``: sector frames, decisions about skills, names.

``place`` always says where a line stands (``forced.csv:12``), so that an error or the notes can name it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from esco_kg.model.pillar import Language


@dataclass(frozen=True, slots=True)
class FrameCluster:
    """A cluster of the finest level as experts see it: the skills of these occupations, by codes of ISCO-08 groups, and
    ``skills``, IRIs of skills that begin in it."""

    isco: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FrameGroup:
    """A cluster of the second level as experts see it: the skills of these occupations, by codes of ISCO-08 groups.
    Without ``clusters`` each unit group is one of the finest level."""

    labels: dict[Language, str]
    isco: tuple[str, ...] = ()
    clusters: tuple[FrameCluster, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """One cluster of the top level as experts see it.

    ``key`` is a short stable name (``health``). ``sections`` are NACE 2.1 section letters or division codes with a
    weight; ``seeds`` are IRIs of skills, or codes of skill groups (``S2.1``, ``0912``) or ISCO groups (``isco:22``).
    ``status`` is ``agreed`` where experts confirmed the frame with its texts, otherwise ``draft``.
    """

    key: str
    branch: str  # sector, cross-sector, language, digital
    labels: dict[Language, str]
    scope: dict[Language, str] = field(default_factory=dict)
    exclusions: dict[Language, str] = field(default_factory=dict)
    sectors: dict[str, float] = field(default_factory=dict)
    seeds: tuple[str, ...] = ()
    groups: tuple[FrameGroup, ...] = ()
    status: str = "draft"
    place: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """One line about skills. ``kind``: ``forced``, ``must-link``, ``cannot-link``, ``seed``, ``rejected`` or ``also``
    (one more membership).

    ``skills`` are the IRIs concerned; ``target`` is a cluster id, ``skill:<IRI>`` (the cluster of that skill) or a
    frame's key, and empty for the two kinds of link.
    """

    kind: str
    skills: tuple[str, ...]
    target: str
    reason: str
    place: str


@dataclass(frozen=True, slots=True)
class Content:
    """What a cluster held when it was named: its level, 1 for the top, and the IRIs of its skills."""

    depth: int
    skills: frozenset[str]


@dataclass(frozen=True, slots=True)
class Contents:
    """The clusters that names were written for: all ``skills`` that were clustered, and each cluster's content."""

    skills: frozenset[str]
    clusters: dict[str, Content]


@dataclass(frozen=True, slots=True)
class GivenName:
    """Texts in one language for the cluster with this content (``<file of contents>/<cluster>``); an absent text is ''.

    ``status`` is ``agreed`` where an expert confirmed the line, otherwise ``draft``.
    """

    content: str
    language: Language
    label: str = ""
    alt_labels: tuple[str, ...] = ()
    definition: str = ""
    scope_note: str = ""
    exclusion_note: str = ""
    status: str = "draft"
    place: str = ""


@dataclass(slots=True)
class Expertise:
    """All of ``curation/``, free of contradictions. ``unknown``: decisions about concepts that ESCO no longer has."""

    frames: list[Frame] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    names: list[GivenName] = field(default_factory=list)
    contents: dict[str, Contents] = field(default_factory=dict)
    unknown: list[Decision] = field(default_factory=list)
