"""What differs between triple stores in their protocols, and nothing else: one row each.

What a store does with a request that names no graph is not assumed here: :mod:`esco_kg.store.default_graph` asks it.

Sources: Fuseki "Data Access Control" and "Fuseki main", Oxigraph's server, Virtuoso "SPARQL 1.1 Graph Store HTTP
Protocol", "RDF4J REST API" (GraphDB has the same), Neptune "SPARQL HTTP API" and "Using the SPARQL 1.1 Graph Store HTTP
Protocol"; and what the real servers answered in tests/store/test_stores.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from esco_kg.errors import UsageError


class Transaction(Enum):
    """What of an update becomes visible at once."""

    REQUEST = "all operations of a request"
    OPERATION = "each operation"
    NONE = "each row"


@dataclass(frozen=True, slots=True)
class Dialect:
    """One kind of store. ``query``, ``update`` and ``data`` are appended to the endpoint's URL.

    ``mark`` tells the store by its answer to a plain GET: the name of a header, ``header: text`` or, beginning with a
    colon, a regular expression of the body. ``has_default_graph``: the store can have a default graph that is no union
    of the others; Virtuoso cannot. ``digest``: it asks for HTTP digest authentication. ``has_forms``: an update is sent
    as a form. ``upload``: parameters of a part's upload. ``preface``: what an update that copies a graph begins with.
    ``copies_slowly``: to send a release is cheaper than to let the store copy it.
    """

    name: str
    mark: str
    query: str
    update: str
    data: str
    transaction: Transaction = Transaction.REQUEST
    has_default_graph: bool = True
    digest: bool = False
    has_forms: bool = False
    upload: Mapping[str, str] = field(default_factory=dict)
    preface: str = ""
    copies_slowly: bool = False


DIALECTS = {
    dialect.name: dialect
    for dialect in (
        Dialect("fuseki", "fuseki-request-id", "/query", "/update", "/data"),
        # Without a transaction a part goes through the bulk loader, twice as fast; nobody reads the graph meanwhile.
        # The IRIs of a release were checked when it was made.
        Dialect(
            "oxigraph", "server: oxigraph", "/query", "/update", "/store",
            upload={"no_transaction": "", "lenient": ""}, copies_slowly=True,
        ),
        # A graph copied in one transaction would not fit into Virtuoso's log: each row is one, and logged. Dropping a
        # graph that way would leave some rows.
        Dialect(
            "virtuoso", "server: virtuoso", "/sparql", "/sparql-auth", "/sparql-graph-crud-auth",
            transaction=Transaction.NONE, has_default_graph=False, digest=True, preface="DEFINE sql:log-enable 3\n",
        ),
        Dialect(
            "graphdb", "server: graphdb", "", "/statements", "/rdf-graphs/service", transaction=Transaction.OPERATION
        ),
        Dialect(
            "rdf4j", ":missing parameter: query", "", "/statements", "/rdf-graphs/service",
            transaction=Transaction.OPERATION,
        ),
        Dialect(
            "neptune", ':"requestid".*"detailedmessage"|"detailedmessage".*"requestid"', "", "", "/gsp/",
            transaction=Transaction.OPERATION, has_forms=True,
        ),
    )
}  # fmt: skip
NAMES = tuple(DIALECTS)


def dialect_named(name: str) -> Dialect:
    """The dialect with this name. Raises UsageError."""
    try:
        return DIALECTS[name]
    except KeyError:
        raise UsageError(f"no store is called {name!r}", f"Known: {', '.join(NAMES)}.") from None


def recognised(headers: Mapping[str, str], words: str) -> Dialect | None:
    """The dialect by the headers of an answer (names in lower case) and its first words; None: they do not tell."""
    for dialect in DIALECTS.values():
        name, _, text = dialect.mark.partition(": " if not dialect.mark.startswith(":") else ":")
        if name in headers and text in headers[name].lower():
            return dialect
        if not name and re.search(text, words.lower()):
            return dialect
    return None
