"""Sentences of the program in each language, from ``templates/words``, with plurals, numbers and dates by CLDR.

A word file has the words of the pages on top and those of the notes in its table ``[release_notes]``. A value is text,
or a table of plural forms (``one``, ``few``, ``many``, ``other``) of which the value ``n`` chooses one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Literal

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

from esco_kg.resources import folder

ENGLISH = "en"
# The English of Europe: 30 November 2026.
_LOCALES = {ENGLISH: "en_GB"}
_UNITS = ("digital-kilobyte", "digital-megabyte", "digital-gigabyte")
_LEAST = 0.0005  # of a share that shows as 0.1 %

Texts = Mapping[str, "str | Mapping[str, str]"]


class Share(float):
    """A share in [0, 1], given in per cent."""


class Wording:
    """The words of the notes in one language, and its forms of numbers, dates and lists."""

    def __init__(self, language: str, texts: Texts) -> None:
        self.language = language
        self.texts = texts
        self._locale = Locale.parse(_LOCALES.get(language, language), sep="-" if "-" in language else "_")
        self._percent = self._locale.percent_formats[None].pattern.replace("#,##0", "#,##0.0")

    def pattern(self, key: str, n: object = None) -> str:
        """The text of a key, in the plural form that ``n`` asks for. Raises KeyError where there is none."""
        found = self.texts[key]
        if isinstance(found, str):
            return found
        form = self._locale.plural_form(n) if isinstance(n, int) else "other"
        return found.get(form) or found["other"]

    def __call__(self, key: str, **values: object) -> str:
        """A sentence as plain text, with its values in the form of the language."""
        return self.filled(key, values, self.plain)

    def filled(self, key: str, values: Mapping[str, object], shown: Callable[[object], str]) -> str:
        """A sentence, its values as ``shown``. Raises KeyError where a value is missing."""
        return self.pattern(key, values.get("n")).format_map({name: shown(value) for name, value in values.items()})

    def plain(self, value: object) -> str:
        """A value as text: a number or share in the form of the language, a sentence of the program in the language."""
        if isinstance(value, Said):
            return self.said(value)
        if isinstance(value, Share):
            return self.share(value)
        if isinstance(value, int):
            return self.number(value)
        if isinstance(value, float):
            return self.decimal(value, 1 if value * 10 == round(value * 10) else 2)
        return str(value)

    def said(self, sentence: Said) -> str:
        """A sentence of the program in this language."""
        return self(sentence.key, **sentence.values)

    def number(self, value: int) -> str:
        """13896 -> ``13,896``, ``13.896``, ``13 896``."""
        return _decimal(value, None, self._locale)

    def decimal(self, value: float, places: int = 2) -> str:
        """0.1818 -> ``0.18``, ``0,18``."""
        return _decimal(value, f"#,##0.{'0' * places}".rstrip("."), self._locale)

    def index(self, value: float) -> str:
        """A value in [0, 1] in three places; one that is not 1 never shows as 1."""
        return self.decimal(1 if value == 1 else min(value, 0.999), 3)

    def share(self, value: float) -> str:
        """0.123 -> ``12.3%``, ``12,3 %``; a share that is not zero never shows as zero."""
        if 0 < value < _LEAST:
            return f"<{_percent(0.001, self._percent, self._locale)}"
        return _percent(value, self._percent, self._locale)

    def size(self, number: int) -> str:
        """Bytes for people: ``532 bytes``, ``1.2 MB``, ``1,2 Mo`` (powers of 1000)."""
        if number < 1000:
            return _unit(number, "digital-byte", "long", None, self._locale)
        power = next((place for place, _ in enumerate(_UNITS, 1) if number / 1000**place < 999.95), len(_UNITS))
        return _unit(number / 1000**power, _UNITS[power - 1], "short", "#,##0.0", self._locale)

    def date(self, iso: str) -> str:
        """``2026-11-30`` -> ``30 November 2026``."""
        return str(format_date(date.fromisoformat(iso), "long", locale=self._locale))

    def list(self, items: Iterable[str]) -> str:
        """``a, b and c``."""
        return str(format_list(list(items), locale=self._locale))

    def name_of(self, language: str) -> str:
        """What a language is called in this one; its tag where nobody knows."""
        return str(self._locale.languages.get(language, language))


class Said(str):
    """A sentence that the program says in English, with its key and values, so that notes say it in other languages."""

    key: str
    values: dict[str, object]


# The same few thousand numbers stand in every document of a release.
@lru_cache(maxsize=1 << 15)
def _decimal(value: float, form: str | None, locale: Locale) -> str:
    return str(format_decimal(value, format=form, locale=locale))


@lru_cache(maxsize=1 << 15)
def _percent(value: float, form: str, locale: Locale) -> str:
    return str(format_percent(value, format=form, locale=locale))


@lru_cache(maxsize=1 << 15)
def _unit(value: float, unit: str, length: Literal["short", "long"], form: str | None, locale: Locale) -> str:
    return str(format_unit(value, unit, length, format=form, locale=locale))


def said(key: str, **values: object) -> Said:
    """The sentence of a key of the notes' words."""
    found = Said(wording(ENGLISH)(key, **values))
    found.key, found.values = key, values
    return found


def retold(sentence: str, language: str) -> tuple[str, str]:
    """(a reason for a release's number, as the program said it in English, in another language; the language it is in).

    A manifest has these sentences as text. One that the program no longer says stays in English.
    """
    english = wording(ENGLISH)
    for key in (one for one in english.texts if one.startswith("reason_")):
        found = english.texts[key]
        for pattern in (found,) if isinstance(found, str) else found.values():
            values = _values(pattern, sentence)
            if values is not None:
                return wording(language)(key, **values), language
    return sentence, ENGLISH


def _values(pattern: str, sentence: str) -> dict[str, object] | None:
    """What stands in a sentence in the places that a pattern leaves open; None where it is another sentence."""
    parts = re.split(r"\{(\w+)\}", pattern)
    regex = "".join(f"(?P<{part}>.+?)" if n % 2 else re.escape(part) for n, part in enumerate(parts))
    found = re.fullmatch(regex, sentence)
    return None if found is None else {name: _read_value(text) for name, text in found.groupdict().items()}


def _read_value(text: str) -> object:
    """A number or share as English sentences have it."""
    if re.fullmatch(r"[0-9,]+", text):
        return int(text.replace(",", ""))
    share = re.fullmatch(r"(<?)([0-9.]+)%", text)
    return Share(_LEAST / 2 if share[1] else float(share[2]) / 100) if share else text


@lru_cache(maxsize=64)
def wording(language: str) -> Wording:
    """The words of the notes in a language. Raises KeyError where nobody has translated them."""
    return Wording(language, _notes(language))


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """The languages of the notes, English first: those whose word file says all that the English one says."""
    needed = _notes(ENGLISH).keys()
    found = sorted(path.stem for path in (folder("templates") / "words").glob("*.toml"))
    return (ENGLISH, *(one for one in found if one != ENGLISH and needed <= _notes(one).keys()))


def main_language(language: str) -> str:
    """The language of the notes with plain file names: that of the release, otherwise English."""
    return language if language in languages() else ENGLISH


def page_words(language: str) -> dict[str, str | Mapping[str, str]]:
    """The words of the pages in a language, plural forms as tables; none where nobody has translated them."""
    return {key: text for key, text in _read(language).items() if key != "release_notes"}


def _notes(language: str) -> Texts:
    found = _read(language).get("release_notes", {})
    return found if isinstance(found, Mapping) else {}


@lru_cache(maxsize=64)
def _read(language: str) -> dict[str, str | Mapping[str, str]]:
    path = folder("templates") / "words" / f"{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
