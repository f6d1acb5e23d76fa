"""The names of a release in the index of the one matcher: labels of concepts, clusters and sectors, codes and IRIs."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from esco_kg.matching.finder import Answer, Hit, find
from esco_kg.matching.names import Name, Target, names_of, table, write_names
from esco_kg.matching.wordings import wordings_by_label
from esco_kg.matching.words import forms
from esco_kg.resources import folder

__all__ = ["TYPES", "Answer", "Hit", "find", "folded", "names_of", "search", "table", "write_index"]

TYPES = ("cluster", "skill", "occupation", "group", "isco", "sector")
_CONCEPTS = "concepts.kind IN ('skill', 'group', 'occupation', 'isco')"
# By how many things a concept is used: a skill by occupations, an occupation by its skills, a group by what is in it.
_USES = f"""
SELECT id, iri, path, kind, code, (
    SELECT count(*) FROM links WHERE subject = concepts.id AND links.kind IN (
        'essential', 'optional', 'essential-for', 'optional-for', 'narrower'
    )
) FROM concepts WHERE {_CONCEPTS}
"""


def folded(text: str) -> str:
    """Lower case without accents, words parted by one space; symbols stay in their words."""
    return " ".join(forms(text))


def write_index(connection: sqlite3.Connection) -> None:
    """Write the index from the tables of the read-model."""
    clusters = [json.loads(document) for (document,) in connection.execute("SELECT document FROM clusters ORDER BY id")]
    sectors = _sectors(connection)
    languages = {tag for (tag,) in connection.execute("SELECT DISTINCT language FROM labels")}
    languages |= {tag for cluster in clusters for tag in cluster["labels"]}

    def names_in(language: str) -> Iterator[Name]:
        yield from _cluster_names(clusters, language)
        yield from (Name(names[language], code, "pref") for code, names in sectors.items() if language in names)
        yield from _concept_names(connection, language)

    found = write_names(connection, _targets(connection, clusters, sectors), languages, names_in)
    connection.execute("INSERT INTO facts VALUES ('search languages', ?)", (json.dumps(found),))


def _sectors(connection: sqlite3.Connection) -> dict[str, dict[str, str]]:
    """``sector/J`` -> names by language: the program's, where the release has none of its own."""
    with (folder("esco") / "nace21.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    found = {
        f"sector/{row['code']}": {tag: text for tag, text in row.items() if tag not in ("code", "parent") and text}
        for row in rows
    }
    own = connection.execute("SELECT value FROM facts WHERE name = 'sectors'").fetchone()
    for code, names in (json.loads(own[0]) if own else {}).items():
        if f"sector/{code}" in found:
            found[f"sector/{code}"] |= names
    return found


def _targets(
    connection: sqlite3.Connection, clusters: list[dict[str, Any]], sectors: Iterable[str]
) -> Iterator[Target]:
    for _, iri, path, kind, code, use in connection.execute(_USES).fetchall():
        yield Target(kind, path, use, (iri.replace("#", "/").rpartition("/")[2].casefold(), code.casefold()))
    for cluster in clusters:
        yield Target("cluster", f"cluster/{cluster['id']}", cluster["skills"], (cluster["id"].casefold(),))
    for target in sectors:
        yield Target("sector", target, 0, (target.partition("/")[2].casefold(),))


def _cluster_names(clusters: list[dict[str, Any]], language: str) -> Iterator[Name]:
    """Names of the clusters in use; a retired one is found by its id alone."""
    for cluster in clusters:
        if not cluster["is_retired"]:
            target = f"cluster/{cluster['id']}"
            if language in cluster["labels"]:
                yield Name(cluster["labels"][language], target, "pref")
            yield from (Name(text, target, "alt") for text in cluster["alt_labels"].get(language, ()))


def _concept_names(connection: sqlite3.Connection, language: str) -> Iterator[Name]:
    # Concepts first: from the texts, each language would read those of all.
    labels = f"SELECT label, path FROM concepts CROSS JOIN labels ON concept = id WHERE {_CONCEPTS} AND language = ?"
    yield from (Name(text, path, "pref") for text, path in connection.execute(labels, (language,)))
    for kind in ("alt", "hidden"):
        rows = connection.execute(
            f"SELECT texts, path FROM concepts CROSS JOIN texts ON concept = id WHERE {_CONCEPTS}"
            " AND language = ? AND texts.kind = ?",
            (language, kind),
        )
        yield from (Name(text, path, kind) for texts, path in rows for text in json.loads(texts))
    english = connection.execute(f"{labels} AND concepts.kind = 'skill'", ("en",))
    yield from (Name(text, path, "wording") for text, path in wordings_by_label(language, dict(english)))


def search(
    connection: sqlite3.Connection,
    query: str,
    languages: Iterable[str],
    *,
    types: Iterable[str] = TYPES,
    limit: int = 20,
) -> Answer:
    """See :func:`esco_kg.matching.finder.find`; types in the order in which equal hits stand."""
    wanted = set(types)
    return find(connection, query, languages, [name for name in TYPES if name in wanted], limit)
