"""What differs between triple stores, and nothing else: one row each.

Sources: Fuseki "Data Access Control" and "Fuseki main", Oxigraph's server, Virtuoso "SPARQL 1.1 Graph Store HTTP
Protocol", GraphDB "RDF4J REST API"; and what the real servers answered in tests/store/test_stores.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from esco_kg.errors import UsageError


@dataclass(frozen=True, slots=True)
class Dialect:
    """One kind of store. ``query``, ``update`` and ``data`` are appended to the endpoint's URL.

    ``mark`` tells the store by its answers: the name of a header, or ``server: text``. ``is_switch_atomic``: an update
    of several operations is one transaction. ``has_default_graph``: the default graph is one of its own; Virtuoso's is
    the union of all graphs, so the current release lies in a named graph there. ``digest``: the server asks for HTTP
    digest authentication. ``upload``: parameters of a part's upload. ``preface``: what an update that
    copies a graph begins with.
    """

    name: str
    mark: str
    query: str
    update: str
    data: str
    is_switch_atomic: bool = True
    has_default_graph: bool = True
    digest: bool = False
    upload: Mapping[str, str] = field(default_factory=dict)
    preface: str = ""


DIALECTS = {
    dialect.name: dialect
    for dialect in (
        Dialect("fuseki", "fuseki-request-id", "/query", "/update", "/data"),
        # Without a transaction a part goes through the bulk loader, twice as fast; nobody reads the graph meanwhile.
        Dialect("oxigraph", "server: oxigraph", "/query", "/update", "/store", upload={"no_transaction": ""}),
        # A graph copied in one transaction would not fit into Virtuoso's log: each row is one, and logged. Dropping a
        # graph that way would leave some rows.
        Dialect(
            "virtuoso", "server: virtuoso", "/sparql", "/sparql-auth", "/sparql-graph-crud-auth",
            is_switch_atomic=False, has_default_graph=False, digest=True, preface="DEFINE sql:log-enable 3\n",
        ),
        Dialect("graphdb", "server: graphdb", "", "/statements", "/rdf-graphs/service"),
    )
}  # fmt: skip
NAMES = tuple(DIALECTS)


def dialect_named(name: str) -> Dialect:
    """The dialect with this name. Raises UsageError."""
    try:
        return DIALECTS[name]
    except KeyError:
        raise UsageError(f"no store is called {name!r}", f"Known: {', '.join(NAMES)}.") from None


def recognised(headers: Mapping[str, str]) -> Dialect:
    """The dialect of a server by the headers of an answer (their names in lower case); Fuseki's where none tells."""
    for dialect in DIALECTS.values():
        name, _, text = dialect.mark.partition(": ")
        if name in headers and text in headers[name].lower():
            return dialect
    return DIALECTS["fuseki"]
