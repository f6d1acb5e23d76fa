"""The OWL RL closure against the axioms of SKOS: one scheme that contradicts each, and sound ones that do not."""

from __future__ import annotations

from pathlib import Path

import owlrl
import pytest
from rdflib import OWL, BNode

from esco_kg.errors import InputError
from esco_kg.rdf.reading import triples as parse
from esco_kg.resources import folder
from esco_kg.validation import check_consistency
from esco_kg.validation.engines import as_graph
from esco_kg.validation.entailment import closed
from esco_kg.validation.files import joined

HEAD = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix skosxl: <http://www.w3.org/2008/05/skos-xl#> .
@prefix xkos: <http://rdf-vocabulary.ddialliance.org/xkos#> .
@prefix e: <http://example.org/> .
"""
SOUND = """e:s a skos:ConceptScheme ; skos:hasTopConcept e:top .
e:top a skos:Concept ; skos:prefLabel "top"@en ; skos:topConceptOf e:s ; skos:narrower e:a , e:b .
e:a a skos:Concept ; skos:prefLabel "a"@en ; skos:altLabel "ay"@en ; skos:broader e:top ; skos:related e:b .
e:b a skos:Concept ; skos:prefLabel "b"@en ; skos:broader e:top ; skos:related e:a .
e:level a xkos:ClassificationLevel ; skos:member e:a , e:b .
e:label a skosxl:Label ; skosxl:literalForm "a"@en . e:a skosxl:prefLabel e:label .
"""
# What is added to the sound scheme, and the statement of the SKOS Reference that it contradicts.
CONTRADICTIONS = {
    "a scheme that is a concept": ("S9", "e:s a skos:Concept ."),
    "a scheme that something has as its broader": ("S9", "e:a skos:broader e:s ."),
    "a top concept that is a scheme": ("S9", "e:s skos:hasTopConcept e:t . e:t a skos:ConceptScheme ."),
    "a collection that is a concept": ("S37", "e:level a skos:Concept ."),
    "a concept with members": ("S37", "e:a skos:member e:b ."),
    "a collection that is a scheme": ("S37", "e:level a skos:ConceptScheme ."),
    "a label that is a concept": ("S48", "e:label a skos:Concept ."),
    "one text preferred and alternative": ("S13", 'e:a skos:altLabel "a"@en .'),
    "one text preferred and hidden": ("S13", 'e:a skos:hiddenLabel "a"@en .'),
    "one text alternative and hidden": ("S13", 'e:a skos:hiddenLabel "ay"@en .'),
    "one text twice by way of an XL label": (
        "S13",
        'e:a skosxl:altLabel e:x . e:x a skosxl:Label ; skosxl:literalForm "a"@en .',
    ),
    "related to the parent": ("S27", "e:a skos:related e:top ."),
    "related to an ancestor": ("S27", "e:c a skos:Concept ; skos:broader e:a ; skos:related e:top ."),
    "an ancestor by way of narrower": ("S27", "e:a skos:narrower e:c . e:top skos:related e:c ."),
    "an exact match that is a broad one": ("S46", "e:a skos:exactMatch e:o ; skos:broadMatch e:o ."),
    "an exact match that is a related one": ("S46", "e:o skos:exactMatch e:a . e:a skos:relatedMatch e:o ."),
    "an exact match by way of another": (
        "S46",
        "e:a skos:exactMatch e:o . e:o skos:exactMatch e:p . e:a skos:broadMatch e:p .",
    ),
}


def written(tmp_path: Path, text: str) -> Path:
    """The scheme as a release would write it, one triple a line."""
    (tmp_path / "scheme.ttl").write_text(HEAD + text, encoding="utf-8")
    joined([tmp_path / "scheme.ttl"], tmp_path / "scheme.nt")
    return tmp_path / "scheme.nt"


def contradictions(tmp_path: Path, text: str) -> set[str]:
    path = written(tmp_path, text)
    findings, seconds = check_consistency(path)
    assert seconds > 0 and all(f.severity == "violation" and f.graph == "clusters" for f in findings)
    return {finding.rule for finding in findings}


def test_a_sound_scheme_is_consistent(tmp_path: Path) -> None:
    assert contradictions(tmp_path, SOUND) == set()


@pytest.mark.parametrize(("clause", "added"), CONTRADICTIONS.values(), ids=list(CONTRADICTIONS))
def test_a_contradiction_is_named_by_its_clause(tmp_path: Path, clause: str, added: str) -> None:
    assert contradictions(tmp_path, SOUND + added) == {f"owl:{clause}"}


@pytest.mark.parametrize("added", ["", *(added for _, added in CONTRADICTIONS.values())], ids=["", *CONTRADICTIONS])
def test_the_closure_is_that_of_owlrl_but_for_what_equals_itself(tmp_path: Path, added: str) -> None:
    axioms = list(parse(folder("shapes") / "axioms" / "skos-axioms.ttl"))
    triples = [*axioms, *parse(written(tmp_path, SOUND + added))]
    whole = owlrl.OWLRL_Semantics(as_graph(triples), False, False, False)
    whole.closure()
    ours = closed(triples)
    assert sorted(ours.error_messages) == sorted(whole.error_messages)
    # owlrl puts its errors into the graph as blank nodes.
    told = [{t for t in closure.graph if not isinstance(t[0], BNode)} for closure in (ours, whole)]
    assert told[0] == {t for t in told[1] if t[1] != OWL.sameAs or t[0] != t[2]}
    assert len(told[0]) > len(as_graph(triples))


def test_every_axiom_that_excludes_something_has_its_contradiction() -> None:
    axioms = (folder("shapes") / "axioms" / "skos-axioms.ttl").read_text(encoding="utf-8")
    stated = {part.split('"')[0] for part in axioms.split('dct:source "SKOS Reference ')[1:]}
    assert stated == {clause for clause, _ in CONTRADICTIONS.values()}


def test_a_graph_that_says_nothing_of_skos_proves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "other.nt"
    path.write_text("<http://example.org/a> <http://example.org/b> <http://example.org/c> .\n")
    with pytest.raises(InputError, match="nothing that SKOS speaks of"):
        check_consistency(path)
