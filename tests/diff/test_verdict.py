"""The verdict on two versions of a vocabulary agrees with the changes that stand beside it."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esco_kg.diff.compare import compare
from tests.diff.test_patch import LITERALS, NODES, PROPERTIES, RDF, SKOS, isomorphic, write
from tests.diff.test_words import CAT, between

_NAMES = (
    *("prefLabel", "altLabel", "member", "closeMatch", "inScheme", "notation"),
    *("Concept", "Collection", "ConceptScheme"),
)
_MORE = [ox.NamedNode(SKOS + name) for name in _NAMES]
_MORE += [
    ox.NamedNode("http://www.w3.org/2002/07/owl#deprecated"),
    ox.NamedNode("http://purl.org/dc/terms/isReplacedBy"),
]
_MORE += [ox.NamedNode(f"http://www.w3.org/2008/05/skos-xl#{name}") for name in ("prefLabel", "literalForm")]
_TYPE, _TRUE = ox.NamedNode(f"{RDF}type"), ox.Literal(True)
_OBJECTS = [*NODES, *LITERALS, *_MORE[6:9], _TRUE]
GRAPHS = st.lists(
    st.builds(
        ox.Triple, st.sampled_from(NODES[:6]), st.sampled_from([*PROPERTIES, *_MORE, _TYPE]), st.sampled_from(_OBJECTS)
    ),
    min_size=1,
    max_size=12,
)


@given(old=GRAPHS, change=GRAPHS, left=st.integers(0, 12))
@settings(max_examples=300, deadline=None)
def test_nothing_changed_is_said_of_equal_graphs_alone(
    old: list[ox.Triple], change: list[ox.Triple], left: int
) -> None:
    """963 of 1,500 random pairs had "nothing changed" beside the changes that were named."""
    new = [*old[left % len(old) :], *change[:2]]
    with tempfile.TemporaryDirectory() as place:
        found = compare(write(Path(place) / "old.nt", old), write(Path(place) / "new.nt", new))
    text = found.as_text()
    assert ("nothing changed" in text) == isomorphic(list(set(old)), list(set(new))), text
    assert ("other statements alone" in text) == bool(found.delta.statements and not found.delta.changes), text


@pytest.mark.parametrize(
    ("before", "after", "part", "reason"),
    [
        (f"{CAT} .", f"{CAT} ; skos:closeMatch :tom .", "patch", "relation: 1 added"),
        (f"{CAT} ; skos:closeMatch :x .", f"{CAT} ; skos:exactMatch :x .", "patch", "relation: 1 added"),
        (f"{CAT} . :x a owl:Thing .", f"{CAT} . :x a owl:Class .", "patch", "resource: 1 re-typed"),
        (f"{CAT} .", ':cat a skos:Concept ; skos:prefLabel "tom"@en .', "patch", "concept: 1 renamed"),
        (f"{CAT} .", f"{CAT} ; dct:isReplacedBy :b .", "minor", "concept: 1 replaced"),
        (f"{CAT} .", f"{CAT} ; dct:isReplacedBy :b , :c .", "minor", "concept: 1 split"),
    ],
)
def test_the_verdict_names_what_changed(before: str, after: str, part: str, reason: str, tmp_path: Path) -> None:
    verdict = between(tmp_path, before, after).delta.verdict
    assert verdict.part == part and reason in verdict.reasons
