"""Each cluster's profile over NACE 2.1, and the occupations that are typical of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from esco_kg.clusters.nested import Nested, Node
from esco_kg.model.clustering import SectorProfile
from esco_kg.model.pillar import SectorLinks
from esco_kg.model.typical import spread, typical, use_within

# A section stands out where it holds this share of the cluster's links and this multiple of its share of all links.
STANDS_OUT_SHARE = 0.15
STANDS_OUT_QUOTIENT = 1.5
_MOST_LEADING = 3
_LEAST_SKILLS = 2
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
        for number in np.flatnonzero(total).tolist():  # of no link there is no share
            shares = _shares(sections[number])
            found[level.depth, number] = SectorProfile(
                cluster="",
                sections=_named(codes, shares),
                divisions=_named(division_codes, _shares(divisions[number])),
                unreached=float(1 - with_sector[number] / total[number]),
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
    outstanding = [
        (-round(float(share), 9), code)
        for code, share, usual in zip(codes, shares, everywhere, strict=True)
        if share >= STANDS_OUT_SHARE and share >= STANDS_OUT_QUOTIENT * usual
    ]
    return tuple(code for _, code in sorted(outstanding)[:_MOST_LEADING])


def typical_skills(nested: Nested, ids: Mapping[Node, str]) -> dict[Node, list[int]]:
    """Rows of each cluster's skills, most typical first: see :mod:`esco_kg.model.typical`."""
    finest = nested.levels[-1]
    names = [ids[finest.depth, number] for number in range(finest.size)]
    cluster_of = {iri: names[int(number)] for iri, number in zip(nested.skills, finest.of, strict=True)}
    own: dict[str, list[str]] = defaultdict(list)
    for iri, cluster in cluster_of.items():
        own[cluster].append(iri)
    children: dict[str, list[str]] = defaultdict(list)
    for node in nested.nodes:
        above = nested.parent(node)
        if above and not nested.is_repeated(node):
            children[ids[above]].append(ids[node])
    use = use_within(((o, s) for o, s, _ in nested.pillar.occupation_skills), cluster_of)
    orders: dict[str, list[str]] = {}
    for number in range(nested.levels[0].size):
        orders |= typical(ids[1, number], children, own, use)
    return {node: [nested.row[iri] for iri in orders[ids[node]]] for node in nested.nodes}


def typical_occupations(nested: Nested) -> dict[Node, tuple[tuple[str, float], ...]]:
    """Per cluster at most ten (IRI, share of the cluster's links), most typical first.

    At the finest level the ISCO-08 unit groups take turns, the one with most links to the cluster first, each with the
    occupation that needs most of its skills; between equal ones that goes first which needs less outside. An occupation
    that needs one skill alone is not typical where another needs more: it is a stray link. A cluster
    with parts takes from these in turn, from the one with most skills first. A cluster of a branch by rule has none.
    """
    everything = np.asarray(nested.links.sum(axis=0)).ravel()
    needs = {level.depth: nested.per_occupation(level) for level in nested.levels}
    orders: dict[Node, list[str]] = {}
    below: dict[Node, list[Node]] = defaultdict(list)
    for node in reversed(nested.nodes):
        if above := nested.parent(node):
            below[above].append(node)
        if nested.is_everywhere(node):
            orders[node] = []
        elif node in below:
            largest = sorted(below[node], key=lambda child: (-len(nested.members[child]), child))
            orders[node] = spread([orders[child] for child in largest])
        else:
            orders[node] = _by_unit_group(nested, _row(needs[node[0]], node[1]), everything)
    return {node: _with_shares(nested, orders[node], _row(needs[node[0]], node[1])) for node in nested.nodes}


def _row(matrix: csr_matrix, number: int) -> dict[int, float]:
    """The filled cells of a row, by column."""
    start, end = matrix.indptr[number], matrix.indptr[number + 1]
    return dict(zip(matrix.indices[start:end].tolist(), matrix.data[start:end].tolist(), strict=True))


def _by_unit_group(nested: Nested, counts: dict[int, float], everything: NDArray[np.float64]) -> list[str]:
    groups: dict[str, list[int]] = defaultdict(list)
    least = min(_LEAST_SKILLS, max(counts.values(), default=0))
    enough = [column for column, count in counts.items() if count >= least]
    for column in sorted(enough, key=lambda c: (-counts[c], everything[c], c)):
        groups[nested.pillar.occupations[nested.occupations[column]].isco].append(column)
    order = sorted(groups, key=lambda group: (-sum(counts[column] for column in groups[group]), group))
    return spread([[nested.occupations[column] for column in groups[group]] for group in order])


def _with_shares(nested: Nested, order: list[str], counts: dict[int, float]) -> tuple[tuple[str, float], ...]:
    total = sum(counts.values())
    column = {nested.occupations[number]: number for number in counts}
    return tuple((iri, counts[column[iri]] / total) for iri in order[:_TYPICAL])
