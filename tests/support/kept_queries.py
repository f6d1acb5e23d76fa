"""The kept set of queries: what people type, in six languages, and what it is expected to find.

The right targets were written before any answer was looked at. Two indexes answer: ``esco`` holds ESCO 1.1.1 in
English, the names of its clusters in all six languages and the sectors of NACE; ``demonstration`` holds the
demonstration data in English, German and French, and names of our own for 42 of its things in Spanish, Italian, Polish.
"""

from __future__ import annotations

import csv
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from esco_kg.esco.pillar import read_pillar
from esco_kg.matching.names import Name, Target, write_names
from esco_kg.matching.wordings import wordings
from esco_kg.model.pillar import Pillar, Texts
from esco_kg.resources import folder
from tests.support.places import ROOT, TESTS

KEPT = TESTS / "web" / "kept"
LANGUAGES = ("en", "de", "fr", "es", "it", "pl")


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed in a language. ``targets`` are right ones: ``skill: Python (computer programming)``."""

    language: str
    data: str
    text: str
    targets: frozenset[str]


def queries(name: str = "queries.csv") -> list[Query]:
    """The kept set; ``held-out.csv`` holds plurals, -ing forms, compounds and ampersands that nothing was tuned on."""
    with (KEPT / name).open(encoding="utf-8", newline="") as stream:
        return [
            Query(row["language"], row["data"], row["query"], frozenset(row["targets"].split(" | ")))
            for row in csv.DictReader(stream)
        ]


def demonstration_index() -> sqlite3.Connection:
    """The index over the demonstration data, and over the names of our own."""
    pillar = read_pillar([folder("demonstration") / "v1.0.0"])
    more: dict[str, list[Name]] = defaultdict(list)
    concepts = [("skill", one) for one in pillar.skills.values()]
    concepts += [("occupation", one) for one in pillar.occupations.values()]
    iris = {(kind, one.texts["en"].pref): one.iri for kind, one in concepts}
    with (KEPT / "labels.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            iri = iris[row["type"], row["english"]]
            for language in ("es", "it", "pl"):
                more[language].append(Name(row[language], iri, "pref"))
                more[language] += [Name(text, iri, "alt") for text in row[f"{language}_alt"].split(" | ")]
    return index(pillar, more)


def esco_index(shared: Path) -> sqlite3.Connection:
    """The index over ESCO 1.1.1, its clusters' names and the sectors."""
    pillar = read_pillar([shared / "data" / "esco-1.1.1-en"])
    more: dict[str, list[Name]] = defaultdict(list)
    for language in LANGUAGES:
        with (ROOT / "curation" / "names" / f"{language}.csv").open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                if row["label"]:
                    identifier = row["content"].partition("/")[2]
                    more[language].append(Name(row["label"], f"cluster/{identifier}", "pref"))
    with (folder("esco") / "nace21.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            for language in ("en", "de", "fr"):
                more[language].append(Name(row[language], f"sector/{row['code']}", "pref"))
    return index(pillar, more)


def index(pillar: Pillar, more: dict[str, list[Name]]) -> sqlite3.Connection:
    """An index in memory; ``more`` are names by language, of clusters and sectors too."""
    connection = sqlite3.connect(":memory:")
    write_names(
        connection, _targets(pillar, more), {*pillar.languages, *more}, lambda language: _names(pillar, more, language)
    )
    connection.commit()
    return connection


def _targets(pillar: Pillar, more: dict[str, list[Name]]) -> Iterator[Target]:
    use: Counter[str] = Counter()
    for occupation, skill, _ in pillar.occupation_skills:
        use.update((occupation, skill))
    for child, parent in (*pillar.skill_broader, *pillar.occupation_broader):
        use.update((parent,)) if child else None
    for one in pillar.skills.values():
        yield Target("skill", one.iri, use[one.iri], (key(one.iri),))
    for job in pillar.occupations.values():
        yield Target("occupation", job.iri, use[job.iri], (key(job.iri), job.code.casefold()))
    for group in pillar.skill_groups.values():
        yield Target("group", group.iri, use[group.iri], (key(group.iri), group.code.casefold()))
    for isco in pillar.isco_groups.values():
        yield Target("isco", isco.iri, use[isco.iri], (key(isco.iri), isco.code.casefold()))
    for target in sorted({name.target for names in more.values() for name in names if "/" in name.target[:8]}):
        kind, _, code = target.partition("/")
        if kind in ("cluster", "sector"):
            yield Target(kind, target, 1, (code.casefold(),))


def key(iri: str) -> str:
    """The last part of an IRI, as codes are written."""
    return iri.rpartition("/")[2].casefold()


def _names(pillar: Pillar, more: dict[str, list[Name]], language: str) -> Iterator[Name]:
    yield from more.get(language, ())
    every = (pillar.skills, pillar.occupations, pillar.skill_groups, pillar.isco_groups)
    for concepts in every:
        for one in concepts.values():
            texts: Texts | None = one.texts.get(language)
            if texts:
                yield Name(texts.pref, one.iri, "pref")
                yield from (Name(text, one.iri, "alt") for text in texts.alt)
                yield from (Name(text, one.iri, "hidden") for text in texts.hidden)
    yield from (Name(text, iri, "wording") for text, iri in wordings(language, pillar.skills))


def titles(names: sqlite3.Connection) -> dict[str, frozenset[str]]:
    """Target -> how the kept set may name it: by its English preferred label, or by a code of its own."""
    found: dict[str, set[str]] = defaultdict(set)
    for kind, target, code in names.execute(
        "SELECT t.type, t.target, c.code FROM find_codes c JOIN find_targets t ON t.id = c.target"
    ):
        found[target].add(f"{kind}: {code if kind == 'cluster' else code.upper()}")
    for kind, target, label in names.execute(
        "SELECT type, t.target, label FROM find_names n JOIN find_targets t ON t.id = n.target"
        " WHERE kind = 0 AND language = 'en'"
    ):
        found[target].add(f"{kind}: {label}")
    return {target: frozenset(said) for target, said in found.items()}
