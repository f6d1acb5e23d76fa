"""Skills, occupations and the whole tree in the JSON interface."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from esco_kg.web.http import parameters
from esco_kg.web.interfaces.answering import asked, brief, concept_of, levels, named, part, place, reply
from esco_kg.web.releases.model import Cluster, Concept
from esco_kg.web.releases.needs import needed_clusters
from esco_kg.web.releases.view import ReleaseView


async def skill(request: Request) -> Response:
    """A skill: texts, its cluster at each level, how many occupations need it."""
    view, language = asked(request)
    found = concept_of(request, view, language, "skill")
    primary = view.primary_of([found.id]).get(found.id, "")
    needed = {
        kind: sum(one.kind == "occupation" for one in view.linked(found.id, f"{kind}-for", language))
        for kind in ("essential", "optional")
    }
    content = {
        **named(request, view, found, language),
        "version": view.version,
        **_texts(view, found, language),
        "skill_type": found.skill_type,
        "reuse_level": found.reuse,
        "clusters": levels(request, view, primary, language),
        "essential_for": needed["essential"],
        "optional_for": needed["optional"],
    }
    return reply(request, content)


async def skill_clusters(request: Request) -> Response:
    """The clusters of a skill: the primary one, further ones, rejected ones."""
    view, language = asked(request)
    found = concept_of(request, view, language, "skill")
    places = [
        {
            **brief(request, view, view.clusters[one.cluster], language),
            **place(one),
            "path": [brief(request, view, above, language) for above in view.ancestors(one.cluster)],
        }
        for one in view.memberships(found.id, language)
    ]
    content = {
        "version": view.version,
        "iri": found.iri,
        "label": found.label,
        "total": len(places),
        "clusters": places,
    }
    return reply(request, content)


async def occupation(request: Request) -> Response:
    """An occupation: its skills by the clusters of a level, by default the one above the finest."""
    view, language = asked(request)
    found = concept_of(request, view, language, "occupation")
    depth = parameters.integer(request, "depth", max(1, view.depth - 1), 1, 9)
    needed = needed_clusters(view, found.id, language, depth)
    shown, told = part(request, needed)
    content = {
        **named(request, view, found, language),
        "version": view.version,
        **_texts(view, found, language),
        "code": found.code,
        "skills": sum(len(one.skills) for one in needed),
        **told,
        "clusters": [
            {
                **brief(request, view, one.cluster, language),
                "share": round(one.share, 4),
                "essential": [named(request, view, skill, language) for skill in one.essential],
                "optional": [named(request, view, skill, language) for skill in one.optional],
            }
            for one in shown
        ],
    }
    return reply(request, content)


async def tree(request: Request) -> Response:
    """All clusters in use, nested, down to a level."""
    view, language = asked(request)
    depth = parameters.integer(request, "depth", 9, 1, 9)

    def nested(cluster: Cluster) -> dict[str, Any]:
        below = view.children(cluster.id) if cluster.depth < depth else []
        return {**brief(request, view, cluster, language), "children": [nested(one) for one in below]}

    content = {
        "version": view.version,
        "total": sum(cluster.depth <= depth for cluster in view.current()),
        "clusters": [nested(cluster) for cluster in view.top],
    }
    return reply(request, content)


def _texts(view: ReleaseView, found: Concept, language: str) -> dict[str, Any]:
    texts = view.texts(found.id, language)
    return {
        "description": " ".join(texts["description"] or texts["definition"]),
        "alternative_labels": texts["alt"],
        "hidden_labels": texts["hidden"],
    }
