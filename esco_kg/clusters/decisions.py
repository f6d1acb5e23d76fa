"""Experts' decisions about skills, laid over what the data say.

Precedence: forced > must-link, cannot-link, rejected > seed > data.

A decision moves the skills it names and no others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from esco_kg.clusters.features import Matrix
from esco_kg.model.expertise import Decision, Expertise

Labels = NDArray[np.int32]


@dataclass(slots=True)
class Decided:
    """``methods`` and ``decisions`` are empty strings where no decision spoke."""

    finest: Labels
    methods: list[str]
    decisions: list[str]
    statements: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Targets:
    """Finds the finest clusters that a decision's target stands for."""

    skills: Mapping[str, int]
    finest: Labels
    levels: list[Labels]
    frames: Sequence[str]
    anchor: Mapping[str, str]
    anchor_parents: Mapping[str, str]

    def within(self, target: str) -> NDArray[np.bool_]:
        """(K,) True for the clusters that are the target or lie below it; all False where it is not known."""
        count = int(self.finest.max()) + 1
        allowed = np.zeros(count, dtype=bool)
        if target.startswith("skill:"):
            row = self.skills.get(target.removeprefix("skill:"))
            if row is not None:
                allowed[self.finest[row]] = True
            return allowed
        if target in self.frames:
            top = self.levels[0]
            return np.array([self.frames[top[c]] == target for c in range(count)])
        depth, members = self._members(target)
        if members:
            labels = self.levels[depth] if depth < len(self.levels) else np.arange(count, dtype=np.int32)
            overlap = np.bincount(labels[self.finest[members]], minlength=int(labels.max()) + 1)
            return np.asarray(labels == overlap.argmax())
        return allowed

    def _members(self, target: str) -> tuple[int, list[int]]:
        """Depth (0 is the top) and the skills that the previous release had in this cluster."""
        members, depth = [], 0
        for iri in sorted(self.anchor):
            chain = [self.anchor[iri]]
            while chain[-1] in self.anchor_parents:
                chain.append(self.anchor_parents[chain[-1]])
            if target in chain and iri in self.skills:
                depth = len(chain) - 1 - chain.index(target)
                members.append(self.skills[iri])
        return depth, members


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
    """``finest`` (n,) with the decisions applied, the weakest kind first so that a stronger one has the last word."""
    row = {iri: i for i, iri in enumerate(skills)}
    levels = _to_levels(parents)
    result = Decided(finest.copy(), [""] * len(skills), [""] * len(skills))
    targets = _Targets(row, result.finest, levels, frames, anchor, anchor_parents)
    fixed: dict[int, str] = {}
    by_kind = {kind: [d for d in expertise.decisions if d.kind == kind] for kind in _ORDER}
    for decision in by_kind["forced"]:
        _move(decision, targets, scores, result, row, fixed, "forced")
    for decision in by_kind["must-link"]:
        _link(decision, scores, result, row, fixed)
    for kind in ("cannot-link", "rejected"):
        for decision in by_kind[kind]:
            _separate(decision, targets, scores, result, row, fixed)
    for decision in by_kind["seed"]:
        _move(decision, targets, scores, result, row, fixed, "seed")
    return result


_ORDER = ("forced", "must-link", "cannot-link", "rejected", "seed")


def _to_levels(parents: Sequence[Labels]) -> list[Labels]:
    """For each coarser level, coarsest first, the array (K,) finest cluster -> cluster there."""
    levels: list[Labels] = []
    for depth in range(len(parents)):
        labels = parents[-1]
        for parent in reversed(parents[depth:-1]):
            labels = parent[labels]
        levels.append(labels)
    return levels


def _move(
    decision: Decision,
    targets: _Targets,
    scores: Matrix,
    result: Decided,
    row: Mapping[str, int],
    fixed: dict[int, str],
    method: str,
) -> None:
    allowed = targets.within(decision.target)
    if not allowed.any():
        result.statements.append(f"{decision.place}: the target {decision.target} is not in this hierarchy.")
        return
    for i in sorted(row[s] for s in decision.skills if s in row):
        if i not in fixed:
            _set(result, i, int(np.where(allowed, scores[i], -np.inf).argmax()), method, decision, fixed)


def _link(decision: Decision, scores: Matrix, result: Decided, row: Mapping[str, int], fixed: dict[int, str]) -> None:
    members = sorted(row[s] for s in decision.skills if s in row)
    held = [i for i in members if i in fixed]
    target = int(result.finest[held[0]]) if held else int(scores[members].sum(axis=0).argmax())
    for i in members:
        if i not in fixed:
            _set(result, i, target, "must-link", decision, fixed)


def _separate(
    decision: Decision,
    targets: _Targets,
    scores: Matrix,
    result: Decided,
    row: Mapping[str, int],
    fixed: dict[int, str],
) -> None:
    """Skills that share a cluster (or sit in the rejected one) leave it for their best other cluster."""
    members = sorted((row[s] for s in decision.skills if s in row), key=lambda i: (i not in fixed, i))
    taken = targets.within(decision.target) if decision.kind == "rejected" else np.zeros(scores.shape[1], dtype=bool)
    for i in members:
        if i not in fixed and taken[result.finest[i]]:
            best = int(np.where(taken, -np.inf, scores[i]).argmax())
            _set(result, i, best, "rule", decision, fixed)
        if decision.kind == "cannot-link":
            taken[result.finest[i]] = True


def _set(result: Decided, i: int, target: int, method: str, decision: Decision, fixed: dict[int, str]) -> None:
    result.finest[i], result.methods[i], result.decisions[i] = target, method, decision.place
    fixed[i] = decision.place
