"""How much a skill's group tells about the sector of activity, on occupations that the groups were made without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from esco_kg.evaluation.groups import Groups, Matrix
from esco_kg.evaluation.splits import Split, essential_skills
from esco_kg.model.pillar import Pillar, SectorLinks


@dataclass(frozen=True, slots=True)
class Mass:
    """``links`` (skills, NACE sections) is the mass of each skill's relations, ``relations`` their number."""

    links: sparse.csr_matrix
    relations: int


@dataclass(frozen=True, slots=True)
class SectorInformation:
    """``u_sec`` and ``purity`` in [0, 1] (``u_sec`` may fall a little below 0 by chance), as defined below.

    ``relations`` counts the essential relations of held-out occupations that the crosswalk reaches.
    """

    u_sec: float
    purity: float
    relations: int


def sector_information(groups: Groups, mass: Mass, permutations: int = 5, seed: int = 0) -> SectorInformation:
    """U_sec and purity over the essential relations of the held-out occupations, ``mass`` as by :func:`sector_mass`.

    I = I(group; NACE section), each relation of weight 1, shared equally over its occupation's sections; H the
    entropy of
    the sections; b the mean I of ``permutations`` random permutations of the skills; U_sec = (I - b) / (H - b), the
    uncertainty coefficient (Theil 1970) adjusted for chance in the manner of Vinh, Epps and Bailey (2010). Purity
    is the share of the mass in each group's largest section (Manning, Raghavan and Schuetze 2008, 16.3).
    """
    if not mass.relations:
        return SectorInformation(float("nan"), float("nan"), 0)
    joint = np.asarray((groups.shares.T @ mass.links).todense())
    entropy = _entropy(joint.sum(axis=0))
    draw = np.random.default_rng(seed)
    chance = [
        _information(np.asarray((groups.shares[draw.permutation(len(groups.skills))].T @ mass.links).todense()))
        for _ in range(permutations)
    ]
    base = float(np.mean(chance))
    return SectorInformation(
        u_sec=(_information(joint) - base) / (entropy - base) if entropy > base else 0.0,
        purity=float(joint.max(axis=1).sum() / joint.sum()),
        relations=mass.relations,
    )


def sector_mass(skills: Sequence[str], pillar: Pillar, sectors: SectorLinks, split: Split) -> Mass:
    """The mass of the relations of the held-out occupations, the same for all groups of these skills."""
    row = {iri: i for i, iri in enumerate(skills)}
    column = {code: j for j, code in enumerate(sorted({c for found in sectors.sections.values() for c in found}))}
    rows, columns, values, relations = [], [], [], 0
    for occupation, needed in essential_skills(pillar, split.held_out).items():
        sections = sorted(sectors.sections.get(occupation, {}))
        for skill in needed:
            if sections and skill in row:
                relations += 1
                rows += [row[skill]] * len(sections)
                columns += [column[code] for code in sections]
                values += [1.0 / len(sections)] * len(sections)
    return Mass(sparse.csr_matrix((values, (rows, columns)), shape=(len(skills), len(column))), relations)


def _information(joint: Matrix) -> float:
    """Mutual information of the two margins, in nats."""
    p = joint / joint.sum()
    expected = np.outer(p.sum(axis=1), p.sum(axis=0))
    seen = p > 0
    return float((p[seen] * np.log(p[seen] / expected[seen])).sum())


def _entropy(weights: Matrix) -> float:
    p = weights[weights > 0] / weights.sum()
    return float(-(p * np.log(p)).sum())
