"""What is known of each skill in numbers: its texts, the sectors it is needed in, its votes for cells of occupations.

A skill that few occupations need says little by itself, and that little changes with every release. So each skill
leans on what the ten skills nearest to it in meaning say, the more the fewer occupations need it (empirical Bayes
shrinkage, Efron and Morris 1973), and then on the skills it shares occupations with (a step of LightGCN, He and others
2020).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from esco_kg.clusters.arrays import Matrix, mean_rows, row_shares, unit_rows
from esco_kg.clusters.frame import Cells
from esco_kg.clusters.near_duplicates import votes_of
from esco_kg.clusters.text_model import meanings, nearest, with_rare_words
from esco_kg.model.pillar import Pillar, SectorLinks, Skill

OPTIONAL = 0.5
"""An optional skill says half as much about an occupation as an essential one."""
_TEXT_DIMENSIONS, _READ_DIMENSIONS = 100, 300
_TEXT, _SECTOR = 1.5, 0.8
_SHRINKAGE = 2.0
"""Occupations that a skill needs before it counts as much as the skills nearest in meaning."""
_NEIGHBOURS, _POWER = 10, 4
_OFFICIAL, _FEW = 0.5, 3.0
"""What the official groups of a skill weigh beside its neighbours in meaning, and the used skills at which a group has
half of that."""
_SMOOTHING = 0.5


@dataclass(slots=True)
class Wording:
    """What texts alone say of the sorted skills (n): ``text`` (n, t) rows of length 1; ``near`` (n, k) the skills
    nearest in meaning, nearest first, and ``cosines`` (n, k); ``meaning`` (n, d) rows of length 1."""

    text: Matrix
    near: NDArray[np.int32]
    cosines: Matrix
    meaning: Matrix


@dataclass(slots=True)
class Features:
    """``skills`` (n) and ``occupations`` (m) are sorted IRIs; ``use`` (n, m) holds 1 for an essential and .5 for an
    optional link; ``shared`` (m,) is what each occupation counts where near duplicates share a vote; ``vectors`` (n, d)
    have rows of length 1; ``votes`` (n, c) are shares of the cells; ``is_used`` (n,) tells the skills that an
    occupation needs; ``around`` (n, n) sparse weighs the used skills that each leans on.
    """

    skills: list[str]
    occupations: list[str]
    use: sparse.csr_matrix
    shared: NDArray[np.float32]
    wording: Wording
    vectors: Matrix
    votes: Matrix
    is_used: NDArray[np.bool_]
    around: sparse.csr_matrix


def read_wording(pillar: Pillar, seed: int) -> Wording:
    """Texts do not change when occupations come and go: read once, they serve every partition of these skills."""
    skills = sorted(pillar.skills)
    read = _read(pillar, skills, seed)
    meaning = meanings(pillar, skills, read)
    near = nearest(with_rare_words(pillar, skills, meaning))
    return Wording(unit_rows(read[:, :_TEXT_DIMENSIONS]), *near, meaning)


def make_features(
    pillar: Pillar, sectors: SectorLinks, occupations: list[str], cells: Cells, wording: Wording
) -> Features:
    """Text, NACE profile and cell votes, each skill leaning on its neighbours in meaning and in use."""
    skills = sorted(pillar.skills)
    use = use_matrix(pillar, skills, occupations)
    shared = votes_of(use, [pillar.occupations[iri].isco for iri in occupations])
    links = np.diff(use.indptr)
    is_used = links > 0
    sector = _SECTOR * unit_rows(np.sqrt(use @ _sector_profiles(occupations, sectors)))
    own = row_shares(np.asarray(use @ cells.shares))
    _name(own, skills, cells)
    known = np.hstack([sector, own]).astype(np.float32)
    around = _around(wording, official_matrix(pillar, skills, is_used), is_used)
    leaning = _leaning(known, around, links)
    vectors = _smoothed(np.hstack([_TEXT * wording.text, leaning]).astype(np.float32), use)
    votes = row_shares(np.maximum(vectors[:, -own.shape[1] :], 0.0))
    _name(votes, skills, cells)
    vectors[:, -own.shape[1] :] = unit_rows(np.sqrt(votes))
    return Features(skills, occupations, use, shared, wording, unit_rows(vectors), votes, is_used, around)


def _name(votes: Matrix, skills: Sequence[str], cells: Cells) -> None:
    """A skill that experts named votes for its cell alone; ``votes`` (n, c) changes in place."""
    row = {iri: i for i, iri in enumerate(skills)}
    for iri, cell in cells.named.items():
        if iri in row:
            votes[row[iri]] = 0.0
            votes[row[iri], cell] = 1.0


def use_matrix(pillar: Pillar, skills: Sequence[str], occupations: Sequence[str]) -> sparse.csr_matrix:
    """(n, m) sparse: 1 for an essential link, .5 for an optional one."""
    row = {iri: i for i, iri in enumerate(skills)}
    column = {iri: i for i, iri in enumerate(occupations)}
    weights: dict[tuple[int, int], float] = {}
    for occupation, skill, necessity in pillar.occupation_skills:
        cell = (row[skill], column[occupation])
        weights[cell] = max(weights.get(cell, 0.0), 1.0 if necessity == "essential" else OPTIONAL)
    cells = np.array(sorted(weights), dtype=np.int64).reshape(-1, 2)
    values = np.array([weights[int(i), int(j)] for i, j in cells], dtype=np.float32)
    return sparse.csr_matrix((values, (cells[:, 0], cells[:, 1])), shape=(len(skills), len(occupations)))


def _read(pillar: Pillar, skills: Sequence[str], seed: int) -> Matrix:
    """LSA (Deerwester and others 1990) over labels and descriptions."""
    return _reduced(words(pillar, skills, min_df=2, max_df=0.2), _READ_DIMENSIONS, seed)


def words(pillar: Pillar, skills: Sequence[str], min_df: int, max_df: float) -> sparse.csr_matrix:
    """(n, w) TF-IDF of labels and descriptions in one language, English where there is some; of the words that at least
    ``min_df`` of these skills and at most the share ``max_df`` have. (n, 0) where there is no such word."""
    language = "en" if "en" in pillar.languages else pillar.languages[0]
    documents = [_document(pillar.skills[iri], language) for iri in skills]
    try:
        return sparse.csr_matrix(
            TfidfVectorizer(sublinear_tf=True, min_df=min_df, max_df=max_df).fit_transform(documents)
        )
    except ValueError:  # there is nothing that texts could tell
        return sparse.csr_matrix((len(documents), 0), dtype=np.float64)


def _document(skill: Skill, language: str) -> str:
    texts = skill.texts.get(language)
    return " ".join([texts.pref] * 3 + [*texts.alt, texts.description]) if texts else ""


def _sector_profiles(occupations: Sequence[str], sectors: SectorLinks) -> Matrix:
    """(m, sections and divisions) shares; square roots of a skill's sums of them make a Hellinger profile."""
    codes = sorted({code for found in (sectors.sections, sectors.divisions) for c in found.values() for code in c})
    column = {code: i for i, code in enumerate(codes)}
    profile = np.zeros((len(occupations), len(codes)), dtype=np.float32)
    for i, occupation in enumerate(occupations):
        for found in (sectors.sections, sectors.divisions):
            for code, share in found.get(occupation, {}).items():
                profile[i, column[code]] = share
    return profile


def _reduced(counts: sparse.csr_matrix, dimensions: int, seed: int) -> Matrix:
    """Left singular vectors times the square roots of the singular values, the largest first."""
    dimensions = min(dimensions, min(counts.shape) - 1)
    if dimensions < 1 or counts.nnz == 0:
        return np.zeros((counts.shape[0], 0), dtype=np.float32)
    model = TruncatedSVD(dimensions, random_state=seed, n_iter=4)
    reduced = model.fit_transform(counts.astype(np.float32))
    return np.asarray(reduced / np.sqrt(np.maximum(model.singular_values_, 1e-12)), dtype=np.float32)


def official_matrix(pillar: Pillar, skills: Sequence[str], is_used: NDArray[np.bool_]) -> sparse.csr_matrix:
    """(n, n) sparse: the used skills in the groups of the skills pillar that each skill stands in directly, itself left
    out. A row adds up to m / (m + 3) for groups of m used skills: a group of few says less."""
    groups = {group: number for number, group in enumerate(sorted(pillar.skill_groups))}
    row = {iri: i for i, iri in enumerate(skills)}
    pairs = [(row[s], groups[g]) for s, g in sorted(pillar.skill_broader) if s in row and g in groups]
    places = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    shape = (len(skills), len(groups))
    of = sparse.csr_matrix((np.ones(len(places), dtype=np.float32), (places[:, 0], places[:, 1])), shape=shape)
    of.data[:] = 1.0
    used = sparse.diags(is_used.astype(np.float32)) @ of
    telling = 1.0 / (np.asarray(used.sum(axis=0)).ravel() + _FEW)
    around = sparse.csr_matrix(mean_rows(of) @ sparse.diags(telling) @ used.T)
    around.setdiag(0.0)
    return around


def _around(wording: Wording, official: sparse.csr_matrix, is_used: NDArray[np.bool_]) -> sparse.csr_matrix:
    """(n, n) sparse: the ten skills nearest in meaning that occupations need, by the fourth power of their cosines, and
    half as much those of the ``official`` groups."""
    open_to = is_used[wording.near]
    first = open_to & (np.cumsum(open_to, axis=1) <= _NEIGHBOURS)
    weights = np.where(first, np.maximum(wording.cosines, 0.0) ** _POWER, 0.0).astype(np.float32)
    rows = np.repeat(np.arange(len(is_used)), weights.shape[1])
    shape = (len(is_used), len(is_used))
    near = sparse.csr_matrix((weights.ravel(), (rows, wording.near.ravel())), shape=shape)
    found = sparse.csr_matrix(mean_rows(near) + _OFFICIAL * official)
    found.eliminate_zeros()
    return found


def _leaning(known: Matrix, around: sparse.csr_matrix, links: NDArray[np.integer]) -> Matrix:
    """``links`` / (``links`` + _SHRINKAGE) of what is known, the rest from the used skills ``around``."""
    predicted = mean_rows(around) @ known
    share = (links / (links + _SHRINKAGE))[:, None].astype(np.float32)
    return np.asarray(share * known + (1 - share) * predicted, dtype=np.float32)


def _smoothed(vectors: Matrix, use: sparse.csr_matrix) -> Matrix:
    """Mixed with the mean of the skills that share occupations; a skill without an occupation stays."""
    around = mean_rows(use) @ (mean_rows(use.T.tocsr()) @ vectors)
    linked = (np.diff(use.indptr) > 0)[:, None]
    return np.asarray(np.where(linked, (1 - _SMOOTHING) * vectors + _SMOOTHING * around, vectors), dtype=np.float32)
