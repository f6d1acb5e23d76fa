"""Which skills are reviewed, by whom: where evidence disagrees with the place, and a random stratum in no order."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from esco_kg.errors import UsageError
from esco_kg.folder.material import Material
from esco_kg.trials.review.disagreement import disagreement

PRIORITY, RANDOM, ADJUDICATION = "priority", "random", "adjudication"
_CANDIDATES = 5
_FREQUENT = 0.1
"""The share of all skills, by falling use, that is reviewed first."""


@dataclass(frozen=True, slots=True)
class Case:
    """One skill for one reviewer. ``candidates`` (cluster ids) are given where the present cluster is hidden."""

    reviewer: str
    stratum: str
    skill: str
    cluster: str
    runner_up: str
    margin: float | None
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """What to export. ``use`` maps skills to how often they are used (else the number of ESCO's occupations).

    ``priority``, ``rare`` and ``random`` count skills in all; ``overlap`` of the random ones go to two reviewers.
    ``clusters`` limits the priority part to skills of these clusters, at any level.
    """

    reviewers: tuple[str, ...]
    priority: int = 200
    random: int = 100
    overlap: int = 30
    seed: int = 20260131
    clusters: tuple[str, ...] = ()
    use: Mapping[str, float] | None = None
    rare: int = 0


def cases(material: Material, order: Order) -> dict[str, list[Case]]:
    """Cases per reviewer: the random stratum, then the others by falling disagreement between the place and what ESCO
    says: first the tenth of all skills that is used most, then the rarely used ones, and ``rare`` of these in any case.

    A skill that data did not place has no margin and is not among them, unless no skill of the release has one.

    The random stratum is drawn from all skills, stratified by cluster of the top level in proportion to its skills (at
    least one each); nothing in the order of its rows tells the present cluster. The same order gives the same cases.
    """
    if len(order.reviewers) != len(set(order.reviewers)) or not order.reviewers:
        raise UsageError("reviewers need ids of their own", "Give --reviewers r1,r2.")
    if min(order.priority, order.rare, order.random, order.overlap) < 0:
        raise UsageError("a number of skills is negative", "Give 0 or more.")
    if order.overlap and len(order.reviewers) < 2:
        raise UsageError("an overlap needs two reviewers", "Give --reviewers r1,r2 or --overlap 0.")
    drawn = _drawn(material, order)
    found: dict[str, list[Case]] = {reviewer: [] for reviewer in order.reviewers}
    for number, skill in enumerate(drawn):
        raters = 2 if number < order.overlap else 1
        for step in range(raters):
            reviewer = order.reviewers[(number + step) % len(order.reviewers)]
            found[reviewer].append(_case(material, skill, reviewer, RANDOM, order.seed))
    for number, skill in enumerate(_doubtful(material, order, set(drawn))):
        reviewer = order.reviewers[number % len(order.reviewers)]
        found[reviewer].append(_case(material, skill, reviewer, PRIORITY, order.seed))
    return found


def strata(material: Material) -> dict[str, list[str]]:
    """Cluster of the top level -> its skills, sorted."""
    found: dict[str, list[str]] = defaultdict(list)
    for skill, allocation in sorted(material.primary.items()):
        found[material.path(allocation.cluster)[0]].append(skill)
    return dict(sorted(found.items()))


def by_area(material: Material, own: Sequence[Case]) -> dict[str, list[Case]]:
    """Cases by cluster of the top level. The random stratum stays together under '': its place is hidden."""
    found: dict[str, list[Case]] = defaultdict(list)
    for case in own:
        found["" if case.candidates else material.path(case.cluster)[0]].append(case)
    return dict(sorted(found.items()))


def _drawn(material: Material, order: Order) -> list[str]:
    random = Random(order.seed)
    groups = strata(material)
    total = sum(len(skills) for skills in groups.values())
    drawn: list[str] = []
    for skills in groups.values():
        share = max(1, round(order.random * len(skills) / total)) if order.random else 0
        drawn += random.sample(skills, min(share, len(skills)))
    random.shuffle(drawn)
    return drawn


def _doubtful(material: Material, order: Order, left_out: set[str]) -> Sequence[str]:
    for cluster in order.clusters:
        if cluster not in material.clusters:
            raise UsageError(f"the release has no cluster {cluster}", "Give ids such as c00042.")
    frequent, rare = queues(material, order.use)
    frequent, rare = ([skill for skill in of if _is_asked(material, skill, order, left_out)] for of in (frequent, rare))
    first = [*frequent, *rare][: order.priority]
    more = [skill for skill in rare if skill not in set(first)]
    return [*first, *more[: order.rare]]


def queues(material: Material, use: Mapping[str, float] | None = None) -> tuple[list[str], list[str]]:
    """The tenth of all skills that is used most, with those used as much as its last one, and the others; both by
    falling disagreement. ``use`` is else the number of occupations that need the skill."""
    doubts = disagreement(material)
    used = {skill: use.get(skill, 0.0) if use else len(material.occupations_of.get(skill, ())) for skill in doubts}
    least = sorted(used.values(), reverse=True)[max(1, round(_FREQUENT * len(used))) - 1] if used else 0.0
    ordered = sorted(doubts, key=lambda skill: (-doubts[skill], skill))
    is_frequent = {skill: used[skill] > 0 and used[skill] >= least for skill in ordered}
    return [s for s in ordered if is_frequent[s]], [s for s in ordered if not is_frequent[s]]


def _is_asked(material: Material, skill: str, order: Order, left_out: set[str]) -> bool:
    allocation = material.primary[skill]
    is_measured = allocation.margin is not None or not material.has_margins
    wanted = set(order.clusters)
    return (
        is_measured and skill not in left_out and (not wanted or bool(wanted & set(material.path(allocation.cluster))))
    )


def _case(material: Material, skill: str, reviewer: str, stratum: str, seed: int) -> Case:
    allocation = material.primary[skill]
    hidden = _candidates(material, skill, seed) if stratum == RANDOM else ()
    return Case(reviewer, stratum, skill, allocation.cluster, allocation.runner_up or "", allocation.margin, hidden)


def _candidates(material: Material, skill: str, seed: int) -> tuple[str, ...]:
    """The present cluster among the runner-up, further ones and siblings, in an order that tells nothing."""
    allocation = material.primary[skill]
    parent = material.clusters[allocation.cluster].parent
    others = [allocation.runner_up, *(a.cluster for a in material.memberships[skill] if a.rank != "primary")]
    # Drawn in one order and shown in another: were it the same, those drawn would stand before the present one.
    finest = _in_order(list(material.finest), f"draw {seed} {skill}")
    siblings = [c for c in finest if material.clusters[c].parent == parent]
    near = [c for c in dict.fromkeys([*others, *siblings, *finest]) if c and c != allocation.cluster]
    return tuple(_in_order([allocation.cluster, *near[: _CANDIDATES - 1]], f"show {seed} {skill}"))


def _in_order(clusters: list[str], salt: str) -> list[str]:
    return sorted(clusters, key=lambda cluster: hashlib.sha256(f"{salt} {cluster}".encode()).hexdigest())
