"""Which cluster is which, where the publisher says so: the same id is the same cluster."""

from __future__ import annotations

from dataclasses import replace

from esco_kg.clusters.identity import Identities, retire
from esco_kg.clusters.nested import Nested
from esco_kg.errors import InputError
from esco_kg.model.clustering import RegistryEntry
from esco_kg.model.given import GivenClusters
from esco_kg.model.published import Published


def given_identities(nested: Nested, given: GivenClusters, previous: Published | None, version: str) -> Identities:
    """The ids as given. An id that is gone is retired, with the clusters that hold its skills now as successors.

    Raises InputError where an id comes back that was retired: its page says that it is no more.
    """
    found = Identities({}, registry=list(previous.registry) if previous else [])
    known = {entry.id: entry for entry in found.registry}
    for identifier, cluster in given.clusters.items():
        entry = known.get(identifier)
        if entry and entry.retired_in:
            raise InputError(
                cluster.place,
                f"the id {identifier} was retired in release {entry.retired_in}",
                "Give the cluster a new id: a retired one is never used again.",
            )
    before = previous.clusters if previous else {}
    for level in nested.levels:
        real = [n for n in range(level.size) if not nested.is_repeated((level.depth, n))]
        after = {}
        for n in range(level.size):
            found.ids[level.depth, n] = nested.partition.keys[level.depth - 1][n]
        for n in real:
            identifier = found.ids[level.depth, n]
            after[identifier] = frozenset(nested.skills[row] for row in nested.members[level.depth, n])
            if identifier not in known:
                found.registry.append(RegistryEntry(identifier, level.depth, version))
        if previous:
            own = {i: c.members for i, c in sorted(before.items()) if c.depth == level.depth or i in after}
            own = {i: m for i, m in own.items() if i in after or i not in given.clusters}
            overlaps = {i: _overlap(own[i], after[i]) for i in own.keys() & after.keys()}
            changed = {i for i in overlaps if own[i] != after[i]}
            retire(found, level.depth, own, after, overlaps, changed, version)
    depth = {identifier: len(given.chain(identifier)) for identifier in given.clusters}
    found.registry = sorted((replace(e, depth=depth.get(e.id, e.depth)) for e in found.registry), key=lambda e: e.id)
    return found


def _overlap(first: frozenset[str], second: frozenset[str]) -> float:
    """The Jaccard index."""
    return round(len(first & second) / max(len(first | second), 1), 4)
