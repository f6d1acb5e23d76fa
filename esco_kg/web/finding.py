"""Search hits as the page, the interfaces and the reader's keyboard need them: label, address, place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from esco_kg.web.edition import Edition
from esco_kg.web.search import TYPES


@dataclass(frozen=True, slots=True)
class Found:
    """A thing found. ``found`` is the label that matched, ``where`` its place among the clusters.

    ``href`` is relative to ``<language>/<version>/``.
    """

    type: str
    iri: str
    label: str
    label_language: str
    found: str
    language: str
    where: str
    href: str
    score: float


def found_things(
    edition: Edition, query: str, language: str, *, types: Iterable[str] = TYPES, limit: int = 10
) -> list[Found]:
    """The best hits for a reader of ``language``."""
    return [
        thing
        for hit in edition.search(query, language, types=types, limit=limit)
        if (thing := _thing(edition, hit.type, hit.target, hit.label, hit.language, language, hit.score))
    ]


def _thing(
    edition: Edition, kind: str, target: str, found: str, found_in: str, language: str, score: float
) -> Found | None:
    href = quote(f"{target}.html")
    if kind == "cluster":
        identifier = target.partition("/")[2]
        cluster = edition.clusters[identifier]
        where = " › ".join(one.label(language) for one in edition.ancestors(identifier))
        iri = f"{edition.base}cluster/{identifier}"
        return Found(kind, iri, cluster.label(language), language, found, found_in, where, href, score)
    concept = edition.concept(target, language)
    if concept is None:
        return None
    where = ""
    if kind == "skill":
        primary = edition.primary_of([concept.id]).get(concept.id)
        where = (
            " › ".join(c.label(language) for c in (*edition.ancestors(primary), edition.clusters[primary]))
            if primary
            else ""
        )
    return Found(kind, concept.iri, concept.label, concept.language, found, found_in, where, href, score)
