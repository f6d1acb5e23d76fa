"""An engine that gets large data in parts finds what it finds in the whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esco_kg.validation.engines import validate
from esco_kg.validation.parts import in_parts, is_local
from esco_kg.validation.run import Rules
from esco_kg.validation.shapes import Shapes

BASE = "https://example.org/kg/"
RULES = Rules(BASE, None)
PILLAR = RULES.shapes.narrowed(RULES.profile.for_graph("pillar"))
QUALIFIED = "sh:property [ sh:path skos:broader ; sh:qualifiedValueShape [ %s ] ; sh:qualifiedMaxCount 1 ]"
SKOS = "http://www.w3.org/2004/02/skos/core#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
SUB_CLASS = (
    "<urn:k> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <http://www.w3.org/2004/02/skos/core#Concept> .\n"
)

subjects = st.sampled_from([f"<urn:c:{number}>" for number in range(6)])
labels = st.builds(
    lambda s, p, t, tag: f'{s} <{SKOS}{p}> "{t}"{tag} .\n',
    subjects,
    st.sampled_from(["prefLabel", "altLabel", "hiddenLabel"]),
    st.sampled_from("ab"),
    st.sampled_from(["", "@en", "@de"]),
)
types = st.builds(
    lambda s, k: f"{s} <{TYPE}> <{k}> .\n",
    subjects,
    st.sampled_from([f"{SKOS}Concept", f"{SKOS}ConceptScheme", "urn:k"]),
)


@given(
    written=st.lists(st.one_of(labels, types, st.just(SUB_CLASS)), min_size=1, unique=True), most=st.integers(1, 400)
)
def test_the_results_in_parts_are_those_of_the_whole(
    written: list[str], most: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    data = tmp_path_factory.mktemp("parts") / "pillar.nt"
    data.write_text("".join(sorted(written, key=lambda line: line.split(" ")[0])))
    whole = set(validate("shacl", PILLAR.ntriples(), data))
    assert {hit for part in in_parts(data, most) for hit in validate("shacl", PILLAR.ntriples(), part)} == whole
    assert [path.name for path in data.parent.iterdir()] == ["pillar.nt"], "parts are gone"


def test_a_subject_is_in_one_part_and_classes_are_in_all(tmp_path: Path) -> None:
    data = tmp_path / "pillar.nt"
    lines = [f'<urn:c:{number}> <{SKOS}altLabel> "{text}" .\n' for number in range(5) for text in range(4)]
    data.write_text("".join([*lines, SUB_CLASS]))
    found = [part.read_text().splitlines(keepends=True) for part in in_parts(data, 200)]
    assert len(found) > 2 and all(part[0] == SUB_CLASS for part in found)
    assert [line for part in found for line in part[1:] if line != SUB_CLASS] == lines
    assert all(len({line.split()[0] for line in part if line != SUB_CLASS}) <= 2 for part in found)


def test_data_out_of_order_stay_whole(tmp_path: Path) -> None:
    data = tmp_path / "pillar.nt"
    data.write_text(f'<urn:b> <{SKOS}altLabel> "x" .\n<urn:a> <{SKOS}altLabel> "x" .\n' * 9)
    assert list(in_parts(data, 50)) == [data]


def test_the_pillar_of_esco_can_be_judged_in_parts_and_the_clusters_cannot() -> None:
    assert is_local(PILLAR)
    assert not is_local(RULES.shapes.narrowed(RULES.profile.for_graph("clusters")))


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ("sh:property [ sh:path skos:prefLabel ; sh:minCount 1 ]", True),
        ("sh:class skos:Concept", True),
        ("sh:not [ sh:class skos:Concept ]", True),
        (QUALIFIED % "sh:datatype xsd:string", True),
        ("sh:property [ sh:path skos:broader ; sh:class skos:Concept ]", False),
        ("sh:property [ sh:path skos:broader ; sh:node [ sh:nodeKind sh:IRI ] ]", False),
        ("sh:property [ sh:path [ sh:inversePath skos:broader ] ; sh:maxCount 1 ]", False),
        ("sh:property [ sh:path ( skos:broader skos:prefLabel ) ; sh:minCount 1 ]", False),
        ("sh:property [ sh:path skos:broader ; sh:property [ sh:path skos:prefLabel ; sh:minCount 1 ] ]", False),
        (QUALIFIED % "sh:class skos:Concept", False),
        ("sh:not [ sh:property [ sh:path skos:broader ; sh:class skos:Concept ] ]", False),
        ("sh:closed true", False),
        ("sh:targetObjectsOf skos:broader ; sh:nodeKind sh:IRI", False),
    ],
)  # fmt: skip
def test_shapes_that_look_further_are_told(shape: str, expected: bool, tmp_path: Path) -> None:
    path = tmp_path / "shapes.ttl"
    path.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> . "
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . "
        f"<urn:shape> a sh:NodeShape ; sh:name 'one' ; sh:targetClass skos:Concept ; {shape} ."
    )
    assert is_local(Shapes.read([path], BASE)) is expected
