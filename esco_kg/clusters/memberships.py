"""What a skill belongs to beside its primary cluster: clusters whose occupations use it, and clusters in which people
look for it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from esco_kg.clusters.arrays import Matrix
from esco_kg.clusters.assignment import centroids
from esco_kg.clusters.features import Features
from esco_kg.clusters.placement import Places
from esco_kg.clusters.scores import canonical
from esco_kg.model.partition import FOUND_UNDER, USED_IN, Membership

Labels = NDArray[np.int32]
CLOSE = 0.5
"""The runner-up of a skill whose margin is not above this is published: it fits as well as the primary cluster or
better."""
PLACES = 2
"""Decimals of margins and weights as published: more would change with every release and tell nobody anything."""
_LEAST_SHARE, _LEAST_OCCUPATIONS = 0.02, 4
"""A skill is used in a cluster of so many of its occupations, and of such a share of them."""
_GAIN = 0.22
"""A skill is found under a cluster that is nearer to it in meaning by this cosine than its primary one."""
_BLOCK = 2048


def memberships(
    features: Features,
    finest: Labels,
    is_ruled: NDArray[np.bool_],
    kept: NDArray[np.int64],
    places: Places,
    is_placed: NDArray[np.bool_],
) -> list[list[Membership]]:
    """(n,) the further memberships of each skill, *used in* first, the largest weight first.

    *Used in*: the weight is the share of the occupations that need the skill whose own cluster this is; near duplicates
    count once. *Found under*: the weight is the cosine of the skill's meaning with the mean meaning of the
    cluster's skills. Both are of the clusters as the data make them (``finest``), before decisions: so a decision about
    a skill changes that skill. ``kept`` (K,) are the numbers there of the clusters that ``places`` and the result speak
    of. ``is_ruled`` tells the clusters of branches by rule, which no occupation has as its own. The runner-up of a
    close placing (``is_placed``: by data) is among them, as what it is by these measures, and so is the cluster that
    fits best where an expert put the skill elsewhere.
    """
    count = len(is_ruled)
    shares, counts = _use(features, finest, is_ruled)
    found: list[dict[int, Membership]] = [{} for _ in range(len(finest))]
    listed = shares.tocoo()
    for row, cluster, share, number in zip(listed.row, listed.col, listed.data, counts.tocoo().data, strict=True):
        if number >= _LEAST_OCCUPATIONS and share >= _LEAST_SHARE and cluster != finest[row]:
            found[row][int(cluster)] = Membership(int(cluster), USED_IN, float(share))
    meaning = features.wording.meaning
    for row, cluster, cosine in _nearer(meaning, finest, count):
        found[row].setdefault(cluster, Membership(cluster, FOUND_UNDER, cosine))
    runners_up = np.where(places.runners_up >= 0, kept[places.runners_up], -1)
    close = np.fromiter(map(is_close, places.margins), dtype=bool)
    is_told = np.where(is_placed, close, ~places.is_best) & (runners_up >= 0) & (runners_up < count)
    _add_runners_up(found, np.flatnonzero(is_told), runners_up, shares, (meaning, centroids(meaning, finest, count)))
    renumbered = {int(old): new for new, old in enumerate(kept)}
    return [
        [
            m._replace(cluster=renumbered[m.cluster])
            for m in sorted(held.values(), key=_order)
            if m.cluster in renumbered
        ]
        for held in found
    ]


def is_close(margin: float) -> bool:
    """Whether the runner-up of a skill with this margin is published; by the margin as it is published."""
    return round(float(margin), PLACES) <= CLOSE


def _order(membership: Membership) -> tuple[bool, float, int]:
    return membership.kind != USED_IN, -membership.weight, membership.cluster


def _add_runners_up(
    found: Sequence[dict[int, Membership]],
    rows: NDArray[np.intp],
    runners_up: NDArray[np.integer],
    shares: sparse.csr_matrix,
    near: tuple[Matrix, Matrix],
) -> None:
    meaning, centres = near
    for row in rows:
        cluster = int(runners_up[row])
        share = float(shares[row, cluster])
        cosine = float(_cosines(meaning[[row]], centres[[cluster]])[0])
        kind, weight = (USED_IN, share) if share >= _LEAST_SHARE else (FOUND_UNDER, cosine)
        found[row].setdefault(cluster, Membership(cluster, kind, weight))


def _use(
    features: Features, finest: Labels, is_ruled: NDArray[np.bool_]
) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """(n, K) sparse: the share of each skill's occupations whose own cluster this is, and how many these are.

    An occupation's own cluster holds most of its skills, a skill counting the less the more occupations need it (by the
    root of their number). Clusters of branches by rule are no occupation's own.
    """
    needs = sparse.csr_matrix(features.use > 0, dtype=np.float64)
    telling = 1.0 / np.sqrt(np.maximum(np.diff(needs.indptr), 1))
    telling[is_ruled[finest]] = 0.0
    into = sparse.csr_matrix((telling, (finest, np.arange(len(finest)))), shape=(len(is_ruled), len(finest)))
    order = canonical(finest, len(is_ruled))  # between equals the same cluster is first, however they are numbered
    held = np.asarray((into @ needs).todense())[order]
    own = order[np.round(held, 9).argmax(axis=0)] if needs.shape[1] else np.zeros(0, dtype=int)
    at = (np.arange(len(own)), own)
    shape = (len(own), len(is_ruled))
    total = np.asarray(needs @ features.shared.astype(np.float64))
    votes = sparse.csr_matrix((features.shared.astype(np.float64), at), shape=shape)
    shares = sparse.csr_matrix(sparse.diags(1.0 / np.maximum(total, 1e-9)) @ (needs @ votes))
    counts = sparse.csr_matrix(needs @ sparse.csr_matrix((np.ones(len(own)), at), shape=shape))
    for found in (shares, counts):
        found.sort_indices()  # so that both list the same places in the same order
    return shares, counts


def _cosines(some: Matrix, others: Matrix) -> NDArray[np.float64]:
    """(n,) of each row with the row beside it, the same to the last digit however clusters are numbered: what a product
    of matrices adds up depends on the place of a column."""
    return np.asarray((some.astype(np.float64) * others).sum(axis=1))


def _nearer(meaning: Matrix, finest: Labels, count: int) -> list[tuple[int, int, float]]:
    """(row, cluster, cosine) where the nearest other cluster is nearer than the skill's own by :data:`_GAIN`; the skill
    itself is left out of its own cluster's mean."""
    centres = centroids(meaning, finest, count)
    sizes = np.bincount(finest, minlength=count)
    sums = np.zeros((count, meaning.shape[1]), dtype=np.float64)
    np.add.at(sums, finest, meaning)
    found = []
    for start in range(0, len(finest), _BLOCK):
        part = slice(start, min(start + _BLOCK, len(finest)))
        rows, own = np.arange(part.start, part.stop), finest[part]
        without = sums[own] - meaning[part]
        length = np.maximum(np.linalg.norm(without, axis=1), 1e-9)
        at_home = np.where(sizes[own] > 1, (meaning[part] * without).sum(axis=1) / length, 0.0)
        near = meaning[part] @ centres.T
        near[np.arange(len(rows)), own] = -np.inf
        best = near.argmax(axis=1)
        cosines = _cosines(meaning[part], centres[best])
        found += [(int(rows[i]), int(best[i]), float(cosines[i])) for i in np.flatnonzero(cosines - at_home >= _GAIN)]
    return found
