"""The updates that make a whole version the current release. Every one names its graph.

Versions share most triples, so a switch changes what differs, which takes a fraction of the time that a copy takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from esco_kg.rdf.namespaces import DCAT, RDF
from esco_kg.rdf.terms import iri, plain
from esco_kg.store.catalogue import HAS_CURRENT, HAS_VERSION, VERSION, Names, inserting
from esco_kg.store.client import Endpoint
from esco_kg.store.dialects import Transaction
from esco_kg.store.remote import texts
from esco_kg.store.upload import parts


def switch(
    endpoint: Endpoint,
    names: Names,
    version: str,
    graphs: Sequence[str],
    target: str | None,
    files: Sequence[Path] = (),
) -> None:
    """Make the graphs of a version the current release, in the graph ``target`` (None: the store's own default graph).

    Readers see the change at once where the store has transactions. ``files`` are the graphs as packed N-Triples: a
    first release is sent once more where that is cheaper than a copy. Raises ServerError.
    """
    what = f"switching to release {version}"
    there = _in(target, "?s ?p ?o")
    is_filled = bool(texts(endpoint, f"SELECT ?p WHERE {{ {there} }} LIMIT 1", what="looking at the current release"))
    # First and last, so that a switch that is broken off claims nothing.
    first, last = _claims(names, version)
    if target is None:
        # Left by a store whose default graph was a union then.
        first.append(f"DROP SILENT GRAPH {iri(names.current)}")
    if files and not is_filled and endpoint.dialect.copies_slowly:
        endpoint.update(" ;\n".join(first), what)
        for path in files:
            for lines in parts(path):
                endpoint.add(target, b"".join(lines), what)
        endpoint.update(last, what)
        return
    operations = [*first, *_replacing(endpoint, graphs, target, is_filled=is_filled), last]
    if endpoint.dialect.transaction is Transaction.REQUEST:
        operations = [" ;\n".join(operations)]
    for operation in operations:
        endpoint.update(operation, what)


def _claims(names: Names, version: str) -> tuple[list[str], str]:
    """Operations on the catalogue: no release is current and this one is whole; this one is current."""
    catalogue, dataset, release = iri(names.catalogue), iri(names.dataset), iri(names.release(version))
    listed = [
        f"{catalogue} <{RDF}type> <{DCAT}Catalog>",
        f"{catalogue} <{DCAT}dataset> {release}",
        f"{release} {VERSION} {plain(version)}",
        f"{dataset} {HAS_VERSION} {release}",
    ]
    none = f"DELETE WHERE {{ GRAPH {catalogue} {{ {dataset} {HAS_CURRENT} ?release }} }}"
    return [none, inserting(catalogue, listed)], inserting(catalogue, [f"{dataset} {HAS_CURRENT} {release}"])


def _replacing(endpoint: Endpoint, graphs: Sequence[str], target: str | None, *, is_filled: bool) -> list[str]:
    """Operations after which the target holds the triples of the graphs and no others."""
    name = f"GRAPH {iri(target)}" if target else "DEFAULT"
    adding = [f"{endpoint.dialect.preface}ADD GRAPH {iri(graph)} TO {name}" for graph in graphs]
    if endpoint.dialect.transaction is Transaction.NONE:
        return [f"DROP SILENT {name}", *adding]
    if not is_filled:
        return adding
    there = _in(target, "?s ?p ?o")
    # One operation, which every store with transactions makes visible at once. In a template, a triple with a variable
    # that the solution does not bind is left out (SPARQL 1.1 Update, 3.1.3).
    stale = " ".join(f"FILTER NOT EXISTS {{ {_in(graph, '?s ?p ?o')} }}" for graph in graphs)
    fresh = " UNION ".join(f"{{ {_in(graph, '?a ?b ?c')} }}" for graph in graphs)
    return [
        f"DELETE {{ {there} }}\nINSERT {{ {_in(target, '?a ?b ?c')} }}\nWHERE {{\n"
        f"  {{ {there} {stale} }}\n  UNION\n"
        f"  {{ {fresh} FILTER NOT EXISTS {{ {_in(target, '?a ?b ?c')} }} }}\n}}"
    ]


def _in(graph: str | None, pattern: str) -> str:
    return f"GRAPH {iri(graph)} {{ {pattern} }}" if graph else pattern
