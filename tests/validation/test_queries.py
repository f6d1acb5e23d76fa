"""Every whole-graph rule: no row on what is right, exactly the expected rows on what is wrong."""

from __future__ import annotations

import csv
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esco_kg.errors import InputError
from esco_kg.rdf.graphs import GraphStore
from esco_kg.validation.queries import checks, run
from tests.support.places import TESTS

BASE = "https://example.org/kg/"
GRAPH = f"{BASE}graph/fixture"
FIXTURES = TESTS / "queries" / "checks"
CHECKS = checks()


def folder_of(rule: str) -> Path:
    return FIXTURES / rule.replace(":", "-", 1)


def rows(rule: str, path: Path) -> list[list[str]]:
    store = GraphStore()
    store.load(GRAPH, path)
    found = run(CHECKS[rule], store, BASE, [GRAPH], "violation", "fixture")
    # A blank node's label is the store's own.
    return sorted([re.sub("^_:.*", "_:", term) for term in (f.focus, f.path, f.value)] for f in found)


def test_no_fixture_is_of_an_unknown_query() -> None:
    assert {path.name for path in FIXTURES.iterdir()} == {folder_of(rule).name for rule in CHECKS}


@pytest.mark.parametrize("rule", sorted(CHECKS))
def test_query_finds_what_is_wrong_and_nothing_else(rule: str) -> None:
    folder = folder_of(rule)
    with (folder / "expected.csv").open(encoding="utf-8", newline="") as stream:
        head, *expected = csv.reader(stream)
    assert head == ["entity", "property", "value"]
    assert expected, f"{folder}/expected.csv expects nothing, so it proves nothing"
    assert rows(rule, folder / "valid.ttl") == []
    assert rows(rule, folder / "invalid.ttl") == sorted(expected)


@pytest.mark.parametrize("rule", sorted(CHECKS))
def test_query_says_problem_and_solution(rule: str) -> None:
    found = CHECKS[rule].rule
    assert found.title.endswith(".") and found.message.endswith(".") and found.clause


RANKS = st.dictionaries(st.tuples(st.integers(0, 4), st.integers(0, 6)), st.booleans(), max_size=12)


@given(RANKS)
@settings(max_examples=50, deadline=None)
def test_one_primary_is_counted_as_a_person_would(allocations: dict[tuple[int, int], bool]) -> None:
    turtle = "@prefix x: <http://rdf-vocabulary.ddialliance.org/xkos#> .\n" + "".join(
        f"<{BASE}a{skill}-{cluster}> a x:ConceptAssociation ; x:sourceConcept <{BASE}s{skill}> ; "
        f"<{BASE}model#rank> <{BASE}model#{'primary' if primary else 'used-in'}> .\n"
        for (skill, cluster), primary in allocations.items()
    )
    primaries = {skill: [p for (s, _), p in allocations.items() if s == skill].count(True) for skill, _ in allocations}
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "data.ttl"
        path.write_text(turtle, encoding="utf-8")
        found = rows("allocation:one-primary", path)
    assert [row[0] for row in found] == sorted(f"<{BASE}s{skill}>" for skill, n in primaries.items() if n != 1)


def test_query_that_fails_is_an_error_and_no_clean_bill(tmp_path: Path) -> None:
    head = "# Problem: P.\n# Solution: S.\n# Source: here\n"
    (tmp_path / "own-broken.rq").write_text(head + "SELECT ?entity WHERE {", encoding="utf-8")
    (tmp_path / "own-columns.rq").write_text(head + "SELECT ?a WHERE { ?a ?b ?c }", encoding="utf-8")
    store = GraphStore()
    for rule, said in (("own:broken", "own-broken.rq: the query failed"), ("own:columns", "the query selects a")):
        with pytest.raises(InputError, match=said):
            run(checks(tmp_path.glob("*.rq"))[rule], store, BASE, [GRAPH], "violation", "fixture")


def test_query_without_a_solution_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own-rule.rq").write_text("# Problem: P.\n# Source: here\nSELECT * WHERE {}", encoding="utf-8")
    with pytest.raises(InputError, match=r"own-rule.rq:1: the head lacks '# Solution:'"):
        checks(tmp_path.glob("*.rq"))
