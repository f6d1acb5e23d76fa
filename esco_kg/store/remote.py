"""SELECTs against a remote endpoint by SPARQLWrapper, with the answer as the terms that a local store gives.

SPARQLWrapper makes the request of the SPARQL Protocol (method, parameters, negotiation). It is sent, as everything is,
by the endpoint's own transport.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pyoxigraph as ox
from SPARQLWrapper import JSON, POST, SELECT, SPARQLWrapper

from esco_kg.errors import InputError, ServerError
from esco_kg.rdf.graphs import Rows
from esco_kg.store.client import Answer, Endpoint, words

RESULTS = "application/sparql-results+json"
IRI = r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*"
NUMBER = r"[0-9]{1,15}"
_MOST_CELLS, _MOST_CHARACTERS = 1_000_000, 64_000_000  # of an answer; they are in memory


def select(endpoint: Endpoint, query: str, *, graphs: Sequence[str] = (), what: str = "the query") -> Rows:
    """Run a SELECT over the default graph, or the union of the graphs with these IRIs. ``what`` names it in errors.

    Raises ServerError where the server fails, cuts the answer short or answers with something else; InputError where it
    says that the query is wrong.
    """
    wrapper = SPARQLWrapper(endpoint.query_url, agent="esco-kg")
    wrapper.setMethod(POST)
    wrapper.setReturnFormat(JSON)
    wrapper.setOnlyConneg(True)  # else it adds format=json and the like, which some stores take for their own
    wrapper.setQuery(query)
    wrapper.queryType = SELECT  # it looks for the first word of a query in comments too
    for graph in graphs:
        wrapper.addParameter("default-graph-uri", graph)
    # Its own way of sending would follow a redirect with the user's password, and wait for ever.
    request = wrapper._createRequest()
    headers = dict(request.header_items())
    url, content = request.full_url, request.data
    answer = endpoint.sent(request.get_method(), url, what, fine=(400,), content=content, headers=headers)
    if answer.status == 400:
        raise InputError(answer.url, f"the server calls the query wrong: {answer.words()}")
    if RESULTS not in answer.headers.get("content-type", ""):
        raise endpoint.refused(answer, what, "answered with something other than query results")
    rows = _rows(answer, endpoint, what)
    _check_whole(answer, rows)
    return rows


def texts(
    endpoint: Endpoint, query: str, graphs: Sequence[str] = (), *, what: str, forms: Mapping[str, str] | None = None
) -> list[dict[str, str]]:
    """A SELECT's rows as variable -> value, for questions of our own; ``forms`` are regular expressions of values.

    Raises ServerError where the answer has other variables, or a value of another form.
    """
    asked = re.findall(r"[?](\w+)", query.partition("WHERE")[0])
    rows = select(endpoint, query, graphs=graphs, what=what)
    if sorted(asked) != sorted(rows.columns):
        said = f"answered {', '.join(rows.columns)} where {', '.join(asked)} was asked for"
        raise ServerError(f"{endpoint.query_url}: {what}: {said}", "Is the URL that of the store?")
    found = [
        {name: term.value for name, term in zip(rows.columns, row, strict=True) if term is not None}
        for row in rows.terms
    ]
    for row in found:
        for name, form in (forms or {}).items():
            if name in row and not re.fullmatch(form, row[name]):
                raise ServerError(f"{endpoint.query_url}: {what}: the answer has the {name} {words(row[name])!r}")
    return found


def _check_whole(answer: Answer, rows: Rows) -> None:
    """Virtuoso cuts long answers, and those of slow queries, and says so in a header alone."""
    limit = answer.headers.get("x-sparql-maxrows", "")
    if re.fullmatch(NUMBER, limit) and len(rows.terms) >= int(limit):
        raise ServerError(
            f"{answer.url}: the server gives {limit} rows at most", "Ask its operator for ResultSetMaxRows."
        )
    if answer.headers.get("x-sql-state"):
        said = answer.headers.get("x-sql-message", answer.headers["x-sql-state"])
        raise ServerError(
            f"{answer.url}: the server stopped in the middle: {words(said)}", "Ask its operator for more time."
        )


def _rows(answer: Answer, endpoint: Endpoint, what: str) -> Rows:
    """The terms of an answer in the SPARQL 1.1 Query Results JSON Format, read as a stream."""
    try:
        found = ox.parse_query_results(endpoint.bounded(answer.body), ox.QueryResultsFormat.JSON)
        if not isinstance(found, ox.QuerySolutions):
            raise endpoint.refused(answer, what, "answered with no rows but yes or no")
        columns = [variable.value for variable in found.variables]
        terms: list[Any] = []
        length = 0
        most = _MOST_CELLS // (len(columns) + 1)
        for row in found:
            terms.append(tuple(row))
            length += sum(len(term.value) for term in terms[-1] if hasattr(term, "value"))
            if len(terms) > most or length > _MOST_CHARACTERS:
                hint = "Ask for less with its parameters, or a release folder with --release."
                more = f"{most:,} rows" if len(terms) > most else f"{_MOST_CHARACTERS:,} characters"
                raise ServerError(f"{answer.url}: {what}: the answer has more than {more}", hint)
    except TimeoutError as error:
        hint = "Raise --timeout, if the store is to be believed."
        raise ServerError(f"{answer.url}: {what}: the answer cannot be read {error}", hint) from None
    except OverflowError as error:
        raise ServerError(f"{answer.url}: {what}: the answer {error}", "Is the URL that of the store?") from None
    except (SyntaxError, ValueError) as error:
        raise endpoint.refused(answer, what, f"answered with damaged query results ({error})") from None
    return Rows(columns, terms)
