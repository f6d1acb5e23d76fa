"""Which skill belongs to which cluster: its primary one, and further memberships of two kinds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import fsum

import numpy as np

from esco_kg.clusters.memberships import PLACES, is_close
from esco_kg.clusters.nested import Nested, Node
from esco_kg.model.clustering import PLACED, Allocation, Rejection
from esco_kg.model.expertise import Decision, Expertise
from esco_kg.model.partition import FOUND_UNDER, SECONDARY, SHARES, USED_IN, Membership

_LEAST = 0.01  # what the primary allocation keeps at least


def allocations(
    nested: Nested, ids: Mapping[Node, str], expertise: Expertise, rejected: Sequence[Rejection] = ()
) -> list[Allocation]:
    """Allocations by skill, the primary one first.

    Weights that are shares are rounded to two places and the primary has the rest: these add up to 1 to the last
    digit. A cluster that experts add, and that does not use the skill, is one that it is found under; none
    of those that they rejected is a further one, nor any below it.
    """
    partition, depth = nested.partition, nested.levels[-1].depth
    also, barred = _also(nested, ids, expertise), _barred(nested, ids, rejected)
    found = []
    for row, skill in enumerate(nested.skills):
        own, method, decision = int(partition.finest[row]), partition.methods[row], partition.decisions[row]
        added = {cluster: said for cluster, said in also[skill].items() if cluster != own}
        further = _further([m for m in partition.further[row] if m.cluster not in barred[skill]], added)
        is_measured = method in PLACED and not np.isnan(partition.margins[row])
        margin = round(float(partition.margins[row]), PLACES) if is_measured else None
        runner = _runner_up(nested, row, {m.cluster for m in further} | barred[skill])
        primary = round(1.0 - fsum(m.weight for m in further if m.kind in SHARES), PLACES)
        runner_up = ids[depth, runner] if runner >= 0 else None
        found.append(Allocation(skill, ids[depth, own], "primary", primary, margin, runner_up, method, decision))
        for cluster, kind, weight in further:
            # What fits next best is told for that, however near it is in meaning.
            by = "data" if ids[depth, cluster] == runner_up else _HOW[kind]
            how = ("forced", added[cluster].place) if cluster in added else (by, "")
            found.append(Allocation(skill, ids[depth, cluster], kind, weight, None, None, *how))
    return found


_HOW = {USED_IN: "data", FOUND_UNDER: "text", SECONDARY: "given"}


def _runner_up(nested: Nested, row: int, listed: set[int]) -> int:
    """The published runner-up, -1 for none: a close one, or where the data alone would put what an expert placed. It
    is ``listed``: among the memberships, or rejected."""
    partition = nested.partition
    runner, is_decided = int(partition.runners_up[row]), bool(partition.decisions[row])
    close = partition.methods[row] in PLACED and is_close(partition.margins[row])
    return runner if runner in listed and (close or is_decided) else -1


def _further(memberships: list[Membership], added: Mapping[int, Decision]) -> list[Membership]:
    """Those that the data found, then those that experts add; rounded, and none of weight 0."""
    new = [Membership(c, FOUND_UNDER, 1.0) for c in added if c not in {m.cluster for m in memberships}]
    found = [m._replace(weight=round(min(m.weight, 1.0), PLACES)) for m in [*memberships, *new]]
    used = round(fsum(m.weight for m in found if m.kind in SHARES), PLACES)
    if used > 1 - _LEAST:  # no occupation's own cluster is the primary one
        largest = max(range(len(found)), key=lambda i: (found[i].kind in SHARES, found[i].weight, -i))
        weight = round(found[largest].weight - (used - 1 + _LEAST), PLACES)
        found[largest] = found[largest]._replace(weight=weight)
    return [m for m in found if m.weight > 0]


def _also(nested: Nested, ids: Mapping[Node, str], expertise: Expertise) -> dict[str, dict[int, Decision]]:
    """Skill -> finest cluster -> the decision that the skill belongs there, too."""
    finest = nested.levels[-1]
    numbers = {ids[finest.depth, number]: number for number in range(finest.size)}
    found: dict[str, dict[int, Decision]] = defaultdict(dict)
    for decision in expertise.decisions:
        if decision.kind != "also":
            continue
        target = decision.target
        row = nested.row.get(target.removeprefix("skill:"))
        number = int(finest.of[row]) if row is not None else numbers.get(target)
        if number is not None:
            for skill in decision.skills:
                found[skill][number] = decision
    return found


def _barred(nested: Nested, ids: Mapping[Node, str], rejected: Sequence[Rejection]) -> dict[str, set[int]]:
    """Skill -> the finest clusters that it was rejected from, with all below a larger one."""
    below: dict[str, set[int]] = defaultdict(set)
    for number in range(nested.levels[-1].size):
        node: Node | None = (nested.levels[-1].depth, number)
        while node:
            below[ids[node]].add(number)
            node = nested.parent(node)
    found: dict[str, set[int]] = defaultdict(set)
    for rejection in rejected:
        found[rejection.skill] |= below[rejection.cluster]
    return found


def rejections(nested: Nested, ids: Mapping[Node, str], expertise: Expertise) -> list[Rejection]:
    """What experts rejected, in the order of skill and cluster; a target that is no cluster of now is left out.

    The cluster of another skill is that of the finest level, a frame's the top clusters made from it.
    """
    finest, known = nested.levels[-1], set(ids.values())
    found = set()
    for decision in expertise.decisions:
        if decision.kind != "rejected":
            continue
        target = decision.target
        if target.startswith("skill:"):
            row = nested.row.get(target.removeprefix("skill:"))
            targets = {ids[finest.depth, int(finest.of[row])]} if row is not None else set()
        else:
            framed = {ids[1, n] for n, key in enumerate(nested.partition.frames) if key == target}
            targets = framed or ({target} & known)
        found |= {
            Rejection(skill, cluster, decision.place, decision.reason)
            for skill in decision.skills
            for cluster in targets
        }
    return sorted(found, key=lambda rejection: (rejection.skill, rejection.cluster, rejection.decision))
