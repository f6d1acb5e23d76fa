"""Expert knowledge as read from ``curation/``: sector frames, decisions about skills, names.

``place`` always says where a line stands (``forced.csv:12``), so that an error or the notes can name it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from esco_kg.model.pillar import Language


@dataclass(frozen=True, slots=True)
class FrameGroup:
    """A cluster of the second level as experts see it: the skills of these occupations, by codes of ISCO-08 groups."""

    labels: dict[Language, str]
    isco: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """One cluster of the top level as experts see it.

    ``key`` is a short stable name (``health``). ``sections`` are NACE 2.1 section letters or division codes with a
    weight; ``seeds`` are IRIs of skills, or codes of skill groups (``S2.1``, ``0912``) or ISCO groups (``isco:22``).
    """

    key: str
    branch: str  # sector, transversal, language, digital
    labels: dict[Language, str]
    scope: dict[Language, str] = field(default_factory=dict)
    exclusions: dict[Language, str] = field(default_factory=dict)
    sectors: dict[str, float] = field(default_factory=dict)
    seeds: tuple[str, ...] = ()
    groups: tuple[FrameGroup, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """One line about skills. ``kind``: ``forced``, ``must-link``, ``cannot-link``, ``seed``, ``rejected`` or ``also``
    (a secondary membership).

    ``skills`` are the IRIs concerned; ``target`` is a cluster id, ``skill:<IRI>`` (the cluster of that skill) or a
    frame's key, and empty for the two kinds of link.
    """

    kind: str
    skills: tuple[str, ...]
    target: str
    reason: str
    place: str


@dataclass(frozen=True, slots=True)
class ExpertName:
    """A name or definition of the cluster with this id, or of the one at this depth that holds most of these skills.

    ``target`` is an id, or IRIs separated by spaces.
    """

    target: str
    depth: int
    language: Language
    label: str
    alt_labels: tuple[str, ...] = ()
    definition: str = ""
    place: str = ""


@dataclass(slots=True)
class Expertise:
    """All of ``curation/``, free of contradictions. ``unknown``: decisions about concepts that ESCO no longer has."""

    frames: list[Frame] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    names: list[ExpertName] = field(default_factory=list)
    unknown: list[Decision] = field(default_factory=list)
    is_draft: bool = True
