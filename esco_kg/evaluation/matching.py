"""Bringing together what has no word in common: two halves of one occupation's skills, matched through groups alone.

As a vacancy and a person that name other skills of the same occupation: nothing but the groups can bring them together.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from esco_kg.evaluation.groups import Groups
from esco_kg.evaluation.splits import Split, essential_skills
from esco_kg.model.pillar import Pillar

_LEAST, _CUT = 8, 10


@dataclass(slots=True)
class Halves:
    """``first`` and ``second`` (occupations, n skills) 0/1 without a common skill, rows of one occupation at one place;
    ``training`` (occupations, n) the essential skills of the training occupations."""

    first: sparse.csr_matrix
    second: sparse.csr_matrix
    training: sparse.csr_matrix


def make_halves(pillar: Pillar, split: Split, seed: int = 0) -> Halves:
    """Held-out occupations with at least 8 essential skills, cut in two at random with the seed."""
    column = {iri: j for j, iri in enumerate(sorted(pillar.skills))}
    first, second = [], []
    for occupation, essential in essential_skills(pillar, split.held_out).items():
        if len(essential) >= _LEAST:
            order = list(essential)
            random.Random(f"{seed} {occupation} halves").shuffle(order)
            first.append([column[skill] for skill in order[::2]])
            second.append([column[skill] for skill in order[1::2]])
    training = [[column[s] for s in skills] for skills in essential_skills(pillar, split.training).values()]
    return Halves(*(_rows(lists, len(column)) for lists in (first, second, training)))


def match(halves: Halves, groups: Groups | None) -> float:
    """Share of first halves whose own second half is among the 10 nearest of all, by the cosine of group profiles.

    Equal cosines share their ranks. Without groups a skill stands for the training occupations that need it: what
    skill-kNN has to offer. NaN where no occupation has enough skills.
    """
    if not halves.first.shape[0]:
        return float("nan")
    basis = groups.shares if groups else _unit(halves.training.T.tocsr())
    first, second = (_unit(sparse.csr_matrix(half @ basis)) for half in (halves.first, halves.second))
    scores = np.asarray((first @ second.T).todense())
    own = np.diag(scores)[:, None]
    nearer, equal = (scores > own + 1e-12).sum(axis=1), (np.abs(scores - own) <= 1e-12).sum(axis=1)
    return float(np.clip((_CUT - nearer) / equal, 0.0, 1.0).mean())


def _rows(lists: list[list[int]], width: int) -> sparse.csr_matrix:
    rows = [i for i, found in enumerate(lists) for _ in found]
    columns = [j for found in lists for j in found]
    return sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(lists), width))


def _unit(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1.0 / np.where(lengths > 0, lengths, 1.0)) @ matrix)
