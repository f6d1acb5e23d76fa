"""What a person has to read to reach a skill, and whether the first look is right."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from esco_kg.evaluation.embedding import Embedding, unit
from esco_kg.evaluation.groups import Groups, Matrix
from esco_kg.model.pillar import Pillar


@dataclass(frozen=True, slots=True)
class Options:
    """Options scanned to reach a skill: mean and 90th percentile over all skills and paths."""

    mean: float
    p90: float


def options_scanned(levels: Sequence[Groups]) -> Options:
    """Sum of (children + 1) / 2 down the path plus (members + 1) / 2, for a hierarchy given coarsest level first.

    The expected number of entries read in a list of c in random order is (c + 1) / 2 (Knuth 1973, 6.1). A skill in
    several groups has several paths, each with its share.
    """
    costs = (levels[0].shares.shape[1] and _held(levels[0]).sum() + 1) / 2
    cost = np.full(levels[-1].shares.shape[1], costs, dtype=float)
    for depth in range(len(levels) - 1):
        parents = parents_of(levels[depth + 1], levels[depth])
        below = np.bincount(parents[_held(levels[depth + 1])], minlength=levels[depth].shares.shape[1])
        up = np.arange(levels[-1].shares.shape[1])
        for fine in range(len(levels) - 1, depth + 1, -1):
            up = parents_of(levels[fine], levels[fine - 1])[up]
        cost += (below[parents[up]] + 1) / 2
    cost += (np.diff(levels[-1].shares.tocsc().indptr) + 1) / 2
    weights = levels[-1].shares.tocoo()
    order = np.argsort(cost[weights.col], kind="stable")
    passed = np.cumsum(weights.data[order]) / weights.data.sum()
    return Options(
        mean=float((cost[weights.col] * weights.data).sum() / weights.data.sum()),
        p90=float(cost[weights.col][order][np.searchsorted(passed, 0.9)]),
    )


def parents_of(fine: Groups, coarse: Groups) -> NDArray[np.int64]:
    """(K fine,) the coarse group that shares most with each fine one."""
    overlap = np.asarray((fine.shares.T @ coarse.shares).todense())
    return np.asarray(overlap.argmax(axis=1))


def _held(groups: Groups) -> NDArray[np.bool_]:
    return np.asarray(np.diff(groups.shares.tocsc().indptr) > 0)


@dataclass(frozen=True, slots=True)
class FirstChoice:
    """``by_level`` (coarsest first): share of tries that were right there and above; the last is right at every
    level."""

    by_level: tuple[float, ...]
    tries: int
    embedding: str

    @property
    def everywhere(self) -> float:
        """Right at every level."""
        return self.by_level[-1]


def first_choice(
    levels: Sequence[Groups], pillar: Pillar, embedding: Embedding, tries: int = 3000, seed: int = 0
) -> FirstChoice:
    """A person looks for a skill by one of its alternative labels and takes the likeliest child at each level.

    The likeliest is the child whose centroid (mean of its skills' preferred labels, the target left out) is nearest
    to the alternative label. A skill in several groups is found in any of them.
    """
    language = "en" if "en" in pillar.languages else pillar.languages[0]
    skills = levels[0].skills
    texts = [pillar.skills[iri].texts.get(language) for iri in skills]
    vectors = embedding.encode([t.pref if t else "" for t in texts])
    asked = _asked([(i, t.alt, t.pref) for i, t in enumerate(texts) if t], tries, seed)
    queries = embedding.encode([text for _, text in asked])
    rows = np.array([i for i, _ in asked])
    right = np.ones(len(asked), dtype=bool)
    chosen = np.zeros(len(asked), dtype=np.int64)
    by_level = []
    for depth, groups in enumerate(levels):
        parents = parents_of(groups, levels[depth - 1]) if depth else np.zeros(groups.shares.shape[1], dtype=np.int64)
        scores = _scores(groups, vectors, queries, rows)
        scores[parents[None, :] != chosen[:, None]] = -np.inf
        chosen = scores.argmax(axis=1)
        right &= np.asarray(groups.shares[rows, chosen] > 0).ravel()
        by_level.append(float(right.mean()))
    return FirstChoice(tuple(by_level), len(asked), embedding.name)


def _asked(texts: Sequence[tuple[int, Sequence[str], str]], tries: int, seed: int) -> list[tuple[int, str]]:
    """(row, alternative label), at most one for a skill."""
    draw = random.Random(f"{seed} first choice")
    asked = []
    for i, alternatives, preferred in texts:
        others = sorted(set(alternatives) - {preferred})
        if others:
            asked.append((i, draw.choice(others)))
    return sorted(draw.sample(asked, min(tries, len(asked))))


def _scores(groups: Groups, vectors: Matrix, queries: Matrix, rows: NDArray[np.int64]) -> Matrix:
    """(tries, K) cosine of query and centroid, the target's own vector taken out of its groups' centroids."""
    sums = np.asarray(groups.shares.T @ vectors)
    scores = queries @ unit(sums).T
    scores[:, ~_held(groups)] = -np.inf
    shares = groups.shares.tocsr()
    for number, i in enumerate(rows):
        for at in range(shares.indptr[i], shares.indptr[i + 1]):
            column = shares.indices[at]
            without = sums[column] - shares.data[at] * vectors[i]
            length = float(np.linalg.norm(without))
            scores[number, column] = float(queries[number] @ without) / length if length > 1e-9 else -1.0
    return scores
