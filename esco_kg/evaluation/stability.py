"""How alike two partitions of the same skills are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from esco_kg.evaluation.groups import Groups, Labels


def element_centric_similarity(first: NDArray[np.integer], second: NDArray[np.integer]) -> float:
    """Element-centric similarity of two partitions (n,) in [0, 1] (Gates, Wood, Hetrick and Ahn 2019), in closed form.

    For partitions the personalised PageRank of element i is uniform over its cluster, and the damping cancels: with
    A and B
    the clusters of i, S_i = 1 - (|A and B| |1/|A| - 1/|B|| + |A - B| / |A| + |B - A| / |B|) / 2; the result is the
    mean of S_i.
    """
    counts = sparse.csr_matrix((np.ones(len(first)), (first, second))).tocoo()
    a = np.bincount(first)[counts.row].astype(float)
    b = np.bincount(second)[counts.col].astype(float)
    both = counts.data
    similar = 1.0 - 0.5 * (both * np.abs(1 / a - 1 / b) + (a - both) / a + (b - both) / b)
    return float((similar * both).sum() / len(first))


def adjusted_rand(first: NDArray[np.integer], second: NDArray[np.integer]) -> float:
    """Adjusted Rand index (Hubert and Arabie 1985); 0 by chance, 1 for equal partitions."""
    return float(adjusted_rand_score(first, second))


def adjusted_information(first: NDArray[np.integer], second: NDArray[np.integer]) -> float:
    """Adjusted mutual information (Vinh, Epps and Bailey 2010), arithmetic mean of the entropies."""
    return float(adjusted_mutual_info_score(first, second))


def on_common_skills(first: Groups, second: Groups) -> tuple[Labels, Labels]:
    """Labels of both over the skills that both hold, for two versions of ESCO. Raises ValueError where there are
    none."""
    common = sorted(set(first.skills) & set(second.skills))
    if not common:
        raise ValueError(f"{first.name} and {second.name} have no skill in common")
    found = []
    for groups in (first, second):
        labels = dict(zip(groups.skills, groups.labels(), strict=True))
        found.append(np.array([labels[skill] for skill in common]))
    return found[0], found[1]
