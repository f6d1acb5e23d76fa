"""Pages over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from esco_kg.web.classification.tables import FOLDER, file_named
from esco_kg.web.http.answers import Problem, answer, public_address, redirect
from esco_kg.web.http.negotiation import best_language
from esco_kg.web.http.parameters import form
from esco_kg.web.pages.addresses import Page, find_page
from esco_kg.web.pages.query import query_page
from esco_kg.web.pages.render import render
from esco_kg.web.pages.words import words
from esco_kg.web.releases.site import Site
from esco_kg.web.releases.view import ReleaseView
from esco_kg.web.search.index import TYPES
from esco_kg.web.search.results import COUNTED, Results, results, search_hits

_HITS = 30  # on one page of results


async def page(request: Request, parts: Sequence[str]) -> Response:
    """``<language>/<version>/<path>``; a short address leads to the newest start, ``current`` to the newest release."""
    site: Site = request.app.state.site
    language = parts[0]
    if len(parts) < 2 or not parts[1]:
        up = "" if len(parts) > 1 else f"{language}/"
        return redirect(f"{up}{site.latest.version}/index.html", 302)
    if parts[1] == "current":
        rest = parts[2] if len(parts) > 2 else ""
        asked = f"?{request.url.query}" if request.url.query else ""
        return redirect("../" * rest.count("/") + f"../{site.latest.version}/{rest or 'index.html'}{asked}", 302)
    view = site.by_version.get(parts[1])
    if view is None or language not in view.languages:
        raise Problem(404, words(language)("error_404_note"))
    if len(parts) < 3:
        return redirect(f"{view.version}/index.html", 302)
    if parts[2].startswith("with/") and parts[2].count("/") == 1:
        return _comparison_with(view, language, parts[2], request.query_params.get("q", "")[:200])
    if parts[2].startswith(f"{FOLDER}/"):
        return await _table(request, view, language, parts[2])
    asked = request.query_params.get("q", "")[:200].strip() if parts[2] == "search.html" else ""
    found = await _found(request, view, language, parts[2], asked)
    if found is None:
        raise Problem(404, words(language)("error_404_note"))
    html = render(site, view, language, found, asked=asked, missed="missing" in request.query_params)
    return answer(request, html, "text/html", headers={"Content-Language": language})


async def _found(request: Request, view: ReleaseView, language: str, path: str, asked: str) -> Page | None:
    """Search and query answer the reader; every other page is the same for all."""
    site: Site = request.app.state.site
    if path == "search.html":
        return search_page(view, language, asked, request.query_params.get("type", ""), _start(request))
    if path == "query.html":
        return await _query(request, view, language)
    if request.method == "POST":
        raise Problem(405, "This page only reads.", Allow="GET, HEAD")
    found = find_page(site, view, language, path)
    if found is not None and found.template == "data":
        return replace(found, context={**found.context, "here": public_address(request)})
    return found


async def _table(request: Request, view: ReleaseView, language: str, path: str) -> Response:
    """A table of the classification as a file."""
    found = file_named(request.app.state.site, view, language, path)
    if found is None:
        raise Problem(404, words(language)("error_404_note"))
    form, write = found
    return answer(request, await run_in_threadpool(write), form.media_type, headers={"Content-Language": language})


def _comparison_with(view: ReleaseView, language: str, path: str, asked: str) -> Response:
    """From ``with/<key>.html?q=...`` to the comparison with the occupation that was typed; to its page without one."""
    key = path.removeprefix("with/").removesuffix(".html")
    if not asked.strip():
        return redirect(f"../occupation/{quote(key)}.html", 303)
    hits = search_hits(view, asked, language, types=["occupation"], limit=2)
    other = next((hit.id for hit in hits if hit.id != key), "")
    if not other:
        raise Problem(404, words(language)("search_none"))
    return redirect(f"{key}/{quote(other)}.html", 303)


def search_page(view: ReleaseView, language: str, asked: str, kind: str = "", start: int = 0) -> Page:
    """The page of results: all, or those of one kind, from one of them on."""
    kind = kind if kind in TYPES else ""
    types = [kind] if kind else TYPES
    found = results(view, asked, language, types=types, limit=_HITS, offset=start) if asked else Results((), {})
    context: dict[str, Any] = {
        "hits": found.hits, "counts": found.counts, "meant": found.meant, "kind": kind, "start": start,
        "total": found.total, "shown": found.counts.get(kind, 0) if kind else found.total, "most": COUNTED,
        "page_size": _HITS,
    }  # fmt: skip
    return Page("search", "search.html", words(language)("search"), context=context, is_listed=False)


def _start(request: Request) -> int:
    """The number of results to leave out; what is no number is none."""
    given = request.query_params.get("from", "")
    return min(int(given[:4]), COUNTED) if given.isascii() and given.isdigit() else 0


async def _query(request: Request, view: ReleaseView, language: str) -> Page:
    """The query page; a query is sent by POST, an example is chosen by GET."""
    given = await form(request) if request.method == "POST" else {}
    query = given.get("query", [request.query_params.get("query", "")])[0]
    chosen = request.query_params.get("example", "")
    is_sent = request.method == "POST" or "run" in request.query_params
    return await query_page(request, view, language, query, chosen, is_sent)


def problem_page(request: Request, problem: Problem) -> Response:
    """An error as a page, in the reader's language, with the way back."""
    site: Site = request.app.state.site
    first = request.url.path.strip("/").partition("/")[0]
    view = site.latest
    language = first if first in view.languages else best_language(
        request.headers.get("accept-language"), view.languages
    )  # fmt: skip
    say = words(language)
    title = say(f"error_{problem.status}") if say.has(f"error_{problem.status}") else say("error_other")
    context: dict[str, Any] = {"message": problem.message}
    shown = Page("error", "index.html", title, context=context, is_listed=False)
    # The page stands at an address of any depth, so its links start at the root.
    html = render(site, view, language, shown, root="../" * max(request.url.path.count("/") - 1, 0))
    headers = {"Cache-Control": "no-store", "Content-Type": "text/html; charset=utf-8", **problem.headers}
    return Response(html, problem.status, headers)
