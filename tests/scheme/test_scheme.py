"""The clusters graph says what docs/rdf-model.md promises, and nothing about ESCO's own concepts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pyshacl
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from rdflib import DCTERMS, OWL, RDF, SH, SKOS, Literal, URIRef

from esco_kg.clusters.scores import SWITCHING
from esco_kg.dump import turtle_text
from esco_kg.errors import InputError
from esco_kg.model.clustering import Allocation, Cluster, Clustering, Level, Relation
from esco_kg.model.pillar import Pillar
from esco_kg.scheme import Iris, cluster_blocks
from esco_kg.scheme.iris import nace, term
from esco_kg.scheme.relations import related_pairs
from esco_kg.scheme.vocabulary import TERMS
from tests.support import scheme_samples as sample

XKOS = rdflib.Namespace("http://rdf-vocabulary.ddialliance.org/xkos#")
XL = rdflib.Namespace("http://www.w3.org/2008/05/skos-xl#")
QB = rdflib.Namespace("http://purl.org/linked-data/cube#")
EKG = rdflib.Namespace(f"{sample.BASE}model#")
SCHEME = URIRef(f"{sample.BASE}scheme")
DOMAIN = URIRef(f"{sample.BASE}domain/skills")


def graph_of(clustering: Clustering, pillar: Pillar | None = None) -> rdflib.Graph:
    blocks = cluster_blocks(clustering, pillar or sample.pillar(), sample.sectors(), sample.config(), sample.release())
    return rdflib.Graph().parse(data=turtle_text(blocks), format="turtle")


def cluster(number: int) -> URIRef:
    return URIRef(f"{sample.BASE}cluster/c{number:05d}")


@pytest.fixture(scope="module")
def graph() -> rdflib.Graph:
    return graph_of(sample.clustering())


def test_no_subject_is_an_esco_iri(graph: rdflib.Graph) -> None:
    assert not [s for s in graph.subjects() if str(s).startswith("http://data.europa.eu/")]
    assert all(str(s).startswith(sample.BASE) for s in graph.subjects())


def test_every_link_inside_the_scheme_has_both_directions(graph: rdflib.Graph) -> None:
    inverses = [
        (SKOS.broader, SKOS.narrower), (SKOS.related, SKOS.related), (SKOS.topConceptOf, SKOS.hasTopConcept),
        (DCTERMS.hasVersion, DCTERMS.isVersionOf), (DCTERMS.replaces, DCTERMS.isReplacedBy),
    ]  # fmt: skip
    for there, back in inverses:
        forward = set(graph.subject_objects(there))
        assert forward
        assert forward == {(o, s) for s, o in graph.subject_objects(back)}


def test_every_label_of_a_cluster_is_an_xl_label_too(graph: rdflib.Graph) -> None:
    for plain_label, xl_label in ((SKOS.prefLabel, XL.prefLabel), (SKOS.altLabel, XL.altLabel)):
        for number in range(1, 7):
            literals = set(graph.objects(cluster(number), plain_label))
            forms = {graph.value(label, XL.literalForm) for label in graph.objects(cluster(number), xl_label)}
            assert literals == forms
    assert len(set(graph.subjects(RDF.type, XL.Label))) == 13


def test_levels_are_a_list_without_blank_nodes(graph: rdflib.Graph) -> None:
    cells = graph.value(SCHEME, XKOS.levels)
    levels = list(rdflib.collection.Collection(graph, cells))
    assert levels == [URIRef(f"{sample.BASE}level/{depth}") for depth in (1, 2)]
    assert set(graph.objects(levels[1], SKOS.member)) == {cluster(n) for n in (3, 4, 5)}
    assert graph.value(SCHEME, XKOS.numberOfLevels) == Literal(2)
    assert not any(isinstance(part, rdflib.BNode) for triple in graph for part in triple)


def test_primary_skills_are_narrow_matches_of_the_finest_level_alone(graph: rdflib.Graph) -> None:
    matches = set(graph.subject_objects(SKOS.narrowMatch))
    wanted = {(3, sample.WELD), (3, sample.SOLDER), (4, sample.SING), (5, sample.LISTEN)}
    assert matches == {(cluster(number), URIRef(skill)) for number, skill in wanted}
    assert graph.value(cluster(1), EKG.skills) == Literal(2)


def test_an_allocation_by_data_has_a_margin_and_one_by_an_expert_or_a_further_one_has_none(
    graph: rdflib.Graph,
) -> None:
    margins = {str(s).rpartition("/allocation/")[2] for s in graph.subjects(EKG.margin)}
    assert margins == {"c00003/0002-solder", "c00004/0003-sing", "c00005/0004-listen"}


def test_an_allocation_says_rank_weight_method_and_decision(graph: rdflib.Graph) -> None:
    allocation = URIRef(f"{sample.BASE}allocation/c00003/0001-weld")
    said = {p: o for p, o in graph.predicate_objects(allocation)}
    assert said[XKOS.sourceConcept] == URIRef(sample.WELD)
    assert said[XKOS.targetConcept] == cluster(3)
    assert said[EKG["rank"]] == EKG.primary
    assert EKG.margin not in said and EKG.runnerUp not in said
    assert (str(said[EKG.method]), str(said[EKG.decision])) == ("forced", "forced.csv:12")
    by_rank = {
        rank: set(graph.objects(URIRef(f"{sample.BASE}correspondence/ESCO_{name}"), XKOS.madeOf))
        for rank, name in (("primary", "ESCOSC"), ("used-in", "ESCOSC.usedIn"))
    }
    assert str(said[rdflib.RDFS.comment]) == f"weight {float(str(said[EKG.weight]))}"
    assert allocation in by_rank["primary"]
    assert by_rank["used-in"] == {URIRef(f"{sample.BASE}allocation/c00005/0002-solder")}
    assert len(by_rank["primary"]) == 4


def test_coverage_is_computed() -> None:
    clustering = sample.clustering()
    said = graph_of(clustering)
    assert (SCHEME, XKOS.coversExhaustively, DOMAIN) in said
    assert (SCHEME, XKOS.coversMutuallyExclusively, DOMAIN) in said
    clustering.allocations = [a for a in clustering.allocations if a.skill != sample.LISTEN]
    clustering.allocations.append(Allocation(sample.SING, "c00005", "primary", 0.5, 0.1, None, "data"))
    said = graph_of(clustering)
    assert (SCHEME, XKOS.coversExhaustively, DOMAIN) not in said
    assert (SCHEME, XKOS.coversMutuallyExclusively, DOMAIN) not in said
    assert (SCHEME, XKOS.covers, DOMAIN) in said


def test_an_extract_covers_nothing_exhaustively() -> None:
    """Nobody knows the skills that an extract leaves out: all of its own were said to be all there are."""
    said = graph_of(sample.clustering(), replace(sample.pillar(), is_extract=True))
    assert (SCHEME, XKOS.coversExhaustively, DOMAIN) not in said and (SCHEME, XKOS.covers, DOMAIN) in said


def test_a_retired_cluster_keeps_its_page(graph: rdflib.Graph) -> None:
    assert graph.value(cluster(6), OWL.deprecated) == Literal(True)
    assert set(graph.objects(cluster(6), DCTERMS.isReplacedBy)) == {cluster(4), cluster(5)}
    assert str(graph.value(cluster(6), SKOS.historyNote)) == "Retired in release 1.1.0; replaced by c00004, c00005."
    assert (None, SKOS.member, cluster(6)) not in graph
    assert (None, SKOS.hasTopConcept, cluster(6)) not in graph


def test_sector_profile_is_a_cube_whose_observations_name_cluster_and_sector(graph: rdflib.Graph) -> None:
    shares = {
        (graph.value(o, EKG.refSector), str(graph.value(o, EKG.share)))
        for o in graph.subjects(RDF.type, QB.Observation)
        if graph.value(o, EKG.refCluster) == cluster(3)
    }
    base = "http://data.europa.eu/ux2/nace2.1/"
    assert shares == {(URIRef(f"{base}C"), "0.75"), (URIRef(f"{base}F"), "0.25"), (URIRef(f"{base}24"), "1.0")}
    assert set(graph.subject_objects(SKOS.relatedMatch)) == {(cluster(3), URIRef(f"{base}C"))}


def test_without_sector_links_there_is_no_cube() -> None:
    clustering = sample.clustering()
    clustering.profiles.clear()
    assert not set(graph_of(clustering).subjects(RDF.type, QB.DataSet))


def test_every_term_of_ours_that_is_used_is_declared(graph: rdflib.Graph) -> None:
    used = {p for p in graph.predicates() if p in EKG} | {o for o in graph.objects(None, RDF.type) if o in EKG}
    declared = {s for s in graph.subjects(rdflib.RDFS.isDefinedBy, URIRef(f"{sample.BASE}model"))}
    assert used <= declared
    assert {EKG.primary, EKG["used-in"], EKG["found-under"]} <= declared
    for name in declared:
        assert graph.value(name, rdflib.RDFS.label) and graph.value(name, rdflib.RDFS.comment)


def test_related_is_disjoint_from_the_closure_of_broader() -> None:
    """SKOS Reference S27."""
    clustering = sample.clustering()
    clustering.relations += [
        Relation("c00001", "c00003", "skill-links", 0.5, "2 links"),
        Relation("c00002", "c00002", "x", 1, ""),
    ]
    related = related_pairs(clustering)
    assert related == {"c00003": {"c00004"}, "c00004": {"c00003"}}


@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), max_size=12),
    st.lists(st.integers(0, 8), min_size=9, max_size=9),
)
def test_related_never_meets_an_ancestor_and_is_symmetric(pairs: list[tuple[int, int]], parents: list[int]) -> None:
    """SKOS Reference S23 and S27, on any tree of clusters and any relations."""
    clusters = {}
    for number, parent in enumerate(parents, start=1):
        above = f"c{parent % number:05d}" if parent % number else None
        depth = clusters[above].depth + 1 if above else 1
        clusters[f"c{number:05d}"] = Cluster(f"c{number:05d}", depth, above, "sector", {"en": str(number)})
    relations = [Relation(f"c{a:05d}", f"c{b:05d}", "skill-links", 0.5, "") for a, b in pairs]
    clustering = Clustering([Level(1, "1", {})], clusters, [], relations, {}, [])
    above_of: dict[str, set[str]] = defaultdict(set)
    for identifier, found in clusters.items():
        if found.parent:
            above_of[identifier] = {found.parent} | above_of[found.parent]
    related = related_pairs(clustering)
    for identifier, others in related.items():
        assert identifier not in others
        assert not others & above_of[identifier]
        assert all(identifier in related[other] for other in others)


def test_iris_are_percent_encoded_and_collisions_are_errors() -> None:
    iris = Iris("https://example.org/", "1.0.0")
    assert iris.relation("c2", "c1", "a b/ü") == "<https://example.org/relation/c1/c2/a%20b%2F%C3%BC>"
    assert iris.file("statistics/a.csv") == "<https://example.org/release/1.0.0/file/statistics/a.csv>"
    assert iris.allocation("c1", "http://a.example/skill/x") == "<https://example.org/allocation/c1/x>"
    assert iris.allocation("c1", "http://a.example/skill/x") == "<https://example.org/allocation/c1/x>"
    with pytest.raises(InputError, match=r"b.example/skill/x: shares its last segments with http://a.example/skill/x"):
        iris.allocation("c1", "http://b.example/skill/x")
    with pytest.raises(InputError, match="ends in no key"):
        iris.key("http://a.example/skill/")
    with pytest.raises(InputError, match=r"skills_en.csv:7: not an IRI"):
        term("no iri", "skills_en.csv:7")
    assert nace("24.20") == "<http://data.europa.eu/ux2/nace2.1/2420>"


def test_labels_of_one_text_and_another_kind_have_different_iris() -> None:
    iris = Iris("https://example.org/")
    assert iris.label("c1", "en", "pref", "x") != iris.label("c1", "en", "alt", "x")
    assert iris.label("c1", "en", "pref", "x") == iris.label("c1", "en", "pref", "x")


def test_xkos_best_practices_hold_but_for_the_known_exceptions(graph: rdflib.Graph, shared: Path) -> None:
    """Levels are IRIs, not blank nodes; notes are tagged literals, not resources. No other finding."""
    shapes = rdflib.Graph().parse(shared / "oracles" / "xkos" / "xkos-best-practices-conformance-shapes.ttl")
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes)
    found = defaultdict(set)
    for result in report.subjects(RDF.type, SH.ValidationResult):
        focus = report.value(result, SH.focusNode)
        found[str(report.value(result, SH.sourceShape)).split("#")[1]].add(type(focus))
    assert found.pop("P_classification_xkoslevels") == {URIRef}
    of_notes = {
        "VersionedNoteShape",
        *(f"P_note_{n}" for n in ("xkos_plainText", "dct_language", "dcat_version", "schema_startDate")),
    }
    assert set(found) == of_notes
    assert all(kinds == {Literal} for kinds in found.values())


def test_the_definition_of_the_margin_has_the_constant_that_it_is_computed_with() -> None:
    assert f"a / (a + {SWITCHING})" in TERMS["margin"][2]
