"""The data extension of the Reconciliation API: what can be fetched for skills and clusters that were matched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from esco_kg.web.http.answers import Problem
from esco_kg.web.releases.model import Concept, in_language
from esco_kg.web.releases.view import ReleaseView

_IDS = 200
TYPE_NAMES = {
    "cluster": "Skill cluster",
    "skill": "Skill",
    "occupation": "Occupation",
    "group": "Skill group",
    "isco": "ISCO-08 group",
}
# What ``extend`` can fetch, in the order it is proposed.
PROPERTIES = {
    "cluster": "Primary cluster",
    "cluster_path": "Path of clusters",
    "top_cluster": "Cluster of the top level",
    "used_in": "Clusters that use it",
    "found_under": "Clusters it is found under",
    "secondary_clusters": "Further clusters by the publisher",
    "margin": "Margin of the primary cluster",
    "sectors": "Sectors that stand out (NACE 2.1)",
    "official_parents": "Parents in the official hierarchy",
    "label": "Preferred label",
    "definition": "Definition or description",
    "size": "Number of skills",
}


def subject(view: ReleaseView, identifier: str, language: str) -> tuple[Concept | None, str]:
    """(concept of the pillar, id of the cluster) of an IRI; one of the two, or neither."""
    # A bare id is one, too.
    if cluster := view.cluster_of(identifier) or (identifier if identifier in view.clusters else ""):
        return None, cluster
    return view.concept_of(identifier, language), ""


def words_about(view: ReleaseView, identifier: str, language: str) -> tuple[str, str, str]:
    """(type, label, what it is) for previews."""
    concept, cluster = subject(view, identifier, language)
    if cluster:
        found = view.clusters[cluster]
        return TYPE_NAMES["cluster"], found.label(language), in_language(found.definitions, language)
    if concept is None:
        raise Problem(404, "No release says anything of this IRI.")
    texts = view.texts(concept.id, language)
    if not (texts["description"] or texts["definition"]):
        texts = view.texts(concept.id, "en")
    return (
        TYPE_NAMES.get(concept.kind, concept.kind),
        concept.label,
        " ".join(texts["description"] or texts["definition"]),
    )


def type_of(kind: str) -> dict[str, str]:
    return {"id": kind, "name": TYPE_NAMES[kind]}


def extension(view: ReleaseView, language: str, asked: dict[str, Any]) -> dict[str, Any]:
    ids, properties = asked.get("ids"), asked.get("properties")
    if not isinstance(ids, list) or not isinstance(properties, list) or not all(isinstance(i, str) for i in ids):
        raise Problem(400, "extend has ids and properties, two lists.")
    if len(ids) > _IDS:
        raise Problem(413, f"At most {_IDS} ids at once.")
    names = [p.get("id") for p in properties if isinstance(p, dict)]
    if len(names) != len(properties) or any(name not in PROPERTIES for name in names):
        raise Problem(400, f"Properties: {', '.join(PROPERTIES)}.")
    rows = {identifier: _row(view, identifier, language, names) for identifier in ids}
    return {"meta": [_meta(str(name)) for name in names], "rows": rows}


def _meta(name: str) -> dict[str, Any]:
    found: dict[str, Any] = {"id": name, "name": PROPERTIES[name]}
    if name in ("cluster", "top_cluster", "used_in", "found_under", "secondary_clusters"):
        found["type"] = type_of("cluster")
    return found


def _row(view: ReleaseView, identifier: str, language: str, names: list[Any]) -> dict[str, list[dict[str, Any]]]:
    concept, cluster = subject(view, identifier, language)
    return {name: _VALUES[name](view, concept, cluster, language) for name in names}


_Values = list[dict[str, Any]]
_Getter = Callable[[ReleaseView, Concept | None, str, str], _Values]


def _home(view: ReleaseView, concept: Concept | None, cluster: str) -> str:
    """A cluster itself, or the primary cluster of a skill."""
    return cluster or (view.primary_of([concept.id]).get(concept.id, "") if concept else "")


def _as_entity(view: ReleaseView, cluster: str, language: str) -> dict[str, Any]:
    return {"id": view.cluster_iri(cluster), "name": view.clusters[cluster].label(language)}


def _cluster(view: ReleaseView, concept: Concept | None, cluster: str, language: str) -> _Values:
    home = _home(view, concept, cluster)
    return [_as_entity(view, home, language)] if home else []


def _way(view: ReleaseView, concept: Concept | None, cluster: str, language: str) -> _Values:
    home = _home(view, concept, cluster)
    way = [*view.ancestors(home), view.clusters[home]] if home else []
    return [{"str": " › ".join(one.label(language) for one in way)}] if way else []


def _top(view: ReleaseView, concept: Concept | None, cluster: str, language: str) -> _Values:
    home = _home(view, concept, cluster)
    way = [*view.ancestors(home), view.clusters[home]] if home else []
    return [_as_entity(view, way[0].id, language)] if way else []


def _used_in(view: ReleaseView, concept: Concept | None, cluster: str, language: str) -> _Values:
    return _further(view, concept, "used-in", language)


def _found_under(view: ReleaseView, concept: Concept | None, cluster: str, language: str) -> _Values:
    return _further(view, concept, "found-under", language)


def _secondary(view: ReleaseView, concept: Concept | None, cluster: str, language: str) -> _Values:
    return _further(view, concept, "secondary", language)


def _further(view: ReleaseView, concept: Concept | None, rank: str, language: str) -> _Values:
    found = view.memberships(concept.id, language) if concept else []
    return [_as_entity(view, one.cluster, language) for one in found if one.rank == rank]


def _margin(view: ReleaseView, concept: Concept | None, cluster: str, language: str) -> _Values:
    found = view.memberships(concept.id, language) if concept else []
    return [{"float": one.margin} for one in found if one.margin is not None]


def _sectors(view: ReleaseView, concept: Concept | None, cluster: str, language: str) -> _Values:
    home = _home(view, concept, cluster)
    leading = view.clusters[home].leading if home else []
    return [
        {"str": f"{code} {in_language(view.sectors[code].labels, language)}"}
        for code in leading
        if code in view.sectors
    ]


def _parents(view: ReleaseView, concept: Concept | None, cluster: str, language: str) -> _Values:
    if concept is None:
        return []
    return [{"id": one.iri, "name": one.label} for one in view.linked(concept.id, "broader", language)]


def _label(view: ReleaseView, concept: Concept | None, cluster: str, language: str) -> _Values:
    if cluster:
        return [{"str": view.clusters[cluster].label(language)}]
    return [{"str": concept.label}] if concept else []


def _definition(view: ReleaseView, concept: Concept | None, cluster: str, language: str) -> _Values:
    if not concept and not cluster:
        return []
    text = words_about(view, concept.iri if concept else view.cluster_iri(cluster), language)[2]
    return [{"str": text}] if text else []


def _size(view: ReleaseView, concept: Concept | None, cluster: str, language: str) -> _Values:
    return [{"int": view.clusters[cluster].skills}] if cluster else []


_VALUES: dict[str, _Getter] = {
    "cluster": _cluster,
    "cluster_path": _way,
    "top_cluster": _top,
    "used_in": _used_in,
    "found_under": _found_under,
    "secondary_clusters": _secondary,
    "margin": _margin,
    "sectors": _sectors,
    "official_parents": _parents,
    "label": _label,
    "definition": _definition,
    "size": _size,
}
