"""The pictures of the annexes: clusters by sectors, and relations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from esco_kg.pictures.charts import Edge, heat_map, relations

_MOST_ARCS_PER_CLUSTER = 4


@dataclass(frozen=True, slots=True)
class Relation:
    """Two related clusters of the top level; ``evidence`` are (basis, count)."""

    source: str
    target: str
    weight: float
    evidence: tuple[tuple[str, int], ...]


def sector_map(
    rows: Sequence[tuple[str, Mapping[str, float]]],
    sections: Mapping[str, str],
    *,
    title: str,
    shown: Callable[[float], str],
    legend: str,
) -> str:
    """Clusters (name, share by section) by the sections of NACE, '' where there is nothing to draw.

    Every section is a column, also one that no cluster reaches: its empty column is a finding.
    """
    if not rows or not sections:
        return ""
    columns = sorted(sections.items())
    at = {code: place for place, (code, _) in enumerate(columns)}
    shares = {(row, at[code]): share for row, (_, profile) in enumerate(rows) for code, share in profile.items()}
    names = [name for name, _ in rows]
    return heat_map(names, columns, shares, name="sectors", title=title, shown=shown, legend=legend)


def relations_picture(
    top: Sequence[str],
    nodes: Sequence[tuple[str, int]],
    related: Sequence[Relation],
    words: Sequence[str],
    title: str,
    counted: Callable[[int], str],
) -> str:
    """Arcs between the clusters of the top level, '' where there are none; ``words`` say each relation."""
    shown = _strongest(related)
    if not shown:
        return ""
    at = {identifier: place for place, identifier in enumerate(top)}
    said = dict(zip(related, words, strict=True))
    edges = [Edge(at[r.source], at[r.target], r.weight, said[r]) for r in shown]
    return relations(nodes, edges, name="relations", title=title, counted=counted)


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
