"""Our pillar speaks the Commission's own RDF: checked against its published Turtle and its dictionary of columns."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph

from esco_kg.esco.pillar import read_pillar
from esco_kg.rdf.namespaces import RDF, SKOS
from esco_kg.rdf.terms import Block, in_order
from esco_kg.scheme import pillar_blocks
from tests.support import scheme_samples as sample

ESCO = "http://data.europa.eu/esco/model#"
# What neither the sample (v1.0.x, 74 triples) nor the dictionary shows, and why we are sure of it.
EXPLAINED = {
    f"{SKOS}ConceptScheme": "the class of what conceptSchemes_en.csv lists; the excerpt only refers to schemes",
    f"{ESCO}Occupation": "named beside esco:Skill in ESCO's model; the excerpt holds no occupation",
}
# What the sample says that tables cannot: labels as resources, associations, the closure, the reference language.
NOT_IN_THE_TABLES = {
    f"{ESCO}hasAssociation", f"{ESCO}referenceLanguage", f"{SKOS}broaderTransitive",
    "http://www.w3.org/2008/05/skos-xl#altLabel", "http://www.w3.org/2008/05/skos-xl#prefLabel",
}  # fmt: skip


@pytest.fixture(scope="module")
def published(shared: Path) -> Graph:
    return Graph().parse(shared / "data" / "rdf-sample" / "esco_published_excerpt_v1.0.x.ttl")


@pytest.fixture(scope="module")
def dictionary(shared: Path) -> set[str]:
    """Every property that dictionary_en.csv gives to a column."""
    (archive,) = (shared / "data" / "esco-1.2.1-en-partial").glob("*.zip")
    with zipfile.ZipFile(archive) as opened:
        rows = csv.DictReader(io.StringIO(opened.read("dictionary_en.csv").decode("utf-8-sig")))
        return {part for row in rows for part in row["property"].split(" | ") if part.startswith("http")}


def ours() -> list[Block]:
    return list(pillar_blocks(sample.pillar(), sample.config()))


def test_every_property_and_class_of_ours_is_one_of_escos(published: Graph, dictionary: set[str]) -> None:
    known = (
        {str(p) for p in published.predicates()} | {str(o) for o in published.objects() if "#" in str(o)} | dictionary
    )
    used = {predicate[1:-1] for block in ours() for predicate in block.objects}
    used |= {kind[1:-1] for block in ours() for kind in block.objects[f"<{RDF}type>"]}
    assert used - known == set(EXPLAINED)
    assert not set(EXPLAINED) & known


def test_so_it_is_for_the_whole_of_esco(shared: Path, published: Graph, dictionary: set[str]) -> None:
    """The real 1.1.1: all blocks in order, every property known, as many skills as the table has."""
    pillar = read_pillar([shared / "data" / "esco-1.1.1-en"])
    known = {str(p) for p in published.predicates()} | dictionary
    used: set[str] = set()
    skills = 0
    for block in in_order(pillar_blocks(pillar, sample.config())):
        used.update(block.objects)
        skills += f"<{ESCO}Skill>" in block.objects[f"<{RDF}type>"]
    assert {predicate[1:-1] for predicate in used} <= known
    assert skills == 13_896


def described(kind: str, graph: Graph) -> set[str]:
    subject = next(s for s in graph.subjects() if str(s).startswith(f"http://data.europa.eu/esco/{kind}/"))
    return {str(p) for p in graph.predicates(subject)}


def test_a_skill_says_what_the_published_one_says(published: Graph) -> None:
    """All its properties are ours, but for those that the tables do not carry."""
    skill = next(block for block in ours() if block.subject == f"<{sample.WELD}>")
    mine = {predicate[1:-1] for predicate in skill.objects}
    of_optional = f"{ESCO}isOptionalSkillFor"
    assert described("skill", published) - NOT_IN_THE_TABLES - mine == {of_optional}  # "weld" is optional for none
    assert of_optional in {p[1:-1] for block in ours() for p in block.objects}


def test_types_and_values_have_the_published_form(published: Graph) -> None:
    """Objects of the same property are of the same kind: IRI, tagged or typed literal."""
    theirs: dict[str, set[str]] = {}
    for _, predicate, value in published:
        theirs.setdefault(str(predicate), set()).add(form(value.n3()))
    for block in ours():
        for predicate, terms in block.objects.items():
            known = theirs.get(predicate[1:-1])
            if known:
                assert {form(term) for term in terms} <= known, predicate


def form(term: str) -> str:
    if term.startswith("<"):
        return "IRI"
    ending = term[term.rindex('"') + 1 :]
    return "tagged" if ending.startswith("@") else ending or "plain"


def test_node_literals_have_the_published_shape(published: Graph) -> None:
    node = next(block for block in ours() if "/node-literal/" in block.subject)
    assert {predicate[1:-1] for predicate in node.objects} == described("node-literal", published)


def test_values_of_type_and_reuse_level_are_in_escos_namespaces(published: Graph) -> None:
    for name in ("skillType", "skillReuseLevel"):
        theirs = {
            str(o).rsplit("/", 1)[0] for o in published.objects(predicate=None) if f"/{_segment(name)}/" in str(o)
        }
        mine = {o[1:-1].rsplit("/", 1)[0] for b in ours() for o in b.objects.get(f"<{ESCO}{name}>", ())}
        assert theirs == mine


def _segment(name: str) -> str:
    return {"skillType": "skill-type", "skillReuseLevel": "skill-reuse-level"}[name]


def test_the_sample_itself_is_readable(shared: Path) -> None:
    path = shared / "data" / "rdf-sample" / "esco_published_excerpt_v1.0.x.ttl"
    assert len(list(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))) == 74
