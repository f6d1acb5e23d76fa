"""The static site's search: labels in small JSON files, found by the first letters of any of their words."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import quote

from esco_kg.web.releases.view import ReleaseView
from esco_kg.web.search.index import folded

_PARTS = re.compile(r"[^\W_]+")  # of a word with symbols, which is found by its parts too
KEY = 3  # letters; a script that looks a word up takes as many (static/search.js)


def shard_name(start: str) -> str:
    """A file name of the code points in hexadecimal digits: no file system minds it."""
    return "-".join(f"{ord(letter):x}" for letter in start)


def shards(view: ReleaseView, language: str, with_skills: bool) -> Iterator[tuple[str, str]]:
    """(name, JSON) of every shard: rows of type, address, label, and the label that matched where it is another.

    Without pages for skills, a skill's row leads to its primary cluster.
    """
    found: dict[str, set[tuple[str, str, str, str]]] = defaultdict(set)
    for kind, target, label, matched in view.search_rows(language):
        href = f"{quote(target)}.html" if with_skills or kind != "skill" else _cluster_of(view, target)
        if not href:
            continue
        row = (kind, href, label, matched if matched != label else "")
        for word in folded(matched).split():
            for part in {word, *_PARTS.findall(word)}:
                found[part[:KEY]].add(row)
    for start in sorted(found):
        rows = [list(row) if row[3] else list(row[:3]) for row in sorted(found[start])]
        yield shard_name(start), json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def _cluster_of(view: ReleaseView, target: str) -> str:
    concept = view.concept(target)
    primary = view.primary_of([concept.id]).get(concept.id) if concept else None
    return f"cluster/{primary}.html" if primary else ""
