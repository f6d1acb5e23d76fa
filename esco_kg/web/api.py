"""The JSON API: small answers for job boards and other programs; ``/api/openapi.json`` describes it."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from esco_kg.web import parameters
from esco_kg.web.answers import Problem, json_answer
from esco_kg.web.edition import Edition
from esco_kg.web.finding import found_things
from esco_kg.web.model import Cluster, Membership, in_language
from esco_kg.web.openapi import description
from esco_kg.web.other_pages import changes
from esco_kg.web.site import Site
from esco_kg.web.words import words

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
    return json_answer(description(site), headers=_HEADERS)


async def _versions(request: Request) -> Response:
    site: Site = request.app.state.site
    found = [
        {
            "version": one.version,
            "issued": one.issued,
            "esco_version": one.manifest["esco_version"],
            "languages": one.languages,
        }
        for one in site.editions
    ]
    return json_answer({"versions": found}, headers=_HEADERS)


def _asked(request: Request) -> tuple[Edition, str]:
    edition = parameters.edition(request)
    return edition, parameters.language(request, edition)


def _wanted(request: Request, edition: Edition) -> Cluster:
    found = edition.clusters.get(request.path_params["id"])
    if found is None:
        raise Problem(404, f"Release {edition.version} has no such cluster.")
    return found


def brief(edition: Edition, cluster: Cluster, language: str) -> dict[str, Any]:
    """What every list says of a cluster."""
    return {
        "id": cluster.id,
        "iri": f"{edition.base}cluster/{cluster.id}",
        "label": cluster.label(language),
        "depth": cluster.depth,
        "skills": cluster.skills,
        "retired": cluster.is_retired,
    }


async def _clusters(request: Request) -> Response:
    edition, language = _asked(request)
    depth = parameters.integer(request, "depth", 1, 1, 9)
    found = [c for c in edition.current() if c.depth == depth]
    return json_answer(
        {"version": edition.version, "clusters": [brief(edition, c, language) for c in found]}, headers=_HEADERS
    )


async def _cluster(request: Request) -> Response:
    edition, language = _asked(request)
    found = _wanted(request, edition)
    names = {code: in_language(one.labels, language) for code, one in edition.sectors.items()}
    content = {
        **brief(edition, found, language),
        "version": edition.version,
        "definition": in_language(found.definitions, language),
        "scope": in_language(found.scope_notes, language),
        "not_here": in_language(found.exclusion_notes, language),
        "labels": found.labels,
        "parent": brief(edition, edition.clusters[found.parent], language) if found.parent else None,
        "children": [brief(edition, one, language) for one in edition.children(found.id)],
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


def _member(edition: Edition, one: Membership) -> dict[str, Any]:
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
    edition, language = _asked(request)
    found = _wanted(request, edition)
    rank = parameters.choice(request, "rank", ("primary", "secondary"), "primary")
    limit = parameters.integer(request, "limit", 100, 1, 1000)
    offset = parameters.integer(request, "offset", 0, 0, 100_000)
    leaves = edition.finest(found.id)
    members = edition.members(leaves, language, rank, offset + limit)[offset:]
    content = {
        "version": edition.version,
        "id": found.id,
        "total": edition.count_members(leaves, rank),
        "members": [_member(edition, one) for one in members],
    }
    return json_answer(content, headers=_HEADERS)


async def _related(request: Request) -> Response:
    edition, language = _asked(request)
    found = _wanted(request, edition)
    related = [
        {
            **brief(edition, edition.clusters[one.other], language),
            "basis": one.basis,
            "weight": one.weight,
            "evidence": in_language(one.evidence, language),
        }
        for one in found.related
        if one.other in edition.clusters
    ]
    return json_answer({"version": edition.version, "id": found.id, "related": related}, headers=_HEADERS)


async def _path(request: Request) -> Response:
    edition, language = _asked(request)
    found = _wanted(request, edition)
    path = [brief(edition, one, language) for one in (*edition.ancestors(found.id), found)]
    return json_answer({"version": edition.version, "id": found.id, "path": path}, headers=_HEADERS)


async def _skill_clusters(request: Request) -> Response:
    """The clusters of a skill, known by the last segment of its IRI."""
    edition, language = _asked(request)
    skill = edition.concept(f"skill/{request.path_params['key']}", language)
    if skill is None or skill.kind != "skill":
        raise Problem(404, f"Release {edition.version} has no such skill.")
    places = [
        {
            **brief(edition, edition.clusters[one.cluster], language),
            **{key: value for key, value in _member(edition, one).items() if key not in ("iri", "label", "cluster")},
            "path": [brief(edition, above, language) for above in edition.ancestors(one.cluster)],
        }
        for one in edition.memberships(skill.id, language)
    ]
    content = {"version": edition.version, "iri": skill.iri, "label": skill.label, "clusters": places}
    return json_answer(content, headers=_HEADERS)


async def _search(request: Request) -> Response:
    edition, language = _asked(request)
    query = parameters.text(request, "q")
    limit = parameters.integer(request, "limit", 10, 1, 100)
    hits = found_things(edition, query, language, types=parameters.types(request), limit=limit)
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
    return json_answer({"version": edition.version, "results": results}, headers=_HEADERS)


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
