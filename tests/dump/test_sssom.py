"""Mappings in SSSOM read back by the package sssom, which checks them against the standard's schema."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import pytest
from jsonschema.exceptions import ValidationError
from rdflib import Graph, URIRef
from sssom import MappingSetDataFrame
from sssom.constants import SchemaValidationType
from sssom.parsers import parse_sssom_table
from sssom.validators import validate

from esco_kg.dump import turtle_text, write_sssom
from esco_kg.model.clustering import Rejection
from esco_kg.scheme import cluster_blocks, mapping_sets
from tests.support.sample_release import Sample, sample

BASE = "https://w3id.org/esco-kg/"
SKILL = "http://data.europa.eu/esco/skill/"


@pytest.fixture(scope="module")
def made() -> Sample:
    made = sample()
    skill = sorted(made.pillar.skills)[0]
    own = {a.cluster for a in made.clustering.allocations if a.skill == skill}
    other = next(c for c in sorted(made.clustering.clusters) if c not in own)
    made.clustering.rejections.append(Rejection(skill, other, "rejected.csv:2", 'Welders\' skill, not "this".'))
    return made


@pytest.fixture(scope="module")
def sets(made: Sample, tmp_path_factory: pytest.TempPathFactory) -> dict[str, MappingSetDataFrame]:
    folder = tmp_path_factory.mktemp("sssom")
    parts = (made.clustering, made.pillar, made.sectors, made.config, made.release)
    for mapping_set in mapping_sets(*parts):
        write_sssom(mapping_set, folder / f"{mapping_set.name}.sssom.tsv")
    return {path.name.partition(".")[0]: parse_sssom_table(str(path)) for path in sorted(folder.iterdir())}


def iri(curie: str) -> str:
    prefix, _, local = curie.partition(":")
    known = {"skill": SKILL, "cluster": f"{BASE}cluster/", "nace": "http://data.europa.eu/ux2/nace2.1/"}
    return known[prefix] + local


def problems(found: MappingSetDataFrame) -> list[object]:
    """What the package has to say against a set."""
    reports = validate(found)
    assert set(reports) >= {SchemaValidationType.JsonSchema, SchemaValidationType.PrefixMapCompleteness}
    return [result for report in reports.values() for result in report.results]


def test_they_are_valid(sets: dict[str, MappingSetDataFrame]) -> None:
    assert set(sets) == {"skill-cluster", "cluster-nace", "rejected"}
    for found in sets.values():
        assert problems(found) == []


@pytest.mark.parametrize(("column", "value"), [("predicate_id", "nowhere:match"), ("confidence", 2.0)])
def test_what_is_not_valid_would_be_found(
    sets: dict[str, MappingSetDataFrame], column: str, value: str | float
) -> None:
    found = deepcopy(sets["cluster-nace"])
    found.df[column] = value
    with pytest.raises(ValidationError):
        validate(found)


def test_skills_have_their_clusters(sets: dict[str, MappingSetDataFrame], made: Sample) -> None:
    rows = sets["skill-cluster"].df
    matches = {"primary": "skos:broadMatch", "used-in": "skos:relatedMatch", "found-under": "skos:relatedMatch"}
    expected = {
        (a.skill, matches[a.rank], f"{BASE}cluster/{a.cluster}", round(a.weight, 4))
        for a in made.clustering.allocations
    }
    assert {
        (iri(r.subject_id), r.predicate_id, iri(r.object_id), float(r.confidence)) for r in rows.itertuples()
    } == expected
    labels = {iri(r.subject_id): r.subject_label for r in rows.itertuples()}
    assert labels == {skill: concept.label() for skill, concept in made.pillar.skills.items()}
    curated = {r.comment for r in rows.itertuples() if r.mapping_justification == "semapv:ManualMappingCuration"}
    assert curated == {"forced.csv:12"}


def test_clusters_have_their_leading_sectors(sets: dict[str, MappingSetDataFrame], made: Sample) -> None:
    rows = sets["cluster-nace"].df
    expected = {
        (f"{BASE}cluster/{identifier}", f"http://data.europa.eu/ux2/nace2.1/{code}", round(profile.sections[code], 4))
        for identifier, profile in made.clustering.profiles.items()
        for code in profile.leading
    }
    assert {(iri(r.subject_id), iri(r.object_id), float(r.confidence)) for r in rows.itertuples()} == expected
    assert set(rows["predicate_id"]) == {"skos:relatedMatch"}
    assert set(rows["object_source_version"]) == {"2.1"}


def test_a_set_without_a_mapping_is_read_and_valid(tmp_path: Path) -> None:
    """The usual case: nobody has rejected anything."""
    made = sample()
    for mapping_set in mapping_sets(made.clustering, made.pillar, made.sectors, made.config, made.release):
        if not mapping_set.mappings:
            write_sssom(mapping_set, tmp_path / f"{mapping_set.name}.sssom.tsv")
    (path,) = tmp_path.iterdir()
    found = parse_sssom_table(str(path))
    assert path.name == "rejected.sssom.tsv" and found.df.empty and problems(found) == []
    assert found.converter.expand("skos:broadMatch") == "http://www.w3.org/2004/02/skos/core#broadMatch"


def test_rejected_mappings_stand_apart_and_are_negated(sets: dict[str, MappingSetDataFrame], made: Sample) -> None:
    (row,) = sets["rejected"].df.itertuples()
    rejection = made.clustering.rejections[0]
    assert (iri(row.subject_id), row.predicate_modifier) == (rejection.skill, "Not")
    assert iri(row.object_id) == f"{BASE}cluster/{rejection.cluster}"
    assert row.comment == f"rejected.csv:2: {rejection.reason}"
    pairs = {(r.subject_id, r.object_id) for r in sets["skill-cluster"].df.itertuples()}
    assert (row.subject_id, row.object_id) not in pairs


def test_the_head_says_where_the_set_is_from(sets: dict[str, MappingSetDataFrame], made: Sample) -> None:
    head = sets["skill-cluster"].metadata
    assert head["mapping_set_version"] == made.release.version
    assert head["license"] == made.config.licence
    # These hold for each mapping, and the package says so.
    rows = sets["skill-cluster"].df
    assert set(rows["subject_source_version"]) == {made.release.esco_version}
    assert {str(date) for date in rows["mapping_date"]} == {made.release.issued}


def test_rejections_are_of_a_class_of_their_own_in_the_graph(made: Sample) -> None:
    blocks = cluster_blocks(made.clustering, made.pillar, made.sectors, made.config, made.release)
    graph = Graph().parse(data=turtle_text(blocks), format="turtle")
    rejection = made.clustering.rejections[0]
    name = URIRef(f"{BASE}rejected/{rejection.cluster}/{rejection.skill.removeprefix(SKILL)}")
    said = {str(p).rsplit("/", 1)[-1].rsplit("#", 1)[-1]: str(o) for p, o in graph.predicate_objects(name)}
    assert said == {
        "type": f"{BASE}model#RejectedAllocation",
        "rejectedSkill": rejection.skill,
        "rejectedCluster": f"{BASE}cluster/{rejection.cluster}",
        "decision": rejection.decision,
        "comment": rejection.reason,
    }
    assert name not in set(graph.objects(None, URIRef("http://rdf-vocabulary.ddialliance.org/xkos#madeOf")))


def test_other_namespaces_get_prefixes_of_their_own(made: Sample, tmp_path: Path) -> None:
    """Two namespaces with one last name, neither of them ESCO's."""
    first, *_ = mapping_sets(made.clustering, made.pillar, made.sectors, made.config, made.release)
    for number, mapping in enumerate(first.mappings):
        object.__setattr__(mapping, "subject", f"https://{'ab'[number % 2]}.example/skill/{number}")
    write_sssom(first, tmp_path / "odd.sssom.tsv")
    found = parse_sssom_table(str(tmp_path / "odd.sssom.tsv"))
    assert problems(found) == []
    expanded = {found.converter.expand(subject) for subject in found.df["subject_id"]}
    assert expanded == {mapping.subject for mapping in first.mappings}
