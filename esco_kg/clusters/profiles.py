"""Each cluster's profile over NACE 2.1, and the occupations that are typical of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from esco_kg.clusters.nested import Members, Nested, Node
from esco_kg.model.clustering import SectorProfile
from esco_kg.model.pillar import SectorLinks

# A section stands out where it holds this share of the cluster's links and this multiple of its share of all links.
STANDS_OUT_SHARE = 0.15
STANDS_OUT_QUOTIENT = 1.5
_MOST_LEADING = 3
_TYPICAL = 10


def sector_profiles(nested: Nested, sectors: SectorLinks) -> dict[Node, SectorProfile]:
    """A profile per cluster with its number as name; empty where no occupation has a sector.

    Every link of an occupation to a skill of the cluster, essential or optional, counts once and is shared over the
    occupation's sectors by their weights. ``concentration`` is the Herfindahl index, the sum of squared shares. A
    section is leading where its share is at least 0.15 and its location quotient (its share here over its share in all
    links; Isard 1960, Methods of Regional Analysis, chapter 7) at least 1.5; at most three, largest share first. A
    cluster of a branch by rule has none: a few occupations name its skills, and all need them.
    """
    if not sectors.known:
        return {}
    weights = {name: _weights(nested, links) for name, links in (("s", sectors.sections), ("d", sectors.divisions))}
    (codes, by_section), (division_codes, by_division) = weights["s"], weights["d"]
    reached = np.array([iri in sectors.sections for iri in nested.occupations], dtype=float)
    everywhere = _shares(np.asarray((nested.links @ by_section).sum(axis=0)).ravel())
    found = {}
    for level in nested.levels:
        needs = nested.per_occupation(level)
        total = np.asarray(needs.sum(axis=1)).ravel()
        with_sector = needs @ reached
        sections, divisions = (needs @ by_section).toarray(), (needs @ by_division).toarray()
        for number in range(level.size):
            shares = _shares(sections[number])
            found[level.depth, number] = SectorProfile(
                cluster="",
                sections=_named(codes, shares),
                divisions=_named(division_codes, _shares(divisions[number])),
                unreached=float(1 - with_sector[number] / total[number]) if total[number] else 1.0,
                concentration=float((shares**2).sum()),
                leading=() if nested.is_everywhere((level.depth, number)) else _leading(codes, shares, everywhere),
            )
    return found


def _weights(nested: Nested, links: dict[str, dict[str, float]]) -> tuple[list[str], csr_matrix]:
    """The codes in order, and (occupations, codes) their weights."""
    codes = sorted({code for weights in links.values() for code in weights})
    column = {code: n for n, code in enumerate(codes)}
    found = [
        (row, column[code], weight)
        for row, iri in enumerate(nested.occupations)
        for code, weight in sorted(links.get(iri, {}).items())
    ]
    rows, columns, values = zip(*found, strict=True) if found else ((), (), ())
    return codes, csr_matrix((values, (rows, columns)), shape=(len(nested.occupations), len(codes)))


def _shares(values: NDArray[np.float64]) -> NDArray[np.float64]:
    total = values.sum()
    return values / total if total > 0 else np.zeros_like(values)


def _named(codes: list[str], shares: NDArray[np.float64]) -> dict[str, float]:
    return {code: float(share) for code, share in zip(codes, shares, strict=True) if share > 0}


def _leading(codes: list[str], shares: NDArray[np.float64], everywhere: NDArray[np.float64]) -> tuple[str, ...]:
    standing = [
        (-round(float(share), 9), code)
        for code, share, usual in zip(codes, shares, everywhere, strict=True)
        if share >= STANDS_OUT_SHARE and share >= STANDS_OUT_QUOTIENT * usual
    ]
    return tuple(code for _, code in sorted(standing)[:_MOST_LEADING])


def typical_occupations(nested: Nested, level: Members) -> list[tuple[tuple[str, float], ...]]:
    """Per cluster at most ten (IRI, share of the cluster's links), largest share first.

    Between equal shares the occupation goes first that needs less outside of the cluster. A cluster of a branch by rule
    has none.
    """
    needs = nested.per_occupation(level)
    everything = np.asarray(nested.links.sum(axis=0)).ravel()
    found: list[tuple[tuple[str, float], ...]] = []
    for number in range(level.size):
        if nested.is_everywhere((level.depth, number)):
            found.append(())
            continue
        start, end = needs.indptr[number], needs.indptr[number + 1]
        columns, counts = needs.indices[start:end], needs.data[start:end]
        order = sorted(range(len(columns)), key=lambda i: (-counts[i], everything[columns[i]], columns[i]))
        total = counts.sum()
        found.append(tuple((nested.occupations[columns[i]], float(counts[i] / total)) for i in order[:_TYPICAL]))
    return found
