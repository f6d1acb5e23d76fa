"""How like its clusters a skill is, for clusterings that bring no scores of their own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from esco_kg.model.pillar import Pillar

Matrix = NDArray[np.float32]


def likeness(pillar: Pillar, skills: Sequence[str], labels: NDArray[np.integer], count: int) -> Matrix:
    """(n, ``count``) in [0, 1]: the mean of two cosines with each cluster's centroid, by the occupations that need the
    skill and by the words of its labels.

    ``labels`` (n,) are the clusters, -1 for a skill without one. A skill that no occupation needs has the second alone.
    """
    used, words = _use(pillar, skills), _words(pillar, skills)
    held = np.flatnonzero(labels >= 0)
    member = csr_matrix((np.ones(len(held)), (labels[held], held)), shape=(count, len(skills)))
    cosines = [np.asarray((rows @ normalize(member @ rows).T).todense()) for rows in (used, words)]
    has_use = np.asarray(used.sum(axis=1)).ravel() > 0
    return np.where(has_use[:, None], (cosines[0] + cosines[1]) / 2, cosines[1]).astype(np.float32)


def _use(pillar: Pillar, skills: Sequence[str]) -> csr_matrix:
    row = {skill: i for i, skill in enumerate(skills)}
    column = {occupation: i for i, occupation in enumerate(sorted(pillar.occupations))}
    cells = sorted({(row[s], column[o]) for o, s, _ in pillar.occupation_skills if s in row})
    at = np.array(cells, dtype=np.int64).reshape(-1, 2)
    shape = (len(skills), max(len(column), 1))
    return csr_matrix(normalize(csr_matrix((np.ones(len(at)), (at[:, 0], at[:, 1])), shape=shape)))


def _words(pillar: Pillar, skills: Sequence[str]) -> csr_matrix:
    texts = [pillar.skills[skill].texts for skill in skills]
    labels = [" ".join(t for text in read.values() for t in (text.pref, *text.alt)) for read in texts]
    if not any(labels):
        return csr_matrix((len(skills), 1))
    return csr_matrix(TfidfVectorizer(token_pattern=r"(?u)\b\w+\b", sublinear_tf=True).fit_transform(labels))
