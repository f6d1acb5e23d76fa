"""Measures of how well words lead to a group, once per embedding: first choice, and terms of real life."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from esco_kg.evaluation.embedding import Embedding
from esco_kg.evaluation.groups import Matrix
from esco_kg.evaluation.intervals import Estimate, of_share
from esco_kg.evaluation.navigation import first_choice
from esco_kg.evaluation.subjects import Levels
from esco_kg.evaluation.terms import Annotation, term_accuracy
from esco_kg.model.pillar import Pillar


@dataclass(slots=True)
class Words:
    """``terms`` are labelled sets by name; ``embeddings`` encode each list of texts once, for all hierarchies."""

    pillar: Pillar
    embeddings: Sequence[Embedding]
    terms: Mapping[str, Sequence[Annotation]] = field(default_factory=dict)
    tries: int = 3000
    seed: int = 0

    def __post_init__(self) -> None:
        self.embeddings = [remembering(embedding) for embedding in self.embeddings]

    def ask(self, levels: Levels) -> Iterator[tuple[int, str, Estimate]]:
        """(level, metric, estimate); a metric's name ends with the embedding's."""
        sought = levels.sought or levels.soft
        for embedding in self.embeddings:
            if self._has_alternatives():
                for metric, by_level in (("first-choice", levels.hard), ("first-choice-soft", sought)):
                    if by_level:
                        first = first_choice(by_level, self.pillar, embedding, self.tries, self.seed)
                        for level, share in enumerate(first.by_level, 1):
                            yield level, f"{metric} {embedding.name}", of_share(share, first.tries)
            for name, spans in sorted(self.terms.items()):
                for metric, by_level in (("terms", levels.hard), ("terms-soft", sought)):
                    for level, groups in enumerate(by_level, 1):
                        found = term_accuracy(groups, spans, self.pillar, embedding)
                        yield level, f"{metric} {name} {embedding.name}", of_share(found.accuracy, found.spans)

    def _has_alternatives(self) -> bool:
        language = "en" if "en" in self.pillar.languages else self.pillar.languages[0]
        texts = (skill.texts.get(language) for skill in self.pillar.skills.values())
        return any(set(said.alt) - {said.pref} for said in texts if said)


def remembering(embedding: Embedding) -> Embedding:
    """The same embedding; a list of texts that it has seen is not encoded again."""
    seen: dict[tuple[str, ...], Matrix] = {}

    def encode(texts: Sequence[str]) -> Matrix:
        key = tuple(texts)
        if key not in seen:
            seen[key] = embedding.encode(key)
        return seen[key]

    return Embedding(embedding.name, encode)
