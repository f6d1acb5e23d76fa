"""Texts as words with their places: folded, forms brought together; symbols such as ``c++`` and ``.net`` kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

# Letters that Unicode does not take apart.
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
# A word keeps points, apostrophes and ampersands inside (node.js, r&d), a point before it (.net), + and # after (c++).
_WORD = re.compile(r"(?:(?<![^\W_])\.(?=[^\W\d_]))?[^\W_]+(?:[.'’&][^\W_]+)*[+#]*")
_STEMMERS = {
    "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish", "et": "estonian",
    "fi": "finnish", "fr": "french", "ga": "irish", "hu": "hungarian", "it": "italian", "lt": "lithuanian",
    "nl": "dutch", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "sv": "swedish",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """``form`` is folded; ``start`` and ``end`` are its place in the text, in characters."""

    form: str
    start: int
    end: int


class _Folding(dict[int, str]):
    """A character -> what it is folded to; looked up once for each character, for most texts say the same few."""

    def __missing__(self, code: int) -> str:
        plain = chr(code).casefold().translate(_LETTERS)
        # Twice, for a letter may fall into a capital one (Unicode, section 3.13, D146).
        plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", plain).casefold())
        plain = "".join(letter for letter in plain if not unicodedata.combining(letter)).translate(_LETTERS)
        self[code] = plain.replace("’", "'")
        return self[code]


_FOLDING = _Folding()


def folded(text: str) -> str:
    """Lower case without accents. Each character is folded for itself: marks go, so that none is put in order."""
    return text.lower() if text.isascii() else text.translate(_FOLDING)


def words(text: str) -> list[Word]:
    """The words of a text, in their order."""
    return [Word(folded(found[0]), found.start(), found.end()) for found in _WORD.finditer(text)]


def forms(text: str) -> list[str]:
    """The words of a text without their places, which is quicker."""
    return _WORD.findall(folded(text))


class Stemmer:
    """From a folded word to what its forms share: Snowball's stem where the language has one.

    Elsewhere up to three letters are cut from the end, four are left. Words with digits or symbols stay whole.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        self._known: dict[str, str] = {}
        self._snowball = _snowball(language)

    def __call__(self, word: str) -> str:
        """The stem of a word."""
        found = self._known.get(word)
        if found is None:
            found = self._known[word] = self._stem(word)
        return found

    def _stem(self, word: str) -> str:
        if not word.replace("'", "").isalpha():
            return word
        if self._snowball is None:
            return word[: max(4, len(word) - 3)]
        return self._snowball(word.removesuffix("'s"))

    def __reduce__(self) -> tuple[type[Stemmer], tuple[str]]:
        return (Stemmer, (self._language,))  # a job on other machines makes its own


def _snowball(language: str) -> Callable[[str], str] | None:
    name = _STEMMERS.get(language)
    if name is None:
        return None
    from snowballstemmer import stemmer

    stem: Callable[[str], str] = stemmer(name).stemWord
    return stem
