"""The SPARQL 1.1 Protocol, query only: ``/sparql`` over the newest release, ``/release/<version>/sparql`` over one."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response

from esco_kg.rdf.terms import iri
from esco_kg.web.http.answers import Problem, redirect
from esco_kg.web.http.negotiation import Form, best_form, best_language
from esco_kg.web.http.parameters import form
from esco_kg.web.pages.render import environment
from esco_kg.web.releases.site import Site
from esco_kg.web.releases.view import ReleaseView
from esco_kg.web.server.connections import client_of
from esco_kg.web.sparql.pool import Pool

_CORS = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "X-Rows, X-Rows-Cut"}
_TABLES = tuple(
    Form(ending, media_type, ending.upper())
    for ending, media_type in (
        ("json", "application/sparql-results+json"), ("xml", "application/sparql-results+xml"), ("csv", "text/csv"),
        ("tsv", "text/tab-separated-values"), ("json", "application/json"), ("xml", "application/xml"),
    )
)  # fmt: skip
_GRAPHS = tuple(
    Form(ending, media_type, ending)
    for ending, media_type in (
        ("ttl", "text/turtle"), ("nt", "application/n-triples"), ("rdf", "application/rdf+xml"),
        ("jsonld", "application/ld+json"), ("nq", "application/n-quads"),
    )
)  # fmt: skip
# What a form on a page can ask for, which cannot send Accept.
_NAMED = {
    form.ending: f"{form.media_type}, text/turtle" if form in _TABLES else form.media_type
    for form in (*_TABLES[:4], *_GRAPHS)
}
_Answer = tuple[dict[str, Any], bytes]
# What can hold the word SERVICE without meaning it: comments, strings, IRIs (SPARQL 1.1, section 19.8).
_SILENT = re.compile(
    r"'''(?:[^'\\]|\\.|'(?!''))*'''|\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*\"\"\"|'(?:[^'\\\n\r]|\\.)*'|\"(?:[^\"\\\n\r]|\\.)*\""
    r"|<[^<>\"{}|^`\\\x00-\x20]*>|#[^\n\r]*",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_SERVICE = re.compile(r"(?<![\w:?$@.\-])SERVICE(?![\w:\-])", re.IGNORECASE)


async def sparql(request: Request) -> Response:
    """Answer a query by GET or POST; refuse updates and calls to other end points."""
    site: Site = request.app.state.site
    version = request.path_params.get("version")
    view = site.by_version.get(version) if version else site.latest
    if view is None:
        raise Problem(404, "There is no such release.")
    if request.method == "OPTIONS":
        allow = {
            "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
            "Access-Control-Allow-Headers": "Content-Type, Accept",
        }
        return Response(status_code=204, headers=_CORS | allow)
    parameters = await _parameters(request)
    if not parameters.get("query"):
        if "text/html" in request.headers.get("accept", ""):
            language = best_language(request.headers.get("accept-language"), view.languages)
            up = "../../" if version else ""
            return redirect(f"{up}{language}/{view.version}/query.html", 303, {"Vary": "Accept, Accept-Language"})
        return _description(site, view)
    query = parameters["query"][0]
    wanted = parameters.get("format", [""])[0]
    if wanted and wanted not in _NAMED:
        raise Problem(400, f"format is one of: {', '.join(_NAMED)}.")
    accept = _NAMED[wanted] if wanted else request.headers.get("accept")
    head, body = await ask(request, view, query, accept, parameters)
    headers = _CORS | {"X-Rows": str(head["rows"]), "Vary": "Accept", "Cache-Control": "public, max-age=300"}
    if head["cut"]:
        headers["X-Rows-Cut"] = f"after {head['rows']}"
    if wanted:
        headers["Content-Disposition"] = f'attachment; filename="answer.{wanted}"'
    return Response(body, headers={**headers, "Content-Type": f"{head['media_type']}; charset=utf-8"})


async def ask(
    request: Request, view: ReleaseView, query: str, accept: str | None, parameters: dict[str, list[str]]
) -> tuple[dict[str, Any], bytes]:
    """Head and body of an answer. Raises Problem where the query is refused or fails, or the reader leaves."""
    if _calls_others(query):
        raise Problem(403, "SERVICE is refused: this end point calls no other.")
    table, graph = best_form(accept, _TABLES), best_form(accept, _GRAPHS)
    if table is None and graph is None:
        raise Problem(406, "Offered: " + ", ".join(form.media_type for form in (*_TABLES[:4], *_GRAPHS)))
    asked = {
        "query": query,
        "base": view.base,
        "default_graphs": _iris(parameters.get("default-graph-uri", [])),
        "named_graphs": _iris(parameters.get("named-graph-uri", [])),
        "table_form": table.media_type if table else None,
        "graph_form": graph.media_type if graph else None,
    }
    pool: Pool = request.app.state.pool
    client = client_of(request.client.host if request.client else "")
    head, body = await _while_reader_waits(request, pool.ask(client, view.store, asked))
    if head["status"] != 200:
        raise Problem(head["status"], head["message"])
    return head, body


async def _while_reader_waits(request: Request, answer: Coroutine[Any, Any, _Answer]) -> _Answer:
    """The answer; where the reader closes the connection first, the query is ended."""
    asked = asyncio.ensure_future(answer)
    left = asyncio.ensure_future(_reader_left(request))
    try:
        await asyncio.wait({asked, left}, return_when=asyncio.FIRST_COMPLETED)
        if asked.done():
            return asked.result()
        raise Problem(499, "The reader closed the connection.")
    finally:
        for task in (asked, left):
            task.cancel()
        await asyncio.gather(asked, left, return_exceptions=True)


async def _reader_left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _calls_others(query: str) -> bool:
    """Whether the keyword SERVICE stands in a query, also where letters are escaped (SPARQL 1.1, section 19.2)."""
    plain = _ESCAPED.sub(lambda found: chr(int(found[1] or found[2], 16) % 0x110000), query)
    return any(_SERVICE.search(_SILENT.sub(" ", text)) for text in (query, plain))


def _iris(values: list[str]) -> list[str]:
    try:
        return [iri(value)[1:-1] for value in values]
    except ValueError as error:
        raise Problem(400, str(error)) from None


async def _parameters(request: Request) -> dict[str, list[str]]:
    """Parameters by name, from the address and, for a form, from the body (SPARQL 1.1 Protocol, section 2.1)."""
    found = parse_qs(request.url.query)
    if request.method == "POST":
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "application/sparql-query":
            found["query"] = [_utf8(await request.body())]
        elif kind == "application/x-www-form-urlencoded":
            found |= await form(request)
        else:
            raise Problem(
                415, "Send application/sparql-query or application/x-www-form-urlencoded; updates are refused."
            )
    if "update" in found:
        raise Problem(403, "Updates are refused: this end point only reads.")
    if len(found.get("query", [])) > 1:
        raise Problem(400, "Give one query.")
    return found


def _utf8(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise Problem(400, "The query is not UTF-8.") from None


def _description(site: Site, view: ReleaseView) -> Response:
    """What the end point can do (SPARQL 1.1 Service Description), where no query was given."""
    graphs = [f"{view.base}release/{view.version}/graph/{name}" for name in sorted(view.manifest["graphs"])]
    template = environment().overlay(autoescape=False).get_template("web/service.ttl.j2")
    text = template.render({"end_point": site.iri("sparql"), "graphs": graphs})
    return Response(text, headers=_CORS | {"Content-Type": "text/turtle; charset=utf-8", "Vary": "Accept"})
