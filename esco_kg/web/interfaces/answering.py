"""What all answers of the JSON interface share: releases and languages asked for, entity tags, parts of lists."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from esco_kg.web.http import parameters
from esco_kg.web.http.answers import Problem, answer, public_address
from esco_kg.web.http.negotiation import Form
from esco_kg.web.releases.model import Cluster, Concept, Membership
from esco_kg.web.releases.view import ReleaseView

CORS = {"Access-Control-Allow-Origin": "*"}
_HEADERS = {"Vary": "Accept-Language", "Access-Control-Expose-Headers": "ETag"}
_HEADERS_OF_TABLES = {"Vary": "Accept, Accept-Language", "Access-Control-Expose-Headers": "ETag, Content-Disposition"}


def reply(request: Request, content: Mapping[str, Any]) -> Response:
    """JSON with an entity tag, or 304 where the client has it."""
    text = json.dumps(content, ensure_ascii=False)
    return answer(request, text, "application/json", headers=_HEADERS, max_age=300)


def reply_table(request: Request, body: bytes, form: Form, name: str) -> Response:
    """A table in the form that the client chose; any form but JSON is a file to take away, with a name."""
    file = {} if form.ending == "json" else {"Content-Disposition": f'attachment; filename="{name}.{form.ending}"'}
    return answer(request, body, form.media_type, headers=_HEADERS_OF_TABLES | file, max_age=300)


def asked(request: Request) -> tuple[ReleaseView, str]:
    """The release and the language that a request names."""
    view = parameters.view(request)
    return view, parameters.language(request, view)


def cluster_of(request: Request, view: ReleaseView) -> Cluster:
    """The cluster that the address names. Raises Problem where the release has none."""
    found = view.clusters.get(request.path_params["id"])
    if found is None:
        raise Problem(404, f"Release {view.version} has no such cluster.")
    return found


def concept_of(request: Request, view: ReleaseView, language: str, kind: str) -> Concept:
    """The skill or occupation that the address names by the last part of its IRI."""
    found = view.concept(f"{kind}/{request.path_params['key']}", language)
    if found is None or found.kind != kind:
        raise Problem(404, f"Release {view.version} has no such {kind}.")
    return found


def part(
    request: Request, items: Sequence[Any], most: int = 1000, usual: int = 1000
) -> tuple[list[Any], dict[str, int]]:
    """The part of a list that was asked for, and what tells its place: total, offset, limit."""
    limit = parameters.integer(request, "limit", usual, 1, most)
    offset = parameters.integer(request, "offset", 0, 0, 100_000)
    return list(items[offset : offset + limit]), {"total": len(items), "offset": offset, "limit": limit}


def page(request: Request, view: ReleaseView, language: str, path: str) -> str:
    """The absolute address of a page; ``path`` is escaped."""
    return f"{public_address(request)}/{language}/{view.version}/{path}"


def api(request: Request, path: str) -> str:
    """The absolute address of an answer of this interface."""
    return f"{public_address(request)}/api/v1{path}"


def brief(request: Request, view: ReleaseView, cluster: Cluster, language: str) -> dict[str, Any]:
    """What every list says of a cluster."""
    return {
        "id": cluster.id,
        "iri": view.cluster_iri(cluster.id),
        "label": cluster.label(language),
        "label_language": cluster.label_language(language),
        "depth": cluster.depth,
        "skills": cluster.skills,
        "retired": cluster.is_retired,
        "page": page(request, view, language, f"cluster/{cluster.id}.html"),
    }


def named(request: Request, view: ReleaseView, concept: Concept, language: str) -> dict[str, Any]:
    """What every list says of a concept of ESCO."""
    return {
        "id": concept.path.partition("/")[2],
        "iri": concept.iri,
        "label": concept.label,
        "label_language": concept.language,
        "page": page(request, view, language, f"{concept.path}.html"),
    }


def place(one: Membership) -> dict[str, Any]:
    """How a skill stands in a cluster."""
    return {
        "rank": one.rank,
        "weight": one.weight,
        "margin": one.margin,
        "method": one.method,
        "decision": one.decision,
    }


def levels(request: Request, view: ReleaseView, cluster: str, language: str) -> list[dict[str, Any]]:
    """A cluster at each level, from the top level down to it."""
    if not cluster:
        return []
    return [brief(request, view, one, language) for one in (*view.ancestors(cluster), view.clusters[cluster])]
