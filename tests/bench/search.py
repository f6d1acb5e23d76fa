"""Measure search on the kept set of queries and write ``docs/benchmarks/search.md``.

    python -m tests.bench.search SHARED [--languages 28]

SHARED holds the official downloads. Beside the matcher stand a plain FTS5 index over the same labels, all words asked
for as beginnings and ordered by BM25, and the cosine of character n-grams (3 to 5 letters, TF-IDF). Times are those of
the processor, so that what else the machine does is not in them.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import re
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from esco_kg.matching.finder import find
from esco_kg.matching.names import Name, Target, write_names
from esco_kg.matching.words import folded
from esco_kg.web.search.index import TYPES
from tests.support.kept_queries import LANGUAGES, Query, demonstration_index, esco_index, queries, titles
from tests.support.places import ROOT
from tests.support.static_search import asked_from_disk

PAGE = ROOT / "docs" / "benchmarks" / "search.md"
SEED, TYPED = 20, 200
Names = frozenset[str]
Row = tuple[str, str, Names]
Asked = Callable[[Query], list[Names]]
PAGE_TEXT = """# Search

Written by `make bench-search`; do not edit. {processors} processors, Python {python}, SQLite {sqlite}.

{count} queries in six languages with the right targets, written before any answer was looked at
(`tests/web/kept/queries.csv`): {english} in English over ESCO 1.1.1, its clusters and the sectors. The others are over
the demonstration data and the names of the clusters, and in Spanish, Italian and Polish over names of our own for 42 of
its things. Times are those of the processor; in the browser those of the clock, with the scripts that had to be loaded.

| over the same labels | in the first three | first | median | 95th percentile |
| --- | --- | --- | --- | --- |
{methods}
| aim | 95 % | 85 % | | 30 ms |

| language | queries | in the first three | first |
| --- | --- | --- | --- |
{languages}

{held} more queries in these languages hold plurals, other forms of words, compounds written as one word or two, and
ampersands (`tests/web/kept/held-out.csv`). They were written before any answer was looked at, and nothing was tuned on
them.

| over the same labels | in the first three | first |
| --- | --- | --- |
{apart}

The index of ESCO's labels in {tags} languages, made from English letter by letter, takes {size:.0f} MB (aim for 28:
400 MB). Each keystroke of {typed} random labels takes {median:.1f} ms there, {late:.1f} ms at the 95th percentile.

Not among the first three:

{missed}
"""


def placed(asked: Asked, kept: Sequence[Query]) -> tuple[dict[Query, int], list[float]]:
    """(query -> place of the first right target among ten, 0 for none; milliseconds of the processor for each)."""
    found, times = {}, []
    for query in kept:
        start = time.process_time()
        names = asked(query)
        times.append(1000 * (time.process_time() - start))
        found[query] = _place(query, names)
    return found, times


def _place(query: Query, names: Sequence[Names]) -> int:
    return next((place for place, name in enumerate(names, 1) if name & query.targets), 0)


def share(found: dict[Query, int], most: int) -> str:
    """Part of the queries with a right target in so many first places."""
    right = sum(1 <= place <= most for place in found.values())
    return f"{100 * right / len(found):.1f} %"


def rows_of(connection: sqlite3.Connection) -> list[Row]:
    """(language, label, how the kept set names the target) of every name."""
    named = titles(connection)
    rows = connection.execute(
        "SELECT n.language, n.label, t.target FROM find_names n JOIN find_targets t ON t.id = n.target"
    )
    return [(language, label, named[target]) for language, label, target in rows]


def plain(rows: dict[str, list[Row]]) -> Asked:
    """A plain FTS5 index: SQLite's own words, each as a beginning, ordered by BM25."""
    found: dict[str, sqlite3.Connection] = {}
    for data, of in rows.items():
        found[data] = sqlite3.connect(":memory:")
        found[data].execute("CREATE VIRTUAL TABLE names USING fts5 (label, language UNINDEXED, number UNINDEXED)")
        said = ((label, tag, number) for number, (tag, label, _) in enumerate(of))
        found[data].executemany("INSERT INTO names VALUES (?, ?, ?)", said)

    def asked(query: Query) -> list[Names]:
        match = " AND ".join(f'"{word}"*' for word in re.findall(r"\w+", query.text))
        statement = "SELECT number FROM names WHERE names MATCH ? AND language IN (?, 'en') ORDER BY rank LIMIT 100"
        hits = found[query.data].execute(statement, (match, query.language)).fetchall() if match else []
        return list(dict.fromkeys(rows[query.data][number][2] for (number,) in hits))[:10]

    return asked


def ngrams(rows: dict[str, list[Row]]) -> Asked:
    """The labels of the query's language by the cosine of their character n-grams."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    made = {}
    for data, of in rows.items():
        for language in LANGUAGES:
            own = [(label, name) for tag, label, name in of if tag in (language, "en")]
            vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, preprocessor=folded)
            made[data, language] = (vectors, vectors.fit_transform([label for label, _ in own]), own)

    def asked(query: Query) -> list[Names]:
        vectors, matrix, own = made[query.data, query.language]
        scores = (matrix @ vectors.transform([query.text]).T).toarray().ravel()
        best = [own[place][1] for place in (-scores).argsort(kind="stable")[:100] if scores[place] > 0]
        return list(dict.fromkeys(best))[:10]

    return asked


def many_languages(source: sqlite3.Connection, path: Path, count: int) -> list[str]:
    """An index with ESCO's labels in so many languages: English as it is, the others made from it letter by letter."""
    tags = ["en", *(f"x{chr(97 + n // 9)}{chr(97 + n % 9)}" for n in range(count - 1))]
    letters = "abcdefghijklmnopqrstuvwxyz"
    rows = source.execute(
        "SELECT n.label, t.target, n.kind FROM find_names n JOIN find_targets t ON t.id = n.target"
        " WHERE n.language = 'en'"
    ).fetchall()
    kinds = ("pref", "wording", "alt", "hidden")

    def names_in(tag: str) -> Iterator[Name]:
        turn = tags.index(tag) % 25
        table = str.maketrans(letters, letters[turn:] + letters[:turn])
        return (Name(label.translate(table), target, kinds[kind]) for label, target, kind in rows)

    targets = [Target(*row) for row in source.execute("SELECT type, target, use FROM find_targets")]
    connection = sqlite3.connect(path)
    write_names(connection, targets, tags, names_in)
    connection.commit()
    connection.close()
    return tags


def typed(connection: sqlite3.Connection, tags: Sequence[str]) -> list[float]:
    """Milliseconds of the processor for each keystroke of random labels, typed by readers of random languages."""
    draw, times = random.Random(SEED), []
    labels = [label for (label,) in connection.execute("SELECT label FROM find_names WHERE kind = 0 ORDER BY id")]
    for label in draw.sample(labels, TYPED):
        language = draw.choice(tags)
        for length in sorted({*range(1, min(len(label), 12) + 1), len(label)}):
            start = time.process_time()
            find(connection, label[:length], [language, "en", *tags], TYPES, 10)
            times.append(1000 * (time.process_time() - start))
    return times


def report(shared: Path, count: int) -> str:
    """Everything measured, as the page."""
    kept, held = queries(), queries("held-out.csv")
    indexes = {"demonstration": demonstration_index(), "esco": esco_index(shared)}
    named = {data: titles(connection) for data, connection in indexes.items()}

    def ours(query: Query) -> list[Names]:
        answer = find(indexes[query.data], query.text, [query.language, "en"], TYPES, 10)
        return [named[query.data][hit.target] for hit in answer.hits]

    rows = {data: rows_of(connection) for data, connection in indexes.items()}
    methods = {"the matcher": ours, "a plain FTS5 index": plain(rows), "character n-grams": ngrams(rows)}
    measured = {name: placed(asked, kept) for name, asked in methods.items()}
    apart = {name: placed(asked, held)[0] for name, asked in methods.items()}
    found = measured["the matcher"][0]
    with tempfile.TemporaryDirectory() as scratch:
        answers = asked_from_disk(Path(scratch), indexes, [*kept, *held])
    found_there = {q: _place(q, [named[q.data][target] for target in targets]) for q, (targets, _) in answers.items()}
    apart["the static site"] = {query: found_there[query] for query in held}
    measured["the static site, in a browser, from a disk"] = (
        {query: found_there[query] for query in kept},
        [answers[query][1] for query in kept],
    )
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "names.sqlite"
        tags = many_languages(indexes["esco"], path, count)
        connection = sqlite3.connect(path)
        times = statistics.quantiles(typed(connection, tags), n=100)
        connection.close()
        size = path.stat().st_size / 1e6
    by_language = {tag: {q: place for q, place in found.items() if q.language == tag} for tag in LANGUAGES}
    return PAGE_TEXT.format(
        processors=os.cpu_count(), python=platform.python_version(), sqlite=sqlite3.sqlite_version, count=len(kept),
        held=len(held),
        apart="\n".join(f"| {name} | {share(places, 3)} | {share(places, 1)} |" for name, places in apart.items()),
        english=sum(query.language == "en" and query.data == "esco" for query in kept),
        methods="\n".join(
            f"| {name} | {share(places, 3)} | {share(places, 1)} | {statistics.median(took):.1f} ms"
            f" | {statistics.quantiles(took, n=20)[-1]:.1f} ms |"
            for name, (places, took) in measured.items()
        ),
        languages="\n".join(
            f"| {tag} | {len(of)} | {share(of, 3)} | {share(of, 1)} |" for tag, of in by_language.items()
        ),
        tags=count, size=size, typed=TYPED, median=times[49], late=times[94],
        missed="\n".join(f"- `{q.text}` ({q.language})" for q, place in found.items() if not 1 <= place <= 3),
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--languages", type=int, default=28)
    given = parser.parse_args()
    PAGE.write_text(report(given.shared, given.languages), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} written")


if __name__ == "__main__":
    main()
