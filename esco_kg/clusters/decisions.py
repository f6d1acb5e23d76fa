"""Experts' decisions about skills, laid over what the data say.

Precedence: forced > must-link, cannot-link, rejected > seed > data.

Skills that must-link joins, and a skill forced to another one, move as one block. A block goes into one cluster
that all of its lines allow; where the lines of other blocks leave it none, it becomes a cluster of its own. Decisions
move the skills they name, and those joined to them; no others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from esco_kg.clusters.arrays import Matrix
from esco_kg.clusters.blocks import Block, make_blocks
from esco_kg.clusters.chains import skill_of
from esco_kg.clusters.targets import Region, Targets
from esco_kg.errors import InputError
from esco_kg.model.expertise import Decision, Expertise

Labels = NDArray[np.int32]


@dataclass(slots=True)
class Decided:
    """``methods`` and ``decisions`` are empty strings where no decision spoke.

    ``beside`` has one entry per cluster that was opened, numbered on from the others: the cluster whose parent it has.
    """

    finest: Labels
    methods: list[str]
    decisions: list[str]
    beside: list[int] = field(default_factory=list)


def decided(
    skills: Sequence[str],
    finest: Labels,
    parents: Sequence[Labels],
    scores: Matrix,
    expertise: Expertise,
    anchor: Mapping[str, str],
    anchor_parents: Mapping[str, str],
    frames: Sequence[str] = (),
) -> Decided:
    """``finest`` (n,) with the decisions applied; ``scores`` (n, K) choose where a decision leaves a choice.

    ``anchor`` and ``anchor_parents`` are the previous release's clusters, which a target may name. Raises InputError
    where no cluster is left that a block may be in; the message names the lines.
    """
    row = {iri: i for i, iri in enumerate(skills)}
    result = Decided(finest.copy(), [""] * len(skills), [""] * len(skills))
    targets = Targets(row, result.finest, to_levels(parents), frames, anchor, anchor_parents)
    blocks = make_blocks([d for d in expertise.decisions if d.kind != "also"], row)
    placing = _Placing(result, scores, targets, blocks, row)
    for block in sorted(blocks, key=placing.order):
        placing.place(block)
    return result


def to_levels(parents: Sequence[Labels]) -> list[Labels]:
    """For each coarser level, coarsest first, the array (K,) finest cluster -> cluster there."""
    levels: list[Labels] = []
    for depth in range(len(parents)):
        labels = parents[-1]
        for parent in reversed(parents[depth:-1]):
            labels = parent[labels]
        levels.append(labels)
    return levels


class _Placing:
    """Puts one block after the other into a cluster. ``taken`` has the blocks already placed by their clusters, for
    each line that parts blocks."""

    def __init__(
        self, result: Decided, scores: Matrix, targets: Targets, blocks: Sequence[Block], row: Mapping[str, int]
    ) -> None:
        self._result, self._scores, self._targets = result, scores, targets
        self._block_of = {i: block for block in blocks for i in block.rows}
        self._row = row
        self._taken: dict[str, dict[int, Block]] = defaultdict(dict)
        self._begun: set[int] = set()
        self._regions = {id(block): self._required(block) for block in blocks}

    def _required(self, block: Block) -> tuple[list[Region], list[Region]]:
        """Where the block has to be, and where it may not be."""
        within = []
        for decision in block.forced:
            region = self._targets.region(decision.target)
            if not region.mask.any():
                raise InputError(
                    decision.place,
                    f"forces {decision.skills[0]} to {decision.target}, which no cluster of this release is made from",
                    "Name a cluster that there is, or a skill (skill:<IRI>).",
                )
            within.append(region)
        return within, [self._targets.region(decision.target) for decision in block.rejected]

    def order(self, block: Block) -> tuple[object, ...]:
        """Blocks without a seed first; of those the ones that no line is to move, then the forced ones, then those with
        fewer clusters to choose from, then the larger ones."""
        is_forced = bool(block.forced or block.follows)
        allowed = int(self._mask(block).sum())
        return bool(block.seeds), block.is_named, not is_forced, allowed, -len(block.rows), block.rows[0]

    def _mask(self, block: Block) -> NDArray[np.bool_]:
        """(K,) the clusters that the block's own lines allow."""
        within, without = self._regions[id(block)]
        mask = np.ones(self._scores.shape[1], dtype=bool)
        for region in within:
            mask &= region.mask
        for region in without:
            mask &= ~region.mask
        return mask

    def place(self, block: Block) -> None:
        """Put the block where its lines allow, as near to the data as they do."""
        if id(block) in self._begun:
            return
        self._begun.add(id(block))
        for seed in block.seeds:  # a seed beside another skill waits for that skill
            other = self._block_of.get(self._row.get(skill_of(seed.target), -1))
            if other is not None:
                self.place(other)
        mask = self._mask(block)
        if not mask.any():
            raise self._impossible(block)
        barred = {cluster for line in block.parted for cluster in self._taken[line.place]}
        cluster, chosen = self._chosen(block, mask, barred)
        self._set(block, cluster, chosen)
        for line in block.parted:
            self._taken[line.place][cluster] = block

    def _chosen(self, block: Block, mask: NDArray[np.bool_], barred: set[int]) -> tuple[int, Decision | None]:
        """The cluster, and the seed that led there."""
        free = mask.copy()
        free[[cluster for cluster in barred if cluster < len(free)]] = False
        for seed in block.seeds:
            region = self._targets.region(seed.target)
            opened = self._opened(seed, block, barred)
            if opened is not None:
                return opened, seed
            if (free & region.mask).any():
                return self._best(block, free & region.mask), seed
        if free.any():
            return self._best(block, free), None
        within, _ = self._regions[id(block)]
        if any(region.is_finest for region in within):
            raise self._impossible(block)
        self._result.beside.append(self._best(block, mask))
        return len(free) + len(self._result.beside) - 1, None

    def _opened(self, seed: Decision, block: Block, barred: set[int]) -> int | None:
        """The cluster of the seed's skill where that is an opened one which the block may join."""
        own = self._row.get(skill_of(seed.target), -1)
        count = self._scores.shape[1]
        if own < 0 or self._result.finest[own] < count or int(self._result.finest[own]) in barred:
            return None
        cluster = int(self._result.finest[own])
        beside = self._result.beside[cluster - count]
        within, without = self._regions[id(block)]
        is_barred = any(region.mask[beside] and not region.is_finest for region in without)
        is_inside = all(region.mask[beside] and not region.is_finest for region in within)
        return cluster if is_inside and not is_barred else None

    def _best(self, block: Block, mask: NDArray[np.bool_]) -> int:
        """Where the leaders are now, if they are together and may stay; otherwise where they score best."""
        now = np.unique(self._result.finest[block.leaders])
        if len(now) == 1 and now[0] < len(mask) and mask[now[0]]:
            return int(now[0])
        return int(np.where(mask, self._scores[block.leaders].sum(axis=0), -np.inf).argmax())

    def _set(self, block: Block, cluster: int, seed: Decision | None) -> None:
        """Move the block and write down, for each skill, the line that says most about it."""
        for i in block.rows:
            line: Decision | None = block.lines.get(i)
            if line is None and seed is not None and (i in self._rows(seed) or self._result.finest[i] != cluster):
                line = seed
            if line is None and self._result.finest[i] != cluster:
                line = self._drove_out(block, int(self._result.finest[i]))
            if line is not None:
                method = line.kind if line.kind in ("forced", "must-link", "seed") else "rule"
                self._result.methods[i], self._result.decisions[i] = method, line.place
            self._result.finest[i] = cluster

    def _drove_out(self, block: Block, cluster: int) -> Decision | None:
        """The line that bars a block from a cluster, otherwise the first that says anything of the block."""
        parted = [line for line in block.parted if cluster in self._taken[line.place]]
        lines = [*parted, *block.rejected, *block.forced, *block.parted, *block.lines.values()]
        return lines[0] if lines else None

    def _rows(self, decision: Decision) -> set[int]:
        return {self._row[skill] for skill in decision.skills if skill in self._row}

    def _impossible(self, block: Block) -> InputError:
        lines = list(dict.fromkeys(line.place for line in self._against(block)))
        return InputError(
            lines[0],
            f"no cluster satisfies this line together with {', '.join(lines[1:]) or 'the clusters there are'}",
            "Take one of the lines out; in the ledger, append a line that revokes it.",
        )

    def _against(self, block: Block) -> Iterator[Decision]:
        yield from block.forced
        yield from dict.fromkeys(block.lines.values())
        yield from block.rejected
        for line in block.parted:
            yield line
            for other in self._taken[line.place].values():
                yield from other.forced
