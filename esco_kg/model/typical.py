"""What is typical of a cluster: what is used most, spread over its parts.

Pages, interfaces, notes and definitions share this order.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence


def by_use(items: Iterable[str], use: Mapping[str, float]) -> list[str]:
    """IRIs by how much they are used, most first; equal ones by IRI."""
    return sorted(items, key=lambda iri: (-use.get(iri, 0), iri))


def spread(parts: Sequence[Sequence[str]]) -> list[str]:
    """The first of each part, then the second of each, and so on; each once. The parts are in order of importance."""
    longest = max((len(part) for part in parts), default=0)
    return list(dict.fromkeys(part[place] for place in range(longest) for part in parts if place < len(part)))


def typical(
    cluster: str, children: Mapping[str, Sequence[str]], own: Mapping[str, Iterable[str]], use: Mapping[str, float]
) -> dict[str, list[str]]:
    """The order of the items of ``cluster`` and of every cluster below it.

    ``own`` gives the items of clusters without ``children``, ``use`` how much each is used. A cluster with parts takes
    from these in turn, from the one with most items first (equal ones by id).
    """
    found: dict[str, list[str]] = {}
    below = children.get(cluster, ())
    for child in below:
        found |= typical(child, children, own, use)
    if below:
        largest = sorted(below, key=lambda child: (-len(found[child]), child))
        found[cluster] = spread([found[child] for child in largest])
    else:
        found[cluster] = by_use(own.get(cluster, ()), use)
    return found


def use_within(needs: Iterable[tuple[str, str]], cluster_of: Mapping[str, str]) -> dict[str, float]:
    """Skill -> how much the occupations of its own cluster use it, from (occupation, skill) pairs.

    Each occupation that needs the skill counts by the share of its skills that are in the skill's cluster: a skill that
    all trades need is less typical of one of them than its own tools. Skills without a cluster do not count.
    """
    skills: dict[str, set[str]] = defaultdict(set)
    for occupation, skill in needs:
        if skill in cluster_of:
            skills[occupation].add(skill)
    found: dict[str, float] = defaultdict(float)
    for occupation in sorted(skills):
        counts = Counter(cluster_of[skill] for skill in skills[occupation])
        for skill in skills[occupation]:
            found[skill] += counts[cluster_of[skill]] / len(skills[occupation])
    # Rounded, so that sums in another order put equal skills in the same place.
    return {skill: round(use, 9) for skill, use in found.items()}
