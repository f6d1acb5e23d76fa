"""ESCO's RDF dump is compared as ESCO: with its tables, and with another dump."""

from __future__ import annotations

from pathlib import Path

import pytest

from esco_kg.diff.compare import compare
from esco_kg.errors import UsageError
from esco_kg.resources import folder
from tests.support.esco_dump import write_dump

TABLES = folder("demonstration") / "v1.0.0"


def test_a_dump_and_its_tables_differ_in_withdrawn_concepts_alone(tmp_path: Path) -> None:
    dump = write_dump(TABLES, tmp_path / "esco-v1.0.0.ttl")
    found = compare(TABLES, dump)
    labels = sorted(row.new for row in found.rows if row.field == "preferredLabel")
    assert labels == ["withdrawn skill 0", "withdrawn skill 1", "withdrawn skill 2"]
    assert {row.action for row in found.rows} == {"add"} and len({row.uri for row in found.rows}) == 3


def test_two_dumps_in_other_orders_and_syntaxes_are_the_same(tmp_path: Path) -> None:
    one = write_dump(TABLES, tmp_path / "a-v1.0.0.ttl", seed=1)
    other = write_dump(TABLES, tmp_path / "b-v1.0.0.jsonld", seed=2)
    assert compare(one, other).rows == []


def test_a_dump_and_a_scheme_are_not_compared(tmp_path: Path) -> None:
    dump = write_dump(TABLES, tmp_path / "esco-v1.0.0.ttl")
    scheme = tmp_path / "scheme.ttl"
    scheme.write_text("<http://a.example/x> a <http://www.w3.org/2004/02/skos/core#Concept> .\n", "utf-8")
    with pytest.raises(UsageError, match=r"is read as ESCO, .* as RDF"):
        compare(dump, scheme)
