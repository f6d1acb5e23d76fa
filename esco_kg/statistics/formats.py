"""A release's tables in the forms that statistical offices use: CSV with CSVW, data cubes, SDMX, SSSOM."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from esco_kg import dump, scheme
from esco_kg.confidentiality.tables import suppress_small_cells
from esco_kg.config import Config
from esco_kg.model.clustering import Clustering
from esco_kg.model.cube import Cube, QualityMeasurement
from esco_kg.model.findings import Table
from esco_kg.model.pillar import Pillar, SectorLinks
from esco_kg.model.published import GraphSummary, ReleaseInfo
from esco_kg.model.relational import RelationalTable
from esco_kg.model.sheet import Sheet
from esco_kg.statistics import measures, reference_metadata
from esco_kg.statistics.csvw import write_csvw
from esco_kg.statistics.datapackage import write_datapackage
from esco_kg.statistics.jsonstat import write_jsonstat
from esco_kg.statistics.parquet import write_parquet
from esco_kg.statistics.px import write_px
from esco_kg.statistics.relational import relational_tables, statistics_tables
from esco_kg.statistics.sdmx import write_sdmx
from esco_kg.statistics.sdmx.metadata import write_metadata
from esco_kg.statistics.sdmx.structures import sdmx_id
from esco_kg.statistics.sqlite import write_datasette, write_sqlite
from esco_kg.statistics.workbook import write_workbook


def _others(folder: Path, sheets: Sequence[Sheet]) -> list[Sheet]:
    """The CSV files of a folder that nobody described: what changed, for one."""
    known = {sheet.file for sheet in sheets}
    found = []
    for path in sorted(folder.glob("*.csv")):
        if path.name not in known:
            with path.open(encoding="utf-8", newline="") as stream:
                found.append(scheme.plain_sheet(path.name, next(csv.reader(stream))))
    return found


@dataclass(frozen=True, slots=True)
class StatisticalFormats:
    """What all forms are made from."""

    config: Config
    info: ReleaseInfo
    pillar: Pillar
    sectors: SectorLinks
    clustering: Clustering

    def write(
        self,
        aside: Path,
        tables: Sequence[Table],
        graphs: Sequence[GraphSummary],
        plain: Path,
        quality: Sequence[QualityMeasurement] = (),
    ) -> GraphSummary:
        """Write every form into the release folder, the graph's N-Triples to ``plain`` as well; return its summary.

        ``graphs`` are those the tables were counted in; ``quality`` is measured elsewhere, as in the evaluation.
        """
        config, info = self.config, self.info
        if config.threshold:
            tables = suppress_small_cells(tables, self._hierarchies(), config.threshold)
        parts = (self.clustering, self.pillar, self.sectors, config, info)
        statistics = scheme.statistics_of(tables, *parts, quality=quality)
        folder = aside / "statistics"
        folder.mkdir()
        for table in tables:
            measures.write_csv(table, folder / f"{table.name}.csv")
        counted = scheme.statistics_sheets(tables, statistics.cubes)
        write_csvw(counted, folder, licence=config.licence)
        sheets = scheme.cluster_sheets(self.clustering, self.pillar, config, info)
        sheets += _others(aside, sheets)
        write_csvw(sheets, aside, licence=config.licence)
        write_sdmx(statistics, aside / "sdmx", config, info)
        report = reference_metadata.entries(statistics, *parts)
        reference_metadata.write_page(report, aside, config, info)
        write_metadata(report, aside / "sdmx", sdmx_id(config.notation), info)
        relational = statistics_tables(tables, statistics.cubes)
        self._write_relational(aside, relational, {"": sheets, "statistics/": counted})
        self._write_for_offices(aside, statistics.cubes, relational)
        (aside / "sssom").mkdir()
        for mapping_set in scheme.mapping_sets(*parts):
            dump.write_sssom(mapping_set, aside / "sssom" / f"{mapping_set.name}.sssom.tsv")
        iris = scheme.Iris.of(config, info.version)
        sources = [*self.pillar.sources, *self.sectors.sources]
        return dump.write_graph(
            scheme.statistics_blocks(statistics, config, info, graphs=graphs, sources=sources),
            aside,
            f"esco-kg-{info.version}-statistics",
            name="statistics",
            prefixes=iris.prefixes(),
            also_plain=plain,
            sections=iris.reading_order(),
        )

    def _write_relational(
        self, aside: Path, statistics: Sequence[RelationalTable], sheets: Mapping[str, Sequence[Sheet]]
    ) -> None:
        """The release as tables with keys: a database, Parquet files, and what describes them."""
        config, info, stem = self.config, self.info, f"esco-kg-{self.info.version}"
        if config.left_out >= {"sqlite", "parquet"}:
            return
        tables = [*relational_tables(self.clustering, self.pillar, self.sectors, config, info), *statistics]
        title = f"{config.titles['en']}, release {info.version}"
        if "sqlite" not in config.left_out:
            write_sqlite(tables, aside / f"{stem}.sqlite")
            facts = {
                "title": title,
                "description": config.descriptions.get("en", title),
                "license": config.acknowledgement,
                "license_url": config.licence,
                "source": config.publisher,
                "source_url": config.homepage,
            }
            write_datasette(tables, aside / f"{stem}-datasette.json", database=stem, facts=facts)
        if "parquet" not in config.left_out:
            write_parquet(tables, aside / "parquet")
            write_datapackage(
                aside,
                tables,
                sheets,
                {
                    "name": stem,
                    "id": f"{config.base_iri}release/{info.version}",
                    "title": title,
                    "version": info.version,
                    "created": f"{info.issued}T00:00:00Z",
                    "homepage": config.homepage,
                    "licenses": [{"path": config.licence, "title": config.acknowledgement}],
                    "contributors": [{"title": config.publisher, "path": config.homepage, "roles": ["publisher"]}],
                },
            )

    def _write_for_offices(self, aside: Path, cubes: Sequence[Cube], tables: Sequence[RelationalTable]) -> None:
        """The statistics as JSON-stat, PC-Axis and one workbook."""
        config, info = self.config, self.info
        for name, ending, write in (("jsonstat", "json", write_jsonstat), ("px", "px", write_px)):
            if name not in config.left_out:
                (aside / name).mkdir()
                for cube in cubes:
                    if cube.table.rows:
                        write(cube, aside / name / f"{cube.table.name}.{ending}", config, info)
        if "xlsx" not in config.left_out:
            path = aside / f"esco-kg-{info.version}.xlsx"
            title = f"{config.titles['en']}, release {info.version}"
            write_workbook(tables, path, info, title=title, licence=config.acknowledgement)

    def _hierarchies(self) -> dict[str, dict[str, str]]:
        """Dimension -> code -> the code above it, of the dimensions whose counts have totals at several levels."""
        clusters = self.clustering.clusters.values()
        isco = [group.code for group in self.pillar.isco_groups.values()]
        return {
            "cluster": {cluster.id: cluster.parent for cluster in clusters if cluster.parent},
            "isco": {code: code[:-1] for code in isco if len(code) > 1},
        }
