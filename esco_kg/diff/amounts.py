"""How much of each cluster and level leaves, arrives and is estimated from one release to the next.

All amounts are read off the bridge. They count links to occupations, of the skills that both releases have; where none
of these skills has a link, the skills themselves. So they are the bridge's own weights: a cluster keeps the part of its
links that its weight towards itself says, and the rest leaves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from esco_kg.model.changes import Amount, BridgeRow, LevelAmount

# (links, skills) of each part of a cluster: what it gave to each new cluster, or got from each old one.
_Parts = Mapping[str, tuple[int, int]]


def amounts(rows: Iterable[BridgeRow], series_break: float) -> list[Amount]:
    """One per cluster of either release, by level and id; ``series_break`` is the share above which a series breaks."""
    gave: dict[tuple[int, str], dict[str, tuple[int, int]]] = defaultdict(dict)
    got: dict[tuple[int, str], dict[str, tuple[int, int]]] = defaultdict(dict)
    for row in rows:
        if row.source:
            gave[row.depth, row.source][row.target] = row.links_before, row.skills
        if row.target:
            got[row.depth, row.target][row.source] = row.links_after, row.skills
    return [
        _amount(depth, cluster, gave.get((depth, cluster), {}), got.get((depth, cluster), {}), series_break)
        for depth, cluster in sorted(gave.keys() | got.keys())
    ]


def _amount(depth: int, cluster: str, gave: _Parts, got: _Parts, series_break: float) -> Amount:
    leaving, arriving = _beside(gave, cluster), _beside(got, cluster)
    return Amount(
        depth,
        cluster,
        links_before=sum(links for links, _ in gave.values()),
        links_after=sum(links for links, _ in got.values()),
        leaving=leaving,
        arriving=arriving,
        estimated=_beside(gave, _largest(gave)),
        breaks=bool(gave) and max(leaving, arriving) > series_break,
    )


def level_amounts(rows: Sequence[BridgeRow], found: Iterable[Amount]) -> list[LevelAmount]:
    """The same of all clusters of a level together, coarsest level first; ``found`` are the clusters' own."""
    broken = {(amount.depth, amount.cluster) for amount in found if amount.breaks}
    levels = []
    for depth in sorted({row.depth for row in rows}):
        here = [row for row in rows if row.depth == depth]
        sources = {row.source for row in here if row.source}
        main = {source: _largest(_gave(here, source)) for source in sources}
        both = [row for row in here if row.source and row.target]
        levels.append(
            LevelAmount(
                depth,
                clusters=len(sources),
                broken=sum((depth, source) in broken for source in sources),
                links=sum(row.links_before for row in both),
                leaving=_share([(row.links_before, row.skills, row.source != row.target) for row in both]),
                arriving=_share([(row.links_after, row.skills, row.source != row.target) for row in both]),
                estimated=_share([(row.links_before, row.skills, row.target != main[row.source]) for row in both]),
            )
        )
    return levels


def _gave(rows: Iterable[BridgeRow], source: str) -> _Parts:
    return {row.target: (row.links_before, row.skills) for row in rows if row.source == source}


def _largest(parts: _Parts) -> str:
    """The part with most links, then most skills; of equal parts the first id's."""
    return min(parts, key=lambda other: (-parts[other][0], -parts[other][1], other), default="")


def _beside(parts: _Parts, own: str) -> float:
    """The share of all parts but one; of a cluster whose skills are all gone or all new, everything."""
    if not any(skills for _, skills in parts.values()):
        return float(bool(parts))
    return _share([(links, skills, other != own) for other, (links, skills) in parts.items()])


def _share(parts: Iterable[tuple[int, int, bool]]) -> float:
    """The share of the parts that count, in links, or where there are none in skills; 0 of nothing."""
    counted = list(parts)
    place = 0 if any(part[0] for part in counted) else 1
    total = sum(part[place] for part in counted)
    return sum(part[place] for part in counted if part[2]) / total if total else 0.0
