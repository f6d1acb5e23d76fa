"""Every shape: it passes what is right, finds what is wrong, and both engines agree.

In a fixture the resource ``bad`` (and no other) is at fault, and each fixture of a shape holds one of its focus nodes.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esco_kg.model.findings import Finding
from esco_kg.validation import ENGINES
from esco_kg.validation.files import joined
from esco_kg.validation.run import by_shapes, own_shapes
from esco_kg.validation.shapes import Shapes
from tests.support.places import TESTS

BASE = "https://example.org/kg/"
FIXTURES = TESTS / "shapes"
RULES = sorted(own_shapes(BASE).rules)


@cache
def shapes_of(rule: str) -> Shapes:
    return own_shapes(BASE).narrowed([rule])


def folder_of(rule: str) -> Path:
    return FIXTURES / rule.replace(":", "-", 1)


def found(rule: str, fixture: Path, engine: str, scratch: Path) -> list[Finding]:
    data = scratch / "data.nt"
    joined([fixture], data)
    findings = by_shapes(shapes_of(rule), engine, data, "fixture", None)
    # Labels of blank nodes are each engine's own.
    return sorted(replace(finding, value=re.sub("^_:.*", "_:", finding.value)) for finding in findings)


def test_no_fixture_is_of_an_unknown_shape() -> None:
    assert {path.name for path in FIXTURES.iterdir()} == {folder_of(rule).name for rule in RULES}


@pytest.mark.parametrize("rule", RULES)
def test_shape_says_what_to_do(rule: str) -> None:
    known = own_shapes(BASE).rules[rule]
    assert known.title and known.clause
    assert known.message.endswith(".") and known.message != known.title


@pytest.mark.parametrize("rule", RULES)
def test_shape_finds_what_is_wrong_and_nothing_else(rule: str, tmp_path: Path) -> None:
    valid = folder_of(rule) / "valid.ttl"
    invalid = sorted(folder_of(rule).glob("invalid-*.ttl"))
    assert valid.is_file() and invalid, f"{folder_of(rule)} needs valid.ttl and invalid-<why>.ttl"
    shapes = shapes_of(rule)
    for fixture in [valid, *invalid]:
        by_engine = {engine: found(rule, fixture, engine, tmp_path) for engine in ENGINES}
        first, *others = by_engine.values()
        assert all(other == first for other in others), f"{fixture}: the engines differ: {by_engine}"
        assert {finding.rule for finding in first} == ({rule} if fixture in invalid else set()), fixture
        assert {finding.focus for finding in first} == ({f"<{BASE}bad>"} if fixture in invalid else set()), fixture
    assert has_focus(shapes, valid), f"{valid} holds no focus node, so it proves nothing"


def has_focus(shapes: Shapes, fixture: Path) -> bool:
    """Whether a fixture has a focus node, seen without our own look-up of targets: as the objects of triples."""
    text = fixture.read_text(encoding="utf-8")
    names = {target.iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1] for target in shapes.targets}
    return any(f":{name}" in text for name in names)


NODES = st.integers(0, 5)
LINKS = st.sets(st.tuples(NODES, NODES), max_size=8)


@given(broader=LINKS, narrower=LINKS, related=LINKS)
@settings(max_examples=60, deadline=None)
def test_s27_holds_over_the_closure(
    broader: set[tuple[int, int]], narrower: set[tuple[int, int]], related: set[tuple[int, int]]
) -> None:
    """Against a closure in plain Python: a concept is found where it is related to one above or below it."""
    above = broader | {(b, a) for a, b in narrower}
    while new := {(a, d) for a, b in above for c, d in above if b == c} - above:
        above |= new
    expected = {f"<{BASE}{a}>" for a, b in related if (a, b) in above or (b, a) in above}
    skos = "http://www.w3.org/2004/02/skos/core#"
    links = {"broader": broader, "narrower": narrower, "related": related}
    lines = [f'<{BASE}0> <{skos}note> "A graph without any triple would be refused." .\n']
    lines += [f"<{BASE}{a}> <{skos}{name}> <{BASE}{b}> .\n" for name, pairs in links.items() for a, b in pairs]
    with tempfile.TemporaryDirectory() as scratch:
        fixture = Path(scratch) / "fixture.ttl"
        fixture.write_text("".join(lines), encoding="utf-8")
        for engine in ENGINES:
            assert {finding.focus for finding in found("skos:S27", fixture, engine, Path(scratch))} == expected
