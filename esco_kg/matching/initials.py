"""What two initials with an ampersand stand for among the names of a language: ``r&d``, research and development."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from esco_kg.matching.language import small_words

_SPACED = re.compile(r"(?<![^\W_])([^\W_])\s*&\s*([^\W_])(?![^\W_])")
_INITIALS = re.compile(r"[^\W\d_]&[^\W\d_]")
_LEAST = 3  # letters of a word that an initial stands for


class Initials:
    """Counts the pairs of words that a conjunction joins, name after name."""

    def __init__(self, language: str) -> None:
        self._joining = small_words(language).conjunctions
        self._pairs: Counter[tuple[str, str]] = Counter()

    def take(self, words: Sequence[str]) -> None:
        """Look at the folded words of a name."""
        for place in range(1, len(words) - 1):
            left, right = words[place - 1], words[place + 1]
            if words[place] in self._joining and min(len(left), len(right)) >= _LEAST:
                self._pairs[left, right] += 1

    def meant(self) -> dict[str, str]:
        """Initials -> the two words that most names join: ``r&d`` -> ``research development``."""
        found: dict[str, str] = {}
        for (left, right), _ in sorted(self._pairs.items(), key=lambda pair: (-pair[1], pair[0])):
            found.setdefault(f"{left[0]}&{right[0]}", f"{left} {right}")
        return dict(sorted(found.items()))


def closed(query: str) -> str:
    """A query with ``r & d`` written as one word."""
    return _SPACED.sub(r"\1&\2", query)


def are_initials(words: Iterable[str]) -> list[str]:
    """Those of the words that are two initials."""
    return [word for word in words if _INITIALS.fullmatch(word)]
