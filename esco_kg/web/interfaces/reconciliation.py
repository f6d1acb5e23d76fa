"""The Reconciliation Service API 0.2, so that OpenRefine matches lists of skills: query, suggest, preview, extend."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from markupsafe import escape
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from esco_kg.rdf.namespaces import SKOS
from esco_kg.web.http.answers import Problem, json_answer, public_address, redirect
from esco_kg.web.http.negotiation import best_language
from esco_kg.web.http.parameters import form, read_json
from esco_kg.web.interfaces.data_extension import PROPERTIES, TYPE_NAMES, extension, subject, type_of, words_about
from esco_kg.web.pages.render import environment
from esco_kg.web.releases.model import in_language
from esco_kg.web.releases.site import Site
from esco_kg.web.releases.view import ReleaseView
from esco_kg.web.search.index import TYPES
from esco_kg.web.search.results import Found, search_hits

_CORS = {"Access-Control-Allow-Origin": "*"}
_BATCH, _LIMIT = 50, 25
_CERTAIN, _LEAD = 95.0, 5.0  # score of a match, and how far it must lead over the next candidate


def routes() -> list[Route]:
    """The service's addresses."""
    return [
        Route("/reconcile", _service, methods=["GET", "POST", "OPTIONS"]),
        Route("/reconcile/suggest/{kind}", _suggest, methods=["GET"]),
        Route("/reconcile/flyout", _flyout, methods=["GET"]),
        Route("/reconcile/preview", _preview, methods=["GET"]),
        Route("/reconcile/properties", _propose, methods=["GET"]),
        Route("/view", _view, methods=["GET"]),
    ]


def _view_and_language(request: Request) -> tuple[ReleaseView, str]:
    site: Site = request.app.state.site
    return site.latest, best_language(request.headers.get("accept-language"), site.latest.languages)


def _reply(request: Request, content: Any) -> Response:
    """JSON, or JSONP where an old client names its callback."""
    callback = request.query_params.get("callback")
    if callback is None:
        return json_answer(content, headers=_CORS)
    if not callback.isidentifier() or len(callback) > 100:
        raise Problem(400, "callback is no name of a function.")
    return Response(f"/**/{callback}({json.dumps(content)});", headers=_CORS | {"Content-Type": "text/javascript"})


async def _service(request: Request) -> Response:
    """The manifest, or the answer to a batch of queries, or to an extension."""
    if request.method == "OPTIONS":
        allow = {"Access-Control-Allow-Methods": "GET, POST, OPTIONS", "Access-Control-Allow-Headers": "Content-Type"}
        return Response(status_code=204, headers=_CORS | allow)
    given = dict(request.query_params)
    if request.method == "POST":
        given |= {name: values[0] for name, values in (await form(request)).items()}
    view, language = _view_and_language(request)
    if "queries" in given:
        return _reply(request, _batch(view, language, _json_object(given["queries"], "queries")))
    if "extend" in given:
        return _reply(request, extension(view, language, _json_object(given["extend"], "extend")))
    return _reply(request, _manifest(request, view, language))


def _json_object(text: str, name: str) -> dict[str, Any]:
    try:
        found = read_json(text)
    except ValueError:
        raise Problem(400, f"{name} is no JSON.") from None
    if not isinstance(found, dict):
        raise Problem(400, f"{name} is a JSON object.")
    return found


def _manifest(request: Request, view: ReleaseView, language: str) -> dict[str, Any]:
    here = public_address(request)
    suggest = {
        kind: {"service_url": here, "service_path": f"/reconcile/suggest/{kind}"}
        for kind in ("entity", "type", "property")
    }
    suggest["entity"]["flyout_service_url"] = here
    suggest["entity"]["flyout_service_path"] = "/reconcile/flyout?id=${id}"
    return {
        "versions": ["0.2"],
        "name": f"{in_language(view.titles, language)} {view.version}",
        "identifierSpace": view.base,
        "schemaSpace": SKOS,
        "documentation": view.manifest["settings"]["publisher"]["homepage"],
        "view": {"url": f"{here}/view?id={{{{id}}}}"},
        "defaultTypes": [type_of(kind) for kind in ("skill", "cluster", "occupation")],
        "preview": {"url": f"{here}/reconcile/preview?id={{{{id}}}}", "width": 420, "height": 220},
        "suggest": suggest,
        "extend": {
            "propose_properties": {"service_url": here, "service_path": "/reconcile/properties"},
            "property_settings": [],
        },
    }


def _batch(view: ReleaseView, language: str, queries: dict[str, Any]) -> dict[str, Any]:
    if len(queries) > _BATCH:
        raise Problem(413, f"At most {_BATCH} queries at once.")
    return {key: {"result": _candidates(view, language, query)} for key, query in queries.items()}


def _candidates(view: ReleaseView, language: str, query: Any) -> list[dict[str, Any]]:
    """The candidates for one query, best first; certain only where one stands alone."""
    if not isinstance(query, dict):
        raise Problem(400, "A query is a JSON object.")
    text, wanted, limit = query.get("query", ""), query.get("type", []), query.get("limit", 5)
    if not isinstance(text, str) or not isinstance(limit, int | float):
        raise Problem(400, "query is a text and limit a number.")
    kinds = [wanted] if isinstance(wanted, str) else wanted
    if not isinstance(kinds, list):
        raise Problem(400, "type is the id of a type, or a list of them.")
    known = [kind for kind in kinds if kind in TYPES]
    if kinds and not known:
        return []
    most = int(min(max(limit, 1), _LIMIT))
    hits = search_hits(
        view, text[:200], language, types=known or ("skill", "cluster", "occupation"), limit=max(most, 2)
    )
    scores = [round(100 * hit.score, 1) for hit in hits]
    certain = bool(scores) and scores[0] >= _CERTAIN and (len(scores) == 1 or scores[0] - scores[1] >= _LEAD)
    return [
        {**_entity(hit), "score": score, "match": certain and place == 0, "type": [type_of(hit.type)]}
        for place, (hit, score) in enumerate(zip(hits, scores, strict=True))
    ][:most]


def _entity(hit: Found) -> dict[str, Any]:
    described = hit.where if hit.found == hit.label else f"{hit.found}; {hit.where}".rstrip("; ")
    found: dict[str, Any] = {"id": hit.iri, "name": hit.label}
    return found | ({"description": described} if described else {})


async def _suggest(request: Request) -> Response:
    view, language = _view_and_language(request)
    kind, prefix = request.path_params["kind"], request.query_params.get("prefix", "")[:200]
    if kind == "entity":
        hits = search_hits(view, prefix, language, limit=10)
        return _reply(request, {"result": [_entity(hit) | {"notable": [type_of(hit.type)]} for hit in hits]})
    offered = {"type": TYPE_NAMES, "property": PROPERTIES}.get(kind)
    if offered is None:
        raise Problem(404, "Suggested here: entity, type, property.")
    found = [{"id": key, "name": name} for key, name in offered.items() if prefix.lower() in name.lower()]
    return _reply(request, {"result": found})


async def _propose(request: Request) -> Response:
    wanted = request.query_params.get("type", "")
    content = {"type": wanted, "properties": [{"id": key, "name": name} for key, name in PROPERTIES.items()]}
    return _reply(request, content)


async def _view(request: Request) -> Response:
    """The page of an IRI, for ``view`` and for readers who have an IRI of ESCO."""
    view, language = _view_and_language(request)
    concept, cluster = subject(view, request.query_params.get("id", ""), language)
    if not concept and not cluster:
        raise Problem(404, "No release says anything of this IRI.")
    path = concept.path if concept else f"cluster/{cluster}"
    return redirect(f"{language}/{view.version}/{quote(path)}.html", 303, {"Vary": "Accept-Language"})


async def _preview(request: Request) -> Response:
    view, language = _view_and_language(request)
    kind, label, text = words_about(view, request.query_params.get("id", ""), language)
    shown = {"lang": language, "kind": kind, "label": label, "text": text[:400]}
    html = environment().get_template("web/preview.html.j2").render(shown)
    # A preview is shown inside another program's page.
    policy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'"
    return Response(
        html, headers=_CORS | {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy}
    )


async def _flyout(request: Request) -> Response:
    view, language = _view_and_language(request)
    identifier = request.query_params.get("id", "")
    kind, label, text = words_about(view, identifier, language)
    html = f"<p><strong>{escape(label)}</strong> ({escape(kind)})</p><p>{escape(text[:300])}</p>"
    return _reply(request, {"id": identifier, "html": str(html)})
