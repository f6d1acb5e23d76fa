"""What is called how in the language of the notes: clusters, levels, sectors, concepts of the source."""

from __future__ import annotations

from collections.abc import Mapping

from esco_kg.model.pillar import Concept
from esco_kg.notes.contents import Notes
from esco_kg.notes.texts import Link, Text, in_language
from esco_kg.words import Share, Wording, page_words


class Teller:
    """Looks names up in the language of the notes, otherwise in the release's main language, otherwise in English."""

    def __init__(self, notes: Notes, words: Wording) -> None:
        self.notes, self.words = notes, words
        self._pages = page_words(words.language)
        self._old = {entry.id: entry.label for entry in notes.clustering.registry}

    def text(self, texts: Mapping[str, str]) -> Text:
        """A text that stands in several languages."""
        return in_language(texts, self.words.language, self.notes.config.main_language)

    @property
    def source(self) -> Text:
        """What the release is made from. ESCO is called so in every language."""
        name = self.notes.config.source
        return Text(name, "") if name == "ESCO" else self.text({self.notes.config.main_language: name})

    def name(self, identifier: str) -> Text:
        """A cluster's name; of a retired one the last it had."""
        found = self.notes.clustering.clusters.get(identifier)
        if found:
            return self.text(found.labels)
        last = self.notes.delta.label(identifier) if self.notes.delta else self._old.get(identifier, identifier)
        return self.text({self.notes.config.main_language: last})

    def link(self, identifier: str, share: float | None = None) -> Link:
        """A cluster's name that leads to its page."""
        found = self.notes.clustering.clusters.get(identifier)
        own = found.iri if found else ""
        address = own or f"{self.notes.config.base_iri}{self.notes.config.cluster_path}{identifier}"
        return Link(self.name(identifier), address, "" if share is None else Share(share))

    def level(self, depth: int) -> Text:
        """What one cluster of a level is called."""
        labels = next((level.labels for level in self.notes.clustering.levels if level.depth == depth), {})
        if self.words.language in labels:
            return self.text(labels)
        usual = self.usual(f"level_{labels.get('en', '').replace(' ', '_')}")
        return Text(usual, "") if usual else self.text(labels or {"": str(depth)})

    def sector(self, code: str) -> Text:
        """The name of a NACE code."""
        return self.text(self.notes.sectors.structure[code].labels)

    def usual(self, key: str) -> str:
        """What the pages say for a key in this language; '' where they say nothing."""
        found = self._pages.get(key, "")
        return found if isinstance(found, str) else ""

    def concept(self, found: Concept | None, otherwise: str) -> Text:
        """The preferred label of a concept of the source."""
        labels = {language: texts.pref for language, texts in found.texts.items()} if found else {}
        return self.text(labels) or self.text({self.notes.config.main_language: otherwise})
