"""Changes of what hangs on the clusters: allocations of skills, relations between clusters, links to sectors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from esco_kg.diff.tables import Clusters
from esco_kg.model.changes import About, Change, Kind

_Found = Iterator[tuple[Change, set[str], int | None]]


def allocation_changes(old: Clusters, new: Clusters) -> _Found:
    """Primary allocations added, removed and moved; further ones added and removed; ranks and weights changed.

    A skill that moved has one change for it: those of its old and new primary allocation are not reported again. The
    end of an allocation that is no skill is the cluster, in ``others``.
    """

    def change(field: str, skill: str, cluster: str, was: str, now: str) -> tuple[Change, set[str], int | None]:
        label = new.skill_labels.get(skill) or old.skill_labels.get(skill, "")
        kind = _kind(was, now)
        if kind == "changed" and field == "primary":
            kind = "moved"
        return Change("allocation", kind, skill, label, field, "", was, now, (cluster,)), {skill}, None

    before, after = old.primary(), new.primary()
    for skill in sorted(before.keys() | after.keys()):
        was, now = before.get(skill, ""), after.get(skill, "")
        if was != now:
            yield change("primary", skill, now or was, was, now)
    for skill, cluster in sorted(old.allocations.keys() | new.allocations.keys()):
        here, there = old.allocations.get((skill, cluster)), new.allocations.get((skill, cluster))
        if here and there:
            if here.rank != there.rank and before.get(skill) == after.get(skill):
                yield change("rank", skill, cluster, here.rank, there.rank)
            if here.weight != there.weight:
                yield change("weight", skill, cluster, here.weight, there.weight)
        elif here and here.rank != "primary":
            yield change(here.rank, skill, cluster, here.weight, "")
        elif there and there.rank != "primary":
            yield change(there.rank, skill, cluster, "", there.weight)


def relation_changes(old: Clusters, new: Clusters) -> _Found:
    """Relations between clusters added, removed, or of another weight."""
    yield from _weights("cluster relation", old, new, _pairs(old.relations), _pairs(new.relations))


def sector_changes(old: Clusters, new: Clusters) -> _Found:
    """Leading sectors that a cluster won or lost, and its shares of NACE sections that are not what they were."""
    for identifier in sorted(old.leading.keys() & new.leading.keys()):
        here, there = old.leading[identifier], new.leading[identifier]
        for code in sorted(here ^ there):
            kind: Kind = "added" if code in there else "removed"
            yield Change("sector link", kind, identifier, new.label(identifier), "leading", others=(code,)), set(), 0
    kept = old.clusters.keys() & new.clusters.keys()
    before, after = (
        {(cluster, "share", code): share for (cluster, code), share in side.sections.items() if cluster in kept}
        for side in (old, new)
    )
    yield from _weights("sector link", old, new, before, after)


def _kind(was: str, now: str) -> Kind:
    return "changed" if was and now else "added" if now else "removed"


def _pairs(relations: Mapping[tuple[str, str, str], str]) -> dict[tuple[str, str, str], str]:
    """(cluster, basis, other cluster) -> weight."""
    return {(source, basis, target): weight for (source, target, basis), weight in relations.items()}


def _weights(
    about: About,
    old: Clusters,
    new: Clusters,
    before: Mapping[tuple[str, str, str], str],
    after: Mapping[tuple[str, str, str], str],
) -> _Found:
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key, ""), after.get(key, "")
        if was != now:
            name = new.label(key[0]) or old.label(key[0])
            yield Change(about, _kind(was, now), key[0], name, key[1], "", was, now, (key[2],)), set(), 0
