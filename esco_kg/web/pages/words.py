"""The words of the pages, per language, English where a language lacks them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from esco_kg.words import Texts, Wording, page_words

FALLBACK = "en"
_NO_BREAK = "\u202f"
_RIGHT_TO_LEFT = {"ar", "fa", "he", "ur"}


class Words:
    """Words in one language. ``words("n_skills", n=3)`` fills what stands in braces; ``n`` chooses the plural form."""

    def __init__(self, language: str, own: Texts, english: Texts) -> None:
        self.language = language
        self._english = Wording(FALLBACK, english)
        self._own = Wording(language, own) if own else self._english
        self.missing = sorted(set(english) - set(own))
        self.is_translated = bool(own)
        self.spoken = language if own else FALLBACK

    def __call__(self, key: str, **values: object) -> str:
        found = self._own if key in self._own.texts else self._english
        return found.filled(key, values, self._shown) if values else found.pattern(key)

    def has(self, key: str) -> bool:
        return key in self._english.texts

    def _shown(self, value: object) -> str:
        return self.number(value) if isinstance(value, int) else str(value)

    def number(self, value: int) -> str:
        """1206 -> ``1,206`` in English, with a narrow space elsewhere (ISO 80000-1)."""
        return f"{value:,}" if self.language == "en" else f"{value:,}".replace(",", _NO_BREAK)

    def percent(self, share: float) -> str:
        """0.812 -> ``81%``; a share that is not zero never shows as 0%."""
        figure = "<1" if 0 < share < 0.01 else f"{100 * share:.0f}"
        return f"{figure}%" if self.language == "en" else f"{figure}{_NO_BREAK}%"

    def method(self, name: str, rank: str, origin: Mapping[str, Any] | None) -> str:
        """How a skill came to its cluster, in words; ``origin`` tells who made the clusters, where it was not us.

        Of the official hierarchy a program chose the primary cluster, not its publisher.
        """
        if name == "given" and origin is not None and origin.get("kind") == "official":
            name = "official" if rank == "primary" else "official-further"
        key = f"method_{name.replace('-', '_')}"
        return self(key) if self.has(key) else name

    def reason(self, basis: str, evidence: str) -> str:
        """Why two clusters are related: the count that the release gives as evidence, said in this language."""
        key, count = f"related_{basis.replace('-', '_')}", re.match(r"[0-9]+", evidence)
        return self(key, n=int(count[0])) if count and self.has(key) else evidence

    def level(self, names: Mapping[str, str], number: int = 1) -> str:
        """What one cluster of a level is called, or several; ``names`` are the level's own, per language.

        The data name one cluster; several, and a level whose English name we know, are in the words of the pages.
        """
        own, english = names.get(self.language, ""), names.get("en", "")
        usual = f"level_{english.replace(' ', '_')}"
        is_usual = self.has(usual) and own.casefold() in ("", english.casefold(), self(usual).casefold())
        several = usual.replace("level_", "levels_", 1)
        return self(usual if number == 1 else several) if is_usual else own or english or next(iter(names.values()), "")

    def skills(self, number: int) -> str:
        """How many skills: ``1 skill``, ``2 skills``."""
        return self("n_skills", n=number)


@lru_cache(maxsize=64)
def words(language: str) -> Words:
    """The words in a language; all in English where nobody has translated them."""
    return Words(language, page_words(language), page_words(FALLBACK))


@lru_cache(maxsize=64)
def direction(language: str, page: str) -> Markup:
    """The attribute ``dir`` for a text in a language, where it or its page is written from right to left; otherwise
    ''."""
    if {language, page}.isdisjoint(_RIGHT_TO_LEFT):
        return Markup()
    return Markup(' dir="{}"').format("rtl" if language in _RIGHT_TO_LEFT else "ltr")


def native_name(language: str) -> str:
    """What speakers call a language; its tag where we do not know."""
    return _NAMES.get(language, language)


_NAMES = {
    "ar": "العربية", "bg": "български", "cs": "čeština", "da": "dansk", "de": "Deutsch", "el": "ελληνικά",
    "en": "English", "es": "español", "et": "eesti", "fi": "suomi", "fr": "français", "ga": "Gaeilge",
    "hr": "hrvatski", "hu": "magyar", "is": "íslenska", "it": "italiano", "lt": "lietuvių", "lv": "latviešu",
    "mt": "Malti", "nl": "Nederlands", "no": "norsk", "pl": "polski", "pt": "português", "ro": "română",
    "sk": "slovenčina", "sl": "slovenščina", "sv": "svenska", "uk": "українська",
}  # fmt: skip
