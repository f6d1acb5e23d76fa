"""A release as tables with keys: clusters, skills, occupations, sectors, their links, and the statistics.

They are for people who know no RDF. Skills and occupations go by numbers; their IRIs stand once beside these.
"""

from __future__ import annotations

from collections.abc import Sequence

from esco_kg.config import Config
from esco_kg.model.clustering import Clustering
from esco_kg.model.cube import Cube
from esco_kg.model.findings import Table, Value
from esco_kg.model.pillar import Pillar, SectorLinks
from esco_kg.model.published import ReleaseInfo
from esco_kg.model.relational import RelationalColumn as Column
from esco_kg.model.relational import RelationalTable
from esco_kg.statistics.relational import clusters, skills
from esco_kg.statistics.relational.parts import Parts, Row

# Dimension of a cube -> where its codes stand.
_CODES = {
    "cluster": "clusters.id",
    "isco": "isco_groups.code",
    "level": "levels.depth",
    "other-cluster": "clusters.id",
    "sector": "sectors.code",
}
_TABLES = (
    clusters.release,
    clusters.levels,
    clusters.clusters,
    clusters.cluster_names,
    skills.skills,
    skills.allocations,
    skills.isco_groups,
    skills.occupations,
    skills.occupation_skills,
    skills.sectors,
    skills.occupation_sectors,
    clusters.cluster_sectors,
    clusters.cluster_relations,
    skills.thematic_lists,
    clusters.registry,
)
_TYPES = {"iri": "string", "boolean": "string"}


def relational_tables(
    clustering: Clustering, pillar: Pillar, sectors: SectorLinks, config: Config, info: ReleaseInfo
) -> list[RelationalTable]:
    """What the release holds beside its statistics; a table comes after those that it refers to."""
    parts = Parts(clustering, pillar, sectors, config, info)
    return [make(parts) for make in _TABLES]


def statistics_tables(tables: Sequence[Table], cubes: Sequence[Cube]) -> list[RelationalTable]:
    """Each table of the statistics as ``statistics_NAME``; the figures of a suppressed row are blank."""
    by_name = {cube.table.name: cube for cube in cubes}
    return [_statistics_table(table, by_name.get(table.name)) for table in tables]


def _statistics_table(table: Table, cube: Cube | None) -> RelationalTable:
    codes = {d.column: _CODES.get(d.name, "") for d in cube.dimensions} if cube else {}
    units = {f.column: next(iter(f.unit.labels.values())) for f in cube.figures} if cube else {}
    columns = [
        Column(name, _TYPES.get(kind, kind), meaning, codes.get(name, ""), units.get(name, ""))
        for name, kind, meaning in zip(table.columns, table.types, table.meanings, strict=True)
    ]
    statuses = table.statuses or ["F"] * len(table.rows)
    rows: list[Row] = [
        tuple(
            None if value in ("", None) or (status != "F" and column in units) else _plain(value)
            for column, value in zip(table.columns, row, strict=True)
        )
        for row, status in zip(table.rows, statuses, strict=True)
    ]
    if table.statuses:
        columns.append(Column("conf_status", "string", "F free, C suppressed"))
        rows = [(*row, status) for row, status in zip(rows, statuses, strict=True)]
    name = f"statistics_{table.name.replace('-', '_')}"
    return RelationalTable(name, table.question, tuple(columns), tuple(codes), rows=rows)


def _plain(value: Value) -> Value:
    return str(value).lower() if isinstance(value, bool) else value
