"""Things of two kinds that exclude one another, by each vocabulary of a release; and sound ones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from esco_kg.resources import folder
from esco_kg.validation import kinds
from esco_kg.validation.files import joined
from esco_kg.validation.kinds import check_kinds

HEAD = """@prefix dqv: <http://www.w3.org/ns/dqv#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix qb: <http://purl.org/linked-data/cube#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix skosxl: <http://www.w3.org/2008/05/skos-xl#> .
@prefix xkos: <http://rdf-vocabulary.ddialliance.org/xkos#> .
@prefix e: <http://example.org/> .
"""
SOUND = """e:s a skos:ConceptScheme ; xkos:levels e:list ; skos:hasTopConcept e:c .
e:c a skos:Concept ; skos:inScheme e:s ; skos:narrowMatch e:skill ; skosxl:prefLabel e:name .
e:name a skosxl:Label ; skosxl:literalForm "c"@en .
e:level a xkos:ClassificationLevel ; xkos:depth 1 ; skos:member e:c .
e:a xkos:sourceConcept e:skill ; xkos:targetConcept e:c .
e:all a xkos:Correspondence ; xkos:madeOf e:a ; prov:wasGeneratedBy e:run .
e:run a prov:Activity ; prov:used e:file ; prov:wasAssociatedWith e:program .
e:program a prov:SoftwareAgent . e:file a prov:Entity .
e:o qb:dataSet e:cube ; e:place e:c ; e:share 0.5 . e:cube qb:structure e:dsd . e:dsd qb:component e:p1 , e:p2 .
e:p1 qb:dimension e:place . e:p2 qb:measure e:share .
e:m dqv:isMeasurementOf e:metric ; dqv:computedOn e:cube ; dqv:value 1.0 . e:metric dqv:inDimension e:kind .
"""
# What is added, the rule that it breaks, and the thing that is of two kinds.
WRONG = {
    "a cluster with the depth of a level": ("S37", "e:c xkos:depth 1 .", "c"),
    "a level with a place in the hierarchy": ("S37", "e:level skos:broader e:c .", "level"),
    "a cluster with levels": ("S9", "e:c xkos:levels e:list .", "c"),
    "a correspondence that compares a concept": ("S9", "e:all xkos:compares e:c .", "c"),
    "a label that is allocated": ("S48", "e:a xkos:targetConcept e:name .", "name"),
    "a measure that is a dimension": ("MeasureProperty", "e:p1 qb:dimension e:share .", "share"),
    "a measure that is an attribute": ("MeasureProperty", "e:p1 qb:attribute e:share .", "share"),
    "a quality dimension that is a scheme": ("S9", "e:metric dqv:inDimension e:s .", "s"),
    "a run that was generated": ("Activity", "e:run prov:wasGeneratedBy e:other .", "run"),
    "a file that used another": ("Activity", "e:file prov:used e:other .", "file"),
    "a generation that is an entity": ("InstantaneousEvent", "e:file a prov:Generation .", "file"),
}


def found(tmp_path: Path, text: str) -> set[tuple[str, str]]:
    (tmp_path / "x.ttl").write_text(HEAD + text, encoding="utf-8")
    joined([tmp_path / "x.ttl"], tmp_path / "x.nt")
    findings = check_kinds({"clusters": tmp_path / "x.nt"})
    assert all((f.severity, f.graph) == ("violation", "clusters") for f in findings)
    return {(finding.rule, finding.focus) for finding in findings}


def test_what_is_sound_is_passed(tmp_path: Path) -> None:
    assert found(tmp_path, SOUND) == set()


@pytest.mark.parametrize(("rule", "added", "thing"), WRONG.values(), ids=list(WRONG))
def test_a_thing_of_two_kinds_is_named(tmp_path: Path, rule: str, added: str, thing: str) -> None:
    """xkos:depth at clusters made each of them a collection: it was published, as SKOS alone was looked at."""
    assert (f"owl:{rule}", f"<http://example.org/{thing}>") in found(tmp_path, SOUND + added)


def test_a_closure_that_fails_leaves_nothing_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was seen is remembered: of what was half seen, the next check would have said that it is sound."""
    wrong = SOUND + "e:c a e:Fresh ; xkos:levels e:list , e:other ; skosxl:altLabel e:name ."
    monkeypatch.setattr(kinds, "_seen", {})

    def failed(triples: object) -> None:
        raise RuntimeError("no memory")

    with monkeypatch.context() as patched, pytest.raises(RuntimeError):
        patched.setattr(kinds, "closed", failed)
        found(tmp_path, wrong)
    assert ("owl:S9", "<http://example.org/c>") in found(tmp_path, wrong)
    assert ("owl:S9", "<http://example.org/c>") in found(tmp_path, wrong), "remembered, it is told as well"


def test_one_thing_in_many_is_found(tmp_path: Path) -> None:
    many = "".join(f"e:c{n} a skos:Concept ; skos:inScheme e:s .\n" for n in range(500))
    assert found(tmp_path, SOUND + many + "e:c321 skos:member e:c .") == {("owl:S37", "<http://example.org/c321>")}


def test_every_file_of_axioms_names_its_source() -> None:
    files = sorted((folder("shapes") / "axioms").glob("*.ttl"))
    assert {path.name.partition("-")[0] for path in files} == {"skos", "xkos", "cube", "dqv", "prov"}
    for path in files:
        head = "".join(line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#"))
        assert re.search(r"https?://|SKOS Reference", head), path.name
