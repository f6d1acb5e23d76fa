"""How well each skill fits each cluster: one formula for new clusters and for those of the previous release.

A score depends on today's data and on who is together, and on nothing else: not on how the clusters came about, nor on
how they are numbered. So a release that follows without a change has the margins and runners-up of the one before.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from esco_kg.clusters.arrays import Matrix, mean_rows
from esco_kg.clusters.assignment import CELL, GROUP, centroids, evened_shares, frame_scores, members, shared_use
from esco_kg.clusters.branches import RuledBranch
from esco_kg.clusters.features import Features
from esco_kg.clusters.frame import Cells
from esco_kg.model.clustering import RULED

Labels = NDArray[np.int32]
_OWN_BRANCH = np.float32(3.0)
"""Added to the scores of a ruled skill in its own branch, which no other cluster reaches."""
_LEANING = np.float32(2.0)
"""What the skills that an unused one leans on weigh: 6 where all are in one cluster."""
SWITCHING = 0.5
"""A skill leaves the cluster that it had in the previous release for one that scores better by this."""


@dataclass(slots=True)
class ScoreInputs:
    """What scores are made from: features (n skills), cells (c) of the experts' frame, ``ruled`` (n,) the branch of a
    skill that has one by rule, otherwise '', ``branches`` by rule in the order of RULED, ``bonus`` (n, frames) of the
    experts' seeds, ``by_frame`` (n, frames) the scores for frames, the bonus included."""

    features: Features
    cells: Cells
    ruled: NDArray[np.str_]
    branches: Sequence[RuledBranch]
    bonus: Matrix
    by_frame: Matrix = field(init=False)
    is_unused: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        """``is_unused`` (n,) tells the skills outside the branches by rule that neither an occupation needs nor an
        expert named, and that lean on others."""
        features = self.features
        named = np.array([iri in self.cells.named for iri in features.skills], dtype=bool)
        leans = np.diff(features.around.indptr) > 0
        self.is_unused = ~features.is_used & ~named & leans & (self.ruled == "")
        self.by_frame = frame_scores(self.features.vectors, self.features.votes, self.cells) + self.bonus


def cluster_scores(
    inputs: ScoreInputs, labels: Labels, tops: Sequence[Hashable], seconds: Sequence[Hashable], branches: Sequence[str]
) -> Matrix:
    """(n, K): cosine with the cluster's centroid (of texts, in a branch by rule), plus what the skill votes for the
    cluster, for the cluster above it at the second level and for the frame of its top cluster, plus its
    shared use with the cluster's skills. Clusters of another branch are barred.

    ``labels`` (n,) are the clusters, -1 for a skill without one; ``tops`` and ``seconds`` (K,) name the
    clusters above.
    """
    order = canonical(labels, len(branches))
    place = np.argsort(order)
    scores = _scores(
        inputs,
        np.where(labels >= 0, place[labels], -1).astype(np.int32),
        _numbered([tops[i] for i in order]),
        _numbered([seconds[i] for i in order]),
        np.array([branches[i] for i in order], dtype=str),
    )
    return scores[:, place]


def canonical(labels: Labels, count: int) -> NDArray[np.int64]:
    """Cluster numbers in the order of their first skills: sums in another order would differ in the last bit, and
    between equals the first wins."""
    first = np.full(count, len(labels), dtype=np.int64)
    held = np.flatnonzero(labels >= 0)[::-1]
    first[labels[held]] = held
    return np.argsort(first, kind="stable")


def _scores(
    inputs: ScoreInputs,
    labels: Labels,
    tops: NDArray[np.int64],
    seconds: NDArray[np.int64],
    branches: NDArray[np.str_],
) -> Matrix:
    features, ruled = inputs.features, inputs.ruled
    held = labels >= 0
    centres = centroids(features.vectors[held], labels[held], len(branches))
    scores = features.vectors @ centres.T
    rows, own = np.flatnonzero(ruled == ""), np.flatnonzero(branches == "")
    if len(rows) and len(own):
        votes = _votes(features.votes, labels, len(branches), seconds)
        frame = top_frames(inputs.by_frame, labels, tops)
        votes += shared_use(features.use, labels, len(branches))
        scores[np.ix_(rows, own)] += inputs.by_frame[np.ix_(rows, frame[own])] + votes[np.ix_(rows, own)]
        unused = np.flatnonzero(inputs.is_unused)
        leaning = _leaning(features, unused, labels, seconds, tops)[:, own]
        scores[np.ix_(unused, own)] = leaning + inputs.bonus[np.ix_(unused, frame[own])]
    for name in ("", *RULED):
        rows = np.flatnonzero(ruled == name)
        if name:
            own = np.flatnonzero(branches == name)
            scores[np.ix_(rows, own)] = _OWN_BRANCH + _alike(features, labels, rows, own)
        scores[np.ix_(rows, np.flatnonzero(branches != name))] -= np.float32(1.0)
    return scores


def _leaning(
    features: Features,
    unused: NDArray[np.intp],
    labels: Labels,
    seconds: NDArray[np.int64],
    tops: NDArray[np.int64],
) -> Matrix:
    """(unused, K) for skills that no occupation needs: how many of the used skills that they lean on a cluster holds,
    plus the cluster above it at the second level, plus the top one. Not evened out by size: that draws skills that
    words hardly place to small clusters."""
    held = np.flatnonzero(labels >= 0)
    count = len(tops)
    ones = np.ones(len(held), dtype=np.float32)
    into = sparse.csr_matrix((ones, (held, labels[held])), shape=(len(labels), count))
    found = np.asarray((mean_rows(features.around[unused]) @ into).todense(), dtype=np.float32)
    total = found.copy()
    for above in (seconds, tops):
        within = np.zeros((count, int(above.max()) + 1), dtype=np.float32)
        within[np.arange(count), above] = 1.0
        total += (found @ within)[:, above]
    return np.asarray(_LEANING * total, dtype=np.float32)


def _alike(features: Features, labels: Labels, rows: NDArray[np.intp], own: NDArray[np.intp]) -> Matrix:
    """(rows, own) the cosines of skills of a branch by rule with its clusters, by their texts alone: who needs them
    divides no such branch."""
    text = features.wording.text if features.wording.text.shape[1] else features.vectors
    place = np.full(max(int(labels.max()) + 1, int(own.max(initial=-1)) + 1), -1, dtype=np.int32)
    place[own] = np.arange(len(own))
    within = np.where(labels >= 0, place[labels], -1)
    return np.asarray(text[rows] @ centroids(text, within, len(own)).T, dtype=np.float32)


def _votes(votes: Matrix, labels: Labels, count: int, seconds: NDArray[np.int64]) -> Matrix:
    """(n, K) what a skill votes for each cluster and for the second level above it. A cell belongs to the clusters
    of the skills that vote for it, by their votes."""
    owned = np.asarray(members(labels, count) @ votes).T  # (c, K)
    sums = owned.sum(axis=1, keepdims=True)
    own = votes @ np.asarray(owned / np.where(sums > 0, sums, 1.0), dtype=np.float32)
    into = np.zeros((count, int(seconds.max()) + 1), dtype=np.float32)
    into[np.arange(count), seconds] = 1.0
    above = evened_shares(own @ into)
    return np.asarray(GROUP * np.sqrt(above)[:, seconds] + CELL * np.sqrt(evened_shares(own)), dtype=np.float32)


def top_frames(by_frame: Matrix, labels: Labels, tops: NDArray[np.int64]) -> NDArray[np.int64]:
    """(K,) the frame that a cluster's top cluster scores best for, so that clusters with one parent agree."""
    above = members(np.where(labels >= 0, tops[labels], -1), int(tops.max()) + 1)
    return np.asarray(np.asarray(above @ by_frame.astype(np.float64)).argmax(axis=1)[tops], dtype=np.int64)


def _numbered(names: Sequence[Hashable]) -> NDArray[np.int64]:
    """Numbers in the order in which the names come."""
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.int64)
