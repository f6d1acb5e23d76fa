"""What differs between triple stores, and nothing else: one row each.

Sources: Fuseki "Data Access Control and Endpoints", Oxigraph server README, Virtuoso "SPARQL Graph Store HTTP Protocol"
and "SPARUL", GraphDB "RDF4J REST API".
"""

from __future__ import annotations

from dataclasses import dataclass

from esco_kg.errors import UsageError


@dataclass(frozen=True, slots=True)
class Dialect:
    """One kind of store. Paths are appended to the endpoint's URL.

    ``is_switch_atomic``: an update request of several operations is one transaction. ``has_default_graph``: the default
    graph can be written; Virtuoso's is the union of everything, so the current release goes into a named graph there.
    ``digest``: the server asks for HTTP digest authentication.
    """

    name: str
    query: str
    update: str
    data: str
    is_switch_atomic: bool
    has_default_graph: bool = True
    digest: bool = False


DIALECTS = {
    dialect.name: dialect
    for dialect in (
        Dialect("fuseki", "/query", "/update", "/data", is_switch_atomic=True),
        Dialect("oxigraph", "/query", "/update", "/store", is_switch_atomic=True),
        Dialect(
            "virtuoso", "/sparql", "/sparql-auth", "/sparql-graph-crud-auth",
            is_switch_atomic=False, has_default_graph=False, digest=True,
        ),
        Dialect("graphdb", "", "/statements", "/rdf-graphs/service", is_switch_atomic=True),
    )
}  # fmt: skip


def dialect_named(name: str) -> Dialect:
    """The dialect with this name. Raises UsageError."""
    try:
        return DIALECTS[name]
    except KeyError:
        raise UsageError(f"no store is called {name!r}", f"Known: {', '.join(DIALECTS)}.") from None


def recognised(headers: dict[str, str]) -> Dialect:
    """The dialect of a server, by the headers of an answer of its own; Fuseki's paths where nothing tells.

    ``headers`` have lower-case names.
    """
    server = headers.get("server", "").lower()
    for name in ("oxigraph", "virtuoso", "graphdb"):
        if name in server:
            return DIALECTS[name]
    return DIALECTS["fuseki"]
