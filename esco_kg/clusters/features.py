"""What is known of each skill in numbers: the occupations that need it, its texts, the sectors it is needed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from esco_kg.model.pillar import Pillar, SectorLinks, Skill

Matrix = NDArray[np.float64]
OPTIONAL = 0.5
"""An optional skill says half as much about an occupation as an essential one."""
_TEXT_DIMENSIONS, _USE_DIMENSIONS = 100, 100
_WEIGHTS = {"use": 1.0, "text": 1.0, "sector": 0.5}
_SMOOTHING_STEPS, _SMOOTHING = 2, 0.5


@dataclass(slots=True)
class Features:
    """``skills`` (n) and ``occupations`` (m) are sorted IRIs; ``use`` (n, m) holds 1 for an essential and .5 for an
    optional link; ``vectors`` (n, d) have unit length; ``is_used`` (n,) tells the skills that an occupation needs.
    """

    skills: list[str]
    occupations: list[str]
    use: sparse.csr_matrix
    vectors: Matrix
    is_used: NDArray[np.bool_]


def make_features(pillar: Pillar, sectors: SectorLinks, seed: int) -> Features:
    """Positive PMI of skills and occupations (SVD), LSA of the texts and the NACE profile, smoothed over the graph."""
    skills, occupations = sorted(pillar.skills), sorted(pillar.occupations)
    use = _use(pillar, skills, occupations)
    parts = [
        _WEIGHTS["use"] * unit_rows(_reduced(positive_pmi(use), _USE_DIMENSIONS, seed)),
        _WEIGHTS["text"] * text_vectors([pillar.skills[iri] for iri in skills], pillar.languages, seed),
        _WEIGHTS["sector"] * unit_rows(_sector_profiles(use, occupations, sectors)),
    ]
    vectors = _smoothed(np.hstack([part for part in parts if part.shape[1]]), use)
    return Features(skills, occupations, use, unit_rows(vectors), np.asarray(use.sum(axis=1)).ravel() > 0)


def _use(pillar: Pillar, skills: Sequence[str], occupations: Sequence[str]) -> sparse.csr_matrix:
    row = {iri: i for i, iri in enumerate(skills)}
    column = {iri: i for i, iri in enumerate(occupations)}
    weights: dict[tuple[int, int], float] = {}
    for occupation, skill, necessity in pillar.occupation_skills:
        cell = (row[skill], column[occupation])
        weights[cell] = max(weights.get(cell, 0.0), 1.0 if necessity == "essential" else OPTIONAL)
    cells = np.array(sorted(weights), dtype=np.int64).reshape(-1, 2)
    values = [weights[int(i), int(j)] for i, j in cells]
    return sparse.csr_matrix((values, (cells[:, 0], cells[:, 1])), shape=(len(skills), len(occupations)))


def positive_pmi(use: sparse.csr_matrix) -> sparse.csr_matrix:
    """max(0, log p(s, o) / (p(s) p(o))), kept sparse (Levy and Goldberg 2014)."""
    total = use.sum()
    found = use.tocoo()
    rows, columns = np.asarray(use.sum(axis=1)).ravel(), np.asarray(use.sum(axis=0)).ravel()
    values = np.log(found.data * total / (rows[found.row] * columns[found.col])) if found.nnz else found.data
    return sparse.csr_matrix((np.maximum(values, 0.0), (found.row, found.col)), shape=use.shape)


def text_vectors(skills: Sequence[Skill], languages: Sequence[str], seed: int) -> Matrix:
    """LSA (Deerwester and others 1990) over labels and descriptions in one language, English where there is some."""
    language = "en" if "en" in languages else languages[0]
    documents = []
    for skill in skills:
        texts = skill.texts.get(language)
        documents.append(" ".join([texts.pref] * 3 + [*texts.alt, texts.description]) if texts else "")
    try:
        counts = TfidfVectorizer(sublinear_tf=True, min_df=2, max_df=0.2).fit_transform(documents)
    except ValueError:  # no word stands in two documents: there is nothing that texts could tell
        return np.zeros((len(documents), 0))
    return unit_rows(_reduced(sparse.csr_matrix(counts), _TEXT_DIMENSIONS, seed))


def _sector_profiles(use: sparse.csr_matrix, occupations: Sequence[str], sectors: SectorLinks) -> Matrix:
    """Square roots of each skill's shares over NACE divisions and sections (Hellinger)."""
    codes = sorted({code for found in (sectors.sections, sectors.divisions) for c in found.values() for code in c})
    column = {code: i for i, code in enumerate(codes)}
    profile = np.zeros((len(occupations), len(codes)))
    for i, occupation in enumerate(occupations):
        for found in (sectors.sections, sectors.divisions):
            for code, share in found.get(occupation, {}).items():
                profile[i, column[code]] = share
    return np.sqrt(np.asarray(use @ profile))


def _reduced(counts: sparse.csr_matrix, dimensions: int, seed: int) -> Matrix:
    dimensions = min(dimensions, min(counts.shape) - 1)
    if dimensions < 1 or counts.nnz == 0:
        return np.zeros((counts.shape[0], 0))
    model = TruncatedSVD(dimensions, random_state=seed, n_iter=7)
    return np.asarray(model.fit_transform(counts) / np.sqrt(np.maximum(model.singular_values_, 1e-12)))


def _smoothed(vectors: Matrix, use: sparse.csr_matrix) -> Matrix:
    """Mixed with the mean of the skills that share occupations (as in LightGCN, He and others 2020)."""
    by_skill = _row_normalised(use)
    by_occupation = _row_normalised(use.T.tocsr())
    for _ in range(_SMOOTHING_STEPS):
        around = np.asarray(by_skill @ np.asarray(by_occupation @ vectors))
        vectors = np.where(around.any(axis=1, keepdims=True), (1 - _SMOOTHING) * vectors + _SMOOTHING * around, vectors)
    return vectors


def _row_normalised(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    sums = np.asarray(matrix.sum(axis=1)).ravel()
    return sparse.csr_matrix(sparse.diags(1.0 / np.where(sums > 0, sums, 1.0)) @ matrix)


def unit_rows(vectors: Matrix) -> Matrix:
    """Rows of length 1; a row of zeros stays."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(length > 0, length, 1.0))
