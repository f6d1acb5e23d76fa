"""What the pages about one cluster receive."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from esco_kg.model.clustering import RULED
from esco_kg.pictures.neighbours import Neighbour, neighbour_map
from esco_kg.pictures.treemap import family_of
from esco_kg.web.pages.differences import marked
from esco_kg.web.pages.links import named
from esco_kg.web.pages.words import words
from esco_kg.web.releases.model import Cluster, Concept, Membership, in_language
from esco_kg.web.releases.site import Site
from esco_kg.web.releases.view import ReleaseView

_STRONGEST = 20  # skills shown of a cluster that has clusters below it
_FURTHER = 30
_KINDS = ("used-in", "secondary", "found-under")
_RELATED = 12
_SECTORS = 8
_COMPARED = ("label", "definition", "scope", "exclusion", "also")


def cluster(site: Site, view: ReleaseView, language: str, identifier: str) -> dict[str, Any] | None:
    """Everything about a cluster, a retired one too; None where the release does not know it."""
    found = view.clusters.get(identifier)
    if found is None:
        return None
    if found.is_retired:
        found = replace(found, labels=_last_labels(site, identifier) | found.labels)
    leaves = view.finest(identifier)
    is_leaf = not found.children
    related = _related(view, found, language)
    return {
        "title": found.label(language),
        "iri": site.iri(f"cluster/{identifier}"),
        "document": f"cluster/{identifier}",
        "cluster": found,
        "text": _texts(found, language),
        "above": view.ancestors(identifier),
        "below": [(one, view.children(one.id)) for one in view.children(identifier)],
        "members": view.members(leaves, language) if is_leaf else view.strongest(identifier, language, _STRONGEST),
        "further": [(rank, *view.members_from_elsewhere(identifier, language, rank, _FURTHER)) for rank in _KINDS],
        "is_leaf": is_leaf,
        "level": words(language).level(view.levels.get(found.depth, {})),
        "related": related,
        "map": _map(found, related, language),
        "sectors": [] if found.branch in RULED else sector_bars(view, found.sections, language),
        "is_everywhere": found.branch in RULED,
        "occupations": [] if found.branch in RULED else _occupations(view, found, language),
        "decided": view.decided(leaves, language),
        "successors": [view.clusters[i] for i in found.replaced_by if i in view.clusters],
        "predecessors": [view.clusters[i] for i in found.replaces if i in view.clusters],
        "retired_in": view.registry[identifier].retired_in if found.is_retired else "",
        "comparable": [other.version for other in site.views if other is not view and identifier in other.clusters],
    }


def _occupations(view: ReleaseView, cluster: Cluster, language: str) -> list[Concept]:
    return [found for found in (view.concept_of(iri, language) for iri in cluster.occupations) if found]


def _last_labels(site: Site, identifier: str) -> dict[str, str]:
    """What a retired cluster was called while it was in use: a release keeps only its English label afterwards."""
    used = [view.clusters[identifier] for view in site.views if identifier in view.clusters]
    return next((cluster.labels for cluster in reversed(used) if not cluster.is_retired), {})


def _texts(cluster: Cluster, language: str) -> dict[str, str]:
    """Definition, scope, exclusion, history, alternative labels in a language."""
    return {
        "definition": in_language(cluster.definitions, language),
        "scope": in_language(cluster.scope_notes, language),
        "exclusion": in_language(cluster.exclusion_notes, language),
        "history": in_language(cluster.history, language),
        "also": ", ".join(cluster.alt_labels.get(language, [])),
    }


def _related(view: ReleaseView, cluster: Cluster, language: str) -> list[dict[str, Any]]:
    """Related clusters, strongest first, each once with all its reasons."""
    found: dict[str, dict[str, Any]] = {}
    for related in cluster.related:
        other = view.clusters.get(related.other)
        if other is None:
            continue
        basis = view.bases.get(related.basis, {})
        reason = {
            "kind": related.basis,
            "basis": in_language(basis.get("label", {}), language, related.basis),
            "evidence": in_language(related.evidence, language),
            "weight": related.weight,
        }
        found.setdefault(other.id, {"cluster": other, "weight": related.weight, "reasons": []})["reasons"].append(
            reason
        )
    return sorted(found.values(), key=lambda entry: (-entry["weight"], entry["cluster"].id))[:_RELATED]


def _map(cluster: Cluster, related: list[dict[str, Any]], language: str) -> Markup:
    neighbours = [
        Neighbour(
            f"{one['cluster'].id}.html", named(one["cluster"], language),
            family_of(one["cluster"].sections, one["cluster"].branch), one["weight"],
        )
        for one in related
    ]  # fmt: skip
    family, say = family_of(cluster.sections, cluster.branch), words(language)
    return neighbour_map(named(cluster, language), family, neighbours, say("related"), say.spoken)


def sector_bars(
    view: ReleaseView, shares: dict[str, float], language: str, most: int = _SECTORS
) -> list[dict[str, Any]]:
    """Sectors by share, largest first, with the length of their bars in per cent of the largest."""
    ordered = sorted(shares.items(), key=lambda item: (-item[1], item[0]))[:most]
    largest = ordered[0][1] if ordered else 1.0
    return [
        {
            "code": code,
            "label": in_language(view.sectors[code].labels, language, code) if code in view.sectors else code,
            "share": share,
            "length": round(100 * share / largest, 1),
        }
        for code, share in ordered
        if share >= 0.01
    ]


def compare(site: Site, view: ReleaseView, language: str, rest: str) -> dict[str, Any] | None:
    """A cluster in this release beside the same one in another: ``<other version>/cluster/<id>``."""
    version, _, path = rest.partition("/")
    identifier = path.removeprefix("cluster/")
    other = site.by_version.get(version)
    if other is None or other is view or not path.startswith("cluster/"):
        return None
    if identifier not in view.clusters and identifier not in other.clusters:
        return None
    # The older release stands on the left, whichever page the reader came from.
    left, right = sorted((view, other), key=lambda one: site.views.index(one))
    sides = [_side(one, language, identifier) for one in (left, right)]
    _mark(*sides)
    skills = [{m.skill.iri: m for m in side["members"]} for side in sides]
    label = next((side["cluster"].label(language) for side in reversed(sides) if side["cluster"]), identifier)
    title = words(language)("compare_title", label=label, left=left.version, right=right.version)
    return {
        "title": title,
        "label": label,
        "identifier": identifier,
        "sides": sides,
        "only_left": _only(skills[0], skills[1], right, language),
        "only_right": _only(skills[1], skills[0], left, language),
        "both": [m for m in sides[1]["members"] if m.skill.iri in skills[0]],
        "is_listed": False,
    }


def _mark(left: dict[str, Any], right: dict[str, Any]) -> None:
    """Mark in the texts of the two sides what differs."""
    for kind in _COMPARED:
        left["marked"][kind], right["marked"][kind] = marked(left["text"].get(kind, ""), right["text"].get(kind, ""))


def _side(view: ReleaseView, language: str, identifier: str) -> dict[str, Any]:
    cluster = view.clusters.get(identifier)
    leaves = view.finest(identifier) if cluster else []
    return {
        "view": view,
        "version": view.version,
        "cluster": cluster,
        "text": _texts(cluster, language) | {"label": cluster.label(language)} if cluster else {},
        "marked": {},
        "above": view.ancestors(identifier) if cluster else [],
        "members": view.members(leaves, language) if leaves else [],
    }


def _only(
    here: dict[str, Membership], there: dict[str, Membership], other: ReleaseView, language: str
) -> list[dict[str, Any]]:
    """Members that the other release has elsewhere or not at all, each with its place there."""
    return [_with_place(member, other, language) for iri, member in here.items() if iri not in there]


def _with_place(member: Membership, other: ReleaseView, language: str) -> dict[str, Any]:
    concept = other.concept_of(member.skill.iri, language)
    places: Iterable[Membership] = other.memberships(concept.id, language) if concept else ()
    place = next((m.cluster for m in places if m.rank == "primary"), "")
    return {"member": member, "exists": concept is not None, "place": other.clusters.get(place)}
