"""The levels above the finest: clusters joined or parted so that they nest, their number fits, and none is too
large."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from esco_kg.clusters.arrays import Matrix, unit_rows
from esco_kg.clusters.assignment import TOLERANCE, halves
from esco_kg.config import ClusterSettings

Labels = NDArray[np.int32]


@dataclass(slots=True)
class Units:
    """The finest clusters: ``centres`` (K, d), ``sizes`` (K,) in skills, and where each begins: ``branches`` (K,)
    that never mix, ``tops`` (K,) for the top level, ``groups`` (K,) for the level below it."""

    centres: Matrix
    sizes: NDArray[np.int64]
    branches: NDArray[np.int64]
    tops: NDArray[np.int64]
    groups: NDArray[np.int64]


def coarser(units: Units, settings: ClusterSettings) -> list[Labels]:
    """For each level above the finest, coarsest first, (K,) the cluster that holds each finest one."""
    total = int(units.sizes.sum())
    within = units.branches
    found: list[Labels] = []
    for depth, (wanted, share) in enumerate(zip(settings.levels[:-1], settings.largest_share[:-1], strict=True)):
        start = (units.tops, units.groups)[depth] if depth < 2 else np.arange(len(units.sizes))
        labels = _paired(within, start)
        labels = _joined(units, labels, within, wanted, share * total)
        labels = _parted(units, labels, wanted, share * total)
        found.append(labels)
        within = labels.astype(np.int64)
    return found


def as_parents(levels: list[Labels], finest: int) -> list[Labels]:
    """From "finest -> cluster at that level" to "cluster -> cluster one level up", as a partition wants it."""
    chain = [*levels, np.arange(finest, dtype=np.int32)]
    parents = []
    for upper, lower in pairwise(chain):
        parent = np.zeros(int(lower.max()) + 1, dtype=np.int32)
        parent[lower] = upper
        parents.append(parent)
    return parents


def _paired(within: NDArray[np.int64], start: NDArray[np.int64]) -> Labels:
    _, labels = np.unique(np.stack([within, start]), axis=1, return_inverse=True)
    return np.asarray(labels, dtype=np.int32).ravel()


def _joined(units: Units, labels: Labels, within: NDArray[np.int64], wanted: int, largest: float) -> Labels:
    """While there are too many, the smallest cluster joins the nearest one it may join."""
    most = max(int(wanted * (1 + TOLERANCE)), 1)
    while len(np.unique(labels)) > most:
        pair = _smallest_join(units, labels, within, largest)
        if pair is None:
            break
        labels = np.where(labels == pair[0], pair[1], labels)
    return np.unique(labels, return_inverse=True)[1].astype(np.int32)


def _smallest_join(units: Units, labels: Labels, within: NDArray[np.int64], largest: float) -> tuple[int, int] | None:
    numbers, first = np.unique(labels, return_index=True)
    sizes = np.bincount(labels, weights=units.sizes)[numbers]
    centres = _means(units, labels, numbers)
    owner = within[first]
    for i in np.argsort(sizes, kind="stable"):
        others = np.flatnonzero((owner == owner[i]) & (sizes + sizes[i] <= largest) & (numbers != numbers[i]))
        if len(others):
            nearest = others[(centres[others] @ centres[i]).argmax()]
            return int(numbers[i]), int(numbers[nearest])
    return None


def _parted(units: Units, labels: Labels, wanted: int, largest: float) -> Labels:
    """While there are too few, or one is too large, the largest cluster that has two finest ones is parted."""
    labels = labels.copy()
    least = int(np.ceil(wanted * (1 - TOLERANCE)))
    while True:
        sizes = np.bincount(labels, weights=units.sizes)
        sizes[np.bincount(labels) < 2] = 0
        at = int(sizes.argmax())
        if sizes[at] == 0 or (len(sizes) >= least and sizes[at] <= largest):
            return labels
        members = np.flatnonzero(labels == at)
        labels[members[halves(units.centres[members], 1)]] = len(sizes)


def _means(units: Units, labels: Labels, numbers: NDArray[np.int32]) -> Matrix:
    weighted = units.centres * units.sizes[:, None].astype(np.float32)
    return unit_rows(np.stack([weighted[labels == number].sum(axis=0) for number in numbers]))


def named_after(labels: Labels, sizes: NDArray[np.int64], names: list[str], least: float = 2 / 3) -> list[str]:
    """For each cluster the name that at least two thirds of its skills began with, otherwise ''."""
    found = []
    for number in range(int(labels.max()) + 1):
        held: dict[str, float] = {}
        for i in np.flatnonzero(labels == number):
            held[names[i]] = held.get(names[i], 0.0) + float(sizes[i])
        name = max(sorted(held), key=held.__getitem__)
        found.append(name if held[name] >= least * sum(held.values()) else "")
    return found
