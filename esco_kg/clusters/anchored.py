"""Clusters that continue those of the previous release: a skill moves only where the data say so clearly.

The rule is that of an assignment with a switching cost: the old cluster keeps its skill unless another one scores
more by at least ``SWITCHING``. New skills go where they score best.
Drift adds up over a chain of releases all the same; the evaluation reports it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from esco_kg.clusters.arrays import Matrix
from esco_kg.clusters.assignment import TOLERANCE, halves
from esco_kg.clusters.features import Features
from esco_kg.clusters.frame import Cells
from esco_kg.clusters.from_scratch import DataPartition
from esco_kg.clusters.scores import SWITCHING, ScoreInputs, cluster_scores, top_frames
from esco_kg.config import ClusterSettings
from esco_kg.model.clustering import RULED, Branch

Labels = NDArray[np.int32]
BARRED = np.float32(-9.0)
"""The score of a cluster that a skill cannot be in."""
_MOST_ROUNDS = 10  # two or three are usual


@dataclass(slots=True)
class Anchor:
    """The previous release: skill -> finest cluster, cluster -> the one above it; ids as published."""

    finest: dict[str, str]
    parents: dict[str, str]

    def chain(self, cluster: str) -> list[str]:
        """The cluster and those above it, finest first."""
        found = [cluster]
        while found[-1] in self.parents:
            found.append(self.parents[found[-1]])
        return found

    def counts(self) -> list[int]:
        """Number of clusters at each level, coarsest first."""
        chains = [self.chain(cluster)[::-1] for cluster in sorted(set(self.finest.values()))]
        depth = max((len(chain) for chain in chains), default=0)
        return [len({chain[level] for chain in chains if len(chain) > level}) for level in range(depth)]


@dataclass(slots=True)
class _State:
    """Clusters in the making: ``labels`` (n,), and per cluster its chain of ids (finest first) and branch; ``leading``
    (n,) the cluster that each skill had, -1 where it is new or that cluster is gone; ``by_size`` (n,) the skills that a
    bound on sizes moved."""

    labels: Labels
    chains: list[list[str]]
    leading: Labels
    branches: list[str] = field(default_factory=list)
    by_size: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        self.by_size = np.zeros(len(self.labels), dtype=bool)

    def scores(self, inputs: ScoreInputs) -> Matrix:
        """(n, K)."""
        tops, seconds = ([chain[max(len(chain) - depth, 0)] for chain in self.chains] for depth in (1, 2))
        return cluster_scores(inputs, self.labels, tops, seconds, self.branches)


def anchored(
    inputs: ScoreInputs, settings: ClusterSettings, previous: Anchor, *, switching: float = SWITCHING, rounds: int = 5
) -> DataPartition | None:
    """The previous clusters with today's skills, or None where there are none or other levels are wanted now.

    ``switching`` is the lead of the cluster that a skill had; at 0 each skill goes where it fits best. Scores depend on
    who is together, so they are made again, at most ``rounds`` times, until no skill moves.
    """
    features = inputs.features
    if not _fits(features, settings, previous):
        return None
    ids = sorted({previous.finest[iri] for iri in features.skills if iri in previous.finest})
    number = {cluster: i for i, cluster in enumerate(ids)}
    old = np.array([number.get(previous.finest.get(iri, ""), -1) for iri in features.skills], dtype=np.int32)
    state = _State(old, [previous.chain(cluster) for cluster in ids], leading=old)
    state.branches = [_majority(inputs.ruled[old == i]) for i in range(len(ids))]
    scores = state.scores(inputs)
    for _ in range(rounds):
        state.labels = _moved(scores, state.leading, switching)
        if rounds == 1 or (state.labels == old).all():
            break
        old, scores = state.labels, state.scores(inputs)
    _dissolve(state, scores, settings.smallest)
    _split_large(features, state, settings)
    return _data_partition(inputs, state)


def converged(partition: DataPartition, inputs: ScoreInputs, settings: ClusterSettings) -> DataPartition:
    """New clusters as the release after them would leave them: updates anchored in themselves until no skill moves.

    Without this the first release that follows would move skills although nothing changed.
    """
    for number in range(_MOST_ROUNDS):
        # Cells were filled by another score: a skill that no occupation needs has no lead from that.
        holds = np.ones(len(partition.finest), dtype=bool) if number else ~inputs.is_unused
        again = anchored(inputs, settings, _anchor_in(partition, inputs.features.skills, holds), rounds=1)
        if again is None and not number:  # too few skills are used to hold the clusters
            continue
        if again is None:
            return partition
        if len(again.parents[-1]) != len(partition.parents[-1]):  # a cluster was dissolved or halved
            partition = replace(again, method=partition.method, leading=again.finest, by_size=partition.by_size)
            continue
        moved = bool((again.finest != partition.finest).any())
        frames = _filled(partition.frames, again.frames)
        partition = replace(
            partition,
            finest=again.finest,
            leading=again.finest,
            frames=frames,
            branches=[
                there if key != before else here
                for key, before, here, there in zip(
                    frames, partition.frames, partition.branches, again.branches, strict=True
                )
            ],
            groups=_filled(partition.groups, again.groups),
        )
        if number and not moved:
            return partition
    return partition


def scores_of(partition: DataPartition, inputs: ScoreInputs) -> Matrix:
    """(n, K) placing scores of a partition's finest clusters: the fit (:func:`cluster_scores`), and the lead of the
    cluster that a skill has already, in the previous release or since new clusters stopped moving."""
    chain = partition.chain()
    branches = [partition.branches[top] for top in chain[0]]
    scores = cluster_scores(
        inputs,
        partition.finest,
        chain[0].tolist(),
        chain[min(1, len(chain) - 1)].tolist(),
        [branch if branch in RULED else "" for branch in branches],
    )
    led = np.flatnonzero(partition.leading >= 0)
    scores[led, partition.leading[led]] += np.float32(SWITCHING)
    return scores


def _filled(keys: list[str], later: list[str]) -> list[str]:
    """Keys of frames or groups, blanks filled with those that a later release would find, if no cluster has them."""
    return [key or (other if other not in keys else "") for key, other in zip(keys, later, strict=True)]


def _anchor_in(partition: DataPartition, skills: list[str], holds: NDArray[np.bool_]) -> Anchor:
    """A partition as if it had been published with the skills that it ``holds`` (n,); ids sort as its clusters are
    numbered."""
    depth = len(partition.parents)
    parents = {
        f"{depth - level - 1}-{child:06d}": f"{depth - level}-{parent:06d}"
        for level, above in enumerate(partition.parents)
        for child, parent in enumerate(above)
    }
    found = zip(skills, partition.finest, holds, strict=True)
    return Anchor({iri: f"0-{cluster:06d}" for iri, cluster, is_held in found if is_held}, parents)


def _fits(features: Features, settings: ClusterSettings, previous: Anchor) -> bool:
    known = sum(iri in previous.finest for iri in features.skills)
    counts = previous.counts()
    within = [abs(c - w) <= max(1, 2 * TOLERANCE * w) for c, w in zip(counts, settings.levels, strict=False)]
    return 2 * known > len(features.skills) and len(counts) == len(settings.levels) and all(within)


def _majority(values: NDArray[np.str_]) -> str:
    names, counts = np.unique(values, return_counts=True)
    return str(names[counts.argmax()]) if len(names) else ""


def _moved(scores: Matrix, old: Labels, switching: float) -> Labels:
    best = scores.argmax(axis=1).astype(np.int32)
    rows = np.arange(len(old))
    stays = (old >= 0) & (scores[rows, best] - scores[rows, np.maximum(old, 0)] < switching)
    return np.where(stays, old, best).astype(np.int32)


def _dissolve(state: _State, scores: Matrix, smallest: int) -> None:
    """Clusters that became too small dissolve into their skills' next best ones."""
    alive = np.ones(len(state.chains), dtype=bool)
    scores = scores.copy()
    while alive.sum() > 1:
        sizes = np.bincount(state.labels, minlength=len(alive)).astype(float)
        sizes[~alive] = np.inf
        least = int(sizes.argmin())
        if sizes[least] >= smallest:
            break
        alive[least] = False
        scores[:, least] = BARRED
        members = np.flatnonzero(state.labels == least)
        state.labels[members] = scores[members].argmax(axis=1)
        state.by_size[members] = True
    kept = np.flatnonzero(alive)
    state.labels = np.searchsorted(kept, state.labels).astype(np.int32)
    lead = (state.leading >= 0) & alive[np.maximum(state.leading, 0)]
    state.leading = np.where(lead, np.searchsorted(kept, state.leading), -1).astype(np.int32)
    state.chains = [state.chains[i] for i in kept]
    state.branches = [state.branches[i] for i in kept]


def _split_large(features: Features, state: _State, settings: ClusterSettings) -> None:
    """A cluster that outgrew its bound is halved; the new half has no id yet."""
    largest = settings.largest_share[-1] * len(state.labels)
    while True:
        sizes = np.bincount(state.labels, minlength=len(state.chains))
        at = int(sizes.argmax())
        if sizes[at] <= largest or sizes[at] < 2 * settings.smallest:
            return
        members = np.flatnonzero(state.labels == at)
        part = halves(features.vectors[members], settings.smallest)
        lesser = part if 2 * part.sum() <= len(part) else ~part
        state.labels[members[lesser]] = len(state.chains)
        state.by_size[members[lesser]] = True
        state.chains.append(["", *state.chains[at][1:]])
        state.branches.append(state.branches[at])


def _data_partition(inputs: ScoreInputs, state: _State) -> DataPartition:
    cells = inputs.cells
    depth = len(state.chains[0])
    above = [[chain[level] for chain in state.chains] for level in range(depth - 1, 0, -1)]
    numbers = [np.unique(np.array(ids, dtype=str), return_inverse=True)[1].astype(np.int32) for ids in above]
    chain = [*numbers, np.arange(len(state.chains), dtype=np.int32)]
    parents = []
    for upper, lower in pairwise(chain):
        parent = np.zeros(int(lower.max()) + 1, dtype=np.int32)
        parent[lower] = upper
        parents.append(parent)
    frame = top_frames(inputs.by_frame, state.labels, chain[0].astype(np.int64))
    top = chain[0]
    keys, kinds = [], []
    for number in range(int(top.max()) + 1):
        first = int(np.flatnonzero(top == number)[0])
        branch: Branch = next((b for b in RULED if b == state.branches[first]), "sector")
        key = cells.keys[int(frame[first])] if branch == "sector" else ""
        kinds.append("digital" if branch == "sector" and cells.branches[int(frame[first])] == "digital" else branch)
        keys.append("" if key in keys else key)
    return DataPartition(
        finest=state.labels,
        parents=parents,
        branches=kinds,
        frames=keys,
        groups=_groups(inputs.features, cells, state, chain[1]) if len(chain) > 2 else [],
        method="anchored",
        leading=state.leading,
        by_size=state.by_size,
    )


def _groups(features: Features, cells: Cells, state: _State, second: Labels) -> list[str]:
    """For each cluster of the second level the experts' group that its skills vote for most; the one with more votes
    where two clusters lean on one group, and none for the branches by rule."""
    count = int(second.max()) + 1
    into = np.zeros((len(cells.codes), len(cells.group_keys)), dtype=np.float32)
    into[np.arange(len(cells.codes)), cells.groups] = 1.0
    of = second[state.labels]
    votes = np.stack([features.votes[of == number].sum(axis=0) @ into for number in range(count)])
    ruled = {int(second[i]) for i, branch in enumerate(state.branches) if branch}
    keys = [""] * count
    for number in range(count):
        best = int(votes[number].argmax())
        if number not in ruled and int(votes[:, best].argmax()) == number:
            keys[number] = cells.group_keys[best]
    return keys
