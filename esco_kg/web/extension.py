"""The data extension of the Reconciliation API: what can be fetched for skills and clusters that were matched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from esco_kg.web.answers import Problem
from esco_kg.web.edition import Edition
from esco_kg.web.model import Concept, in_language

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
    "cluster": "Cluster (first place)",
    "cluster_path": "Path of clusters",
    "top_cluster": "Cluster of the top level",
    "secondary_clusters": "Further clusters",
    "margin": "Margin of the first place",
    "sectors": "Leading sectors (NACE 2.1)",
    "official_parents": "Parents in the official hierarchy",
    "label": "Preferred label",
    "definition": "Definition or description",
    "size": "Number of skills",
}


def subject(edition: Edition, identifier: str, language: str) -> tuple[Concept | None, str]:
    """(concept of the pillar, id of the cluster) of an IRI; one of the two, or neither."""
    local = identifier.removeprefix(f"{edition.base}cluster/")
    if local in edition.clusters:
        return None, local
    return edition.concept_of(identifier, language), ""


def words_about(edition: Edition, identifier: str, language: str) -> tuple[str, str, str]:
    """(type, label, what it is) for previews."""
    concept, cluster = subject(edition, identifier, language)
    if cluster:
        found = edition.clusters[cluster]
        return TYPE_NAMES["cluster"], found.label(language), in_language(found.definitions, language)
    if concept is None:
        raise Problem(404, "No release says anything of this IRI.")
    texts = edition.texts(concept.id, language)
    if not (texts["description"] or texts["definition"]):
        texts = edition.texts(concept.id, "en")
    return (
        TYPE_NAMES.get(concept.kind, concept.kind),
        concept.label,
        " ".join(texts["description"] or texts["definition"]),
    )


def type_of(kind: str) -> dict[str, str]:
    return {"id": kind, "name": TYPE_NAMES[kind]}


def extension(edition: Edition, language: str, asked: dict[str, Any]) -> dict[str, Any]:
    ids, properties = asked.get("ids"), asked.get("properties")
    if not isinstance(ids, list) or not isinstance(properties, list) or not all(isinstance(i, str) for i in ids):
        raise Problem(400, "extend has ids and properties, two lists.")
    if len(ids) > _IDS:
        raise Problem(413, f"At most {_IDS} ids at once.")
    names = [p.get("id") for p in properties if isinstance(p, dict)]
    if len(names) != len(properties) or any(name not in PROPERTIES for name in names):
        raise Problem(400, f"Properties: {', '.join(PROPERTIES)}.")
    rows = {identifier: _row(edition, identifier, language, names) for identifier in ids}
    return {"meta": [_meta(str(name)) for name in names], "rows": rows}


def _meta(name: str) -> dict[str, Any]:
    found: dict[str, Any] = {"id": name, "name": PROPERTIES[name]}
    if name in ("cluster", "top_cluster", "secondary_clusters"):
        found["type"] = type_of("cluster")
    return found


def _row(edition: Edition, identifier: str, language: str, names: list[Any]) -> dict[str, list[dict[str, Any]]]:
    concept, cluster = subject(edition, identifier, language)
    return {name: _VALUES[name](edition, concept, cluster, language) for name in names}


_Values = list[dict[str, Any]]
_Getter = Callable[[Edition, Concept | None, str, str], _Values]


def _home(edition: Edition, concept: Concept | None, cluster: str) -> str:
    """A cluster itself, or the first place of a skill."""
    return cluster or (edition.primary_of([concept.id]).get(concept.id, "") if concept else "")


def _as_entity(edition: Edition, cluster: str, language: str) -> dict[str, Any]:
    return {"id": f"{edition.base}cluster/{cluster}", "name": edition.clusters[cluster].label(language)}


def _cluster(edition: Edition, concept: Concept | None, cluster: str, language: str) -> _Values:
    home = _home(edition, concept, cluster)
    return [_as_entity(edition, home, language)] if home else []


def _way(edition: Edition, concept: Concept | None, cluster: str, language: str) -> _Values:
    home = _home(edition, concept, cluster)
    way = [*edition.ancestors(home), edition.clusters[home]] if home else []
    return [{"str": " › ".join(one.label(language) for one in way)}] if way else []


def _top(edition: Edition, concept: Concept | None, cluster: str, language: str) -> _Values:
    home = _home(edition, concept, cluster)
    way = [*edition.ancestors(home), edition.clusters[home]] if home else []
    return [_as_entity(edition, way[0].id, language)] if way else []


def _secondary(edition: Edition, concept: Concept | None, cluster: str, language: str) -> _Values:
    found = edition.memberships(concept.id, language) if concept else []
    return [_as_entity(edition, one.cluster, language) for one in found if one.rank == "secondary"]


def _margin(edition: Edition, concept: Concept | None, cluster: str, language: str) -> _Values:
    found = edition.memberships(concept.id, language) if concept else []
    return [{"float": one.margin} for one in found if one.rank == "primary"]


def _sectors(edition: Edition, concept: Concept | None, cluster: str, language: str) -> _Values:
    home = _home(edition, concept, cluster)
    leading = edition.clusters[home].leading if home else []
    return [
        {"str": f"{code} {in_language(edition.sectors[code].labels, language)}"}
        for code in leading
        if code in edition.sectors
    ]


def _parents(edition: Edition, concept: Concept | None, cluster: str, language: str) -> _Values:
    if concept is None:
        return []
    return [{"id": one.iri, "name": one.label} for one in edition.linked(concept.id, "broader", language)]


def _label(edition: Edition, concept: Concept | None, cluster: str, language: str) -> _Values:
    if cluster:
        return [{"str": edition.clusters[cluster].label(language)}]
    return [{"str": concept.label}] if concept else []


def _definition(edition: Edition, concept: Concept | None, cluster: str, language: str) -> _Values:
    if not concept and not cluster:
        return []
    text = words_about(edition, concept.iri if concept else f"{edition.base}cluster/{cluster}", language)[2]
    return [{"str": text}] if text else []


def _size(edition: Edition, concept: Concept | None, cluster: str, language: str) -> _Values:
    return [{"int": edition.clusters[cluster].skills}] if cluster else []


_VALUES: dict[str, _Getter] = {
    "cluster": _cluster,
    "cluster_path": _way,
    "top_cluster": _top,
    "secondary_clusters": _secondary,
    "margin": _margin,
    "sectors": _sectors,
    "official_parents": _parents,
    "label": _label,
    "definition": _definition,
    "size": _size,
}
