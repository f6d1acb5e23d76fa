"""Linked-data documents: what a release says of one thing, exactly as it says it, in four serialisations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from esco_kg.dump import graph_texts
from esco_kg.rdf.terms import Block
from esco_kg.scheme import Iris
from esco_kg.web.http.negotiation import RDF_FORMS
from esco_kg.web.releases.triples import iris, parse_block
from esco_kg.web.releases.view import ReleaseView

ENDINGS = tuple(form.ending for form in RDF_FORMS)


def describe(view: ReleaseView, iri: str) -> list[Block]:
    """The blocks about a thing and those that belong to it, merged by subject, in order; empty where it is unknown.

    To a cluster belong its labels, allocations, relations and sector profile; to the vocabulary its terms; to a release
    its files and graphs; to a concept of ESCO its descriptions, and its allocations or links to sectors.
    """
    found: dict[str, Block] = {}
    for lines in _lines(view, iri):
        block = parse_block(lines)
        held = found.setdefault(block.subject, Block(block.subject))
        for predicate, terms in block.objects.items():
            held.add(predicate, *terms)
    return [found[subject] for subject in sorted(found)]


def _lines(view: ReleaseView, iri: str) -> Iterator[str]:
    own = list(view.lines_of(iri))
    if not own:
        return
    yield from (lines for _, lines in own)
    for prefix, graph in _belonging(view, iri):
        yield from (lines for _, lines in view.lines_below(prefix, graph))
    if cluster := view.cluster_of(iri):
        yield from _relations(view, cluster)
    else:
        yield from _of_concept(view, iri)


def _belonging(view: ReleaseView, iri: str) -> Iterator[tuple[str, str]]:
    """(prefix, graph) of IRIs that belong to a thing of ours; the graph '' means any."""
    base, local = view.base, iri.removeprefix(view.base)
    kind, _, name = local.partition("/")
    if cluster := view.cluster_of(iri):
        for part in ("label", "allocation", "rejected"):
            yield f"{base}{part}/{cluster}/", "clusters"
        names = Iris(base, view.version)
        for level in ("section", "division"):
            yield f"{names.sector_profile(level, cluster)[1:-1]}/", "clusters"
    elif local == "model":
        yield f"{base}model#", ""
    elif local == "scheme":
        yield f"{base}level", "clusters"
    elif kind == "release" and "/" not in name:
        yield f"{iri}/file/", "catalogue"
        yield f"{iri}/graph/", "catalogue"


def _relations(view: ReleaseView, identifier: str) -> Iterator[str]:
    cluster = view.clusters.get(identifier)
    for related in cluster.related if cluster else ():
        first, second = sorted((identifier, related.other))
        name = f"{view.base}relation/{first}/{second}/{related.basis}"
        yield from (lines for _, lines in view.lines_of(name))


def _of_concept(view: ReleaseView, iri: str) -> Iterator[str]:
    """Node literals of a concept of ESCO, and its allocations or links to sectors."""
    for _, lines in view.lines_of(iri, "pillar"):
        for literal in iris(parse_block(lines), "<http://purl.org/dc/terms/description>"):
            yield from (text for _, text in view.lines_of(literal))
    concept = view.concept_of(iri)
    if concept and concept.kind == "occupation":
        links = f"{view.base}occupation-sector/{iri.rpartition('/')[2]}/"
        yield from (lines for _, lines in view.lines_below(links, "codes"))
    if concept is None or concept.kind != "skill":
        return
    names = Iris(view.base)
    for membership in view.memberships(concept.id, "en"):
        name = names.allocation(membership.cluster, iri)[1:-1]
        if membership.rank == "rejected":
            name = name.replace("/allocation/", "/rejected/", 1)
        yield from (text for _, text in view.lines_of(name))


def documents(view: ReleaseView, iri: str, endings: Sequence[str] = ENDINGS) -> dict[str, str]:
    """File ending (ttl, jsonld, nt, rdf) -> the description in that form; empty where there is nothing."""
    blocks = describe(view, iri)
    return graph_texts(blocks, Iris(view.base, view.version, view.cluster_path).prefixes(), endings) if blocks else {}
