"""Experts' decisions laid over a partition of any method: what a method leaves to the toolkit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from esco_kg.clusters.decisions import Decided, decided
from esco_kg.clusters.likeness import likeness
from esco_kg.errors import InputError
from esco_kg.model.expertise import Expertise
from esco_kg.model.partition import Partition
from esco_kg.model.pillar import Pillar


def with_decisions(
    partition: Partition,
    expertise: Expertise,
    pillar: Pillar,
    anchor: Mapping[str, str],
    parents: Mapping[str, str],
) -> Partition:
    """The partition with the lines about skills applied; ``anchor`` and ``parents`` as of a previous release.

    Where a line leaves a choice, the skill goes to the cluster that is most like it. Clusters that have keys are
    somebody's: no cluster is opened beside them, and a line that would need one raises InputError.
    """
    if not any(decision.kind != "also" for decision in expertise.decisions):
        return partition
    count = int(partition.finest.max()) + 1
    scores = likeness(pillar, partition.skills, partition.finest, count)
    placed = decided(
        partition.skills, partition.finest, partition.parents, scores, expertise, anchor, parents, partition.frames
    )
    if placed.beside and partition.keys:
        line = next(decision for decision in expertise.decisions if decision.kind == "cannot-link")
        raise InputError(
            line.place,
            f"parts more skills than there are clusters: {len(placed.beside)} clusters more would be needed",
            "Add clusters to those you give, or take lines out.",
        )
    return _regrouped(partition, placed)


def _regrouped(partition: Partition, placed: Decided) -> Partition:
    parents = list(partition.parents)
    branches, frames = list(partition.branches), list(partition.frames)
    if placed.beside and parents:
        parents[-1] = np.concatenate([parents[-1], parents[-1][placed.beside]])
    elif placed.beside:
        branches += [branches[i] for i in placed.beside]
        frames += ["" for _ in placed.beside]
    kept, finest = _kept(placed.finest)
    number = {int(old): new for new, old in enumerate(kept)}
    keys = [list(level) for level in partition.keys]
    groups = list(partition.groups)
    levels: list[NDArray[np.int64]] = [kept]
    for depth in range(len(parents) - 1, -1, -1):
        above, parents[depth] = _kept(parents[depth][levels[0]])
        levels.insert(0, above)
    if keys:
        keys = [[level[i] for i in left] for level, left in zip(keys, levels, strict=True)]
    further = [
        [m._replace(cluster=number[m.cluster]) for m in listed if number.get(m.cluster, own) != own]
        for listed, own in zip(partition.further, finest, strict=True)
    ]
    return replace(
        partition,
        finest=finest,
        parents=parents,
        branches=[branches[i] for i in levels[0]],
        frames=[frames[i] for i in levels[0]],
        groups=[groups[i] for i in levels[1]] if groups and len(levels) > 1 else [],
        further=further,
        runners_up=np.array([number.get(int(r), -1) for r in partition.runners_up], dtype=np.int32),
        methods=[new or old for new, old in zip(placed.methods, partition.methods, strict=True)],
        decisions=list(placed.decisions),
        keys=keys,
    )


def _kept(labels: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    kept, renumbered = np.unique(labels, return_inverse=True)
    return kept.astype(np.int64), renumbered.astype(np.int32).ravel()
