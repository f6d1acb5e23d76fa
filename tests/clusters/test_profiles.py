"""Sector profiles: shares add up, the unreached is told, what stands out is what the rule says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esco_kg.clusters.nested import Nested
from esco_kg.clusters.profiles import sector_profiles, typical_occupations
from esco_kg.model.pillar import SectorLinks
from tests.support import trades


def nested(seed: int | None = None) -> Nested:
    made = trades.pillar(("en",))
    partition = trades.partition(made)
    if seed is not None:
        finest = np.random.default_rng(seed).integers(0, 12, len(partition.skills)).astype(np.int32)
        finest[:12] = np.arange(12)
        partition = replace(partition, finest=finest)
    return Nested(partition, made)


def test_a_trade_has_its_own_division_and_leads_in_its_section() -> None:
    profile = sector_profiles(nested(), trades.sectors())[3, 0]
    # 9 skills x 2 occupations of its own, and 2 skills x 2 occupations of the trade beside it, in the same section.
    assert profile.divisions == pytest.approx({"01": 18 / 22, "02": 4 / 22})
    assert (profile.sections, profile.concentration, profile.leading, profile.unreached) == (
        {"A": 1.0},
        1.0,
        ("A",),
        0.0,
    )


def test_what_the_crosswalk_does_not_reach_is_told() -> None:
    profile = sector_profiles(nested(), trades.sectors())[3, 11]
    assert profile.unreached == pytest.approx(9 / 22) and profile.sections == {"F": 1.0}


def test_a_cluster_without_occupations_has_no_profile() -> None:
    """It was said that all of its links, of which there are none, are without a sector."""
    made = trades.pillar(("en",))
    made.occupation_skills = [
        link for link in made.occupation_skills if not link[1].startswith(f"{trades.BASE}/skill/00")
    ]
    of = Nested(trades.partition(made), made)
    found = sector_profiles(of, trades.sectors())
    assert (3, 0) not in found and (3, 1) in found
    assert typical_occupations(of)[3, 0] == ()


def test_without_nace_there_is_no_profile() -> None:
    assert sector_profiles(nested(), trades.no_sectors()) == {}


def test_a_section_that_is_as_frequent_everywhere_does_not_stand_out() -> None:
    links = trades.sectors()
    same = {iri: {"A": 0.5, "B": 0.5} for iri in links.sections}
    profiles = sector_profiles(nested(), SectorLinks(links.structure, same, {}, [], "crosswalk"))
    assert all(profile.leading == () and profile.concentration == pytest.approx(0.5) for profile in profiles.values())


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_invariants(seed: int) -> None:
    of = nested(seed)
    profiles = sector_profiles(of, trades.sectors())
    assert set(profiles) == set(of.nodes)
    for profile in profiles.values():
        for shares in (profile.sections, profile.divisions):
            assert not shares or sum(shares.values()) == pytest.approx(1)
        assert 0 <= profile.unreached <= 1 and 0 <= profile.concentration <= 1
        assert len(profile.leading) <= 3
        assert all(profile.sections[code] >= 0.15 for code in profile.leading)
    for found in typical_occupations(of).values():
        shares = [share for _, share in found]
        assert len({iri for iri, _ in found}) == len(found) <= 10 and sum(shares) <= 1 + 1e-9 and all(shares)


def test_typical_occupations_are_of_several_unit_groups_and_of_all_parts() -> None:
    """ "3D modeller" stood for programming languages: it needed as many as others, and little else."""
    of = Nested(trades.partition(trades.pillar()), trades.pillar())
    found = typical_occupations(of)
    groups = [of.pillar.occupations[iri].isco for iri, _ in found[3, 0]]
    assert groups[0] != groups[1]
    # A field takes from its two trades in turn: the first occupations of both come first.
    first = [found[3, 0][0][0], found[3, 1][0][0]]
    assert {iri for iri, _ in found[2, 0][:2]} == set(first)
