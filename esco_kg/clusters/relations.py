"""How clusters of one level relate: by shared occupations, skills used in both and links between their skills."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import fsum

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.stats import hypergeom, poisson

from esco_kg.clusters.nested import Members, Nested, Node
from esco_kg.model.clustering import Kind, Relation
from esco_kg.model.partition import SECONDARY, USED_IN

# The chance of as many coincidences or more must be below this, per pair, for a relation to be stated.
SIGNIFICANT = 0.001
# A relation stands where it is among this many strongest of one of its two clusters, per basis.
STRONGEST = 5
_LEAST_EVIDENCE = 3


def relations(nested: Nested, ids: Mapping[Node, str]) -> list[Relation]:
    """All relations, sorted; weights are in (0, 1] and rounded to four places, as they are published."""
    found = []
    for level in nested.levels:
        names = [ids[level.depth, number] for number in range(level.size)]
        for basis, measured in (
            ("shared-occupations", _shared_occupations(nested, level)),
            ("used-in", _both(nested, level, USED_IN)),
            ("secondary-memberships", _both(nested, level, SECONDARY)),
            ("skill-links", _skill_links(nested, level)),
        ):
            weights, counts, template = measured
            for a, b in _strongest(weights, names):
                if nested.is_repeated((level.depth, a)) or nested.is_repeated((level.depth, b)):
                    continue
                source, target = sorted((names[a], names[b]))
                count = int(counts[a, b])
                weight = min(1.0, max(0.0001, round(float(weights[a, b]), 4)))
                found.append(Relation(source, target, basis, weight, template.format(count)))
    return sorted(found, key=lambda r: (r.source, r.target, r.basis))


_Measured = tuple[NDArray[np.float64], NDArray[np.float64], str]


def _shared_occupations(nested: Nested, level: Members) -> _Measured:
    """Occupations that need more skills than usual of each cluster.

    An occupation needs a cluster where it needs two of its skills or more and a larger share of its skills lies in the
    cluster than of all occupations' (a revealed comparative advantage above 1: Balassa 1965). The weight is the
    proximity of Hidalgo et al. (2007, Science 317): the smaller of the two conditional probabilities, that an
    occupation needs one cluster given that it needs the other. Significant by the hypergeometric test.
    """
    counts = nested.per_occupation(level).toarray()
    per_occupation, per_cluster = counts.sum(axis=0), counts.sum(axis=1)
    usual = np.outer(per_cluster, per_occupation) / max(counts.sum(), 1)
    needs = ((counts >= 2) & (counts > usual)).astype(float)
    both, each = needs @ needs.T, needs.sum(axis=1)
    weights = both / np.maximum(np.maximum.outer(each, each), 1)
    chance = _coincidence(both, each, needs.shape[1])
    return _significant(weights, both, chance), both, "{} occupations need more skills than usual of each"


_IN_BOTH = {USED_IN: "{} skills are used in both", SECONDARY: "{} skills belong to both"}


def _both(nested: Nested, level: Members, kind: Kind) -> _Measured:
    """Skills of both clusters: primary in one and a further one of this kind in the other, or further ones in both.

    The weight is the fuzzy Jaccard index of the two memberships: the sum over skills of the smaller membership, divided
    by the sum of the larger one. Significant where more skills are shared than would be if each cluster's memberships
    were spread over all skills at random (hypergeometric test).
    """
    membership = _memberships(nested, level, kind)
    size = level.size
    smaller = np.zeros((size, size))
    for clusters, values in _places(membership):
        for others, weights in _places(membership):
            np.add.at(smaller, (clusters, others), np.minimum(values, weights))
    # A primary membership counts also where the further ones leave it no weight.
    belongs = csr_matrix((np.ones_like(membership.data), membership.indices, membership.indptr), membership.shape)
    both = (belongs.T @ belongs).toarray()
    total = np.asarray(membership.sum(axis=0)).ravel()
    each = np.diag(both)
    weights = smaller / np.maximum(total[:, None] + total[None, :] - smaller, 1e-12)
    chance = _coincidence(both, each, membership.shape[0])
    return _significant(weights, both, chance), both, _IN_BOTH[kind]


def _memberships(nested: Nested, level: Members, kind: Kind) -> csr_matrix:
    """(skills, clusters) the weights of the primary cluster and of the further ones of a kind, added up to this
    level."""
    partition = nested.partition
    finest = nested.levels[-1]
    at_level = np.zeros(finest.size, dtype=np.int64)
    at_level[finest.of] = level.of
    rows, columns, values = [], [], []
    for row, further in enumerate(partition.further):
        used = [(m.cluster, m.weight) for m in further if m.kind == kind]
        primary = max(1.0 - fsum(weight for _, weight in used), 0.0)
        for cluster, weight in [(int(partition.finest[row]), primary), *used]:
            rows.append(row)
            columns.append(at_level[cluster])
            values.append(weight)
    found = csr_matrix((values, (rows, columns)), shape=(len(nested.skills), level.size))
    found.sum_duplicates()
    return found


def _places(membership: csr_matrix) -> Iterator[tuple[NDArray[np.int32], NDArray[np.float64]]]:
    """(cluster, weight) of every skill's first membership, then of every second, ...; weight 0 where there is none."""
    held = np.diff(membership.indptr)
    for place in range(int(held.max(initial=0))):
        at = membership.indptr[:-1] + place
        there = place < held
        at = np.where(there, at, 0)
        yield np.where(there, membership.indices[at], 0), np.where(there, membership.data[at], 0.0)


def _skill_links(nested: Nested, level: Members) -> _Measured:
    """ESCO's own links between skills of the two clusters.

    The weight is the cosine (Salton) of the link counts: links between the two, divided by the geometric mean of their
    links to other clusters. Significant where there are more than a random matching of link ends gives (the null model
    of Newman and Girvan 2004; Poisson test).
    """
    links = [(a, b) for a, b, _ in nested.pillar.skill_skills if a != b and a in nested.row and b in nested.row]
    pairs = sorted({(min(a, b), max(a, b)) for a, b in links})
    ends = np.array([(level.of[nested.row[a]], level.of[nested.row[b]]) for a, b in pairs], dtype=int).reshape(-1, 2)
    counts = np.zeros((level.size, level.size))
    np.add.at(counts, (ends[:, 0], ends[:, 1]), 1)
    counts += counts.T
    np.fill_diagonal(counts, 0)
    each = counts.sum(axis=1)
    weights = counts / np.sqrt(np.maximum(np.outer(each, each), 1))
    usual = np.outer(each, each) / max(counts.sum(), 1)
    chance = poisson.sf(counts - 1, np.maximum(usual, 1e-12))
    return _significant(weights, counts, chance), counts, "{} links of ESCO between skills of the two"


def _coincidence(both: NDArray[np.float64], each: NDArray[np.float64], total: int) -> NDArray[np.float64]:
    """The hypergeometric chance of so many common cases or more; 1 where there are too few to tell."""
    chance = np.ones_like(both)
    rows, columns = np.nonzero(both >= _LEAST_EVIDENCE)
    chance[rows, columns] = hypergeom.sf(both[rows, columns] - 1, total, each[rows], each[columns])
    return chance


def _significant(
    weights: NDArray[np.float64], counts: NDArray[np.float64], chance: NDArray[np.float64]
) -> NDArray[np.float64]:
    return np.where((counts >= _LEAST_EVIDENCE) & (chance < SIGNIFICANT), weights, 0.0)


def _strongest(weights: NDArray[np.float64], names: list[str]) -> Iterator[tuple[int, int]]:
    """Pairs that are among the strongest of one of the two; ties go by the clusters' ids."""
    chosen: set[tuple[int, int]] = set()
    for a in range(len(names)):
        others = [b for b in range(len(names)) if b != a and weights[a, b] > 0]
        ranked = sorted(others, key=lambda b: (-round(float(weights[a, b]), 9), names[b]))
        chosen.update((min(a, b), max(a, b)) for b in ranked[:STRONGEST])
    yield from sorted(chosen)
