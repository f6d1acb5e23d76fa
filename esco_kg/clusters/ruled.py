"""The branches by rule, divided: as the skills pillar divides them, and where it does not, by their texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from esco_kg.clusters.arrays import Matrix
from esco_kg.clusters.assignment import centroids, halves
from esco_kg.clusters.branches import RuledBranch
from esco_kg.model.clustering import Branch
from esco_kg.model.expertise import Frame

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


@dataclass(slots=True)
class SeededParts:
    """``labels`` (b,) of the finest clusters, 0 .. K-1; ``groups`` (K,) the experts' group of each: ``key/3``."""

    labels: Labels
    groups: list[str]


def seeded_parts(
    branch: Branch, frames: Sequence[Frame], skills: Sequence[str], meaning: Matrix, smallest: int
) -> SeededParts | None:
    """The clusters that experts see in a branch by rule: the skills that they name, and each other skill where the
    named ones are nearest in ``meaning`` (b, d). One under ``smallest`` joins the nearest of its group, otherwise of
    all.

    None where no frame of the branch names a skill that is there.
    """
    row = {iri: i for i, iri in enumerate(skills)}
    named = [
        (f"{frame.key}/{number}", [row[iri] for iri in cluster.skills if iri in row])
        for frame in frames
        if frame.branch == branch
        for number, group in enumerate(frame.groups)
        for cluster in group.clusters
    ]
    named = [(group, rows) for group, rows in named if rows]
    if not named:
        return None
    labels = np.full(len(skills), -1, dtype=np.int32)
    for number, (_, rows) in enumerate(named):
        labels[rows] = number
    near = meaning @ centroids(meaning, labels, len(named)).T
    labels = np.where(labels < 0, near.argmax(axis=1), labels).astype(np.int32)
    groups = [group for group, _ in named]
    while len(groups) > 1 and (sizes := np.bincount(labels, minlength=len(groups))).min() < smallest:
        least = int(sizes.argmin())
        centres = centroids(meaning, labels, len(groups))
        kin = np.array([group == groups[least] for group in groups])
        kin[least] = False
        may = kin if kin.any() else np.arange(len(groups)) != least
        labels[labels == least] = int(np.where(may, centres @ centres[least], -np.inf).argmax())
        labels = np.where(labels > least, labels - 1, labels).astype(np.int32)
        del groups[least]
    return SeededParts(labels, groups)


def groups_of(text: Matrix, labels: Labels, most: int) -> Labels:
    """(K,) the group of each part at the level above, at most ``most`` groups: those with the nearest centroids join
    (average linkage, Sokal and Michener 1958). A part that would be alone joins the group nearest to it."""
    centres = centroids(text, labels, int(labels.max()) + 1)
    if len(centres) == 1:
        return np.zeros(1, dtype=np.int32)
    found = fcluster(linkage(centres, "average"), most, "maxclust")
    for alone in np.flatnonzero(np.bincount(found)[found] == 1):
        if (found == found[alone]).sum() == 1 and len(np.unique(found)) > 1:
            found[alone] = found[np.where(found == found[alone], -np.inf, centres @ centres[alone]).argmax()]
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
