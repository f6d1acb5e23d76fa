"""What the pages about concepts of the pillar receive: skills, groups, occupations, ISCO groups."""

from __future__ import annotations

from typing import Any

from esco_kg.web.pages.occupations import occupation
from esco_kg.web.releases.model import Concept, Membership
from esco_kg.web.releases.site import Site
from esco_kg.web.releases.view import ReleaseView

_NEIGHBOURS = 12
_MOST_PATHS = 12
_LEVEL, _CLEAR = 0.5, 0.67  # margins: the next best cluster fits as well; the lead is twice what keeps a skill
_EVERY_SKILL = ("/skills", "/member-skills")  # schemes that say nothing of a skill: nearly all are in them


def concept(site: Site, view: ReleaseView, language: str, path: str) -> dict[str, Any] | None:
    """The page of a concept by its path; None where the release does not know it."""
    found = view.concept(path, language)
    if found is None or found.kind == "scheme":
        return None
    texts = view.texts(found.id, language)
    has_texts = any(texts.values())
    shown = {
        "title": found.label,
        "iri": found.iri,
        "document": path,
        "concept": found,
        "texts": texts if has_texts else view.texts(found.id, "en"),
        "texts_language": language if has_texts else "en",
        "paths": hierarchy_paths(view, found, language),
        "template": {"isco": "group"}.get(found.kind, found.kind),
        "is_foreign": not found.iri.startswith(site.base),
    }
    return shown | {"skill": _skill, "occupation": occupation}.get(found.kind, _group)(view, found, language)


def hierarchy_paths(view: ReleaseView, found: Concept, language: str) -> list[list[Concept]]:
    """Every way from a root of the pillar down to the concept's parents, root first; at most twelve."""
    paths: list[list[Concept]] = []
    waiting = [[parent] for parent in view.linked(found.id, "broader", language)]
    while waiting and len(paths) < _MOST_PATHS:
        path = waiting.pop(0)
        above = view.linked(path[0].id, "broader", language)
        known = {concept.id for concept in path}
        if not above:
            paths.append(path)
        waiting += [[parent, *path] for parent in above if parent.id not in known]
    return paths


def _skill(view: ReleaseView, found: Concept, language: str) -> dict[str, Any]:
    memberships = view.memberships(found.id, language)
    primary = next((m for m in memberships if m.rank == "primary"), None)
    return {
        "memberships": [_place(view, membership) for membership in memberships],
        "primary": primary,
        "fit": _fit(primary.margin) if primary else "",
        "runner_up": view.clusters.get(primary.runner_up) if primary else None,
        "neighbours": _neighbours(view, primary, language) if primary else [],
        "needed_by": {
            necessity: [c for c in view.linked(found.id, f"{necessity}-for", language) if c.kind == "occupation"]
            for necessity in ("essential", "optional")
        },
        "skills_below": [c for c in view.linked(found.id, "narrower", language) if c.kind == "skill"],
        "lists": [c for c in view.linked(found.id, "scheme", language) if not c.iri.endswith(_EVERY_SKILL)],
    }


def _place(view: ReleaseView, membership: Membership) -> dict[str, Any]:
    cluster = view.clusters[membership.cluster]
    use, how = _use(membership)
    return {"membership": membership, "cluster": cluster, "above": view.ancestors(cluster.id), "use": use, "how": how}


def _use(membership: Membership) -> tuple[str, str]:
    """The keys of what a membership's weight says, and of how it is computed; '' where it says nothing.

    A primary place that has all of the use needs no figure.
    """
    if membership.rank == "found-under":
        if membership.decision:
            return "use_decided", ""
        return ("use_found-under" if membership.method == "text" else "use_next"), "near"
    if membership.rank == "rejected" or (membership.rank == "primary" and membership.weight == 1):
        return "", ""
    return f"use_{membership.rank}", "use" if membership.rank == "used-in" else ""


def _fit(margin: float | None) -> str:
    """The key of what a margin says, '' where none was measured."""
    if margin is None:
        return ""
    if margin <= _LEVEL:
        return "fit_level" if margin == _LEVEL else "fit_behind"
    return "fit_clear" if margin >= _CLEAR else "fit_ahead"


def _neighbours(view: ReleaseView, primary: Membership, language: str) -> list[Concept]:
    """The most typical skills of the same cluster."""
    members = view.members([primary.cluster], language, limit=_NEIGHBOURS + 1)
    return [member.skill for member in members if member.skill.id != primary.skill.id][:_NEIGHBOURS]


def _group(view: ReleaseView, found: Concept, language: str) -> dict[str, Any]:
    below = view.linked(found.id, "narrower", language)
    return {
        "groups": sorted((c for c in below if c.kind in ("group", "isco")), key=lambda c: (c.code, c.label, c.iri)),
        "leaves": [c for c in below if c.kind in ("skill", "occupation")],
    }
