"""What a language's small words tell: what parts, what denies, and which language a text is in."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from esco_kg.matching.words import Word, folded

_LEAST = 4  # a text of fewer words tells no language


@dataclass(frozen=True, slots=True)
class SmallWords:
    """Sets of folded words, empty where the table has none for the language; the table says what each is.

    ``is_order_free``: a verb stands before its object or after it.
    """

    function: frozenset[str]
    conjunctions: frozenset[str]
    negation: frozenset[str]
    never: frozenset[str]
    unneeded: frozenset[str]
    bonus: frozenset[str]
    is_order_free: bool


@cache
def _table() -> dict[str, dict[str, str | bool]]:
    return tomllib.loads((Path(__file__).parent / "function-words.toml").read_text(encoding="utf-8"))


@cache
def small_words(language: str) -> SmallWords:
    """The small words of a language; of one that is unknown, none."""
    read = _table().get(language, {})
    keys = ("function", "and", "negation", "never", "unneeded", "bonus")
    of = {key: frozenset(folded(str(read.get(key, ""))).split()) for key in keys}
    return SmallWords(
        of["function"],
        of["and"],
        of["negation"],
        of["never"],
        of["unneeded"],
        of["bonus"],
        is_order_free=bool(read.get("is_order_free", False)),
    )


def language_of(words: Sequence[Word], expected: str) -> str:
    """The language whose function words the text has most of; ``expected`` where it has as many, '' where none is
    recognised.

    It is recognised from four words on, where one in ten at least is a function word.
    """
    forms = [word.form for word in words]
    if len(forms) < _LEAST:
        return ""
    counts = {name: sum(form in small_words(name).function for form in forms) for name in _table()}
    best = max(counts, key=lambda name: (counts[name], name == expected))
    return best if counts[best] * 10 >= len(forms) and counts[best] >= 2 else ""
