"""Skills of the sector branch into cells, and cells into clusters of bounded size: small ones dissolve, large ones
split.

A skill's score for a cell is the cosine with the cell's centroid plus what the skill votes for the cell, for its
group and for
its frame, plus its shared use with the cluster's skills. The votes tie the clusters to a classification that does not
move, the centroids follow the data, and shared use holds together what occupations need together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg import eigh

from esco_kg.clusters.arrays import Matrix, row_shares, unit_rows
from esco_kg.clusters.frame import Cells

Labels = NDArray[np.int32]
_FRAME, GROUP, CELL = 2.5, 1.0, 1.0
"""What votes weigh beside a cosine of 1."""
_EVEN_FRAME, _EVEN = 0.5, 0.3
"""Votes are divided by the whole's share to this power: a large frame or cell would take everything otherwise."""
_SHARED_USE, _HALF_SHARED_USE, _EVEN_SHARED_USE = 2.0, 10.0, 0.5
"""What shared use weighs beside a cosine of 1, the occupations at which it has half of that, and its evening."""
_SPLIT_ROUNDS = 8
_EQUAL = 1e-6
_LARGE = 2.4
"""A cluster of more than so many times the mean size is halved while there is room."""
TOLERANCE = 0.1
"""A level may have this share of clusters more or fewer than wanted."""
_BARRED = np.float32(-9.0)


@dataclass(slots=True)
class Filled:
    """``labels`` (n,) of the finest clusters, 0 .. K-1; ``cells`` (K,) the cell each came from."""

    labels: Labels
    cells: NDArray[np.int64]


def fill(
    vectors: Matrix,
    votes: Matrix,
    use: sparse.csr_matrix,
    bonus: Matrix,
    cells: Cells,
    *,
    wanted: int,
    smallest: int,
    largest: float,
) -> Filled:
    """At most ``wanted`` clusters of ``smallest`` to ``largest`` skills, for the n skills given.

    ``bonus`` (n, frames) is added to the score of a frame's cells. The smallest cell dissolves into its skills'
    next best
    cells until all have ``smallest`` skills and there is room to split those that are more than twice the mean.
    """
    base = frame_scores(vectors, votes, cells) + bonus
    base = base[:, cells.frames] + _vote_scores(votes, cells)
    scores = base + vectors @ unit_rows(votes.T @ vectors).T
    alive = np.ones(len(cells.codes), dtype=bool)
    room = _room(scores.argmax(axis=1), wanted)
    labels = _dissolved(scores, alive, wanted - room, smallest)
    scores = base + vectors @ centroids(vectors, labels, len(alive)).T + shared_use(use, labels, len(alive))
    labels = _dissolved(np.where(alive, scores, _BARRED), alive, wanted - room, smallest)
    kept = np.flatnonzero(alive)
    whole = np.searchsorted(kept, labels).astype(np.int32)
    is_given = [bool(key) for key in cells.group_keys]
    # Their halves come on top of those wanted, or large clusters would stay whole for their sake.
    most = len(kept) + max(0, int(wanted * (1 + TOLERANCE)) - max(wanted, len(kept)))
    parts, cell = _accompanied(vectors, whole, cells.groups[kept], is_given, smallest, most)
    more = len(cell) - len(kept)
    parts, origin = _split(vectors, parts, wanted + more, smallest, largest, _LARGE * len(labels) / wanted)
    # Where few are large there would be too few: then the largest are halved whatever their size.
    parts, further = _split(vectors, parts, int(np.ceil(wanted * (1 - TOLERANCE))), smallest, largest, 0.0)
    return Filled(parts, kept[cell[origin[further]]])


def frame_scores(vectors: Matrix, votes: Matrix, cells: Cells) -> Matrix:
    """(n, frames) votes for the frame, evened out, plus the cosine with the frame's centroid."""
    count = len(cells.keys)
    even = evened_shares(_summed(votes, cells.frames, count), _EVEN_FRAME)
    leaning = row_shares(even**2)
    return np.asarray(_FRAME * even + vectors @ unit_rows(leaning.T @ vectors).T, dtype=np.float32)


def _vote_scores(votes: Matrix, cells: Cells) -> Matrix:
    by_group = evened_shares(_summed(votes, cells.groups, len(cells.group_keys)))
    return np.asarray(GROUP * np.sqrt(by_group)[:, cells.groups] + CELL * np.sqrt(evened_shares(votes)))


def _summed(votes: Matrix, owner: NDArray[np.int64], count: int) -> Matrix:
    cells = len(owner)
    into = sparse.csr_matrix((np.ones(cells, dtype=np.float32), (np.arange(cells), owner)), shape=(cells, count))
    return np.asarray(votes @ into)


def evened_shares(votes: Matrix, power: float = _EVEN) -> Matrix:
    """Shares of votes, each divided by what all give together to this power."""
    total = votes.sum(axis=0) / max(float(votes.sum()), 1e-9)
    return row_shares(votes / np.maximum(total, 1e-6) ** power)


def shared_use(use: sparse.csr_matrix, labels: NDArray[np.integer], count: int) -> Matrix:
    """(n, count) a skill's shared use: how much its occupations need the other skills of each cluster.

    An occupation is divided among clusters by the skills it needs; a skill's share of a cluster is the mean over its
    occupations, without the skill itself, evened out by the cluster's size. It counts the more the more
    occupations need the skill: those of many belong where they are needed together, the others say too little.
    """
    held = np.flatnonzero(labels >= 0)
    needed = np.asarray((members(labels, count) @ use).todense()).T  # (m, count)
    inverse = 1.0 / np.maximum(needed.sum(axis=1), 1e-9)
    shares = np.asarray(use @ (needed * inverse[:, None]))
    shares[held, labels[held]] -= (use.power(2) @ inverse)[held]
    links = np.diff(use.indptr)
    weight = _SHARED_USE * links / (links + _HALF_SHARED_USE)
    even = row_shares(np.maximum(shares, 0.0) / np.maximum(_size_shares(needed), 1e-6) ** _EVEN_SHARED_USE)
    return np.asarray(np.sqrt(even) * weight[:, None], dtype=np.float32)


def _size_shares(needed: Matrix) -> NDArray[np.floating]:
    return np.asarray(needed.sum(axis=0) / max(float(needed.sum()), 1e-9))


def centroids(vectors: Matrix, labels: NDArray[np.integer], count: int) -> Matrix:
    """(count, d) of length 1; an empty cluster's is 0."""
    return unit_rows(np.asarray(members(labels, count) @ vectors))


def members(labels: NDArray[np.integer], count: int) -> sparse.csr_matrix:
    """(count, n) 1 where the cluster holds the skill; a skill without a cluster has the label -1."""
    held = np.flatnonzero(labels >= 0)
    ones = np.ones(len(held), dtype=np.float32)
    return sparse.csr_matrix((ones, (labels[held], held)), shape=(count, len(labels)))


def _room(labels: NDArray[np.integer], wanted: int) -> int:
    """How many clusters large cells will be split into, beside those they are: one for each that has twice the mean."""
    return int((np.bincount(labels) > _LARGE * len(labels) / wanted).sum()) if wanted > 1 else 0


def _dissolved(scores: Matrix, alive: NDArray[np.bool_], wanted: int, smallest: int) -> NDArray[np.int64]:
    """Each skill's best cell; ``alive`` (c,) loses the cells that dissolved, and their scores are barred, in place."""
    scores[:, ~alive] = _BARRED
    labels = np.asarray(scores.argmax(axis=1), dtype=np.int64)
    sizes = np.bincount(labels, minlength=len(alive))
    while alive.sum() > 1:
        living = np.flatnonzero(alive)
        least = living[sizes[living].argmin()]
        if sizes[least] >= smallest and len(living) <= wanted:
            break
        alive[least] = False
        scores[:, least] = _BARRED
        members = np.flatnonzero(labels == least)
        labels[members] = scores[members].argmax(axis=1)
        sizes = np.bincount(labels, minlength=len(alive))
    return labels


def _accompanied(
    vectors: Matrix, labels: Labels, groups: NDArray[np.int64], is_given: Sequence[bool], smallest: int, most: int
) -> tuple[Labels, NDArray[np.int64]]:
    """Halve each cluster that is the only one of a group that experts gave, where it has skills for two: it would
    repeat its group under another name. The largest first, while there are fewer clusters than ``most``. ``groups``
    (K,) of the clusters; also the cluster that each part came from."""
    labels = labels.copy()
    origin = list(range(len(groups)))
    alone = np.flatnonzero(np.bincount(groups)[groups] == 1)
    for at in alone[np.argsort(-np.bincount(labels, minlength=len(groups))[alone], kind="stable")]:
        members = np.flatnonzero(labels == at)
        if len(origin) < most and is_given[int(groups[at])] and len(members) >= 2 * smallest:
            labels[members[halves(vectors[members], smallest)]] = len(origin)
            origin.append(int(at))
    return labels, np.array(origin, dtype=np.int64)


def _split(
    vectors: Matrix, labels: Labels, wanted: int, smallest: int, largest: float, bound: float
) -> tuple[Labels, NDArray[np.int64]]:
    """Halve the largest cluster while it is over ``largest``, or over ``bound`` and there are fewer than wanted;
    also the cluster that each part came from."""
    labels = labels.copy()
    sizes = np.bincount(labels)
    origin = list(range(len(sizes)))
    while True:
        at = int(sizes.argmax())
        if sizes[at] < 2 * smallest or (sizes[at] <= largest and (len(sizes) >= wanted or sizes[at] <= bound)):
            break
        members = np.flatnonzero(labels == at)
        labels[members[halves(vectors[members], smallest)]] = len(origin)
        origin.append(origin[at])
        sizes = np.bincount(labels)
    return labels, np.array(origin, dtype=np.int64)


def halves(vectors: Matrix, smallest: int, least_share: float = 0.3) -> NDArray[np.bool_]:
    """Two parts by 2-means (Steinhaus 1956) from the first principal axis on, neither under ``least_share`` of the
    rows nor under ``smallest``."""
    along = _first_component(vectors - vectors.mean(axis=0))
    least = min(len(vectors) // 2, max(smallest, int(least_share * len(vectors))))
    part = _upper(along if (along**3).sum() >= 0 else -along, least)
    for _ in range(_SPLIT_ROUNDS):
        means = unit_rows(np.stack([vectors[part].mean(axis=0), vectors[~part].mean(axis=0)]))
        moved = _upper(vectors @ (means[0] - means[1]), least)
        if (moved == part).all():
            break
        part = moved
    return part


def _first_component(centred: Matrix) -> NDArray[np.floating]:
    """(m,) the rows along their first principal axis, of any sign: one eigenvector, of the smaller of the two
    products."""
    rows, columns = centred.shape
    if not columns:
        return np.zeros(rows, dtype=np.float32)
    product = centred @ centred.T if rows < columns else centred.T @ centred
    largest = len(product) - 1
    vector = eigh(product, subset_by_index=[largest, largest])[1][:, 0]
    return np.asarray(vector if rows < columns else centred @ vector)


def _upper(values: NDArray[np.floating], least: int) -> NDArray[np.bool_]:
    """The rows above 0, at least ``least`` on either side; rows of one value stay together where that leaves a way."""
    count = int(np.clip((values > 0).sum(), least, len(values) - least))
    order = np.argsort(-values, kind="stable")
    same = np.flatnonzero(np.abs(values[order] - values[order[count - 1]]) < _EQUAL)
    if count and same[-1] >= count:  # the cut goes through equal ones
        ends = (int(same[-1]) + 1, int(same[0]))
        count = next((end for end in ends if least <= end <= len(values) - least), count)
    part = np.zeros(len(values), dtype=bool)
    part[order[:count]] = True
    return part
