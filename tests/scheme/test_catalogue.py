"""The catalogue conforms to DCAT-AP 3.0.1 and tells how the release came to be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyshacl
import pytest
import rdflib
from rdflib import DCTERMS, PROV, RDF, SH, VOID, XSD, Literal, URIRef

from esco_kg.dump import turtle_text
from esco_kg.model.pillar import Source
from esco_kg.scheme import catalogue_blocks, releases_catalogue_blocks
from tests.support import scheme_samples as sample

DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
EKG = rdflib.Namespace(f"{sample.BASE}model#")
RELEASE = URIRef(f"{sample.BASE}release/1.1.0")
DATASET = URIRef(f"{sample.BASE}dataset/clusters")
MANIFESTS = [
    {"version": "1.0.0", "esco_version": "1.1.1", "issued": "2025-01-31", "languages": ["en"], "previous": ""},
    {
        "version": "1.1.0",
        "esco_version": "1.2.1",
        "issued": "2026-01-31",
        "languages": ["en", "xx"],
        "previous": "1.0.0",
    },
]


CHECKSUMS = {"1.0.0": "ab" * 32, "1.1.0": "cd" * 32}


@pytest.fixture(scope="module")
def catalogue() -> rdflib.Graph:
    blocks = catalogue_blocks(
        sample.config(), sample.release(), graphs=sample.graphs(), files=sample.files(),
        sources=sample.pillar().sources,
        sector_sources=[Source("crosswalk.xlsx", "9a" * 32, 77)], decisions=[Source("forced.csv", "bc" * 32, 12)],
        parameters={"levels": [2, 3], "name": "Größe"},
    )  # fmt: skip
    return rdflib.Graph().parse(data=turtle_text(blocks), format="turtle")


@pytest.fixture(scope="module")
def releases_folder() -> rdflib.Graph:
    return rdflib.Graph().parse(
        data=turtle_text(releases_catalogue_blocks(sample.config(), MANIFESTS, CHECKSUMS)), format="turtle"
    )


@pytest.fixture(scope="module")
def dcat_ap(shared: Path) -> rdflib.Graph:
    """The shapes of DCAT-AP 3.0.1, without the references to five property shapes that their files do not define."""
    folder = shared / "oracles" / "dcat-ap-3.0.1"
    shapes = rdflib.Graph().parse(folder / "dcat-ap-SHACL.ttl").parse(folder / "ranges.ttl")
    undefined = [(s, o) for s, o in shapes.subject_objects(SH.property) if (o, SH.path, None) not in shapes]
    assert len(undefined) == 5
    for shape, name in undefined:
        shapes.remove((shape, SH.property, name))
    return shapes


@pytest.mark.parametrize("name", ["catalogue", "releases_folder"])
def test_it_conforms_to_dcat_ap(name: str, dcat_ap: rdflib.Graph, request: pytest.FixtureRequest) -> None:
    graph = request.getfixturevalue(name)
    conforms, _, report = pyshacl.validate(graph, shacl_graph=dcat_ap)
    assert conforms, report


def test_dcat_ap_would_find_a_missing_publisher(dcat_ap: rdflib.Graph, catalogue: rdflib.Graph) -> None:
    broken = rdflib.Graph()
    for triple in catalogue:
        if triple[1] != DCTERMS.publisher:
            broken.add(triple)
    assert not pyshacl.validate(broken, shacl_graph=dcat_ap)[0]


@pytest.mark.parametrize("name", ["catalogue", "releases_folder"])
def test_the_classes_that_dcat_ap_makes_mandatory_are_there(name: str, request: pytest.FixtureRequest) -> None:
    """The same without the official shapes, for a checkout that lacks them: DCAT-AP 3.0.1, mandatory properties."""
    graph = request.getfixturevalue(name)
    for kind, properties in (
        (DCAT.Catalog, (DCTERMS.title, DCTERMS.description, DCTERMS.publisher)),
        (DCAT.Dataset, (DCTERMS.title, DCTERMS.description)),
        (DCAT.DataService, (DCTERMS.title, DCAT.endpointURL)),
    ):
        found = list(graph.subjects(RDF.type, kind))
        assert found
        for subject in found:
            assert all(list(graph.objects(subject, p)) for p in properties)
    assert not any(isinstance(part, rdflib.BNode) for triple in graph for part in triple)


def test_a_release_has_one_distribution_per_file_with_size_and_checksum(catalogue: rdflib.Graph) -> None:
    found = {}
    for distribution in catalogue.objects(RELEASE, DCAT.distribution):
        checksum = catalogue.value(distribution, SPDX.checksum)
        size = catalogue.value(distribution, DCAT.byteSize)
        assert size.datatype == XSD.nonNegativeInteger
        name = str(catalogue.value(distribution, DCTERMS.identifier))
        found[name] = (int(size), str(catalogue.value(checksum, SPDX.checksumValue)))
        assert catalogue.value(distribution, DCTERMS.license) == URIRef(sample.config().licence)
    assert found == {file.name: (file.bytes, file.sha256) for file in sample.files()}


def test_packed_n_triples_are_n_triples_that_are_packed(catalogue: rdflib.Graph) -> None:
    packed = URIRef(f"{RELEASE}/file/esco-kg-1.1.0-clusters.nt.gz")
    assert str(catalogue.value(packed, DCAT.mediaType)).endswith("/application/n-triples")
    assert str(catalogue.value(packed, DCAT.compressFormat)).endswith("/application/gzip")


def test_an_immutable_release_says_nothing_of_later_ones(
    catalogue: rdflib.Graph, releases_folder: rdflib.Graph
) -> None:
    assert catalogue.value(RELEASE, DCAT.previousVersion) == URIRef(f"{sample.BASE}release/1.0.0")
    for predicate in (DCTERMS.hasVersion, DCAT.hasVersion, DCAT.hasCurrentVersion):
        assert not list(catalogue.subject_objects(predicate))
        assert list(releases_folder.subject_objects(predicate))
    versions = {URIRef(f"{sample.BASE}release/{version}") for version in ("1.0.0", "1.1.0")}
    assert set(releases_folder.objects(DATASET, DCTERMS.hasVersion)) == versions
    assert releases_folder.value(DATASET, DCAT.hasCurrentVersion) == RELEASE


def test_void_counts_are_those_of_the_graphs(catalogue: rdflib.Graph) -> None:
    clusters = URIRef(f"{RELEASE}/graph/clusters")
    assert catalogue.value(clusters, VOID.triples) == Literal(100)
    assert str(catalogue.value(clusters, EKG.rdfc10)) == "56" * 32
    dumps = {str(dump).rsplit("/", 1)[1] for dump in catalogue.objects(clusters, VOID.dataDump)}
    assert dumps == {"esco-kg-1.1.0-clusters.nt.gz", "esco-kg-1.1.0-clusters.ttl"}
    for graph in sample.graphs():
        parts = set(catalogue.objects(URIRef(f"{RELEASE}/graph/{graph.name}"), VOID.classPartition))
        counts = {str(catalogue.value(p, VOID["class"])): int(catalogue.value(p, VOID.entities)) for p in parts}
        assert counts == graph.classes
    links = {str(catalogue.value(s, VOID.linkPredicate)): s for s in catalogue.subjects(RDF.type, VOID.Linkset)}
    narrow = links["http://www.w3.org/2004/02/skos/core#narrowMatch"]
    assert catalogue.value(narrow, VOID.objectsTarget) == URIRef(f"{RELEASE}/graph/pillar")
    assert catalogue.value(narrow, VOID.triples) == Literal(4)


def test_provenance_names_inputs_parameters_seed_and_program(catalogue: rdflib.Graph) -> None:
    run = URIRef(f"{sample.BASE}activity/1.1.0/clustering")
    used = {str(catalogue.value(s, DCTERMS.identifier)) for s in catalogue.objects(run, PROV.used)}
    assert used == {"ESCO dataset - v1.2.1.zip", "crosswalk.xlsx", "forced.csv"}
    assert str(catalogue.value(run, EKG.parameters)) == '{"levels": [2, 3], "name": "Größe"}'
    assert int(catalogue.value(run, EKG.seed)) == sample.config().clusters.seed
    program = catalogue.value(run, PROV.wasAssociatedWith)
    assert str(catalogue.value(program, rdflib.RDFS.label)) == "esco-kg 0.1.0"
    derived = {str(catalogue.value(s, DCTERMS.identifier)) for s in catalogue.objects(RELEASE, PROV.wasDerivedFrom)}
    assert derived == {"ESCO dataset - v1.2.1.zip", "crosswalk.xlsx"}
    esco = catalogue.value(RELEASE, DCTERMS.source)
    assert {str(catalogue.value(s, DCTERMS.identifier)) for s in catalogue.objects(esco, DCTERMS.hasPart)} == {
        "ESCO dataset - v1.2.1.zip"
    }


def test_a_catalogue_of_no_release_is_still_one() -> None:
    graph = rdflib.Graph().parse(data=turtle_text(releases_catalogue_blocks(sample.config(), [], {})), format="turtle")
    assert len(set(graph.subjects(RDF.type, DCAT.Catalog))) == 1
    assert graph.value(DATASET, DCAT.hasCurrentVersion) is None


def test_a_part_of_esco_is_never_called_esco() -> None:
    extract = replace(sample.release(), is_extract=True)
    blocks = catalogue_blocks(
        sample.config(), extract, graphs=sample.graphs(), files=sample.files(), sources=sample.pillar().sources,
        parameters={},
    )  # fmt: skip
    said = turtle_text(blocks)
    assert '"Made from ESCO 1.2.1 (extract)."@en' in said and '"ESCO 1.2.1 (extract), as read"@en' in said


@pytest.mark.parametrize("has_sectors", [True, False])
def test_the_keyword_nace_stands_only_where_there_are_sectors(has_sectors: bool) -> None:
    found = replace(sample.graphs()[0], predicates={f"{sample.BASE}model#refSector": 3} if has_sectors else {})
    blocks = catalogue_blocks(
        sample.config(), sample.release(), graphs=[found], files=sample.files(), sources=sample.pillar().sources,
        parameters={},
    )  # fmt: skip
    assert ('"NACE"@en' in turtle_text(blocks)) == has_sectors
