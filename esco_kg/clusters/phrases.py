"""Sentences around the clusters' texts, one column per language in ``phrases.csv``."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from esco_kg.model.pillar import Language

# What a language without phrases gets: its own labels and no words of ours.
_BARE = {
    "people": "{people}",
    "qualified": "{name}: {detail}",
    "quoted": "“{text}”",
    "and": "{first}, {last}",
    "definition": "{skills}.",
    "definition-anywhere": "{skills}.",
    "definition-unlinked": "{skills}.",
    "includes-clusters": "{clusters}.",
    "includes-skills": "{skills}.",
}


@cache
def _table() -> dict[Language, dict[str, str]]:
    with (Path(__file__).parent / "phrases.csv").open(encoding="utf-8", newline="") as stream:
        (_, *languages), *rows = csv.reader(stream)
    # Strict: a comma without quotes would give every language after it the phrase of the one before.
    cells = {name: dict(zip(languages, texts, strict=True)) for name, *texts in rows}
    return {language: {name: texts[language] for name, texts in cells.items()} for language in languages}


def has_phrases(language: Language) -> bool:
    """Whether texts in this language are sentences."""
    return language in _table()


def phrase(language: Language, wanted: str, /, **parts: str) -> str:
    """The phrase with its parts filled in; '' where the language has none and labels alone would mislead."""
    return _table().get(language, _BARE).get(wanted, "").format(**parts)


def listed(language: Language, items: Sequence[str]) -> str:
    """``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return phrase(language, "and", first=", ".join(items[:-1]), last=items[-1])


def quoted(language: Language, items: Sequence[str]) -> str:
    """``“a”, “b” and “c”``: labels of skills hold commas and conjunctions of their own, and outer spaces."""
    return listed(language, [phrase(language, "quoted", text=item.strip()) for item in items])


def capitalised(label: str) -> str:
    """With a capital letter first, as names of clusters have; ``eCommerce`` stays."""
    return label if label[1:2].isupper() else label[:1].upper() + label[1:]


def inside(language: Language, label: str) -> str:
    """A label as part of a phrase: no capital first where the language gives nouns none (German does)."""
    return label if language == "de" or label[1:2].isupper() else label[:1].lower() + label[1:]
