"""Given clusters as a partition, with every skill where its publisher has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from esco_kg.clusters.chains import Chains
from esco_kg.clusters.likeness import likeness
from esco_kg.config import ClusterSettings
from esco_kg.model.expertise import Expertise
from esco_kg.model.given import GivenClusters
from esco_kg.model.partition import SECONDARY, Membership, Partition
from esco_kg.model.pillar import Pillar, SectorLinks
from esco_kg.model.published import Published

_LEAST_WEIGHT = 0.01  # the smallest that is published


class GivenMethod:
    """The clustering method that takes the clusters as somebody gave them; see :mod:`esco_kg.clusters.methods`."""

    def __init__(self, given: GivenClusters, *, complete: bool = False) -> None:
        self._given, self._complete = given, complete
        self.how: Mapping[str, str] = {"en": given.how} if given.how else {}

    def __call__(
        self,
        pillar: Pillar,
        sectors: SectorLinks,
        settings: ClusterSettings,
        previous: Published | None,
        expertise: Expertise,
    ) -> Partition:
        """As :func:`given_partition`; sectors, settings and the previous release decide nothing."""
        return given_partition(self._given, pillar, expertise, complete=self._complete)


def given_partition(given: GivenClusters, pillar: Pillar, expertise: Expertise, *, complete: bool = False) -> Partition:
    """Skills that are in no cluster are left out, but for those that a line of experts places; with ``complete`` all
    go to the cluster that is most like them.

    A skill's weights are divided by their sum. There are no margins: nobody measured how near another cluster is.
    """
    primary = given.primary()
    depth = max(len(given.chain(identifier)) for identifier in given.clusters)
    keys = [_at(given, level, depth) for level in range(1, depth + 1)]
    number = [{key: n for n, key in enumerate(level)} for level in keys]
    skills = sorted(pillar.skills if complete else primary.keys() | _placed(expertise))
    beside = _beside(expertise, {skill: number[-1][membership.cluster] for skill, membership in primary.items()})
    finest = np.array([beside(skill) for skill in skills], dtype=np.int32)
    methods = ["given"] * len(skills)
    if (finest < 0).any():
        used = {skill for _, skill, _ in pillar.occupation_skills}
        like = likeness(pillar, skills, finest, len(keys[-1]))
        for row in np.flatnonzero(finest < 0):
            finest[row] = int(like[row].argmax())
            methods[row] = "data" if skills[row] in used else "text"
    return Partition(
        skills=skills,
        finest=finest,
        parents=[
            np.array([_parent(given, key, number[level]) for key in keys[level + 1]], dtype=np.int32)
            for level in range(depth - 1)
        ],
        branches=[""] * len(keys[0]),
        frames=[""] * len(keys[0]),
        further=_further(given, skills, number[-1]),
        margins=np.full(len(skills), np.nan),
        runners_up=np.full(len(skills), -1, dtype=np.int32),
        methods=methods,
        decisions=[""] * len(skills),
        parameters={"method": "given", "kind": given.kind, "complete": complete},
        statements=list(given.statements),
        keys=keys,
    )


def _placed(expertise: Expertise) -> set[str]:
    """The skills that a line puts somewhere."""
    kinds = ("forced", "must-link", "seed")
    return {skill for decision in expertise.decisions if decision.kind in kinds for skill in decision.skills}


def _beside(expertise: Expertise, own: Mapping[str, int]) -> Callable[[str], int]:
    """Looks up a skill's cluster: as given, otherwise that of a given skill that lines join it with, otherwise -1."""
    chains = Chains(expertise.decisions)
    by_chain: dict[str, int] = {}
    for skill in sorted(own):
        by_chain.setdefault(chains.root(skill), own[skill])
    return lambda skill: own[skill] if skill in own else by_chain.get(chains.root(skill), -1)


def _at(given: GivenClusters, level: int, depth: int) -> list[str]:
    """The clusters of a level, and those that end above it, which stand for themselves."""
    leaves = set(given.leaves())
    found = []
    for identifier in given.clusters:
        own = len(given.chain(identifier))
        if own == level or (own < level <= depth and identifier in leaves):
            found.append(identifier)
    return found


def _parent(given: GivenClusters, key: str, above: dict[str, int]) -> int:
    return above[key] if key in above else above[given.clusters[key].parent]


def _further(given: GivenClusters, skills: Sequence[str], number: dict[str, int]) -> list[list[Membership]]:
    """Further memberships of each skill, heaviest first; the primary one has the rest of the weight."""
    primary = given.primary()
    others: dict[str, list[tuple[float, int]]] = {}
    total: dict[str, float] = {}
    for membership in given.memberships:
        total[membership.skill] = total.get(membership.skill, 0.0) + membership.weight
        if membership is not primary[membership.skill]:
            others.setdefault(membership.skill, []).append((-membership.weight, number[membership.cluster]))
    return [
        [
            Membership(cluster, SECONDARY, max(-weight / total[skill], _LEAST_WEIGHT))
            for weight, cluster in sorted(others.get(skill, ()))
        ]
        for skill in skills
    ]
