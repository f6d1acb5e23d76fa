"""What the pages about concepts of the pillar receive: skills, groups, occupations, ISCO groups."""

from __future__ import annotations

from collections import Counter
from typing import Any

from esco_kg.web.edition import Edition
from esco_kg.web.model import Concept, Membership
from esco_kg.web.site import Site

_NEIGHBOURS = 12
_MOST_PATHS = 12
_EVERY_SKILL = ("/skills", "/member-skills")  # schemes that say nothing of a skill: nearly all are in them


def concept(site: Site, edition: Edition, language: str, path: str) -> dict[str, Any] | None:
    """The page of a concept by its path; None where the release does not know it."""
    found = edition.concept(path, language)
    if found is None or found.kind == "scheme":
        return None
    texts = edition.texts(found.id, language)
    has_texts = any(texts.values())
    shown = {
        "title": found.label,
        "iri": found.iri,
        "document": path,
        "concept": found,
        "texts": texts if has_texts else edition.texts(found.id, "en"),
        "texts_language": language if has_texts else "en",
        "paths": hierarchy_paths(edition, found, language),
        "template": {"isco": "group"}.get(found.kind, found.kind),
        "is_foreign": not found.iri.startswith(site.base),
    }
    return shown | {"skill": _skill, "occupation": _occupation}.get(found.kind, _group)(edition, found, language)


def hierarchy_paths(edition: Edition, found: Concept, language: str) -> list[list[Concept]]:
    """Every way from a root of the pillar down to the concept's parents, root first; at most twelve."""
    paths: list[list[Concept]] = []
    waiting = [[parent] for parent in edition.linked(found.id, "broader", language)]
    while waiting and len(paths) < _MOST_PATHS:
        path = waiting.pop(0)
        above = edition.linked(path[0].id, "broader", language)
        known = {concept.id for concept in path}
        if not above:
            paths.append(path)
        waiting += [[parent, *path] for parent in above if parent.id not in known]
    return paths


def _skill(edition: Edition, found: Concept, language: str) -> dict[str, Any]:
    memberships = edition.memberships(found.id, language)
    primary = next((m for m in memberships if m.rank == "primary"), None)
    return {
        "memberships": [_place(edition, membership) for membership in memberships],
        "primary": primary,
        "runner_up": edition.clusters.get(primary.runner_up) if primary else None,
        "neighbours": _neighbours(edition, primary, language) if primary else [],
        "needed_by": {
            necessity: [c for c in edition.linked(found.id, f"{necessity}-for", language) if c.kind == "occupation"]
            for necessity in ("essential", "optional")
        },
        "skills_below": [c for c in edition.linked(found.id, "narrower", language) if c.kind == "skill"],
        "lists": [c for c in edition.linked(found.id, "scheme", language) if not c.iri.endswith(_EVERY_SKILL)],
    }


def _place(edition: Edition, membership: Membership) -> dict[str, Any]:
    cluster = edition.clusters[membership.cluster]
    return {"membership": membership, "cluster": cluster, "above": edition.ancestors(cluster.id)}


def _neighbours(edition: Edition, primary: Membership, language: str) -> list[Concept]:
    """The most typical skills of the same cluster."""
    members = edition.members([primary.cluster], language, limit=_NEIGHBOURS + 1)
    return [member.skill for member in members if member.skill.id != primary.skill.id][:_NEIGHBOURS]


def _occupation(edition: Edition, found: Concept, language: str) -> dict[str, Any]:
    needed = {
        necessity: [c for c in edition.linked(found.id, necessity, language) if c.kind == "skill"]
        for necessity in ("essential", "optional")
    }
    return {
        "needed": needed,
        "by_cluster": _by_cluster(edition, needed["essential"], needed["optional"]),
        "below": edition.linked(found.id, "narrower", language),
        "sectors": [edition.sectors[c] for c in edition.sector_codes(found.id) if c in edition.sectors],
    }


def _by_cluster(edition: Edition, essential: list[Concept], optional: list[Concept]) -> list[dict[str, Any]]:
    """Clusters of the level above the finest by the number of an occupation's skills in them, largest first."""
    primary = edition.primary_of(skill.id for skill in (*essential, *optional))
    depth = max(1, edition.depth - 1)
    counts: Counter[str] = Counter()
    for skill in {skill.id for skill in (*essential, *optional)}:
        if skill in primary:
            counts[_at_depth(edition, primary[skill], depth)] += 1
    total = sum(counts.values())
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [{"cluster": edition.clusters[name], "skills": n, "share": n / total} for name, n in ordered]


def _at_depth(edition: Edition, identifier: str, depth: int) -> str:
    cluster = edition.clusters[identifier]
    while cluster.depth > depth and cluster.parent:
        cluster = edition.clusters[cluster.parent]
    return cluster.id


def _group(edition: Edition, found: Concept, language: str) -> dict[str, Any]:
    below = edition.linked(found.id, "narrower", language)
    return {
        "groups": sorted((c for c in below if c.kind in ("group", "isco")), key=lambda c: (c.code, c.label, c.iri)),
        "leaves": [c for c in below if c.kind in ("skill", "occupation")],
    }
