"""What a store does with a request that names no graph, found out by asking it.

SPARQL leaves it to the store whether its default graph is one of its own or the union of all others (SPARQL 1.1 Query
Language, 13.1). In RDF4J and GraphDB it is the union, for updates too: there ``DELETE { ?s ?p ?o }`` empties every
graph. In Fuseki it is a setting.
"""

from __future__ import annotations

from uuid import uuid4

from esco_kg.rdf.terms import iri
from esco_kg.store.catalogue import Names
from esco_kg.store.client import Endpoint
from esco_kg.store.remote import texts

_WHAT = "finding out what the default graph is"


def has_own_default_graph(endpoint: Endpoint, names: Names) -> bool:
    """Whether requests without a graph neither read nor change named graphs.

    A graph with one triple is written, looked for, and dropped again. Raises ServerError where the store fails.
    """
    if not endpoint.dialect.has_default_graph:
        return False
    probe = iri(f"{names.base}probe/{uuid4()}")
    endpoint.update(f"INSERT DATA {{ GRAPH {probe} {{ {probe} {probe} {probe} }} }}", _WHAT)
    try:
        if texts(endpoint, f"SELECT ?p WHERE {{ {probe} ?p ?o }}", what=_WHAT):
            return False
        endpoint.update(f"DELETE WHERE {{ {probe} ?p ?o }}", _WHAT)
        return bool(texts(endpoint, f"SELECT ?p WHERE {{ GRAPH {probe} {{ {probe} ?p ?o }} }}", what=_WHAT))
    finally:
        endpoint.update(f"DROP SILENT GRAPH {probe}", _WHAT)
