"""The JSON interface: small answers for job boards and other programs; ``/api/openapi.json`` describes it."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from esco_kg.web.http import parameters
from esco_kg.web.http.answers import Problem, public_address
from esco_kg.web.interfaces import classifications, matching, things
from esco_kg.web.interfaces.answering import api, asked, brief, cluster_of, named, part, place, reply
from esco_kg.web.interfaces.openapi import description
from esco_kg.web.pages.differences import changed_clusters
from esco_kg.web.releases.model import in_language
from esco_kg.web.releases.site import Site

_BASE = "/api/v1"


def routes() -> list[Route]:
    """The interface's addresses."""
    found = {
        "/api/openapi.json": _openapi,
        "/api": _index,
        "/api/": _index,
        _BASE: _index,
        f"{_BASE}/": _index,
        f"{_BASE}/versions": _versions,
        f"{_BASE}/clusters": _clusters,
        f"{_BASE}/clusters/{{id}}": _cluster,
        f"{_BASE}/clusters/{{id}}/members": _members,
        f"{_BASE}/clusters/{{id}}/related": _related,
        f"{_BASE}/clusters/{{id}}/path": _path,
        f"{_BASE}/skills/{{key}}": things.skill,
        f"{_BASE}/skills/{{key}}/clusters": things.skill_clusters,
        f"{_BASE}/occupations/{{key}}": things.occupation,
        f"{_BASE}/tree": things.tree,
        f"{_BASE}/search": matching.search,
        f"{_BASE}/changes": _changes,
    }
    reading = [Route(path, handler, methods=["GET"]) for path, handler in found.items()]
    return [
        *reading,
        *classifications.routes(_BASE),
        Route(f"{_BASE}/match", matching.match, methods=["POST", "OPTIONS"]),
    ]


async def _openapi(request: Request) -> Response:
    site: Site = request.app.state.site
    return reply(request, description(site, public_address(request)))


async def _index(request: Request) -> Response:
    """Every address with what it answers, so that a reader who has only this one finds all."""
    site: Site = request.app.state.site
    view, language = asked(request)
    described = description(site)["paths"]
    content = {
        "version": view.version,
        "description": f"{public_address(request)}/api/openapi.json",
        "examples": f"{public_address(request)}/{language}/{view.version}/data.html#examples",
        "addresses": [
            {"method": method.upper(), "address": api(request, path), "answers": operation["summary"]}
            for path, methods in described.items()
            for method, operation in methods.items()
        ],
    }
    return reply(request, content)


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
    return reply(request, {"total": len(found), "versions": found})


async def _clusters(request: Request) -> Response:
    view, language = asked(request)
    depth = parameters.integer(request, "depth", 1, 1, 9)
    shown, told = part(request, [c for c in view.current() if c.depth == depth])
    clusters = [brief(request, view, c, language) for c in shown]
    return reply(request, {"version": view.version, **told, "clusters": clusters})


async def _cluster(request: Request) -> Response:
    view, language = asked(request)
    found = cluster_of(request, view)
    names = {code: in_language(one.labels, language) for code, one in view.sectors.items()}
    content = {
        **brief(request, view, found, language),
        "version": view.version,
        "definition": in_language(found.definitions, language),
        "scope": in_language(found.scope_notes, language),
        "not_here": in_language(found.exclusion_notes, language),
        "labels": found.labels,
        "parent": brief(request, view, view.clusters[found.parent], language) if found.parent else None,
        "children": [brief(request, view, one, language) for one in view.children(found.id)],
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
    return reply(request, content)


async def _members(request: Request) -> Response:
    """A cluster's skills in the order of its page: the most typical first."""
    view, language = asked(request)
    found = cluster_of(request, view)
    rank = parameters.choice(request, "rank", ("primary", "used-in", "found-under", "secondary"), "primary")
    limit = parameters.integer(request, "limit", 100, 1, 1000)
    offset = parameters.integer(request, "offset", 0, 0, 100_000)
    content = {
        "version": view.version,
        "id": found.id,
        "total": view.count_members(view.finest(found.id), rank),
        "offset": offset,
        "limit": limit,
        "members": [
            {**named(request, view, one.skill, language), "cluster": one.cluster, **place(one)}
            for one in view.members_in_order(found.id, language, rank, limit, offset)
        ],
    }
    return reply(request, content)


async def _related(request: Request) -> Response:
    view, language = asked(request)
    found = cluster_of(request, view)
    shown, told = part(request, [one for one in found.related if one.other in view.clusters])
    related = [
        {
            **brief(request, view, view.clusters[one.other], language),
            "basis": one.basis,
            "weight": one.weight,
            "evidence": in_language(one.evidence, language),
        }
        for one in shown
    ]
    return reply(request, {"version": view.version, "id": found.id, **told, "related": related})


async def _path(request: Request) -> Response:
    view, language = asked(request)
    found = cluster_of(request, view)
    path = [brief(request, view, one, language) for one in (*view.ancestors(found.id), found)]
    return reply(request, {"version": view.version, "id": found.id, "path": path})


async def _changes(request: Request) -> Response:
    """What changed from ``since`` to ``version``."""
    new, language = asked(request)
    site: Site = request.app.state.site
    since = parameters.text(request, "since")
    old = site.by_version.get(since)
    if old is None:
        raise Problem(400, f"since is one of: {', '.join(site.by_version)}.")
    found = changed_clusters(old, new)
    renamed: list[dict[str, Any]] = [
        {**brief(request, new, after, language), "before": before.label(language)} for before, after in found["renamed"]
    ]
    content = {
        "since": old.version,
        "version": new.version,
        "added": [brief(request, new, one, language) for one in found["added"]],
        "removed": [
            {
                **brief(request, old, one, language),
                "replaced_by": new.clusters[one.id].replaced_by if one.id in new.clusters else [],
            }
            for one in found["removed"]
        ],
        "renamed": renamed,
        "skills_moved": found["moved"],
    }
    return reply(request, content)
