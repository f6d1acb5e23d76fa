"""A level of ESCO's own skills pillar as clusters: a baseline to publish and to compare with."""

from __future__ import annotations

import re
from collections import defaultdict

from esco_kg.errors import UsageError
from esco_kg.model.given import GivenCluster, GivenClusters, GivenMembership
from esco_kg.model.pillar import Pillar, Texts
from esco_kg.words import said

_NAMED = re.compile(r"official:([1-3])")


def is_official(named: str) -> bool:
    """Whether the name asks for a level of the official hierarchy. Raises UsageError for a level that there is not."""
    if named.startswith("official:") and not _NAMED.fullmatch(named):
        raise UsageError(f"{named}: there is no such level", "Write official:1, official:2 or official:3.")
    return named.startswith("official:")


def from_official(named: str, pillar: Pillar) -> GivenClusters:
    """``official:2``: the groups of the skills pillar down to level 2, below S, K, L and T.

    A skill belongs to each group of that level above it, or to the last group above it where its branch ends before;
    the one with the lowest code is its primary one. A skill that stands directly in a group with groups below it is in
    no cluster.
    """
    deepest = int(named.removeprefix("official:"))
    parents: dict[str, list[str]] = defaultdict(list)
    for child, parent in pillar.skill_broader:
        parents[child].append(parent)
    above = _group_parents(pillar, parents)
    depth = {iri: _depth(iri, above) for iri in pillar.skill_groups}
    kept = {iri for iri, level in depth.items() if level <= deepest}
    inner = {above[iri] for iri in kept if above.get(iri)}
    ends = kept - inner
    found: dict[str, set[str]] = {skill: set() for skill in pillar.skills}
    for skill in pillar.skills:
        for group in _groups_above(skill, parents, pillar):
            while depth[group] > deepest:
                group = above[group]
            if group in ends:
                found[skill].add(group)
    used = {group for groups in found.values() for group in groups}
    first = {min(groups, key=lambda g: pillar.skill_groups[g].code) for groups in found.values() if groups}
    clusters, place = _clusters(pillar, above, first), f"ESCO {pillar.version}"
    memberships = [
        GivenMembership(skill, pillar.skill_groups[group].code, 1 / len(groups & first), rank, place)
        for skill, groups in sorted(found.items())
        for rank, group in enumerate(sorted(groups & first, key=lambda g: pillar.skill_groups[g].code), start=1)
    ]
    given = GivenClusters("official", clusters, memberships)
    given.by = "the makers of the demonstration data" if pillar.is_demonstration else "the European Commission"
    given.how = (
        f"The clusters are the groups of the skills pillar down to level {deepest}. A skill belongs to each group "
        "of that level above it; the one with the lowest code is its primary cluster."
    )
    given.level_names = {"en": {n: f"level {n - 1} of the skills pillar" for n in range(1, deepest + 2)}}
    if left := len(used - first):
        given.statements.append(said("said_official_left", n=left))
    return given


def _group_parents(pillar: Pillar, parents: dict[str, list[str]]) -> dict[str, str]:
    """Group -> the group above, the one with the lowest code."""
    groups = pillar.skill_groups
    found = {}
    for iri in groups:
        above = [parent for parent in parents.get(iri, ()) if parent in groups]
        if above:
            found[iri] = min(above, key=lambda parent: groups[parent].code)
    return found


def _depth(iri: str, above: dict[str, str]) -> int:
    """0 for S, K, L and T, 1 for S1, ..."""
    depth = 0
    while iri in above:
        iri, depth = above[iri], depth + 1
    return depth


def _groups_above(skill: str, parents: dict[str, list[str]], pillar: Pillar) -> set[str]:
    """The nearest groups above a skill, also through broader skills."""
    found, waiting, seen = set(), [skill], {skill}
    while waiting:
        for parent in parents.get(waiting.pop(), ()):
            if parent in pillar.skill_groups:
                found.add(parent)
            elif parent not in seen:
                seen.add(parent)
                waiting.append(parent)
    return found


def _alternatives(texts: Texts) -> tuple[str, ...]:
    """Without the preferred label, which ESCO repeats among them for some groups: SKOS (S13) forbids that."""
    return tuple(label for label in texts.alt if label != texts.pref)


def _clusters(pillar: Pillar, above: dict[str, str], ends: set[str]) -> dict[str, GivenCluster]:
    needed = set(ends)
    for iri in ends:
        while iri in above:
            iri = above[iri]
            needed.add(iri)
    found = {}
    for iri in sorted(needed, key=lambda iri: pillar.skill_groups[iri].code):
        group = pillar.skill_groups[iri]
        texts = group.texts
        found[group.code] = GivenCluster(
            group.code,
            pillar.skill_groups[above[iri]].code if iri in above else "",
            labels={language: t.pref for language, t in texts.items() if t.pref},
            alt_labels={language: alt for language, t in texts.items() if (alt := _alternatives(t))},
            definitions={
                language: t.definition or t.description
                for language, t in texts.items()
                if t.definition or t.description
            },
            scope_notes={language: t.scope_note for language, t in texts.items() if t.scope_note},
            place=f"ESCO {pillar.version}",
        )
    return found
