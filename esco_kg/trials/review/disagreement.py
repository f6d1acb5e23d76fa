"""Which allocations ESCO's own evidence speaks against: occupations, texts and the official place, each by its share.

All three are asked about the top level of the clusters: which of its clusters has the skills that go with this one?
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from esco_kg.folder.material import Material
from esco_kg.trials.groupings import OPTIONAL_WEIGHT
from esco_kg.trials.skill_vectors import skill_vectors

_NEAREST = 20
_ROWS = 1000
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Places:
    """Allocated skills, the number of each one's cluster of the top level, and which of these a sector is about."""

    skills: list[str]
    areas: NDArray[np.int64]
    is_sector: NDArray[np.bool_]

    @property
    def positions(self) -> dict[str, int]:
        return {skill: number for number, skill in enumerate(self.skills)}

    @property
    def memberships(self) -> sp.csr_matrix:
        """(skills x clusters of the top level), 1 where the skill is."""
        shape = (len(self.skills), len(self.is_sector))
        return sp.csr_matrix((np.ones(len(self.areas)), (np.arange(len(self.areas)), self.areas)), shape=shape)


def disagreement(material: Material) -> dict[str, float]:
    """Skill -> how much speaks for another cluster of the top level: 0 nothing, 1 all.

    The mean of three shares, of those that there are: the other skills of the occupations that need the skill, the
    skills with the nearest texts, and the skills of the same official groups, as far as they lie in other clusters.
    """
    skills = sorted(material.primary)
    top = [material.path(material.primary[skill].cluster)[0] for skill in skills]
    names = sorted(set(top))
    numbers = {name: number for number, name in enumerate(names)}
    is_sector = np.array([material.clusters[name].branch == "sector" for name in names])
    places = _Places(skills, np.array([numbers[name] for name in top]), is_sector)
    agreement = np.vstack(
        [_of_occupations(material, places), _of_texts(material, places), _of_groups(material, places)]
    )
    known = ~np.isnan(agreement)
    mean = np.where(known, 1 - agreement, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return dict(zip(skills, np.round(mean, 6).tolist(), strict=True))


def _of_occupations(material: Material, places: _Places) -> Values:
    """Of the other skills of a skill's occupations the share in its cluster; an optional need counts a half.

    Skills of the branches that belong to no sector are left out: all occupations need them. For the same reason
    occupations say nothing against one of them.
    """
    positions = places.positions
    cells = [
        (row, positions[skill], 1.0 if necessity == "essential" else OPTIONAL_WEIGHT)
        for row, needs in enumerate(material.needs.values())
        for skill, necessity in needs
        if skill in positions
    ]
    found = np.full(len(places.skills), np.nan)
    if cells:
        rows, columns, weights = (np.array(each) for each in zip(*cells, strict=True))
        needs = sp.csr_matrix((weights, (rows, columns)), shape=(len(material.needs), len(places.skills)))
        by_area = (needs @ places.memberships).toarray() * places.is_sector
        own = by_area[rows, places.areas[columns]] - weights
        others = by_area.sum(axis=1)[rows] - weights
        share = np.divide(own, others, out=np.zeros(len(cells)), where=others > 0)
        total = _sums(columns, weights, len(places.skills))
        found = _ratio(_sums(columns, weights * share, len(places.skills)), total)
    found[~places.is_sector[places.areas]] = 1.0
    return found


def _of_texts(material: Material, places: _Places) -> Values:
    """Of the skills with the nearest texts the share in its cluster."""
    vectors, _ = skill_vectors(material, places.skills)
    number = min(_NEAREST, len(places.skills) - 1)
    found = np.full(len(places.skills), np.nan)
    for start in range(0, len(places.skills) if number else 0, _ROWS):
        likeness = np.round(vectors[start : start + _ROWS] @ vectors.T, 9)
        likeness[np.arange(len(likeness)), start + np.arange(len(likeness))] = -np.inf
        last = np.partition(likeness, -number, axis=1)[:, -number, None]
        is_own = places.areas[start : start + _ROWS, None] == places.areas
        nearer, level = likeness > last, likeness == last
        # Those as near as the last one share the places that the nearer ones leave.
        left = (number - nearer.sum(axis=1)) / level.sum(axis=1)
        found[start : start + _ROWS] = ((nearer & is_own).sum(axis=1) + left * (level & is_own).sum(axis=1)) / number
    return found


def _of_groups(material: Material, places: _Places) -> Values:
    """Of the other skills of a skill's official groups the share in its cluster."""
    groups = {group: number for number, group in enumerate(sorted(material.groups))}
    pairs = [
        (row, groups[parent])
        for row, skill in enumerate(places.skills)
        for parent in material.parents.get(skill, ())
        if parent in groups
    ]
    if not pairs:
        return np.full(len(places.skills), np.nan)
    rows, columns = (np.array(each) for each in zip(*pairs, strict=True))
    links = sp.csr_matrix((np.ones(len(pairs)), (rows, columns)), shape=(len(places.skills), len(groups)))
    by_area = (links.T @ places.memberships).toarray()
    own = _sums(rows, by_area[columns, places.areas[rows]] - 1, len(places.skills))
    others = _sums(rows, by_area.sum(axis=1)[columns] - 1, len(places.skills))
    return _ratio(own, others)


def _sums(of: NDArray[np.int64], values: Values, number: int) -> Values:
    """Sums of values for each of so many skills."""
    return np.bincount(of, values, number).astype(np.float64)


def _ratio(part: Values, whole: Values) -> Values:
    """part / whole; NaN where there is nothing."""
    return np.asarray(np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0), dtype=np.float64)
