"""Reasons that seem to name a person: an e-mail address, a telephone number, a name. Reasons are published.

A name cannot be recognised with certainty. Taken for one are a title with a word behind it, and two words with capital
letters side by side that ESCO's own texts do not have so. A given name alone is not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from esco_kg.folder.material import Material

_ADDRESS = re.compile(r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+")
_TELEPHONE = re.compile(r"(?<![\w.])(?:\+|00|\()?[0-9](?:[ /().-]{0,2}[0-9]){6,14}(?![\w.])")
_CAPITALISED = r"[^\W\d_a-zß-öø-ÿ][^\W\d_]*[a-zß-öø-ÿ](?:['’-][^\W\d_]+)*"
_TITLE = re.compile(
    r"\b(?:(?:Mr|Mrs|Ms|Miss|Dr|Prof|Herrn?|Frau|Monsieur|Madame|Mme|Mlle|Sr|Sra|Señora?|Don|Doña|Sig|Signora?|Dott|Dhr|"
    rf"Mevr|Mevrouw|Pan|Pani|Pana)\.?|M\.)\s+(?:[A-Z]\.\s*)?({_CAPITALISED})"
)
_PAIR = re.compile(rf"(?=\b({_CAPITALISED}|[A-Z]\.)\s+({_CAPITALISED})\b)")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NO_TELEPHONE = re.compile(
    r"https?://\S+|\b[0-9]{4}-[0-9][0-9]-[0-9][0-9]\b|\b[0-9][0-9]?\.[0-9][0-9]?\.[0-9]{4}\b"
)  # addresses of concepts, dates
_NOUNS_WITH_CAPITALS = ("de",)


class PersonalData:
    """Says what in a text could tell who somebody is. Its dictionary are ESCO's texts in the material's language."""

    def __init__(self, material: Material) -> None:
        self._material = material

    def found(self, text: str) -> str:
        """Such as ``an e-mail address, 'ann@example.org'``; '' where nothing is."""
        for what, pattern in (("an e-mail address", _ADDRESS), ("a telephone number", _TELEPHONE)):
            match = pattern.search(_NO_TELEPHONE.sub(" ", text))
            if match:
                return f"{what}, {match[0]!r}"
        name = self._name(text)
        return f"a person's name, {name!r}" if name else ""

    def _name(self, text: str) -> str:
        for match in _TITLE.finditer(text):
            if not self._is_of_esco(match[0]):
                return match[0]
        for match in _PAIR.finditer(text):
            first, second = match[1], match[2]
            if not self._is_of_esco(f"{first} {second}") and self._is_likely(text[: match.start()], first, second):
                return f"{first} {second}"
        return ""

    def _is_likely(self, before: str, first: str, second: str) -> bool:
        """At the start of a sentence two words that ESCO does not have; in its midst any two, in German one of them."""
        unknown = [word for word in (first, second) if word.casefold() not in self._words]
        if not before.strip() or before.rstrip()[-1] in ".!?:;":
            return len(unknown) == 2
        return bool(unknown) or self._material.language not in _NOUNS_WITH_CAPITALS

    def _is_of_esco(self, phrase: str) -> bool:
        return " ".join(_WORD.findall(phrase.casefold())) in self._texts

    @cached_property
    def _texts(self) -> str:
        return "\n".join(" ".join(_WORD.findall(text.casefold())) for text in _texts(self._material))

    @cached_property
    def _words(self) -> set[str]:
        return set(self._texts.split())


def _texts(material: Material) -> Iterable[str]:
    for concepts in (material.skills, material.occupations, material.groups):
        for concept in concepts.values():
            for texts in concept.texts.values():
                yield from (texts.pref, *texts.alt, texts.definition, texts.description)
    for cluster in material.clusters:
        yield material.label(cluster)
