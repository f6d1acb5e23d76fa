"""The branches by rule, divided: as the skills pillar divides them, and where it does not, by their texts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from esco_kg.clusters.assignment import centroids, halves
from esco_kg.clusters.branches import RuledBranch
from esco_kg.clusters.features import Matrix

Labels = NDArray[np.int32]
_COHERENT = 0.9
"""A part whose words have this mean cosine with their centroid says one thing of many objects, as "write Bulgarian" and
"write Catalan" do. To divide it further would be chance."""


def ruled_parts(branch: RuledBranch, text: Matrix, wanted: int, smallest: int, largest: float) -> Labels:
    """(b,) the finest clusters of a branch by rule.

    Each official group is a cluster; one under ``smallest`` joins the nearest by ``text`` (b, d). While there are
    fewer than ``wanted``, the largest that does not cohere is halved by its words; one over ``largest`` is halved in
    any case.
    """
    labels = np.unique(branch.official, return_inverse=True)[1].astype(np.int32).ravel()
    labels = _without_small(text, labels, smallest)
    while True:
        sizes = np.bincount(labels)
        may = sizes >= 2 * smallest
        may &= (sizes > largest) | ((len(sizes) < wanted) & ~_coheres(branch.words, labels))
        if not may.any():
            return labels
        members = np.flatnonzero(labels == int(np.where(may, sizes, 0).argmax()))
        labels[members[halves(branch.words[members], smallest, 0.0)]] = len(sizes)


def groups_of(text: Matrix, labels: Labels, most: int) -> Labels:
    """(K,) the group of each part at the level above, at most ``most`` groups: those with the nearest centroids join
    (average linkage, Sokal and Michener 1958)."""
    centres = centroids(text, labels, int(labels.max()) + 1)
    if len(centres) == 1:
        return np.zeros(1, dtype=np.int32)
    found = fcluster(linkage(centres, "average"), most, "maxclust")
    return np.unique(found, return_inverse=True)[1].astype(np.int32).ravel()


def _without_small(text: Matrix, labels: Labels, smallest: int) -> Labels:
    """The smallest joins the one with the nearest centroid while it is under ``smallest``."""
    while True:
        sizes = np.bincount(labels)
        least = int(sizes.argmin())
        if len(sizes) == 1 or sizes[least] >= smallest:
            return labels
        centres = centroids(text, labels, len(sizes))
        near = centres @ centres[least]
        near[least] = -np.inf
        joined = np.where(labels == least, near.argmax(), labels)
        labels = np.unique(joined, return_inverse=True)[1].astype(np.int32).ravel()


def _coheres(words: Matrix, labels: Labels) -> NDArray[np.bool_]:
    """(K,) whether the skills of a part are described in nearly the same words."""
    cosines = (words * centroids(words, labels, int(labels.max()) + 1)[labels]).sum(axis=1)
    return np.asarray(np.bincount(labels, weights=cosines) / np.bincount(labels) >= _COHERENT)
