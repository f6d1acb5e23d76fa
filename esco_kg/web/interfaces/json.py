"""The JSON API: small answers for job boards and other programs; ``/api/openapi.json`` describes it."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from esco_kg.web.http import parameters
from esco_kg.web.http.answers import Problem, json_answer, public_address
from esco_kg.web.interfaces.openapi import description
from esco_kg.web.pages.overviews import changes
from esco_kg.web.pages.words import words
from esco_kg.web.releases.model import Cluster, Membership, in_language
from esco_kg.web.releases.site import Site
from esco_kg.web.releases.view import ReleaseView
from esco_kg.web.search.results import search_hits

_HEADERS = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=300", "Vary": "Accept-Language"}


def routes() -> list[Route]:
    """The API's addresses."""
    base = "/api/v1"
    found = {
        "/api/openapi.json": _openapi,
        f"{base}/versions": _versions,
        f"{base}/clusters": _clusters,
        f"{base}/clusters/{{id}}": _cluster,
        f"{base}/clusters/{{id}}/members": _members,
        f"{base}/clusters/{{id}}/related": _related,
        f"{base}/clusters/{{id}}/path": _path,
        f"{base}/skills/{{key}}/clusters": _skill_clusters,
        f"{base}/search": _search,
        f"{base}/changes": _changes,
    }
    return [Route(path, handler, methods=["GET"]) for path, handler in found.items()]


async def _openapi(request: Request) -> Response:
    site: Site = request.app.state.site
    return json_answer(description(site, public_address(request)), headers=_HEADERS)


async def _versions(request: Request) -> Response:
    site: Site = request.app.state.site
    found = [
        {
            "version": one.version,
            "issued": one.issued,
            "esco_version": one.manifest["esco_version"],
            "languages": one.languages,
        }
        for one in site.views
    ]
    return json_answer({"versions": found}, headers=_HEADERS)


def _asked(request: Request) -> tuple[ReleaseView, str]:
    view = parameters.view(request)
    return view, parameters.language(request, view)


def _wanted(request: Request, view: ReleaseView) -> Cluster:
    found = view.clusters.get(request.path_params["id"])
    if found is None:
        raise Problem(404, f"Release {view.version} has no such cluster.")
    return found


def brief(view: ReleaseView, cluster: Cluster, language: str) -> dict[str, Any]:
    """What every list says of a cluster."""
    return {
        "id": cluster.id,
        "iri": f"{view.base}cluster/{cluster.id}",
        "label": cluster.label(language),
        "label_language": cluster.label_language(language),
        "depth": cluster.depth,
        "skills": cluster.skills,
        "retired": cluster.is_retired,
    }


async def _clusters(request: Request) -> Response:
    view, language = _asked(request)
    depth = parameters.integer(request, "depth", 1, 1, 9)
    found = [c for c in view.current() if c.depth == depth]
    return json_answer(
        {"version": view.version, "clusters": [brief(view, c, language) for c in found]}, headers=_HEADERS
    )


async def _cluster(request: Request) -> Response:
    view, language = _asked(request)
    found = _wanted(request, view)
    names = {code: in_language(one.labels, language) for code, one in view.sectors.items()}
    content = {
        **brief(view, found, language),
        "version": view.version,
        "definition": in_language(found.definitions, language),
        "scope": in_language(found.scope_notes, language),
        "not_here": in_language(found.exclusion_notes, language),
        "labels": found.labels,
        "parent": brief(view, view.clusters[found.parent], language) if found.parent else None,
        "children": [brief(view, one, language) for one in view.children(found.id)],
        "sectors": [
            {"code": code, "label": names.get(code, code), "share": share, "leading": code in found.leading}
            for code, share in sorted(found.sections.items(), key=lambda item: (-item[1], item[0]))
        ],
        "occupations": found.occupations,
        "created": found.created,
        "modified": found.modified,
        "replaced_by": found.replaced_by,
        "replaces": found.replaces,
    }
    return json_answer(content, headers=_HEADERS)


def _member(view: ReleaseView, one: Membership) -> dict[str, Any]:
    return {
        "iri": one.skill.iri,
        "label": one.skill.label,
        "cluster": one.cluster,
        "rank": one.rank,
        "weight": one.weight,
        "margin": one.margin,
        "method": one.method,
        "decision": one.decision,
    }


async def _members(request: Request) -> Response:
    view, language = _asked(request)
    found = _wanted(request, view)
    rank = parameters.choice(request, "rank", ("primary", "used-in", "found-under", "secondary"), "primary")
    limit = parameters.integer(request, "limit", 100, 1, 1000)
    offset = parameters.integer(request, "offset", 0, 0, 100_000)
    leaves = view.finest(found.id)
    members = view.members(leaves, language, rank, offset + limit)[offset:]
    content = {
        "version": view.version,
        "id": found.id,
        "total": view.count_members(leaves, rank),
        "members": [_member(view, one) for one in members],
    }
    return json_answer(content, headers=_HEADERS)


async def _related(request: Request) -> Response:
    view, language = _asked(request)
    found = _wanted(request, view)
    related = [
        {
            **brief(view, view.clusters[one.other], language),
            "basis": one.basis,
            "weight": one.weight,
            "evidence": in_language(one.evidence, language),
        }
        for one in found.related
        if one.other in view.clusters
    ]
    return json_answer({"version": view.version, "id": found.id, "related": related}, headers=_HEADERS)


async def _path(request: Request) -> Response:
    view, language = _asked(request)
    found = _wanted(request, view)
    path = [brief(view, one, language) for one in (*view.ancestors(found.id), found)]
    return json_answer({"version": view.version, "id": found.id, "path": path}, headers=_HEADERS)


async def _skill_clusters(request: Request) -> Response:
    """The clusters of a skill, known by the last segment of its IRI."""
    view, language = _asked(request)
    skill = view.concept(f"skill/{request.path_params['key']}", language)
    if skill is None or skill.kind != "skill":
        raise Problem(404, f"Release {view.version} has no such skill.")
    places = [
        {
            **brief(view, view.clusters[one.cluster], language),
            **{key: value for key, value in _member(view, one).items() if key not in ("iri", "label", "cluster")},
            "path": [brief(view, above, language) for above in view.ancestors(one.cluster)],
        }
        for one in view.memberships(skill.id, language)
    ]
    content = {"version": view.version, "iri": skill.iri, "label": skill.label, "clusters": places}
    return json_answer(content, headers=_HEADERS)


async def _search(request: Request) -> Response:
    view, language = _asked(request)
    query = parameters.text(request, "q")
    limit = parameters.integer(request, "limit", 10, 1, 100)
    hits = search_hits(view, query, language, types=parameters.types(request), limit=limit)
    say = words(language)
    results = [
        {
            "type": hit.type,
            "type_label": say(hit.type),
            "iri": hit.iri,
            "label": hit.label,
            "found": hit.found,
            "language": hit.language,
            "where": hit.where,
            "score": hit.score,
            "page": hit.href,
        }
        for hit in hits
    ]
    return json_answer({"version": view.version, "results": results}, headers=_HEADERS)


async def _changes(request: Request) -> Response:
    """What changed from ``since`` to ``version``."""
    new, language = _asked(request)
    site: Site = request.app.state.site
    since = parameters.text(request, "since")
    old = site.by_version.get(since)
    if old is None:
        raise Problem(400, f"since is one of: {', '.join(site.by_version)}.")
    found = changes(old, new)
    content = {
        "since": old.version,
        "version": new.version,
        "added": [brief(new, one, language) for one in found["added"]],
        "removed": [
            {
                **brief(old, one, language),
                "replaced_by": new.clusters[one.id].replaced_by if one.id in new.clusters else [],
            }
            for one in found["removed"]
        ],
        "renamed": [{**brief(new, b, language), "before": a.label(language)} for a, b in found["renamed"]],
        "skills_moved": found["moved"],
    }
    return json_answer(content, headers=_HEADERS)
