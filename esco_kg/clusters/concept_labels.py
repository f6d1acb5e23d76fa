"""Preferred labels of ESCO's concepts: what a cluster is called in other languages, and what it is not called, too."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from esco_kg.model.pillar import Concept, Language, Pillar


@dataclass(frozen=True)
class ConceptLabels:
    """The labels of skills, skill groups, occupations and ISCO groups; case and stray spaces do not count."""

    pillar: Pillar
    main: Language

    @cached_property
    def _concepts(self) -> list[Concept]:
        pillar = self.pillar
        parts = (pillar.skills, pillar.skill_groups, pillar.occupations, pillar.isco_groups)
        return [part[iri] for part in parts for iri in sorted(part)]

    @cached_property
    def _preferred(self) -> dict[Language, set[str]]:
        found: dict[Language, set[str]] = defaultdict(set)
        for concept in self._concepts:
            for language, texts in concept.texts.items():
                found[language].add(_folded(texts.pref))
        return found

    @cached_property
    def _named(self) -> dict[str, list[Concept]]:
        found = defaultdict(list)
        for concept in self._concepts:
            if self.main in concept.texts:
                found[_folded(concept.texts[self.main].pref)].append(concept)
        return found

    def is_preferred(self, label: str, language: Language) -> bool:
        """Whether a concept has this preferred label."""
        return _folded(label) in self._preferred[language]

    def in_language(self, name: str, language: Language) -> tuple[str, str] | None:
        """Label and IRI of the concept that has ``name`` as its label in the main language; None where none has it,
        where it has no label in the language, or where several have it whose labels there differ."""
        labels: dict[str, tuple[str, str]] = {}
        for concept in self._named.get(_folded(name), ()):
            texts = concept.texts.get(language)
            label = " ".join(texts.pref.split()) if texts else ""
            labels.setdefault(label.casefold(), (label, concept.iri))
        found = next(iter(labels.values())) if len(labels) == 1 else ("", "")
        return found if found[0] else None


def _folded(label: str) -> str:
    return " ".join(label.split()).casefold()
