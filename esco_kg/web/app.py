"""The application: every address, and who answers it. Other parts of the program hang their routes in here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from esco_kg.web.http.answers import Problem, json_answer, plain_problem, redirect
from esco_kg.web.http.compression import Compression
from esco_kg.web.http.negotiation import HTML, best_form, best_language
from esco_kg.web.interfaces import json, reconciliation
from esco_kg.web.linked_data import resources
from esco_kg.web.pages import crawlers, views
from esco_kg.web.releases.site import Site
from esco_kg.web.server.guard import Guard, to_stderr
from esco_kg.web.server.limits import Limits, QueryLimits
from esco_kg.web.sparql.pool import Pool
from esco_kg.web.sparql.protocol import sparql

_QUERY = ["GET", "POST", "OPTIONS"]
_STATIC = Path(__file__).parent / "static"
_STATIC_FILES = {path.relative_to(_STATIC).as_posix(): path for path in sorted(_STATIC.rglob("*")) if path.is_file()}


def make_app(
    site: Site,
    *,
    limits: Limits | None = None,
    query_limits: QueryLimits | None = None,
    log: Callable[[str], None] | None = to_stderr,
    more_routes: Sequence[BaseRoute] = (),
    public_url: str = "",
    is_full: Callable[[], bool] = lambda: False,
    prepares: bool = False,
) -> ASGIApp:
    """The application over a site.

    ``more_routes`` come before our own; a handler finds the site as ``request.app.state.site``. ``public_url`` is the
    address that visitors know, where it is not the one that requests name. ``prepares``: the SPARQL stores are made as
    soon as the application runs, beside what it answers; otherwise the first query makes the store that it asks.
    """
    routes = [
        *more_routes,
        Route("/", _root),
        Route("/health", _health),
        Route("/static/{name:path}", _static),
        Route("/sparql", sparql, methods=_QUERY),
        Route("/release/{version}/sparql", sparql, methods=_QUERY),
        *crawlers.routes(),
        *json.routes(),
        *reconciliation.routes(),
        Route("/data/{version}/{path:path}", resources.data),
        Route("/timemap/{path:path}", resources.timemap),
        Route("/{path:path}", _anything, methods=["GET", "POST"]),
    ]
    app = Starlette(
        routes=routes,
        exception_handlers={Problem: _problem, 404: _unknown, 405: _unknown},
        lifespan=_closing,
    )
    app.state.site = site
    app.state.public_url = public_url
    graphs = {view.store: f"{view.base}release/{view.version}/graph/" for view in site.views}
    app.state.pool = Pool(graphs, query_limits or QueryLimits())
    app.state.prepares = prepares
    app.add_middleware(Compression, minimum_size=1000, compresslevel=4)
    return Guard(app, limits or Limits(), log, is_full)


@asynccontextmanager
async def _closing(app: Starlette) -> AsyncIterator[None]:
    preparing = asyncio.create_task(app.state.pool.prepare()) if app.state.prepares else None
    yield
    if preparing:
        preparing.cancel()
    await app.state.pool.close()
    app.state.site.close()


async def _anything(request: Request) -> Response:
    """A page where the address starts with a language and a version, otherwise a thing or a file of a release."""
    site: Site = request.app.state.site
    parts = request.path_params["path"].split("/", 2)
    if parts[0] in {tag for view in site.views for tag in view.languages}:
        return await views.page(request, parts)
    if request.method == "POST":
        raise Problem(405, "This address only reads.", Allow="GET, HEAD")
    return await resources.thing(request)


async def _root(request: Request) -> Response:
    """The start in the reader's language; for programs the catalogue of the newest release."""
    site: Site = request.app.state.site
    headers = {"Vary": "Accept, Accept-Language", "Cache-Control": "no-cache"}
    form = best_form(request.headers.get("accept"))
    if form and form is not HTML:
        return redirect(f"data/{site.latest.version}/catalogue.{form.ending}", 303, headers)
    language = best_language(request.headers.get("accept-language"), site.languages)
    return redirect(f"{language}/{site.latest.version}/index.html", 302, headers)


async def _health(request: Request) -> Response:
    """200 where every release can be read."""
    site: Site = request.app.state.site
    releases = [
        {"version": one.version, "clusters": len(one.clusters), "skills": one.counts["skill"]} for one in site.views
    ]
    return json_answer({"status": "ok", "base": site.base, "releases": releases}, headers={"Cache-Control": "no-store"})


async def _static(request: Request) -> Response:
    path = _STATIC_FILES.get(request.path_params["name"])
    if path is None:
        raise Problem(404, "There is no such file.")
    return FileResponse(path, headers={"Cache-Control": "public, max-age=3600"})


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    form = best_form(request.headers.get("accept"))
    if form is HTML and not request.url.path.startswith(("/api/", "/reconcile", "/sparql", "/data/")):
        return views.problem_page(request, error)
    return plain_problem(error)


async def _unknown(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    message = "There is no such page." if error.status_code == 404 else "Not allowed here."
    return await _problem(request, Problem(error.status_code, message, **dict(error.headers or {})))
