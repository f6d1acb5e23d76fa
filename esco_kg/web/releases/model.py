"""What a page or an answer speaks of: clusters, concepts of the pillar, memberships; as read from a release."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

Texts = dict[str, str]
"""Language -> text."""


def in_language(texts: Texts, language: str, default: str = "") -> str:
    """The text in a language, otherwise in English, otherwise in the first language by its tag, otherwise
    ``default``."""
    return texts.get(language) or texts.get("en") or next((texts[tag] for tag in sorted(texts)), default)


@dataclass(frozen=True, slots=True)
class Related:
    """How a cluster relates to another: the basis, its label, a weight in [0, 1], evidence in words."""

    other: str
    basis: str
    weight: float
    evidence: Texts


@dataclass(slots=True)
class Cluster:
    """One cluster as published. ``sections`` and ``divisions`` are shares by NACE code; ``occupations`` IRIs.

    A retired cluster has ``is_retired``, the notes of its history, and the ids that replace it. In the main language
    every cluster has a label.
    """

    id: str
    depth: int
    parent: str = ""
    branch: str = ""
    labels: Texts = field(default_factory=dict)
    alt_labels: dict[str, list[str]] = field(default_factory=dict)
    definitions: Texts = field(default_factory=dict)
    scope_notes: Texts = field(default_factory=dict)
    exclusion_notes: Texts = field(default_factory=dict)
    history: Texts = field(default_factory=dict)
    children: list[str] = field(default_factory=list)
    related: list[Related] = field(default_factory=list)
    occupations: list[str] = field(default_factory=list)
    leading: list[str] = field(default_factory=list)
    sections: dict[str, float] = field(default_factory=dict)
    divisions: dict[str, float] = field(default_factory=dict)
    concentration: float = 0.0
    unreached: float = 0.0
    skills: int = 0
    created: str = ""
    modified: str = ""
    is_retired: bool = False
    replaced_by: list[str] = field(default_factory=list)
    replaces: list[str] = field(default_factory=list)
    main_language: str = "en"

    def label(self, language: str) -> str:
        """The name in a language, otherwise in the main language."""
        return self.labels.get(language) or self.labels.get(self.main_language) or in_language(self.labels, "", self.id)

    def label_language(self, language: str) -> str:
        """The language that :meth:`label` is in."""
        found = (tag for tag in (language, self.main_language, *sorted(self.labels)) if self.labels.get(tag))
        return next(found, language)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Cluster:
        return cls(**{**document, "related": [Related(**related) for related in document["related"]]})


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept of the pillar with its label in the language asked for.

    ``kind``: skill, group, occupation, isco, scheme. ``path`` is the end of its page's address. ``language`` is that of
    the label: another one than asked for where the pillar lacks it.
    """

    id: int
    iri: str
    path: str
    kind: str
    label: str
    language: str
    code: str = ""
    skill_type: str = ""
    reuse: str = ""


@dataclass(frozen=True, slots=True)
class Membership:
    """A skill in a cluster: rank, weight in [0, 1], and at a primary place that data gave the margin, where one was
    measured; runner-up and decision may be ''."""

    skill: Concept
    cluster: str
    rank: str
    weight: float
    margin: float | None
    runner_up: str
    method: str
    decision: str


@dataclass(frozen=True, slots=True)
class Sector:
    """A NACE 2.1 section (``parent`` is '') or division."""

    code: str
    parent: str
    labels: Texts
