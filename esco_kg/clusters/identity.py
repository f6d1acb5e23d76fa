"""Which cluster is which: ids by overlap with the previous release's members, minted once and never reused."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linear_sum_assignment

from esco_kg.clusters.nested import Nested, Node
from esco_kg.model.clustering import IdentityEvent, RegistryEntry
from esco_kg.model.published import Published

# An old cluster's heir holds at least this share of those of its members that are still in ESCO.
HEIR = 0.25


@dataclass(slots=True)
class Identities:
    """The id of every cluster, what became of the previous ones, and the registry without labels of new ids."""

    ids: dict[Node, str]
    events: list[IdentityEvent] = field(default_factory=list)
    registry: list[RegistryEntry] = field(default_factory=list)


def identify(nested: Nested, previous: Published | None, kept: float, version: str) -> Identities:
    """Give every cluster its id.

    Only skills that both releases have count: what is new in ESCO, or gone from it, changes no cluster's identity.
    Rule, level by level: clusters of the previous release and of this one are paired one to one so that the sum of the
    Jaccard indices of their members is the largest possible (Kuhn 1955, the assignment problem), counting indices of at
    least ``kept`` alone. A pair keeps the id, so no id is retired while a new one is given to such a match. Every other
    cluster gets a new id, counted on from the highest in the registry, in the order of level and number in the
    partition. An id without a pair is retired and replaced by its heirs, the clusters with at least a quarter of those
    of its members that are still there, or else the one with most of them.

    Events (after Spiliopoulou et al. 2006, MONIC): an old cluster with one heir or none is ``retired``, with several
    ``split``; a new one that holds most of each of two or more old ones is ``merged``, any other ``new`` (its origins
    are the old ones that gave a quarter of its members); ``kept`` stands only where the members changed.
    """
    found = Identities({}, registry=list(previous.registry) if previous else [])
    taken = [int(entry.id[1:]) for entry in found.registry if re.fullmatch(r"c[0-9]{5}", entry.id)]
    counter = max(taken, default=0)
    had = frozenset().union(*(cluster.members for cluster in previous.clusters.values())) if previous else frozenset()
    both = had.intersection(nested.skills)
    for level in nested.levels:
        members = {
            (level.depth, number): frozenset(nested.skills[row] for row in nested.members[level.depth, number])
            for number in range(level.size)
        }
        before = {
            identifier: cluster.members & both
            for identifier, cluster in sorted(previous.clusters.items() if previous else ())
            if cluster.depth == level.depth
        }
        order = sorted(members)
        pairs = _pairs(before, [members[node] & both for node in order], kept)
        for place, node in enumerate(order):
            if place in pairs:
                found.ids[node] = pairs[place][0]
            else:
                counter += 1
                found.ids[node] = f"c{counter:05d}"
                found.registry.append(RegistryEntry(found.ids[node], level.depth, version))
        if previous:
            after = {found.ids[node]: members[node] & both for node in order}
            changed = {i for node, i in found.ids.items() if node in members and _changed(previous, i, members[node])}
            retire(found, level.depth, before, after, dict(pairs.values()), changed, version)
    found.registry.sort(key=lambda entry: entry.id)
    return found


def _changed(previous: Published, identifier: str, members: frozenset[str]) -> bool:
    return identifier in previous.clusters and previous.clusters[identifier].members != members


def _pairs(
    before: Mapping[str, frozenset[str]], members: Sequence[frozenset[str]], kept: float
) -> dict[int, tuple[str, float]]:
    """Place in ``members`` -> (previous id, Jaccard index) of the pairs that keep their id."""
    if not before:
        return {}
    ids = sorted(before)
    jaccard = np.zeros((len(ids), len(members)))
    where = {skill: place for place, skills in enumerate(members) for skill in skills}
    for i, identifier in enumerate(ids):
        shared = Counter(where[skill] for skill in before[identifier] if skill in where)
        for place, count in shared.items():
            jaccard[i, place] = count / (len(before[identifier]) + len(members[place]) - count)
    # Weaker matches keep no id: they may not take a partner away from a stronger one.
    jaccard[jaccard < kept] = 0
    rows, places = linear_sum_assignment(jaccard, maximize=True)
    return {
        int(place): (ids[row], round(float(jaccard[row, place]), 4))
        for row, place in zip(rows, places, strict=True)
        if jaccard[row, place] > 0
    }


def retire(
    found: Identities,
    depth: int,
    before: Mapping[str, frozenset[str]],
    after: Mapping[str, frozenset[str]],
    overlaps: Mapping[str, float],
    changed: Set[str],
    version: str,
) -> None:
    """Write the events of one level, and retire the ids that found no pair.

    ``before`` and ``after`` hold the skills that both releases have. ``changed`` are the kept ids whose members are
    others, new skills included.
    """
    where = {skill: identifier for identifier, skills in after.items() for skill in skills}
    whence = {skill: identifier for identifier, skills in before.items() for skill in skills}
    main_heirs: dict[str, list[str]] = defaultdict(list)
    replaced: dict[str, tuple[str, ...]] = {}
    for identifier, skills in before.items():
        heirs = _sharers(skills, where, HEIR) or _most(skills, where)
        for heir in _sharers(skills, where, 0.5):
            main_heirs[heir].append(identifier)
        if identifier not in overlaps:
            replaced[identifier] = heirs
            found.events.append(
                IdentityEvent(
                    "split" if len(heirs) > 1 else "retired", identifier, depth, heirs, _best(skills, after, heirs)
                )
            )
    for identifier, skills in after.items():
        if identifier in overlaps:
            if identifier in changed:
                found.events.append(IdentityEvent("kept", identifier, depth, (), overlaps[identifier]))
            continue
        origins = tuple(sorted(main_heirs[identifier]))
        is_merged = len(origins) > 1
        origins = origins if is_merged else _sharers(skills, whence, HEIR)
        overlap = _best(skills, before, origins)
        found.events.append(IdentityEvent("merged" if is_merged else "new", identifier, depth, origins, overlap))
    found.registry = [
        RegistryEntry(e.id, e.depth, e.minted_in, version, replaced[e.id], e.label) if e.id in replaced else e
        for e in found.registry
    ]


def _sharers(skills: frozenset[str], where: Mapping[str, str], least: float) -> tuple[str, ...]:
    """The clusters that hold at least this share of the skills that are anywhere, in order of their ids."""
    counts = Counter(where[skill] for skill in skills if skill in where)
    total = sum(counts.values())
    return tuple(sorted(identifier for identifier, count in counts.items() if count >= least * total))


def _most(skills: frozenset[str], where: Mapping[str, str]) -> tuple[str, ...]:
    """The one cluster that holds most of them: the only heir of a cluster that fell apart; none where all are gone."""
    counts = Counter(where[skill] for skill in skills if skill in where)
    return (min(counts, key=lambda identifier: (-counts[identifier], identifier)),) if counts else ()


def _best(skills: frozenset[str], others: Mapping[str, frozenset[str]], among: Sequence[str]) -> float:
    """The largest Jaccard index with one of them."""
    return round(max((len(skills & others[o]) / len(skills | others[o]) for o in among if others[o]), default=0.0), 4)
