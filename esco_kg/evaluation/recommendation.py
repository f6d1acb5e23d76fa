"""Completing the profile of an unseen occupation: groups as recommender, and what it takes without groups.

The measures are those of Jaervelin and Kekaelaeinen (2002, NDCG), Voorhees (1999, MRR) and the hit rate of
Deshpande and Karypis (2004); the protocol is the one in ``docs/clusters.md``.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from esco_kg.evaluation.groups import Groups, Matrix
from esco_kg.evaluation.splits import Split, essential_skills
from esco_kg.model.pillar import Pillar

_LEAST, _HIDDEN_SHARE, _HIDDEN_LEAST, _CUT = 8, 0.2, 2, 10
Scorer = Callable[[sparse.csr_matrix], Matrix]
"""(profiles, n skills) 0/1 of visible skills -> (profiles, n skills) scores, larger is better."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """Means over ``occupations`` held-out occupations; all but the last in [0, 1]."""

    hit: float  # at least one hidden skill among the first 10
    mrr: float  # 1 / rank of the first hidden skill, whatever the rank
    ndcg: float  # at 10
    occupations: int


@dataclass(slots=True)
class Task:
    """What is asked: ``skills`` (n), ``visible`` and ``hidden`` (profiles, n) 0/1, ``training`` (occupations, n) 0/1 of
    the essential skills of the training occupations."""

    skills: list[str]
    visible: sparse.csr_matrix
    hidden: sparse.csr_matrix
    training: sparse.csr_matrix


def make_task(pillar: Pillar, split: Split, seed: int = 0, hideable: Collection[str] | None = None) -> Task:
    """Held-out occupations with at least 8 essential skills; max(2, 20 %) of these are hidden, drawn with the seed.

    With ``hideable`` no others are hidden, and occupations with fewer of them than that are left out.
    """
    held_out, training = (essential_skills(pillar, part) for part in (split.held_out, split.training))
    return task_of(sorted(pillar.skills), held_out, training, seed, hideable)


def task_of(
    skills: list[str],
    held_out: Mapping[str, list[str]],
    training: Mapping[str, list[str]],
    seed: int = 0,
    hideable: Collection[str] | None = None,
) -> Task:
    """The task of :func:`make_task` from occupations with their essential skills, sorted."""
    seen, unseen = [], []
    for occupation, essential in held_out.items():
        count = max(_HIDDEN_LEAST, round(_HIDDEN_SHARE * len(essential)))
        choice = essential if hideable is None else [skill for skill in essential if skill in hideable]
        if len(essential) >= _LEAST and len(choice) >= count:
            hidden = set(random.Random(f"{seed} {occupation}").sample(choice, count))
            unseen.append(sorted(hidden))
            seen.append([skill for skill in essential if skill not in hidden])
    return Task(skills, _matrix(seen, skills), _matrix(unseen, skills), _matrix(list(training.values()), skills))


def recommend(task: Task, scorer: Scorer) -> Recommendation:
    """Rank the skills outside each profile by score (the earlier IRI where scores are equal) and count."""
    if not task.visible.shape[0]:
        return Recommendation(float("nan"), float("nan"), float("nan"), 0)
    hits, reciprocal, gains = [], [], []
    for start in range(0, task.visible.shape[0], 256):
        part = slice(start, start + 256)
        scores = np.where(task.visible[part].toarray() > 0, -np.inf, scorer(task.visible[part]))
        for row, hidden in zip(scores, task.hidden[part], strict=True):
            ranks = _ranks(row, hidden.indices)
            hits.append(float(ranks[0] <= _CUT))
            reciprocal.append(1.0 / ranks[0])
            gains.append(_gain(ranks[ranks <= _CUT]) / _gain(np.arange(1, min(len(ranks), _CUT) + 1)))
    return Recommendation(float(np.mean(hits)), float(np.mean(reciprocal)), float(np.mean(gains)), len(hits))


def by_groups(task: Task, groups: Groups) -> Scorer:
    """Sum over groups of P(group | visible profile) P(skill | group).

    P(group | profile) is the mean of the visible skills' shares, P(skill | group) the skill's popularity in
    training times its share in the group, brought to a sum of 1 in each group.
    """
    popular = sparse.diags(_popularity(task)) @ groups.shares
    totals = np.asarray(popular.sum(axis=0)).ravel()
    within = sparse.csr_matrix(popular @ sparse.diags(1.0 / np.where(totals > 0, totals, 1.0)))
    return lambda profiles: np.asarray((_means(profiles) @ groups.shares @ within.T).todense())


def by_popularity(task: Task) -> Scorer:
    """The skills that most training occupations need, whatever the profile."""
    popular = _popularity(task)
    return lambda profiles: np.tile(popular, (profiles.shape[0], 1))


def at_random(seed: int = 0) -> Scorer:
    """Any order."""
    draw = np.random.default_rng(seed)
    return lambda profiles: draw.random(profiles.shape)


def by_skill_neighbours(task: Task) -> Scorer:
    """Sum of the cosines with the visible skills over training occupations (item-based kNN, Sarwar and others 2001)."""
    rows = _unit_rows(task.training.T.tocsr())
    return lambda profiles: np.asarray((profiles @ rows @ rows.T).todense())


def by_occupation_neighbours(task: Task, neighbours: int = 20) -> Scorer:
    """Skills of the most similar training occupations, weighted by the cosine (user-based kNN, Resnick and others
    1994)."""
    unit = _unit_rows(task.training)

    def scores(profiles: sparse.csr_matrix) -> Matrix:
        near = np.asarray((profiles @ unit.T).todense())
        cut = np.sort(near, axis=1)[:, -min(neighbours, near.shape[1])][:, None]
        return np.asarray(np.where(near >= cut, near, 0.0) @ task.training)

    return scores


def _ranks(
    scores: Matrix, wanted: np.ndarray[tuple[int], np.dtype[np.int32]]
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Sorted ranks from 1 of the wanted columns; of equal scores the earlier column is first."""
    better = [(scores > scores[j]).sum() + (scores[:j] == scores[j]).sum() for j in wanted]
    return np.sort(np.array(better, dtype=np.int64)) + 1


def _gain(ranks: np.ndarray[tuple[int], np.dtype[np.int64]]) -> float:
    return float((1.0 / np.log2(ranks + 1.0)).sum())


def _popularity(task: Task) -> Matrix:
    return np.asarray(task.training.sum(axis=0), dtype=np.float64).ravel()


def _means(profiles: sparse.csr_matrix) -> sparse.csr_matrix:
    sizes = np.asarray(profiles.sum(axis=1)).ravel()
    return sparse.csr_matrix(sparse.diags(1.0 / np.where(sizes > 0, sizes, 1.0)) @ profiles)


def _unit_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1.0 / np.where(lengths > 0, lengths, 1.0)) @ matrix)


def _matrix(profiles: list[list[str]], skills: list[str]) -> sparse.csr_matrix:
    column = {iri: j for j, iri in enumerate(skills)}
    rows = [i for i, profile in enumerate(profiles) for _ in profile]
    columns = [column[skill] for profile in profiles for skill in profile]
    return sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(profiles), len(skills)))
