"""Which texts a language lacks: parts of ESCO are not translated into every language."""

from __future__ import annotations

from esco_kg.model.pillar import Language, Pillar

KINDS = ("preferred label", "alternative label", "description")


def texts_by_language(pillar: Pillar) -> dict[Language, dict[str, int]]:
    """Language -> kind of text -> skills and occupations without one in it."""
    concepts = [*pillar.skills.values(), *pillar.occupations.values()]
    found = {}
    for language in pillar.languages:
        there = [texts for concept in concepts if (texts := concept.texts.get(language))]
        has = (len(there), sum(bool(t.alt) for t in there), sum(bool(t.description) for t in there))
        found[language] = {kind: len(concepts) - number for kind, number in zip(KINDS, has, strict=True)}
    return found
