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
    assert [(c.about, c.kind, c.reason) for c in found.delta.changes] == [
        ("withdrawn concept", "added", "already withdrawn")
    ] * 3


def test_what_is_withdrawn_is_counted_apart_and_told_in_a_word(tmp_path: Path) -> None:
    """Withdrawn skills were counted among the groups of skills, into which a skill that is withdrawn had turned."""
    old = write_dump(TABLES, tmp_path / "old-v1.0.0.nt")
    iri = next(line.split(" ", 1)[0] for line in old.open() if "/skill/" in line and line.endswith("model#Skill> .\n"))
    said = [line for line in old.open() if not line.startswith(f"{iri} <http://purl.org/iso25964/")]
    new = tmp_path / "new-v1.0.0.nt"
    new.write_text("".join(said) + f'{iri} <http://purl.org/iso25964/skos-thes#status> "obsolete" .\n')
    before, after = compare(TABLES, old).delta, compare(old, new).delta
    assert before.totals["skill group"][0] == before.totals["skill group"][1]
    assert after.totals["withdrawn concept"] == (3, 4)
    assert after.totals["skill"][0] - after.totals["skill"][1] == 1
    assert [c.subject for c in after.of("skill")] == [iri[1:-1]] and after.count("skill", "deprecated") == 1
    assert not after.of("withdrawn concept") and not after.of("skill group")


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
