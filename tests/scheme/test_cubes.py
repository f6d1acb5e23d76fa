"""The graph ``statistics``: every table as a data cube, whole by itself, and true to the tables."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import DCTERMS, PROV, QB, RDF, RDFS, SKOS, XSD, URIRef

from esco_kg import scheme
from esco_kg.dump import write_graph
from esco_kg.model.cube import QualityMeasurement, Statistics
from esco_kg.model.findings import Table
from esco_kg.model.published import GraphSummary
from esco_kg.rdf.graphs import GraphStore
from esco_kg.scheme.cubes import REPEATED_TABLES, SECTOR_TABLES
from esco_kg.statistics import measures
from esco_kg.validation import check_release
from esco_kg.validation.cubes import normalised
from esco_kg.validation.queries import checks
from esco_kg.validation.queries import run as run_check
from tests.support.sample_release import Sample, sample

BASE = "https://w3id.org/esco-kg/"
STATISTICS = f"{BASE}release/1.2.0/statistics/"
EKG = rdflib.Namespace(f"{BASE}model#")
DQV = rdflib.Namespace("http://www.w3.org/ns/dqv#")
ATTRIBUTE = rdflib.Namespace("http://purl.org/linked-data/sdmx/2009/attribute#")
DIMENSION = rdflib.Namespace("http://purl.org/linked-data/sdmx/2009/dimension#")
REPEATED = {*REPEATED_TABLES, *SECTOR_TABLES}  # the graph of the clusters says these numbers
COUNTED = [GraphSummary("clusters", 1, "ab" * 32), GraphSummary("pillar", 1, "cd" * 32)]
EVALUATED = QualityMeasurement("stability", "Element-centric similarity of two runs.", "consistency", 0.9, "2")


def statistics(made: Sample, tables: list[Table] | None = None) -> Statistics:
    tables = tables or measures.run(made.store())
    parts = (made.clustering, made.pillar, made.sectors, made.config, made.release)
    return scheme.statistics_of(tables, *parts, quality=[EVALUATED])


def written(made: Sample, found: Statistics, folder: Path) -> Path:
    """The graph as plain N-Triples."""
    blocks = scheme.statistics_blocks(
        found, made.config, made.release, graphs=COUNTED, sources=[*made.pillar.sources, *made.sectors.sources]
    )
    prefixes = scheme.Iris(made.config.base_iri, made.release.version).prefixes()
    write_graph(blocks, folder, "s", name="statistics", prefixes=prefixes, also_plain=folder / "statistics.nt")
    return folder / "statistics.nt"


@pytest.fixture(scope="module")
def made() -> Sample:
    return sample()


@pytest.fixture(scope="module")
def tables(made: Sample) -> list[Table]:
    return measures.run(made.store())


@pytest.fixture(scope="module")
def path(made: Sample, tables: list[Table], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(made, statistics(made, tables), tmp_path_factory.mktemp("cubes"))


@pytest.fixture(scope="module")
def graph(path: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(path, format="nt")


def test_every_measure_with_figures_is_a_data_set(graph: rdflib.Graph, tables: list[Table]) -> None:
    found = {str(s).removeprefix(STATISTICS) for s in graph.subjects(RDF.type, QB.DataSet) if STATISTICS in str(s)}
    assert found == {table.name for table in tables} - {"unallocated-skills", *REPEATED}


def test_no_number_stands_in_two_observations(graph: rdflib.Graph, made: Sample) -> None:
    """The sector profiles stood in two cubes, the clusters' and the statistics', and mixed sections with divisions."""
    whole = graph + rdflib.Graph().parse(data="\n".join(made.graphs()["clusters"]), format="nt")
    found = [
        (whole.value(one, EKG.refCluster), whole.value(one, EKG.refSector))
        for one in whole.subjects(RDF.type, QB.Observation)
        if (one, EKG.refSector, None) in whole
    ]
    assert found and len(set(found)) == len(found)
    for dataset in set(whole.subjects(QB.structure, URIRef(f"{BASE}structure/sector-profile"))):
        codes = [str(whole.value(one, EKG.refSector)).rpartition("/")[2] for one in whole.subjects(QB.dataSet, dataset)]
        assert len({len(code) for code in codes}) == 1, dataset


def test_observations_say_what_the_tables_say(graph: rdflib.Graph, tables: list[Table]) -> None:
    """Row by row: the IRI from the key, each figure with its value and type."""
    for table in (table for table in tables if table.units and table.name not in REPEATED):
        observations = set(graph.subjects(QB.dataSet, URIRef(STATISTICS + table.name)))
        assert len(observations) == len(table.rows)
        for row in table.rows:
            cells = dict(zip(table.columns, row, strict=True))
            key = "/".join(str(cells[column]).replace(" ", "%20") for column in table.dimensions) or "all"
            observation = URIRef(f"{STATISTICS}{table.name}/{key}")
            assert observation in observations
            for column, unit in table.units.items():
                figure = URIRef(f"{BASE}structure/{table.name}/measure/{column}")
                value = graph.value(observation, figure)
                assert value.datatype == XSD[table.types[table.columns.index(column)]]
                assert float(value) == cells[column]
                assert graph.value(figure, ATTRIBUTE.unitMeasure) == URIRef(f"{BASE}code-list/unit/{unit}")


def test_a_cell_by_hand(graph: rdflib.Graph, tables: list[Table]) -> None:
    table = next(table for table in tables if table.name == "isco-major-groups")
    isco, _, cluster, _, _, essential, optional, share = table.rows[0]
    observation = URIRef(f"{STATISTICS}isco-major-groups/{isco}/{cluster}")
    assert graph.value(observation, EKG.refIsco) == URIRef(f"http://data.europa.eu/esco/isco/C{isco}")
    assert graph.value(observation, EKG.refCluster) == URIRef(f"{BASE}cluster/{cluster}")
    measured = {
        name: float(graph.value(observation, URIRef(f"{BASE}structure/isco-major-groups/measure/{name}")))
        for name in ("essential", "optional", "share")
    }
    assert measured == {"essential": essential, "optional": optional, "share": share}


def test_a_data_set_is_tied_to_its_query_and_inputs(graph: rdflib.Graph, tables: list[Table], made: Sample) -> None:
    for table in (table for table in tables if table.units and table.name not in REPEATED):
        dataset = URIRef(STATISTICS + table.name)
        query = graph.value(dataset, EKG.query)
        assert str(query) == f"{BASE}source/{table.query_sha256}"
        assert str(graph.value(query, DCTERMS.identifier)) == f"queries/measures/{table.name}.rq"
        hashes = {str(source).rsplit("/", 1)[-1] for source in graph.objects(dataset, PROV.wasDerivedFrom)}
        assert hashes == {"clusters", "pillar"} | {s.sha256 for s in made.pillar.sources + made.sectors.sources}
        assert str(graph.value(dataset, DIMENSION.refPeriod)) == made.release.issued
    of_graph = URIRef(f"{BASE}release/1.2.0/graph/clusters")
    assert str(graph.value(of_graph, EKG.rdfc10)) == COUNTED[0].rdfc10_sha256


def test_all_rules_hold_on_the_graph_alone(path: Path) -> None:
    outcome = check_release({"statistics": path}, BASE)
    assert outcome.findings == []
    assert {f"cube:ic-{number:02}" for number in range(1, 22)} <= set(outcome.rules)


@pytest.mark.parametrize(
    ("lost", "rule"),
    [("dimension#refPeriod", "cube:ic-11"), ("attribute#obsStatus", "cube:ic-13"), ("measure/share", "cube:ic-14")],
)
def test_a_cube_with_a_part_lost_breaks_its_constraint(path: Path, tmp_path: Path, lost: str, rule: str) -> None:
    """The date and the status stand at the data set alone: only in normal form does each observation miss them."""
    triples = path.read_text(encoding="utf-8").splitlines(keepends=True)
    of = f"<{STATISTICS}clusters>" if "#" in lost else f"<{STATISTICS}clusters/"
    kept = [line for line in triples if not (line.startswith(of) and f"{lost}> " in line)]
    assert len(kept) < len(triples)
    (tmp_path / "broken.nt").write_text("".join(kept), encoding="utf-8")
    found = {finding for finding in check_release({"statistics": tmp_path / "broken.nt"}, BASE).findings}
    focus = {finding.focus for finding in found if finding.rule == rule}
    assert focus == {line.split(" ")[0] for line in kept if line.startswith(f"<{STATISTICS}clusters/")}


def test_slices_are_spelt_out(tmp_path: Path) -> None:
    """Attachments to a slice and the dimensions it fixes reach its observations (Data Cube, section 10.1)."""
    (tmp_path / "slices.ttl").write_text(
        """@prefix qb: <http://purl.org/linked-data/cube#> . @prefix : <urn:x:> .
        :set qb:structure :dsd ; qb:slice :slice . :slice :place :north ; :unit :m ; qb:observation :o .
        :dsd qb:component :c1 , :c2 . :c1 qb:dimension :place .
        :c2 qb:attribute :unit ; qb:componentAttachment qb:Slice .
        """,
        encoding="utf-8",
    )
    store = GraphStore()
    store.load("urn:s", tmp_path / "slices.ttl")
    found = store.select(
        "SELECT ?p ?v WHERE { <urn:x:o> ?p ?v } ORDER BY ?p ?v", graphs=[normalised(store, ["urn:s"])]
    ).values()
    kind = str(RDF.type)
    assert found == [(kind, str(QB.Observation)), ("urn:x:place", "urn:x:north"), ("urn:x:unit", "urn:x:m")]


def test_the_cube_of_the_clusters_graph_holds_the_constraints(made: Sample, tmp_path: Path) -> None:
    (tmp_path / "clusters.nt").write_text("".join(f"{line}\n" for line in made.graphs()["clusters"]), encoding="utf-8")
    store = GraphStore()
    store.load("urn:clusters", tmp_path / "clusters.nt")
    # As the SDMX vocabulary itself declares its dimension; this graph has no subject that is not ours.
    (tmp_path / "sdmx.nt").write_text(f"<{DIMENSION.refPeriod}> <{RDFS.range}> <{RDFS.Resource}> .\n", encoding="utf-8")
    store.load("urn:sdmx", tmp_path / "sdmx.nt")
    graphs = ["urn:clusters", "urn:sdmx", normalised(store, ["urn:clusters"])]
    rules = {name: check for name, check in checks().items() if name.startswith("cube:ic-")}
    assert len(rules) == 21
    for check in rules.values():
        assert run_check(check, store, BASE, graphs, "violation", "clusters") == []


def test_code_lists_have_labels_and_codes(graph: rdflib.Graph, made: Sample) -> None:
    for iri in set(graph.objects(None, QB.codeList)):
        codes = set(graph.subjects(SKOS.inScheme, iri)) | set(graph.objects(iri, SKOS.member))
        assert codes, iri
        for code in codes:
            assert graph.value(code, SKOS.notation) and graph.value(code, SKOS.prefLabel)
    sectors = set(graph.objects(URIRef(f"{BASE}code-list/sector"), SKOS.member))
    assert sectors == {URIRef(f"http://data.europa.eu/ux2/nace2.1/{code}") for code in made.sectors.structure}
    parts = {c.id: c.parent for c in made.clustering.clusters.values() if c.parent}
    for child, parent in parts.items():
        assert (URIRef(f"{BASE}cluster/{child}"), SKOS.broader, URIRef(f"{BASE}cluster/{parent}")) in graph


def test_quality_is_measured(graph: rdflib.Graph, tables: list[Table]) -> None:
    coverage = URIRef(f"{BASE}release/1.2.0/quality/coverage")
    table = next(table for table in tables if table.name == "allocation-coverage")
    assert float(graph.value(coverage, DQV.value)) == table.rows[0][table.columns.index("allocated_share")]
    assert graph.value(coverage, DQV.computedOn) == URIRef(f"{BASE}release/1.2.0")
    stability = URIRef(f"{BASE}release/1.2.0/quality/stability/2")
    assert float(graph.value(stability, DQV.value)) == EVALUATED.value
    assert graph.value(stability, DQV.computedOn) == URIRef(f"{BASE}code-list/level/2")
    metric = graph.value(stability, DQV.isMeasurementOf)
    assert str(graph.value(metric, SKOS.definition)) == EVALUATED.definition


def test_no_blank_node_and_every_property_has_a_label(graph: rdflib.Graph) -> None:
    assert not any(isinstance(part, rdflib.BNode) for triple in graph for part in triple)
    for kind in (QB.DimensionProperty, QB.MeasureProperty, QB.AttributeProperty):
        for declared in graph.subjects(RDF.type, kind):
            assert str(declared).startswith(str(DQV)) or graph.value(declared, RDFS.label), declared


def test_a_suppressed_row_is_no_observation(made: Sample, tables: list[Table], tmp_path: Path) -> None:
    table = next(table for table in tables if table.name == "clusters")
    hidden = Table(**{name: getattr(table, name) for name in Table.__slots__})
    hidden.statuses = ["C", "D", *["F"] * (len(table.rows) - 2)]
    path = written(made, statistics(made, [hidden if t is table else t for t in tables]), tmp_path)
    graph = rdflib.Graph().parse(path, format="nt")
    found = set(graph.subjects(QB.dataSet, URIRef(f"{STATISTICS}clusters")))
    assert found == {URIRef(f"{STATISTICS}clusters/{row[0]}") for row in table.rows[2:]}
    assert check_release({"statistics": path}, BASE).findings == []


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000), nace=st.booleans(), languages=st.sampled_from([("en",), ("pl",), ("en", "pl")]))
def test_random_releases_conform(seed: int, nace: bool, languages: tuple[str, ...]) -> None:
    made = sample(seed, skills=25, nace=nace, languages=languages, relations=nace)
    with tempfile.TemporaryDirectory() as scratch:
        path = written(made, statistics(made), Path(scratch))
        findings = check_release({"statistics": path}, BASE).findings
    assert [finding for finding in findings if finding.severity == "violation"] == []
