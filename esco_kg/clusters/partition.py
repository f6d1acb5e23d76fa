"""The partition: three nested levels of bounded clusters, branches of their own for what no sector owns.

First version: the finest level by repeated bisection inside each branch, the levels above by agglomeration.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_limits

from esco_kg.clusters.branches import branches
from esco_kg.clusters.decisions import decided
from esco_kg.clusters.features import Features, Matrix, make_features, unit_rows
from esco_kg.clusters.placement import place
from esco_kg.config import ClusterSettings
from esco_kg.model.clustering import Branch
from esco_kg.model.expertise import Expertise
from esco_kg.model.partition import Partition
from esco_kg.model.pillar import Pillar, SectorLinks

Labels = NDArray[np.int32]


def make_partition(
    pillar: Pillar,
    sectors: SectorLinks,
    settings: ClusterSettings,
    expertise: Expertise,
    anchor: Mapping[str, str] | None = None,
    anchor_parents: Mapping[str, str] | None = None,
) -> Partition:
    """Skills -> nested clusters. The same bytes come out for a seed, on any number of threads.

    ``anchor`` maps a skill's IRI to the id of its finest cluster in the previous release, ``anchor_parents`` an id to
    that of the cluster above: a skill then moves only where the data say so clearly, and decisions may name these ids.
    """
    with threadpool_limits(1):  # sums in another order would differ in the last bit
        features = make_features(pillar, sectors, settings.seed)
        branch_of = branches(pillar)
        finest, owner = _finest(features, branch_of, settings)
        parents, top = _coarser(features, finest, owner, settings)
        scores = features.vectors @ _centroids(features.vectors, finest).T
        placed = decided(features.skills, finest, parents, scores, expertise, anchor or {}, anchor_parents or {})
        memberships = place(scores, placed.finest, settings.secondary)
    by_rule = ["rule" if iri in branch_of else "" for iri in features.skills]
    methods = [
        m or r or ("data" if u else "text") for m, r, u in zip(placed.methods, by_rule, features.is_used, strict=True)
    ]
    return Partition(
        skills=features.skills,
        finest=placed.finest,
        parents=parents,
        branches=top,
        frames=["" for _ in top],
        secondary=memberships.secondary,
        weights=memberships.weights,
        margins=memberships.margins,
        runners_up=memberships.runners_up,
        methods=methods,
        decisions=placed.decisions,
        parameters={"method": "bisection"},
        statements=placed.statements,
    )


def _finest(
    features: Features, branch_of: Mapping[str, Branch], settings: ClusterSettings
) -> tuple[Labels, list[Branch]]:
    """Labels at the finest level and the branch of each cluster."""
    n = len(features.skills)
    wanted = max(1, min(settings.levels[-1], n // settings.smallest))
    rows: dict[Branch, list[int]] = {}
    for i, iri in enumerate(features.skills):
        rows.setdefault(branch_of.get(iri, "sector"), []).append(i)
    labels = np.zeros(n, dtype=np.int32)
    owner: list[Branch] = []
    for branch in sorted(rows):
        members = np.array(rows[branch])
        count = max(1, min(round(wanted * len(members) / n), len(members) // settings.smallest))
        for part in _bisected(features.vectors, members, count, settings.smallest):
            labels[part] = len(owner)
            owner.append(branch)
    return labels, owner


def _bisected(vectors: Matrix, members: NDArray[np.int64], count: int, smallest: int) -> list[NDArray[np.int64]]:
    """The largest part is cut along its first principal axis until there are ``count`` parts."""
    parts = [members]
    while len(parts) < count:
        at = max(range(len(parts)), key=lambda i: len(parts[i]))
        part = parts[at]
        if len(part) < 2 * smallest:
            break
        centred = vectors[part] - vectors[part].mean(axis=0)
        axis = np.linalg.eigh(centred.T @ centred)[1][:, -1]
        along = centred @ (axis * (np.sign(axis[np.abs(axis).argmax()]) or 1.0))
        order = np.argsort(along, kind="stable")
        cut = max(smallest, min(len(part) - smallest, int((along <= 0).sum())))
        parts[at : at + 1] = [np.sort(part[order[:cut]]), np.sort(part[order[cut:]])]
    return parts


def _coarser(
    features: Features, finest: Labels, owner: list[Branch], settings: ClusterSettings
) -> tuple[list[Labels], list[Branch]]:
    """Parents, coarsest first, by joining the two nearest clusters that together stay within the size bound."""
    parents: list[Labels] = []
    labels, n = finest, len(finest)
    for wanted, share in list(zip(settings.levels, settings.largest_share, strict=True))[-2::-1]:
        joined = _joined(_centroids(features.vectors, labels), np.bincount(labels), owner, wanted, share * n)
        parents.insert(0, joined)
        owner = [owner[int(np.flatnonzero(joined == c)[0])] for c in range(joined.max() + 1)]
        labels = joined[labels]
    return parents, owner


def _joined(centres: Matrix, sizes: NDArray[np.int64], owner: list[Branch], wanted: int, largest: float) -> Labels:
    groups = [[i] for i in range(len(sizes))]
    sums = centres * sizes[:, None]
    weights = sizes.astype(float)
    branch = np.array(owner)
    while len(groups) > wanted:
        means = sums / weights[:, None]
        distance = ((means[:, None] - means[None]) ** 2).sum(axis=2) * np.outer(weights, weights)
        distance /= weights[:, None] + weights[None]
        barred = (branch[:, None] != branch[None]) | (weights[:, None] + weights[None] > largest)
        distance[barred | np.tri(len(groups), dtype=bool)] = np.inf
        i, j = np.unravel_index(int(distance.argmin()), distance.shape)
        if not np.isfinite(distance[i, j]):
            break
        groups[i] += groups.pop(j)
        sums[i] += sums[j]
        weights[i] += weights[j]
        sums, weights, branch = np.delete(sums, j, 0), np.delete(weights, j), np.delete(branch, j)
    joined = np.zeros(len(sizes), dtype=np.int32)
    for number, group in enumerate(sorted(map(sorted, groups))):
        joined[group] = number
    return joined


def _centroids(vectors: Matrix, labels: Labels) -> Matrix:
    count = int(labels.max()) + 1
    ones = np.ones(len(labels))
    members = sparse.csr_matrix((ones, (labels, np.arange(len(labels)))), shape=(count, len(labels)))
    return unit_rows(np.asarray(members @ vectors))
