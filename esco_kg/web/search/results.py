"""Search hits as the page, the interfaces and the reader's keyboard need them: label, address, place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote

from markupsafe import Markup, escape

from esco_kg.rdf.namespaces import NACE
from esco_kg.web.releases.model import in_language
from esco_kg.web.releases.view import ReleaseView
from esco_kg.web.search.index import TYPES, Hit

COUNTED = 200  # hits that the numbers beside the types are of


@dataclass(frozen=True, slots=True)
class Found:
    """A thing found. ``found`` is the name that matched, ``marks`` its matching characters, ``where`` its place.

    ``id`` is the last part of the IRI, ``href`` relative to ``<language>/<version>/``. ``cluster`` is a skill's primary
    cluster, or the cluster itself, otherwise ''. ``how`` it matched: code, exact, forms, start, slip, part.
    """

    type: str
    iri: str
    id: str
    label: str
    label_language: str
    found: str
    language: str
    where: str
    href: str
    score: float
    how: str = "exact"
    marks: tuple[tuple[int, int], ...] = ()
    cluster: str = ""

    @property
    def marked(self) -> Markup:
        """The name that matched, as HTML with the matching parts marked."""
        parts, at = [], 0
        for start, end in self.marks:
            parts.append(escape(self.found[at:start]) + Markup("<mark>{}</mark>").format(self.found[start:end]))
            at = end
        return Markup("").join([*parts, escape(self.found[at:])])


@dataclass(frozen=True, slots=True)
class Results:
    """What a search found. ``counts`` are of all types; ``meant`` is the query as it was meant, where a letter
    was wrong in it, otherwise ''.
    """

    hits: tuple[Found, ...]
    counts: Mapping[str, int]
    meant: str = ""

    @property
    def total(self) -> int:
        """The hits of all types; more than are counted where it is ``COUNTED``."""
        return sum(self.counts.values())


def results(
    view: ReleaseView, query: str, language: str, *, types: Iterable[str] = TYPES, limit: int = 10, offset: int = 0
) -> Results:
    """The hits for a reader of ``language`` with their number by type (of the best 200)."""
    answer = view.find(query, language, limit=COUNTED)
    wanted = set(types)
    counts = Counter(hit.type for hit in answer.hits)
    chosen = [hit for hit in answer.hits if hit.type in wanted]
    if wanted != set(TYPES):
        chosen = list(view.find(query, language, types=wanted, limit=COUNTED).hits)
        counts |= Counter(hit.type for hit in chosen)
    shown = chosen[offset : offset + limit]
    hits = tuple(thing for hit in shown if (thing := as_found(view, hit, language)))
    return Results(hits, {name: counts[name] for name in TYPES if counts[name]}, answer.meant)


def search_hits(
    view: ReleaseView, query: str, language: str, *, types: Iterable[str] = TYPES, limit: int = 10
) -> list[Found]:
    """The best hits for a reader of ``language``."""
    hits = view.search(query, language, types=types, limit=limit)
    return [thing for hit in hits if (thing := as_found(view, hit, language))]


def as_found(view: ReleaseView, hit: Hit, language: str) -> Found | None:
    """A hit with the label and place of the thing; None where the release says nothing of it."""
    thing = _THINGS.get(hit.type, _of_concept)(view, hit.target, language)
    if thing is None:
        return None
    found, found_in = (hit.label, hit.language) if hit.language else (thing.label, thing.language)
    return Found(
        hit.type, thing.iri, hit.target.partition("/")[2], thing.label, thing.language, found, found_in, thing.where,
        quote(f"{hit.target}.html"), hit.score, hit.how, hit.marks, thing.cluster,
    )  # fmt: skip


class _Thing(NamedTuple):
    iri: str
    label: str
    language: str
    where: str
    cluster: str = ""


def _of_cluster(view: ReleaseView, target: str, language: str) -> _Thing:
    name = target.partition("/")[2]
    cluster = view.clusters[name]
    where = " › ".join(one.label(language) for one in view.ancestors(name))
    return _Thing(view.cluster_iri(name), cluster.label(language), cluster.label_language(language), where, name)


def _of_sector(view: ReleaseView, target: str, language: str) -> _Thing:
    code = target.partition("/")[2]
    return _Thing(NACE + code, in_language(view.sectors[code].labels, language, code), language, code)


def _of_concept(view: ReleaseView, target: str, language: str) -> _Thing | None:
    concept = view.concept(target, language)
    if concept is None:
        return None
    primary = view.primary_of([concept.id]).get(concept.id, "") if concept.kind == "skill" else ""
    way = (*view.ancestors(primary), view.clusters[primary]) if primary else ()
    where = " › ".join(one.label(language) for one in way) or concept.code
    return _Thing(concept.iri, concept.label, concept.language, where, primary)


_THINGS: dict[str, Callable[[ReleaseView, str, str], _Thing | None]] = {"cluster": _of_cluster, "sector": _of_sector}
