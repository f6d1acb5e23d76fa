"""The graph ``statistics``: data cubes, their code lists, and measurements of quality."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from esco_kg.config import Config
from esco_kg.model.clustering import Clustering
from esco_kg.model.cube import QualityMeasurement, Statistics
from esco_kg.model.findings import Table
from esco_kg.model.pillar import Pillar, SectorLinks, Source
from esco_kg.model.published import GraphSummary, ReleaseInfo
from esco_kg.rdf.namespaces import OWL, PROV
from esco_kg.rdf.terms import RDF_TYPE, Block, in_order, plain, text
from esco_kg.scheme import properties as p
from esco_kg.scheme.code_lists import code_list_blocks, code_lists
from esco_kg.scheme.cubes import (
    REPEATED_TABLES,
    SECTOR_TABLES,
    cubes,
    dataset_block,
    observation_blocks,
    property_blocks,
    structure_blocks,
)
from esco_kg.scheme.files import checksum_block
from esco_kg.scheme.iris import Iris, term
from esco_kg.scheme.quality import from_tables, quality_blocks

_DERIVED = f"<{PROV}wasDerivedFrom>"


def statistics_of(
    tables: Sequence[Table],
    clustering: Clustering,
    pillar: Pillar,
    sectors: SectorLinks,
    config: Config,
    release: ReleaseInfo,
    quality: Sequence[QualityMeasurement] = (),
) -> Statistics:
    """Tables as cubes with their code lists; ``quality`` adds to the measurements that the tables themselves give."""
    iris = Iris.of(config, release.version)
    lists = code_lists(tables, clustering, pillar, sectors, config, iris)
    return Statistics(cubes(tables, lists, iris), list(lists.values()), [*from_tables(tables), *quality])


def statistics_blocks(
    statistics: Statistics,
    config: Config,
    release: ReleaseInfo,
    *,
    graphs: Sequence[GraphSummary],
    sources: Sequence[Source],
) -> Iterator[Block]:
    """Every triple of the graph, one block per subject, in subject order.

    ``graphs`` are the graphs the tables were counted in, ``sources`` the files those were made from.
    """
    iris = Iris.of(config, release.version)
    lists = {codes.name: codes for codes in statistics.code_lists}
    blocks = [*code_list_blocks(statistics.code_lists), *property_blocks(iris, lists), *_origins(iris, graphs)]
    derived = [*(iris.graph(graph.name) for graph in graphs), *(iris.source(source.sha256) for source in sources)]
    for cube in statistics.cubes:
        if cube.table.name in REPEATED_TABLES or cube.table.name in SECTOR_TABLES:
            continue
        query = iris.source(cube.table.query_sha256)
        blocks.append(
            dataset_block(cube, iris, release.issued)
            .add(p.PUBLISHER, iris.agent())
            .add(p.LICENSE, term(config.licence, "licence.iri"))
            .add(iris.of_model("query"), query)
            .add(_DERIVED, *derived)
        )
        blocks += [*structure_blocks(cube, iris), *observation_blocks(cube), *_query(iris, cube.table)]
    blocks += quality_blocks(iris, statistics.quality, release.issued)
    return in_order(_together(blocks))


def _origins(iris: Iris, graphs: Sequence[GraphSummary]) -> Iterator[Block]:
    """The hashes of the graphs behind the numbers, and the property that ties a data set to its query."""
    for graph in graphs:
        yield Block(iris.graph(graph.name)).add(iris.of_model("rdfc10"), plain(graph.rdfc10_sha256))
    yield (
        Block(iris.of_model("query"))
        .add(RDF_TYPE, f"<{OWL}ObjectProperty>")
        .add(p.LABEL, text("query", "en"))
        .add(p.COMMENT, text("The query whose answer a data set is.", "en"))
        .add(p.DEFINED_BY, iris.of_model())
    )


def _query(iris: Iris, table: Table) -> Iterator[Block]:
    checksum = iris.source(table.query_sha256, "checksum")
    yield (
        Block(iris.source(table.query_sha256))
        .add(RDF_TYPE, f"<{PROV}Entity>")
        .add(p.IDENTIFIER, plain(f"queries/measures/{table.name}.rq"))
        .add(p.CHECKSUM, checksum)
    )
    yield checksum_block(checksum, table.query_sha256)


def _together(blocks: Sequence[Block]) -> list[Block]:
    """One block per subject, sorted: the components of release and date are described in two places."""
    found: dict[str, Block] = {}
    for block in blocks:
        known = found.setdefault(block.subject, block)
        if known is not block:
            for predicate, terms in block.objects.items():
                known.add(predicate, *terms)
    return [found[subject] for subject in sorted(found)]
