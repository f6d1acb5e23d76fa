"""Which skill belongs to which cluster, primary and secondary, with weights that add up to 1 as published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from esco_kg.clusters.nested import Nested, Node
from esco_kg.model.clustering import Allocation, Rejection
from esco_kg.model.expertise import Decision, Expertise

# The weight of a secondary membership that experts add where the data saw none.
_ALSO = 0.2
_PLACES = 2  # of weights and margins: more would change with every release and tell nobody anything


def allocations(
    nested: Nested, ids: Mapping[Node, str], expertise: Expertise, rejected: Sequence[Rejection] = ()
) -> list[Allocation]:
    """Allocations by skill, the primary one first.

    Secondary weights are rounded to two places and the primary has the rest, so that a skill's weights add up to 1 to
    the last digit. A cluster that experts add is a secondary one of weight 0.2, or keeps the weight it has; none of
    those that they rejected is a secondary one, nor any below it.
    """
    partition, depth = nested.partition, nested.levels[-1].depth
    also, barred = _also(nested, ids, expertise), _barred(nested, ids, rejected)
    found = []
    for row, skill in enumerate(nested.skills):
        own, runner = int(partition.finest[row]), int(partition.runners_up[row])
        added = {cluster: decision for cluster, decision in also[skill].items() if cluster != own}
        weights = _weights([pair for pair in partition.secondary[row] if pair[0] not in barred[skill]], added)
        margin = None if np.isnan(partition.margins[row]) else round(float(partition.margins[row]), _PLACES)
        runner_up = ids[depth, runner] if runner >= 0 else None
        primary = round(1.0 - sum(weights.values()), _PLACES)
        method, decision = partition.methods[row], partition.decisions[row]
        found.append(Allocation(skill, ids[depth, own], "primary", primary, margin, runner_up, method, decision))
        for cluster, weight in weights.items():
            how = ("forced", added[cluster].place) if cluster in added else (method, decision)
            found.append(Allocation(skill, ids[depth, cluster], "secondary", weight, margin, runner_up, *how))
    return found


def _weights(secondary: list[tuple[int, float]], added: Mapping[int, Decision]) -> dict[int, float]:
    """Cluster -> weight, those the data found first; the others shrink where experts add one."""
    new = [cluster for cluster in added if cluster not in {c for c, _ in secondary}]
    total = 1 + _ALSO * len(new)
    weights = {cluster: round(weight / total, _PLACES) for cluster, weight in secondary}
    weights |= {cluster: round(_ALSO / total, _PLACES) for cluster in new}
    return {cluster: weight for cluster, weight in weights.items() if weight > 0}


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
