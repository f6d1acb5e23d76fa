"""The pictures of the notes: sizes, sectors of each cluster, clusters by sectors, relations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum
from typing import Protocol

from esco_kg.model.pillar import SectorLinks
from esco_kg.pictures.charts import Edge, bars, heat_map, percent, relations

_MOST_BARS = 8
_MOST_ARCS_PER_CLUSTER = 4


@dataclass(frozen=True, slots=True)
class Relation:
    """Two related clusters of the top level; ``evidence`` the counts behind it in plain words."""

    source: str
    target: str
    source_label: str
    target_label: str
    weight: float
    evidence: str


class Drawable(Protocol):
    """What a picture shows of a cluster of the top level; ``sectors`` are (code, name, share)."""

    @property
    def id(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def skills(self) -> int: ...
    @property
    def sectors(self) -> tuple[tuple[str, str, float], ...]: ...


@dataclass(frozen=True, slots=True)
class Pictures:
    """SVG texts, '' where there is nothing to draw. ``profiles`` is by cluster id, ``arcs`` counts those drawn."""

    sizes: str
    sectors: str
    relations: str
    profiles: dict[str, str]
    arcs: int


def draw(top: Sequence[Drawable], related: Sequence[Relation], sectors: SectorLinks) -> Pictures:
    """Draw everything the data allow, clusters in the order given."""
    shown = _strongest(related)
    return Pictures(
        sizes=bars(
            [(c.label, c.skills, f"{c.skills:,}") for c in top],
            name="sizes",
            title="Skills per cluster of the top level",
        ),
        sectors=_by_sector(top, sectors),
        relations=_arcs(top, shown),
        profiles={cluster.id: _profile(cluster) for cluster in top},
        arcs=len(shown),
    )


def _profile(cluster: Drawable) -> str:
    first, rest = cluster.sectors[:_MOST_BARS], cluster.sectors[_MOST_BARS:]
    items = [(f"{code} {name}", share, percent(share)) for code, name, share in first]
    if rest:
        left = fsum(share for _, _, share in rest)
        items.append(("all other sections", left, percent(left)))
    if not items:
        return ""
    return bars(items, name=f"{cluster.id}-sectors", title=f"Sectors in which skills of “{cluster.label}” are used")


def _by_sector(top: Sequence[Drawable], sectors: SectorLinks) -> str:
    rows = [cluster for cluster in top if cluster.sectors]
    names = {code: name for cluster in rows for code, name, _ in cluster.sectors}
    if not rows:
        return ""
    # Every section is a column, also one that no cluster reaches: its empty column is a finding.
    for code, sector in sectors.structure.items():
        if sector.level == 1:
            names.setdefault(
                code, sector.labels.get("en") or next((sector.labels[lang] for lang in sorted(sector.labels)), "")
            )
    columns = sorted(names.items())
    at = {code: place for place, (code, _) in enumerate(columns)}
    shares = {(row, at[code]): share for row, cluster in enumerate(rows) for code, _, share in cluster.sectors}
    title = "Share of each NACE section in the use of each cluster's skills, in per cent"
    return heat_map([cluster.label for cluster in rows], columns, shares, name="sectors", title=title)


def _strongest(related: Sequence[Relation]) -> list[Relation]:
    """Relations that are among the strongest of one of their two clusters; ``related`` is ordered, strongest first."""
    seen: dict[str, int] = {}
    shown = []
    for relation in related:
        ends = (relation.source, relation.target)
        if any(seen.get(end, 0) < _MOST_ARCS_PER_CLUSTER for end in ends):
            shown.append(relation)
        for end in ends:
            seen[end] = seen.get(end, 0) + 1
    return shown


def _arcs(top: Sequence[Drawable], shown: Sequence[Relation]) -> str:
    if not shown:
        return ""
    at = {cluster.id: place for place, cluster in enumerate(top)}
    edges = [
        Edge(at[r.source], at[r.target], r.weight, f"{r.source_label} and {r.target_label}: {r.evidence}")
        for r in shown
    ]
    return relations(
        [(c.label, c.skills) for c in top], edges, name="relations", title="Related clusters of the top level"
    )
