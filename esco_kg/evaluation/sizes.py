"""How even the groups are, and how full the tables that statisticians make with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from esco_kg.evaluation.groups import Groups
from esco_kg.model.pillar import Pillar


@dataclass(frozen=True, slots=True)
class Sizes:
    """``gini`` in [0, 1] (0: all equal); sizes in skills; ``small`` the share of groups under 10 skills."""

    count: int
    gini: float
    smallest: float
    largest: float
    largest_share: float
    small: float


def sizes(groups: Groups, small: int = 10) -> Sizes:
    """Sizes of the groups that hold any skill. A fractional grouping counts shares (Gini 1912 for the coefficient)."""
    found = np.sort(np.asarray(groups.shares.sum(axis=0)).ravel())
    found = found[found > 0]
    count = len(found)
    gini = float((2 * np.arange(1, count + 1) - count - 1) @ found / (count * found.sum()))
    return Sizes(
        count=count,
        gini=gini,
        smallest=float(found[0]),
        largest=float(found[-1]),
        largest_share=float(found[-1] / found.sum()),
        small=float((found < small).mean()),
    )


def isco_links(skills: Sequence[str], pillar: Pillar) -> sparse.csr_matrix:
    """(skills, ISCO-08 sub-major groups, 2 digits) number of essential relations."""
    row = {iri: i for i, iri in enumerate(skills)}
    majors = sorted({o.isco[:2] for o in pillar.occupations.values() if o.isco})
    column = {code: j for j, code in enumerate(majors)}
    cells = [
        (row[skill], column[pillar.occupations[occupation].isco[:2]])
        for occupation, skill, necessity in pillar.occupation_skills
        if necessity == "essential" and skill in row and pillar.occupations[occupation].isco
    ]
    rows, columns = zip(*cells, strict=True) if cells else ((), ())
    return sparse.csr_matrix((np.ones(len(cells)), (rows, columns)), shape=(len(skills), len(majors)))


def empty_cells(groups: Groups, links: sparse.csr_matrix) -> float:
    """Share of empty cells in the table group x ISCO-08 sub-major group; ``links`` as by :func:`isco_links`.

    A table for statistics loses more to rounding and confidentiality the emptier it is.
    """
    if not links.nnz:
        return 1.0
    table = np.asarray((groups.shares.T @ links).todense())
    table = table[np.asarray(groups.shares.sum(axis=0)).ravel() > 0]
    return float((table == 0).mean())
