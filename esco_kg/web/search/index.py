"""Search over preferred, alternative and hidden labels in all languages: SQLite's FTS5, one index a language.

Accents are forgiven by folding label and query alike; word forms by asking for the beginnings of the words, the second
time without their last letters. No stemmer covers all of ESCO's 28 languages; cutting a word's end does well enough in
each of them, and a match found that way stands below one found whole.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from esco_kg.matching.words import folded as _folded

_WORD = re.compile(r"[^\W_]+")
_ENDING, _SHORTEST = 3, 4  # letters cut from a word's end, letters that must be left
_SHORT = 3  # a query of fewer letters is looked up among the beginnings of labels
_MOST_WORDS = 12
KINDS = ("pref", "alt", "hidden")
TYPES = ("cluster", "skill", "occupation", "group", "isco")


@dataclass(frozen=True, slots=True)
class Hit:
    """A label found: what it names (``cluster:c00042`` or ``skill/0005c151-...``), of which type, in which language.

    ``score`` in (0, 1]: 1 where the label is the query.
    """

    type: str
    target: str
    label: str
    kind: str
    language: str
    score: float


def folded(text: str) -> str:
    """Lower case without accents, words parted by one space."""
    return " ".join(_WORD.findall(_folded(text)))


def write_index(connection: sqlite3.Connection) -> None:
    """Make one FTS5 table per language that has a label, from the tables of the read-model."""
    languages: dict[str, list[tuple[str, str, str, int, str]]] = {}
    for row in _entries(connection):
        languages.setdefault(row[0], []).append((folded(row[1]), row[1], row[2], KINDS.index(row[3]), row[4]))
    for language in sorted(languages):
        name = table(language)
        connection.execute(
            f"CREATE VIRTUAL TABLE {name} USING fts5 (folded, label UNINDEXED, type UNINDEXED, kind UNINDEXED,"
            " target UNINDEXED, tokenize = 'unicode61 remove_diacritics 0', prefix = '1 2 3')"
        )
        connection.executemany(f"INSERT INTO {name} VALUES (?, ?, ?, ?, ?)", languages[language])
        connection.execute(f"INSERT INTO {name} ({name}) VALUES ('optimize')")
        # One or two letters begin too many words: these ask for preferred labels that start with them.
        connection.executemany(
            "INSERT OR IGNORE INTO starts VALUES (?, ?, ?, ?, ?)",
            ((language, row[0], row[4], row[1], row[2]) for row in languages[language] if row[3] == 0),
        )
    names = json.dumps(sorted(languages))
    connection.execute("INSERT INTO facts VALUES ('search languages', ?)", (names,))


def table(language: str) -> str:
    """The name of a language's index; letters and digits alone, so that it can stand in a statement."""
    return "find_" + re.sub(r"[^a-z0-9]", "_", language.lower())


def _entries(connection: sqlite3.Connection) -> Iterator[tuple[str, str, str, str, str]]:
    """(language, label, type, kind, target) of every label."""
    named = "JOIN concepts ON concepts.id = concept WHERE concepts.kind IN ('skill', 'group', 'occupation', 'isco')"
    yield from connection.execute(
        f"SELECT language, label, concepts.kind, 'pref', path FROM labels {named}"
        f" UNION ALL SELECT language, text, concepts.kind, texts.kind, path FROM texts {named}"
        " AND texts.kind IN ('alt', 'hidden')"
    )
    for identifier, document in connection.execute("SELECT id, document FROM clusters"):
        cluster = json.loads(document)
        if cluster["is_retired"]:
            continue
        for language, label in cluster["labels"].items():
            yield language, label, "cluster", "pref", f"cluster/{identifier}"
        for language, labels in cluster["alt_labels"].items():
            for label in labels:
                yield language, label, "cluster", "alt", f"cluster/{identifier}"


def search(
    connection: sqlite3.Connection,
    query: str,
    languages: Iterable[str],
    *,
    types: Iterable[str] = TYPES,
    limit: int = 20,
) -> list[Hit]:
    """The best hits, one per thing found, best first.

    ``languages`` in the order asked: a later one is asked only where those before it found less than ``limit``. Words
    are asked for as they are, then without their endings.
    """
    words = folded(query).split()[:_MOST_WORDS]
    wanted = tuple(name for name in TYPES if name in set(types))
    if not words or not wanted:
        return []
    found: dict[str, Hit] = {}
    cut = [word[: max(_SHORTEST, len(word) - _ENDING)] for word in words]
    order = list(dict.fromkeys(languages))
    for attempt, factor in ((words, 1.0), (cut, 0.6)):
        if factor < 1 and (len(found) >= limit or cut == words):
            break
        for place, language in enumerate(order):
            if len(found) >= limit or (place > 1 and found):
                break
            for hit in _asked(connection, attempt, " ".join(words), language, wanted, limit, factor):
                found.setdefault(hit.target, hit)
    return sorted(found.values(), key=lambda hit: (-hit.score, TYPES.index(hit.type), len(hit.label), hit.target))[
        :limit
    ]


def _asked(
    connection: sqlite3.Connection,
    words: list[str],
    whole: str,
    language: str,
    types: tuple[str, ...],
    limit: int,
    factor: float,
) -> Iterator[Hit]:
    marks = ", ".join("?" for _ in types)
    if len(whole) < _SHORT:
        rows = connection.execute(
            "SELECT label, type, 0, target, folded FROM starts WHERE language = ? AND folded >= ? AND folded < ?"
            f" AND type IN ({marks}) ORDER BY length(folded), folded, target LIMIT ?",
            (language, whole, whole + "\U0010ffff", *types, limit * 4),
        )
    else:
        # Only letters and digits are left in a word, so quoting it is enough.
        match = " AND ".join(f'"{word}"*' for word in words)
        name = table(language)
        rows = connection.execute(
            f"SELECT label, type, kind, target, folded FROM {name} WHERE {name} MATCH ? AND type IN ({marks})"
            " ORDER BY (folded = ?) DESC, (folded LIKE ?) DESC, kind, (type = 'cluster') DESC, length(folded) LIMIT ?",
            (match, *types, whole, f"{whole}%", limit * 4),
        )
    seen = set()
    for label, kind, number, target, fold in rows:
        if target not in seen:
            seen.add(target)
            yield Hit(kind, target, label, KINDS[number], language, _score(fold, whole, number, factor))


def _score(fold: str, whole: str, kind: int, factor: float) -> float:
    """How much of the label the query is; an alternative label counts a little less, a hidden one less again."""
    if fold == whole:
        return (1.0, 0.98, 0.96)[kind] * factor
    share = min(len(whole), len(fold)) / max(len(whole), len(fold))
    start = 0.15 if fold.startswith(whole) else 0.0
    return round((0.3 + 0.45 * share + start) * (1.0, 0.95, 0.9)[kind] * factor, 4)
