"""Occupations that say the same thing: near duplicates in one unit group share a vote."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

_ALIKE = 0.6
"""Two occupations of one ISCO-08 unit group with this Jaccard index (1901) of their skills are near duplicates."""


def votes_of(use: sparse.csr_matrix, codes: Sequence[str]) -> NDArray[np.float32]:
    """(m,) what each occupation's links count: 1 / (1 + its near duplicates). ``use`` (n, m), ``codes`` (m,) of the
    unit groups; occupations without a code are alike to none."""
    needs = sparse.csr_matrix((use > 0).T, dtype=np.float32)
    sizes = np.diff(needs.indptr).astype(np.float32)
    votes = np.ones(needs.shape[0], dtype=np.float32)
    of = np.array(codes, dtype=str)
    for code in sorted(set(codes) - {""}):
        rows = np.flatnonzero(of == code)
        common = np.asarray((needs[rows] @ needs[rows].T).todense())
        either = sizes[rows][:, None] + sizes[rows][None, :] - common
        alike = common >= _ALIKE * np.maximum(either, 1.0)
        np.fill_diagonal(alike, True)
        votes[rows] = 1.0 / alike.sum(axis=1)
    return votes
