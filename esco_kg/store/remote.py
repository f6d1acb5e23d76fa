"""A SELECT against a remote endpoint by SPARQLWrapper, with the answer as the terms that a local store gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.error import HTTPError

import pyoxigraph as ox

from esco_kg.errors import InputError, ServerError
from esco_kg.rdf.graphs import Rows
from esco_kg.rdf.namespaces import XSD
from esco_kg.store.client import RESULTS, Endpoint, words


def select(endpoint: Endpoint, query: str, *, graphs: Sequence[str] = ()) -> Rows:
    """Run a SELECT over the default graph, or the union of the graphs with these IRIs.

    Raises ServerError where the server fails, cuts the answer short or answers with something else; InputError where it
    says that the query is wrong.
    """
    from SPARQLWrapper import JSON, POST, SELECT, SPARQLExceptions

    wrapper = _wrapper(endpoint)
    wrapper.setMethod(POST)
    wrapper.setReturnFormat(JSON)
    wrapper.setOnlyConneg(True)  # else it adds format=json and the like, which some stores take for their own
    wrapper.setQuery(query)
    wrapper.queryType = SELECT  # it looks for the first word of a query in comments too
    for graph in graphs:
        wrapper.addParameter("default-graph-uri", graph)
    where = endpoint.query_url
    try:
        answer = wrapper.query()
        headers = {name.lower(): value for name, value in answer.info().items()}
        body = answer.response.read()
    except SPARQLExceptions.QueryBadFormed as error:
        raise InputError(where, f"the server calls the query wrong: {words(str(error))}") from None
    except (SPARQLExceptions.SPARQLWrapperException, HTTPError) as error:
        hint = "The server's log may say more; ESCO_KG_USER, ESCO_KG_TOKEN or a netrc file say who you are."
        raise ServerError(f"{where}: {words(str(error))}", hint) from None
    except OSError as error:
        reason = getattr(error, "reason", None) or error
        raise ServerError(f"{where}: {reason}", "Is the server running, and is the URL right?") from None
    if RESULTS not in headers.get("content-type", ""):
        said = words(body.decode(errors="replace"))
        raise ServerError(f"{where}: answered with something other than query results: {said}", "Is the URL right?")
    rows = _rows(body, where)
    _check_whole(headers, rows, where)
    return rows


def _wrapper(endpoint: Endpoint) -> Any:
    from SPARQLWrapper import BASIC, DIGEST, SPARQLWrapper

    wrapper = SPARQLWrapper(endpoint.query_url, agent="esco-kg")
    wrapper.setTimeout(max(1, int(endpoint.timeout)))
    known = endpoint.credentials
    if known.token:
        wrapper.addCustomHttpHeader("Authorization", f"Bearer {known.token}")
    elif known.user:
        wrapper.setHTTPAuth(DIGEST if endpoint.dialect.digest else BASIC)
        wrapper.setCredentials(known.user, known.password)
    return wrapper


def _check_whole(headers: dict[str, str], rows: Rows, where: str) -> None:
    """Virtuoso cuts long answers, and those of slow queries, and says so in a header alone."""
    limit = headers.get("x-sparql-maxrows", "")
    if limit.isdigit() and len(rows.terms) >= int(limit):
        raise ServerError(f"{where}: the server gives {limit} rows at most", "Ask its operator for ResultSetMaxRows.")
    if headers.get("x-sql-state"):
        said = headers.get("x-sql-message", headers["x-sql-state"])
        raise ServerError(f"{where}: the server stopped in the middle: {said}", "Ask its operator for more time.")


def _rows(body: bytes, where: str) -> Rows:
    import json

    try:
        content = json.loads(body)
        columns = [str(name) for name in content["head"]["vars"]]
        found = [
            tuple(_term(row[name]) if name in row else None for name in columns)
            for row in content["results"]["bindings"]
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise ServerError(f"{where}: answered with damaged query results: {error}") from None
    return Rows(columns, found)


def _term(found: dict[str, str]) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """A term of the SPARQL 1.1 JSON results format; ``typed-literal`` is Virtuoso's older word."""
    kind, value = found["type"], found["value"]
    if kind == "uri":
        return ox.NamedNode(value)
    if kind == "bnode":
        return ox.BlankNode(value)
    if "xml:lang" in found:
        return ox.Literal(value, language=found["xml:lang"].lower())
    datatype = found.get("datatype", f"{XSD}string")
    return ox.Literal(value, datatype=ox.NamedNode(datatype))
