"""An index of the names of things in one SQLite file: what :mod:`esco_kg.matching.finder` looks names up in.

A name is kept as the set of its words, folded, and of the stems of those words; symbols stay in a word (``c++``,
``.net``). Names of one language are numbered by the use of what they name, so that the first rows of any answer are the
most used ones. Words are kept a second time from their end: a word with one letter wrong has its first or its second
half right, and is found by it.
"""

from __future__ import annotations

import math
import re
import sqlite3
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from esco_kg.matching.initials import Initials
from esco_kg.matching.words import Stemmer, forms

KINDS = ("pref", "wording", "alt", "hidden")
_SCHEMA = """
CREATE TABLE find_targets (id INTEGER PRIMARY KEY, type TEXT NOT NULL, target TEXT NOT NULL, use REAL NOT NULL);
CREATE TABLE find_names (
    id INTEGER PRIMARY KEY,       -- in one language in the order of use, the most used first
    language TEXT NOT NULL,
    label TEXT NOT NULL,
    target INTEGER NOT NULL,
    kind INTEGER NOT NULL,        -- place in KINDS
    whole INTEGER NOT NULL        -- checksum of the folded words, written as one
);
CREATE TABLE find_words (
    language TEXT NOT NULL,
    word TEXT NOT NULL,
    backwards TEXT NOT NULL,
    spread INTEGER NOT NULL,      -- in how many names
    PRIMARY KEY (language, word)
) WITHOUT ROWID;
CREATE TABLE find_initials (
    language TEXT NOT NULL,
    initials TEXT NOT NULL,       -- r&d
    words TEXT NOT NULL,          -- research development
    PRIMARY KEY (language, initials)
) WITHOUT ROWID;
CREATE TABLE find_codes (code TEXT NOT NULL, target INTEGER NOT NULL, PRIMARY KEY (code, target)) WITHOUT ROWID;
"""
_STEM = "~"  # stands before a stem that is no word itself


@dataclass(frozen=True, slots=True)
class Target:
    """What names lead to. ``use``: by how many things it is used, to be compared inside a type."""

    type: str
    target: str
    use: float
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Name:
    """A text that names a target; ``kind`` is one of :data:`KINDS`."""

    text: str
    target: str
    kind: str


@lru_cache(maxsize=64)
def stemmer(language: str) -> Stemmer:
    """The stemmer of a language, which remembers what it was asked."""
    return Stemmer(language)


def table(language: str) -> str:
    """The name of a language's index; letters and digits alone, so that it can stand in a statement."""
    return "find_" + re.sub(r"[^a-z0-9]", "_", language.lower())


def checksum(words: Sequence[str]) -> int:
    """Of the folded words of a whole name, whether it parts them (``data base``) or not (``database``).

    Names of equal checksums are compared once more.
    """
    return zlib.crc32("".join(words).encode())


class Tokens:
    """What names of a language are found by: their words, the stems of these, words parted by a point as one."""

    def __init__(self, language: str) -> None:
        self._stem = stemmer(language)
        self._known: dict[str, tuple[str, ...]] = {}

    def __call__(self, words: Sequence[str]) -> set[str]:
        """The tokens of one name."""
        found: set[str] = set()
        for word in words:
            known = self._known.get(word)
            if known is None:
                known = self._known[word] = self._of_word(word)
            found.update(known)
        return found

    def _of_word(self, word: str) -> tuple[str, ...]:
        stem = self._stem(word)
        # A stem that is the word itself is found with it.
        return (word, *squeezed(word), *([_STEM + stem] if stem != word else []))


def squeezed(word: str) -> tuple[str, ...]:
    """A word with points or apostrophes without them, and its parts: ``node.js`` is ``nodejs``, ``node`` and ``js``."""
    if word.isalnum():
        return ()
    parts = [part for part in re.split(r"[.'&]", word) if part]
    return ("".join(parts), *parts) if len(parts) > 1 or (parts and parts[0] != word) else ()


def stem_token(stem: str) -> str:
    """How a stem stands in the index."""
    return _STEM + stem


def write_names(
    connection: sqlite3.Connection,
    targets: Iterable[Target],
    languages: Iterable[str],
    names_in: Callable[[str], Iterable[Name]],
) -> list[str]:
    """Write the index and return the languages that have names. ``names_in`` gives the names of a language."""
    connection.executescript(_SCHEMA)
    ids = _write_targets(connection, list(targets))
    found, start = [], 0
    for language in sorted(languages):
        names = {(name.text, name.target): name for name in reversed(list(names_in(language))) if name.target in ids}
        if names:
            ordered = sorted(names.values(), key=lambda name: (ids[name.target], KINDS.index(name.kind), name.text))
            _write_language(connection, language, ordered, ids, start)
            start += len(ordered)
            found.append(language)
    connection.execute("CREATE INDEX find_names_whole ON find_names (whole)")
    connection.execute("CREATE INDEX find_names_target ON find_names (target) WHERE kind = 0")
    connection.execute("CREATE INDEX find_words_backwards ON find_words (language, backwards)")
    return found


def _write_targets(connection: sqlite3.Connection, targets: Sequence[Target]) -> dict[str, int]:
    """Target -> number; those of most use come first. Use is written on a scale from 0 to 1 of its type's logarithm."""
    most: dict[str, float] = {}
    for one in targets:
        most[one.type] = max(most.get(one.type, 0.0), one.use)
    scaled = {one.target: round(_scaled(one.use, most[one.type]), 4) for one in targets}
    ordered = sorted(targets, key=lambda one: (-scaled[one.target], one.target))
    ids = {one.target: number for number, one in enumerate(ordered, 1)}
    rows = [(ids[one.target], one.type, one.target, scaled[one.target]) for one in ordered]
    connection.executemany("INSERT INTO find_targets VALUES (?, ?, ?, ?)", rows)
    codes = sorted({(code, ids[one.target]) for one in targets for code in one.codes if code})
    connection.executemany("INSERT INTO find_codes VALUES (?, ?)", codes)
    return ids


def _scaled(use: float, most: float) -> float:
    return math.log1p(use) / math.log1p(most) if most > 0 else 0.0


def _write_language(
    connection: sqlite3.Connection, language: str, names: Sequence[Name], ids: Mapping[str, int], start: int
) -> None:
    spread: Counter[str] = Counter()
    rows, indexed = [], []
    tokens, initials = Tokens(language), Initials(language)
    for number, name in enumerate(names, start + 1):
        words = forms(name.text)
        initials.take(words)
        found = tokens(words)
        spread.update(found)
        rows.append((number, language, name.text, ids[name.target], KINDS.index(name.kind), checksum(words)))
        indexed.append((number, " ".join(sorted(found))))
    connection.executemany("INSERT INTO find_names VALUES (?, ?, ?, ?, ?, ?)", rows)
    index = table(language)
    connection.execute(f"CREATE VIRTUAL TABLE {index} USING fts5 (tokens, content = '', detail = none, {_TOKENIZER})")
    connection.executemany(f"INSERT INTO {index} (rowid, tokens) VALUES (?, ?)", indexed)
    connection.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")
    words_found = ((language, word, word[::-1], count) for word, count in sorted(spread.items()))
    connection.executemany("INSERT INTO find_words VALUES (?, ?, ?, ?)", words_found)
    meant = ((language, short, words) for short, words in initials.meant().items())
    connection.executemany("INSERT INTO find_initials VALUES (?, ?, ?)", meant)


# Words are folded already: letters, digits and the symbols that stand in words are letters of a token.
_TOKENIZER = "tokenize = \"unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc' tokenchars '+#.&~'''\""


def names_of(connection: sqlite3.Connection, language: str) -> Iterator[tuple[str, str, str, int]]:
    """(type, target, label, place in :data:`KINDS`) of every name in a language."""
    yield from connection.execute(
        "SELECT t.type, t.target, n.label, n.kind FROM find_names n JOIN find_targets t ON t.id = n.target"
        " WHERE n.language = ? ORDER BY n.id",
        (language,),
    )
