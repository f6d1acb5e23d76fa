"""Relations between clusters: symmetric, significant, with evidence that can be counted again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esco_kg.clusters.nested import Nested
from esco_kg.clusters.relations import STRONGEST, relations
from esco_kg.model.clustering import Relation
from esco_kg.model.partition import Membership
from tests.support import trades


def related(of: Nested) -> list[Relation]:
    return relations(of, {node: f"c{n:05d}" for n, node in enumerate(of.nodes)})


def nested(seed: int | None = None) -> Nested:
    made = trades.pillar(("en",))
    partition = trades.partition(made)
    if seed is not None:
        random = np.random.default_rng(seed)
        finest = random.integers(0, 12, len(partition.skills)).astype(np.int32)
        finest[:12] = np.arange(12)
        pairs = zip(random.permutation(finest), finest, strict=True)
        others = [[Membership(int(o), "used-in", 0.25)] if o != f else [] for o, f in pairs]
        partition = replace(partition, finest=finest, further=others)
    return Nested(partition, made)


def test_trades_of_one_field_are_related_on_every_basis_and_others_on_none() -> None:
    found = [r for r in related(nested()) if r.source >= "c00009"]  # the finest level
    pairs = {(int(r.source[1:]) - 9, int(r.target[1:]) - 9) for r in found}
    assert pairs == {(n, n + 1) for n in range(0, 12, 2)}
    first = {r.basis: r for r in found if r.source == "c00009"}
    assert first["shared-occupations"].evidence == "4 occupations need more skills than usual of each"
    assert first["shared-occupations"].weight == 1.0
    assert first["used-in"].evidence == "20 skills are used in both"
    # every one of 20 skills has .75 in one and .25 in the other: 20 x .25 over 20 x .75
    assert first["used-in"].weight == pytest.approx(1 / 3, abs=1e-4)
    assert first["skill-links"].evidence == "7 links of ESCO between skills of the two"
    assert first["skill-links"].weight == 1.0


def test_a_primary_membership_counts_where_it_is_left_no_weight() -> None:
    """Skills whose further memberships add up to 1 were in neither cluster's count."""
    made = trades.pillar(("en",))
    partition = trades.partition(made)
    full = [[m._replace(weight=1.0) for m in f] if n < 2 else f for n, f in enumerate(partition.further)]
    found = related(Nested(replace(partition, further=full), made))
    counts = {r.evidence for r in found if r.basis == "used-in" and r.source == "c00009"}
    assert counts == {"20 skills are used in both"}


def test_without_links_between_skills_that_basis_is_absent() -> None:
    made = trades.pillar(("en",))
    made.skill_skills = []
    of = Nested(replace(trades.partition(made), further=[[] for _ in made.skills]), made)
    assert {r.basis for r in related(of)} == {"shared-occupations"}


def test_a_pillar_without_occupations_has_no_relation_by_them() -> None:
    made = trades.pillar(("en",))
    made.occupations, made.occupation_skills, made.skill_skills = {}, [], []
    assert {r.basis for r in related(Nested(trades.partition(made), made))} == {"used-in"}


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_invariants(seed: int) -> None:
    of = nested(seed)
    depth = {f"c{n:05d}": node[0] for n, node in enumerate(of.nodes)}
    found = related(of)
    assert found == sorted(found, key=lambda r: (r.source, r.target, r.basis)) == related(of)
    assert len({(r.source, r.target, r.basis) for r in found}) == len(found)
    for relation in found:
        assert relation.source < relation.target and depth[relation.source] == depth[relation.target]
        assert 0 < relation.weight <= 1 and int(relation.evidence.split()[0]) >= 3
    for basis in {r.basis for r in found}:  # each relation is among the strongest of one of its two clusters
        of_basis = [r for r in found if r.basis == basis]
        for relation in of_basis:
            stronger = [
                sum(r.weight > relation.weight and end in (r.source, r.target) for r in of_basis)
                for end in (relation.source, relation.target)
            ]
            assert min(stronger) < STRONGEST
