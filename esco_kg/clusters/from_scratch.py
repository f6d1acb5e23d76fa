"""Clusters from scratch: the sector branch from cells, the branches by rule from official groups and their texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from esco_kg.clusters.assignment import centroids, fill
from esco_kg.clusters.branches import RuledBranch
from esco_kg.clusters.features import Features
from esco_kg.clusters.frame import Cells
from esco_kg.clusters.hierarchy import Units, as_parents, coarser, named_after
from esco_kg.clusters.ruled import groups_of, ruled_parts, seeded_parts
from esco_kg.clusters.scores import ScoreInputs
from esco_kg.config import ClusterSettings
from esco_kg.model.clustering import RULED, Branch
from esco_kg.model.expertise import Frame

Labels = NDArray[np.int32]


@dataclass(slots=True)
class DataPartition:
    """A partition before decisions; fields as in :class:`esco_kg.model.partition.Partition`. ``leading`` (n,) is the
    finest cluster that has the lead of being there already, -1 where none has; ``by_size`` (n,) tells the skills that a
    bound on sizes moved."""

    finest: Labels
    parents: list[Labels]
    branches: list[Branch]
    frames: list[str]
    groups: list[str]
    method: str
    leading: Labels
    by_size: NDArray[np.bool_]

    def chain(self) -> list[Labels]:
        """For each level, coarsest first, (K,) the cluster that holds each finest one; the last counts them."""
        found = [np.arange(int(self.finest.max()) + 1, dtype=np.int32)]
        for parent in reversed(self.parents):
            found.insert(0, parent[found[0]])
        return found

    def open(self, beside: Sequence[int]) -> None:
        """Add finest clusters, numbered on from those there are, each with the parent of the one named."""
        if self.parents and beside:
            self.parents[-1] = np.concatenate([self.parents[-1], self.parents[-1][list(beside)]])
        elif beside:
            self.branches += [self.branches[i] for i in beside]
            self.frames += ["" for _ in beside]

    def take(self, finest: Labels) -> NDArray[np.int64]:
        """Take ``finest`` (n,) as the finest level and forget the clusters that no skill is left in, at every level;
        the numbers that the others had."""
        left, self.finest = _kept(finest)
        kept = left
        for depth in range(len(self.parents) - 1, -1, -1):
            kept, self.parents[depth] = _kept(self.parents[depth][kept])
            if depth == 1:
                self.groups = [self.groups[i] for i in kept] if self.groups else []
        self.branches = [self.branches[i] for i in kept]
        self.frames = [self.frames[i] for i in kept]
        return left


@dataclass(slots=True)
class _Finest:
    """The finest level in the making: labels (n,), and per cluster its branch, top, group and their names."""

    labels: Labels
    branches: list[str] = field(default_factory=list)
    tops: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)


def from_scratch(inputs: ScoreInputs, settings: ClusterSettings, frames: Sequence[Frame]) -> DataPartition:
    """Clusters that nothing but the data and the experts' frame informs."""
    finest = _Finest(np.zeros(len(inputs.ruled), dtype=np.int32))
    _add_sector(finest, inputs, settings)
    for name, branch in zip(RULED, inputs.branches, strict=True):
        if len(branch.rows):
            _add_ruled(finest, name, branch, inputs.features, settings, frames)
    return _data_partition(finest, inputs.features, inputs.cells, settings, frames)


def _wanted(settings: ClusterSettings, skills: int, total: int) -> int:
    """Finest clusters of a branch with so many of all skills: its share of those that there can be."""
    most = max(1, min(settings.levels[-1], total // settings.smallest))
    return max(1, min(round(most * skills / total), skills // settings.smallest))


def _add_sector(finest: _Finest, inputs: ScoreInputs, settings: ClusterSettings) -> None:
    """The branch of all other skills: cells of the experts' frame."""
    features, cells = inputs.features, inputs.cells
    rows, total = np.flatnonzero(inputs.ruled == ""), len(inputs.ruled)
    if not len(rows):
        return
    filled = fill(
        features.vectors[rows],
        features.votes[rows],
        features.use[rows],
        inputs.bonus[rows],
        cells,
        wanted=_wanted(settings, len(rows), total),
        smallest=settings.smallest,
        largest=settings.largest_share[-1] * total,
    )
    finest.labels[rows] = filled.labels + len(finest.branches)
    for cell in filled.cells:
        frame, group = int(cells.frames[cell]), int(cells.groups[cell])
        finest.branches.append("")
        finest.tops.append(f"frame {frame:04d}")
        finest.groups.append(f"group {group:06d}")
        finest.named.append(cells.group_keys[group])


def _add_ruled(
    finest: _Finest,
    name: Branch,
    branch: RuledBranch,
    features: Features,
    settings: ClusterSettings,
    frames: Sequence[Frame],
) -> None:
    """A branch by rule: its parts are finest clusters, those of its frame where experts gave some; joined by their
    texts they make its second level, unless the frame has its groups."""
    framed = seeded_parts(
        name,
        frames,
        [features.skills[row] for row in branch.rows],
        features.wording.meaning[branch.rows],
        settings.smallest,
    )
    if framed:
        finest.labels[branch.rows] = framed.labels + len(finest.branches)
        for group in framed.groups:
            finest.branches.append(name)
            finest.tops.append(f"branch {name}")
            finest.groups.append(f"branch {name} {group}")
            finest.named.append(group)
        return
    total = len(finest.labels)
    count, largest = len(branch.rows), settings.largest_share[-1] * total
    text = (features.wording.text if features.wording.text.shape[1] else features.vectors)[branch.rows]
    small = ruled_parts(branch, text, _wanted(settings, count, total), settings.smallest, largest)
    upper = settings.levels[min(1, len(settings.levels) - 1)]
    finest.labels[branch.rows] = small + len(finest.branches)
    for group in groups_of(text, small, max(1, round(upper * count / total))):
        finest.branches.append(name)
        finest.tops.append(f"branch {name}")
        finest.groups.append(f"branch {name} {group:04d}")
        finest.named.append("")


def _data_partition(
    finest: _Finest, features: Features, cells: Cells, settings: ClusterSettings, frames: Sequence[Frame]
) -> DataPartition:
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
    return DataPartition(
        finest=finest.labels,
        parents=as_parents(levels, count),
        branches=kinds,
        frames=keys,
        groups=named_after(levels[1], sizes, finest.named) if len(levels) > 1 else [],
        method="framed cells",
        leading=finest.labels,
        by_size=np.zeros(len(finest.labels), dtype=bool),
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
