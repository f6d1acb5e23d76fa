"""What became of each cluster: found by its id, its place in the hierarchy, and the skills that both versions have.

A cluster was *split* where at least two clusters of its level each hold :data:`PART` of its skills and consist of them
to :data:`MAINLY` at least; it was *merged* from clusters that each make up :data:`PART` of it and gave it
:data:`MAINLY` of their skills at least. Whether one of the clusters kept the id plays no part. Where neither holds and
skills came or went, it is *re-scoped*. Skills that only one version has play no part in this.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Set
from math import fsum

from esco_kg.diff.tables import Clusters
from esco_kg.model.changes import Change

PART = 0.2
MAINLY = 0.5

_Found = Iterator[tuple[Change, set[str]]]


class Overlap:
    """How the clusters of one level share their skills: counts over the skills of both versions."""

    def __init__(self, old: Mapping[str, str], new: Mapping[str, str]) -> None:
        both = old.keys() & new.keys()
        self.shared = Counter((old[skill], new[skill]) for skill in both)
        self.before = Counter(old[skill] for skill in both)
        self.after = Counter(new[skill] for skill in both)
        self._from: dict[str, list[str]] = defaultdict(list)
        self._into: dict[str, list[str]] = defaultdict(list)
        for a, b in sorted(self.shared, key=lambda pair: (-self.shared[pair], pair)):
            self._from[a].append(b)
            self._into[b].append(a)

    def similarity(self) -> float:
        """Element-centric similarity (Gates and others 2019): the mean of |A n B| / max(|A|, |B|) over the skills."""
        total = sum(self.shared.values())
        if not total:
            return 1.0
        parts = sorted((n, max(self.before[a], self.after[b])) for (a, b), n in self.shared.items())
        return fsum(n * n / largest for n, largest in parts) / total

    def targets(self, source: str) -> list[str]:
        """The new clusters that have skills of an old one, the largest share first."""
        return self._from.get(source, [])

    def parts(self, source: str) -> tuple[str, ...]:
        """The clusters that an old one was split into, the largest first; () where it was not split."""
        least = PART * self.before[source]
        found = [b for b in self.targets(source) if self.shared[source, b] >= max(least, MAINLY * self.after[b])]
        return tuple(found) if len(found) > 1 else ()

    def sources(self, target: str) -> tuple[str, ...]:
        """The clusters that a new one was merged from, the largest share first; () where it was not merged."""
        least = PART * self.after[target]
        into = self._into.get(target, [])
        found = [a for a in into if self.shared[a, target] >= max(least, MAINLY * self.before[a])]
        return tuple(found) if len(found) > 1 else ()


def overlaps(old: Clusters, new: Clusters) -> dict[int, Overlap]:
    """Level -> how its clusters share skills."""
    return {depth: Overlap(old.at(depth), new.at(depth)) for depth in sorted({*old.depths, *new.depths})}


def cluster_changes(old: Clusters, new: Clusters, found: Mapping[int, Overlap]) -> _Found:
    """Every change of a cluster but those of its texts, with the skills it concerns."""
    for depth, overlap in found.items():
        before = {i for i, c in old.clusters.items() if c.depth == depth}
        after = {i for i, c in new.clusters.items() if c.depth == depth}
        both = old.at(depth).keys() & new.at(depth).keys()
        broken = {i: overlap.parts(i) for i in sorted(before)}
        joined = {i: overlap.sources(i) for i in sorted(after)}
        for identifier, parts in broken.items():
            if parts:
                change = Change("cluster", "split", identifier, old.label(identifier), others=parts)
                yield change, set(old.clusters[identifier].members)
        for identifier, sources in joined.items():
            if sources:
                skills = {s for source in sources for s in old.clusters[source].members}
                yield Change("cluster", "merged", identifier, new.label(identifier), others=sources), skills
        for identifier in sorted(after - before):
            skills = set(new.clusters[identifier].members)
            yield Change("cluster", "added", identifier, new.label(identifier)), skills
        for identifier in sorted(before - after):
            entry = new.registry.get(identifier)
            successors = entry.replaced_by if entry else ()
            change = Change("cluster", "deprecated", identifier, old.label(identifier), others=successors)
            yield change, set(old.clusters[identifier].members)
        for identifier in sorted(before & after):
            if old.clusters[identifier].parent != new.clusters[identifier].parent:
                yield _moved(old, new, identifier)
            if not broken[identifier] and not joined[identifier]:
                yield from _rescoped(old, new, identifier, both)


def _moved(old: Clusters, new: Clusters, identifier: str) -> tuple[Change, set[str]]:
    before, after = old.clusters[identifier], new.clusters[identifier]
    places = (before.parent or "", after.parent or "")
    return Change("cluster", "moved", identifier, after.label, "broader", "", *places), set(after.members)


def _rescoped(old: Clusters, new: Clusters, identifier: str, both: Set[str]) -> _Found:
    before, after = old.clusters[identifier], new.clusters[identifier]
    came, left = (after.members - before.members) & both, (before.members - after.members) & both
    if came or left:
        sizes = (str(len(before.members)), str(len(after.members)))
        skills = "skill" if len(came) == 1 else "skills"
        reason = f"{len(came)} {skills} came from other clusters, {len(left)} left for others"
        change = Change("cluster", "re-scoped", identifier, after.label, "skills", "", *sizes, reason=reason)
        yield change, set(came | left)


def movements(old: Clusters, new: Clusters) -> dict[str, set[str]]:
    """Cluster -> skills of both versions that came to it or left it, at every level."""
    found: dict[str, set[str]] = defaultdict(set)
    for depth in sorted({*old.depths, *new.depths}):
        before, after = old.at(depth), new.at(depth)
        for skill in before.keys() & after.keys():
            if before[skill] != after[skill]:
                found[before[skill]].add(skill)
                found[after[skill]].add(skill)
    return found
