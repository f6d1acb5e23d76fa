"""Clusters from scratch: the sector branch from cells, the branches by rule from their texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from esco_kg.clusters.assignment import centroids, divided, fill
from esco_kg.clusters.features import Features, Matrix
from esco_kg.clusters.frame import Cells
from esco_kg.clusters.hierarchy import Units, as_parents, coarser, named_after
from esco_kg.clusters.scores import RULED, Standing
from esco_kg.config import ClusterSettings
from esco_kg.model.clustering import Branch
from esco_kg.model.expertise import Frame

Labels = NDArray[np.int32]


@dataclass(slots=True)
class Draft:
    """A partition before decisions; fields as in :class:`esco_kg.model.partition.Partition`."""

    finest: Labels
    parents: list[Labels]
    branches: list[Branch]
    frames: list[str]
    groups: list[str]
    method: str

    def chain(self) -> list[Labels]:
        """For each level, coarsest first, (K,) the cluster that holds each finest one; the last counts them."""
        found = [np.arange(int(self.finest.max()) + 1, dtype=np.int32)]
        for parent in reversed(self.parents):
            found.insert(0, parent[found[0]])
        return found

    def without_empty(self, finest: Labels, scores: Matrix) -> Matrix:
        """Take ``finest`` (n,) as the finest level and forget the clusters that no skill is left in, at every level;
        the ``scores`` (n, K) of the others."""
        kept, self.finest = _kept(finest)
        scores = scores[:, kept]
        for depth in range(len(self.parents) - 1, -1, -1):
            kept, self.parents[depth] = _kept(self.parents[depth][kept])
            if depth == 1:
                self.groups = [self.groups[i] for i in kept] if self.groups else []
        self.branches = [self.branches[i] for i in kept]
        self.frames = [self.frames[i] for i in kept]
        return scores


@dataclass(slots=True)
class _Finest:
    """The finest level in the making: labels (n,), and per cluster its branch, top, group and their names."""

    labels: Labels
    branches: list[str] = field(default_factory=list)
    tops: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)


def fresh(standing: Standing, settings: ClusterSettings, frames: Sequence[Frame]) -> Draft:
    """Clusters that nothing but the data and the experts' frame informs."""
    features, cells, ruled = standing.features, standing.cells, standing.ruled
    finest = _Finest(np.zeros(len(ruled), dtype=np.int32))
    counts = _counts(ruled, settings)
    sector = np.flatnonzero(ruled == "")
    if len(sector):
        filled = fill(
            features.vectors[sector],
            features.votes[sector],
            features.use[sector],
            standing.bonus[sector],
            cells,
            wanted=counts[""],
            smallest=settings.smallest,
            largest=settings.largest_share[-1] * len(ruled),
        )
        finest.labels[sector] = filled.labels
        for cell in filled.cells:
            frame, group = int(cells.frames[cell]), int(cells.groups[cell])
            finest.branches.append("")
            finest.tops.append(f"frame {frame:04d}")
            finest.groups.append(f"group {group:06d}")
            finest.named.append(cells.group_keys[group])
    for branch in RULED:
        _add_ruled(finest, features, np.flatnonzero(ruled == branch), branch, counts.get(branch, 0), settings)
    return _draft(finest, features, cells, settings, frames)


def _counts(ruled: NDArray[np.str_], settings: ClusterSettings) -> dict[str, int]:
    """Finest clusters for each branch, by its share of the skills."""
    n = len(ruled)
    wanted = max(1, min(settings.levels[-1], n // settings.smallest))
    names, sizes = np.unique(ruled, return_counts=True)
    return {
        str(name): max(1, min(round(wanted * size / n), size // settings.smallest))
        for name, size in zip(names, sizes, strict=True)
    }


def _add_ruled(
    finest: _Finest, features: Features, rows: NDArray[np.int64], branch: Branch, count: int, settings: ClusterSettings
) -> None:
    """A branch by rule: its texts divided for the second level first, and each part for the finest."""
    if not len(rows):
        return
    text = features.text[rows] if features.text.shape[1] else features.vectors[rows]
    upper = settings.levels[min(1, len(settings.levels) - 1)]
    parts = max(1, round(upper * len(rows) / len(features.skills)))
    large = divided(text, parts, settings.smallest)
    for part in range(int(large.max()) + 1):
        members = np.flatnonzero(large == part)
        small = divided(text[members], max(1, round(count * len(members) / len(rows))), settings.smallest)
        finest.labels[rows[members]] = small + len(finest.branches)
        for _ in range(int(small.max()) + 1):
            finest.branches.append(branch)
            finest.tops.append(f"branch {branch}")
            finest.groups.append(f"branch {branch} {part:04d}")
            finest.named.append("")


def _draft(
    finest: _Finest, features: Features, cells: Cells, settings: ClusterSettings, frames: Sequence[Frame]
) -> Draft:
    count = len(finest.branches)
    sizes = np.bincount(finest.labels, minlength=count)
    units = Units(
        centres=centroids(features.vectors, finest.labels, count),
        sizes=sizes,
        branches=_numbered(finest.branches),
        tops=_numbered(finest.tops),
        groups=_numbered(finest.groups),
    )
    levels = coarser(units, settings)
    top = levels[0] if levels else np.arange(count, dtype=np.int32)
    keys, kinds = _top_names(finest, top, sizes, cells, frames)
    return Draft(
        finest=finest.labels,
        parents=as_parents(levels, count),
        branches=kinds,
        frames=keys,
        groups=named_after(levels[1], sizes, finest.named) if len(levels) > 1 else [],
        method="framed cells",
    )


def _top_names(
    finest: _Finest, top: Labels, sizes: NDArray[np.int64], cells: Cells, frames: Sequence[Frame]
) -> tuple[list[str], list[Branch]]:
    """Key of the frame and branch of each top cluster; one that joins several frames has no key."""
    ruled: dict[str, str] = {str(frame.branch): frame.key for frame in frames if frame.branch in RULED}
    digital = {frame.key for frame in frames if frame.branch == "digital"}
    own = [
        cells.keys[int(name.removeprefix("frame "))] if not branch else ruled.get(branch, "")
        for name, branch in zip(finest.tops, finest.branches, strict=True)
    ]
    keys = named_after(top, sizes, own)
    kinds: list[Branch] = []
    for number, key in enumerate(keys):
        branch = finest.branches[int(np.flatnonzero(top == number)[0])]
        by_rule = next((b for b in RULED if b == branch), None)
        kinds.append(by_rule or ("digital" if key in digital else "sector"))
    return keys, kinds


def _kept(labels: Labels) -> tuple[NDArray[np.int64], Labels]:
    kept, renumbered = np.unique(labels, return_inverse=True)
    return kept.astype(np.int64), renumbered.astype(np.int32).ravel()


def _numbered(names: Sequence[str]) -> NDArray[np.int64]:
    return np.unique(np.array(names, dtype=str), return_inverse=True)[1].astype(np.int64)
