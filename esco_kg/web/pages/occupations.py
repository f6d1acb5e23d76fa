"""What the pages about occupations receive: their skills by cluster, and two occupations compared."""

from __future__ import annotations

from typing import Any

from esco_kg.web.pages.words import words
from esco_kg.web.releases.model import Concept
from esco_kg.web.releases.needs import compared, needed_clusters, similar_occupations
from esco_kg.web.releases.site import Site
from esco_kg.web.releases.view import ReleaseView

_SIMILAR = 6


def occupation(view: ReleaseView, found: Concept, language: str) -> dict[str, Any]:
    """An occupation's skills by the clusters of the level above the finest, those in no cluster last."""
    needed = {
        necessity: [c for c in view.linked(found.id, necessity, language) if c.kind == "skill"]
        for necessity in ("essential", "optional")
    }
    clusters = needed_clusters(view, found.id, language)
    placed = {skill.id for one in clusters for skill in one.skills}
    return {
        "counts": {necessity: len(skills) for necessity, skills in needed.items()},
        "needed": clusters,
        "unplaced": [skill for skills in needed.values() for skill in skills if skill.id not in placed],
        "similar": similar_occupations(view, found.id, language, _SIMILAR),
        "key": found.path.partition("/")[2],
        "below": view.linked(found.id, "narrower", language),
        "sectors": [view.sectors[c] for c in view.sector_codes(found.id) if c in view.sectors],
    }


def comparison(site: Site, view: ReleaseView, language: str, rest: str) -> dict[str, Any] | None:
    """Two occupations by cluster: ``<key>/<key>``, the last parts of their IRIs."""
    keys = rest.split("/")
    sides = [view.concept(f"occupation/{key}", language) for key in keys]
    if len(keys) != 2 or keys[0] == keys[1]:
        return None
    first, second = sides
    if first is None or second is None or {first.kind, second.kind} != {"occupation"}:
        return None
    clusters = compared(view, first.id, second.id, language)
    return {
        "title": words(language)("compare_occupations_title", first=first.label, second=second.label),
        "sides": (first, second),
        "shared": [one for one in clusters if one.is_shared],
        "apart": [
            (side, [(one.cluster, getattr(one, name)) for one in clusters if not one.is_shared and getattr(one, name)])
            for side, name in ((first, "first"), (second, "second"))
        ],
        "counts": {name: sum(len(getattr(one, name)) for one in clusters) for name in ("both", "first", "second")},
        "is_listed": False,
    }
