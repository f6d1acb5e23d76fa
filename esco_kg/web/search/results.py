"""Search hits as the page, the interfaces and the reader's keyboard need them: label, address, place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from esco_kg.web.releases.view import ReleaseView
from esco_kg.web.search.index import TYPES


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


def search_hits(
    view: ReleaseView, query: str, language: str, *, types: Iterable[str] = TYPES, limit: int = 10
) -> list[Found]:
    """The best hits for a reader of ``language``."""
    return [
        thing
        for hit in view.search(query, language, types=types, limit=limit)
        if (thing := _thing(view, hit.type, hit.target, hit.label, hit.language, language, hit.score))
    ]


def _thing(
    view: ReleaseView, kind: str, target: str, found: str, found_in: str, language: str, score: float
) -> Found | None:
    href = quote(f"{target}.html")
    if kind == "cluster":
        identifier = target.partition("/")[2]
        cluster = view.clusters[identifier]
        where = " › ".join(one.label(language) for one in view.ancestors(identifier))
        iri = f"{view.base}cluster/{identifier}"
        said_in = cluster.label_language(language)
        return Found(kind, iri, cluster.label(language), said_in, found, found_in, where, href, score)
    concept = view.concept(target, language)
    if concept is None:
        return None
    where = ""
    if kind == "skill":
        primary = view.primary_of([concept.id]).get(concept.id)
        where = (
            " › ".join(c.label(language) for c in (*view.ancestors(primary), view.clusters[primary])) if primary else ""
        )
    return Found(kind, concept.iri, concept.label, concept.language, found, found_in, where, href, score)
