"""The static site's search index: the names of the one matcher as small scripts, which browsers load from a disk too.

``words.js`` is the vocabulary of a language, the other scripts are shards: the names that have a word with these first
letters. Each calls ``escoKgIndex(language, name, content)`` of ``static/find.js``.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from esco_kg.matching.finder import HEAD_FIRST
from esco_kg.matching.language import small_words
from esco_kg.matching.names import squeezed, stemmer
from esco_kg.matching.readings import COMPOUNDING, DERIVED
from esco_kg.matching.words import forms
from esco_kg.web.search.index import TYPES

KEY, CODE_KEY = 3, 2  # letters of words and of codes; static/find.js takes as many
_CODE = 4  # the kind of a row that is a code, beside those of the matcher
_MOST = 250  # names kept of a word, the most used ones: those of a common word are asked for with a rarer one
_CHUNK = 256  # things in one script

Row = tuple[int, str, int, int, int]
Address = Callable[[str, str], str]
"""(type, target) -> the address of its page below ``<language>/<version>/``, '' where it has none."""


def shard_name(start: str) -> str:
    """A file name of the code points in hexadecimal digits: no file system minds it."""
    return "-".join(f"{ord(letter):x}" for letter in start)


def scripts(
    connection: sqlite3.Connection, language: str, address: Address, type_names: list[str]
) -> Iterator[tuple[str, str]]:
    """(name, script) of a language: vocabulary, shards of names and codes, things. ``type_names``: what :data:`TYPES`
    are called.

    A row of a shard is: number of the thing, name, kind of the name, place in :data:`TYPES`, use in hundredths. The
    script ``things-N`` has label and address of the things from N times 256 on.
    """
    preferred = _preferred(connection, language)
    things = {
        number: href
        for number, kind, target in connection.execute("SELECT id, type, target FROM find_targets ORDER BY id")
        if number in preferred and (href := address(kind, target))
    }
    shards = _shards(connection, language, things)
    codes = {f"code-{name}": rows for name, rows in _codes(connection, things).items()}
    yield "words", _script(language, "words", _vocabulary(connection, language, sorted(codes), type_names))
    for name, rows in sorted((shards | codes).items()):
        yield name, _script(language, name, rows)
    for start in range(0, max(things, default=0) + 1, _CHUNK):
        chunk = {n: (preferred[n], things[n]) for n in range(start, start + _CHUNK) if n in things}
        if chunk:
            yield f"things-{start // _CHUNK}", _script(language, f"things-{start // _CHUNK}", chunk)


def _shards(connection: sqlite3.Connection, language: str, things: Mapping[int, str]) -> dict[str, list[Row]]:
    """The names that have a word beginning with the letters that the shard is called by."""
    small, kept = small_words(language).function, Counter[str]()
    found: dict[str, dict[Row, None]] = defaultdict(dict)
    for number, kind, label, place, use in connection.execute(_NAMES, (language,)):
        if number not in things:
            continue
        row = (number, label, place, TYPES.index(kind), round(100 * use))
        for word in sorted({*_found_by(label)} - small):
            kept[word] += 1
            if kept[word] <= _MOST:
                found[shard_name(word[:KEY])][row] = None
    return {name: list(rows) for name, rows in found.items()}


def _codes(connection: sqlite3.Connection, things: Mapping[int, str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for code, number, kind, use in connection.execute(_CODES):
        if number in things:
            row = (number, code, _CODE, TYPES.index(kind), round(100 * use))
            found[shard_name(code[:CODE_KEY])].append(row)
    return found


_NAMES = """
SELECT t.id, t.type, n.label, n.kind, t.use FROM find_names n JOIN find_targets t ON t.id = n.target
WHERE n.language = ? ORDER BY n.id
"""
_CODES = """
SELECT c.code, t.id, t.type, t.use FROM find_codes c JOIN find_targets t ON t.id = c.target ORDER BY c.code, t.id
"""


def _preferred(connection: sqlite3.Connection, language: str) -> dict[int, str]:
    """Number of a thing -> its preferred label in the language; its first name where it has none."""
    rows = connection.execute(
        "SELECT target, label FROM find_names WHERE language = ? ORDER BY kind DESC, id DESC", (language,)
    )
    return dict(rows)


def _found_by(label: str) -> Iterator[str]:
    for word in forms(label):
        yield from (word, *squeezed(word))


def _vocabulary(
    connection: sqlite3.Connection, language: str, codes: list[str], type_names: list[str]
) -> dict[str, Any]:
    """A line for each word: the word, in how many names it is, and the number of its stem where others have it too."""
    rows = connection.execute(
        "SELECT word, spread FROM find_words WHERE language = ? AND substr(word, 1, 1) <> '~' ORDER BY word",
        (language,),
    ).fetchall()
    stem = stemmer(language)
    shared = Counter(stem(word) for word, _ in rows)
    numbers = {one: number for number, one in enumerate(sorted(one for one in shared if shared[one] > 1))}
    lines = (f"{word} {spread} {numbers.get(stem(word), '')}".rstrip() for word, spread in rows)
    return {
        "count": connection.execute("SELECT count(*) FROM find_targets").fetchone()[0],
        "headFirst": language in HEAD_FIRST,
        "compounding": language in COMPOUNDING,
        "derived": DERIVED.get(language, ("", "")),
        "initials": dict(
            connection.execute("SELECT initials, words FROM find_initials WHERE language = ?", (language,)).fetchall()
        ),
        "small": sorted(small_words(language).function),
        "codes": codes,
        "types": type_names,
        "words": "\n".join(lines),
    }


def _script(language: str, name: str, content: object) -> str:
    told = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    # Line separators of Unicode end a line of a script in old browsers.
    told = told.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f'escoKgIndex("{language}","{name}",{told})\n'
