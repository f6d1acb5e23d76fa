"""Transversal and language skills: divided as the pillar divides them, and by what their texts have in common."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from esco_kg.clusters.arrays import Matrix, unit_rows
from esco_kg.clusters.branches import RuledBranch, official_parts
from esco_kg.clusters.partition import make_partition
from esco_kg.clusters.ruled import groups_of, ruled_parts
from esco_kg.config import ClusterSettings
from esco_kg.model.expertise import Expertise
from esco_kg.model.pillar import Pillar, Skill, SkillGroup, Texts
from tests.support.random_pillar import random_pillar

ACTIVITIES = ("write", "read", "speak")
TONGUES = [f"tongue{number}" for number in range(12)]
DOMAINS = {"T1": "counting", "T2": "thinking", "T3": "lasting"}


def pillar_with_tongues() -> tuple[Pillar, dict[str, str], dict[str, str]]:
    """A pillar with 12 languages, 3 activities in each, and 3 domains of 6 transversal skills; also what each of the
    new skills is about: its activity, or its domain."""
    pillar, _ = random_pillar(1)
    about: dict[str, str] = {}
    domain: dict[str, str] = {}
    for code in ("L1", *DOMAINS):
        pillar.skill_groups[f"https://example.org/group/{code}"] = SkillGroup(
            f"https://example.org/group/{code}", {"en": Texts(pref=code)}, code=code
        )

    def add(name: str, text: str, parent: str) -> str:
        iri = f"https://example.org/skill/{name}"
        pillar.skills[iri] = Skill(iri, {"en": Texts(pref=text)}, skill_type="skill/competence")
        pillar.skill_broader.append((iri, parent))
        return iri

    for tongue in TONGUES:
        home = add(tongue, f"{tongue} {tongue}", "https://example.org/group/L1")
        for activity in ACTIVITIES:
            about[add(f"{activity}-{tongue}", f"{activity} and {activity} again in {tongue}", home)] = activity
    for code, word in DOMAINS.items():
        for number in range(6):
            iri = add(f"{word}{number}", f"{word} somehow {number}", f"https://example.org/group/{code}")
            domain[iri] = code
    pillar.lists["language"] = frozenset(about)  # ESCO's list of language skills
    return pillar, about, domain


def clusters_of(things: dict[str, str], pillar: Pillar) -> dict[str, set[int]]:
    _, sectors = random_pillar(1)
    settings = ClusterSettings((6, 12, 40), 5, (0.6, 0.5, 0.3), 7, {})
    found = make_partition(pillar, sectors, settings, Expertise([], []))
    where = dict(zip(found.skills, found.finest.tolist(), strict=True))
    clusters = defaultdict(set)
    for iri, thing in things.items():
        clusters[thing].add(where[iri])
    return clusters


def branch_of(words: Matrix, groups: list[int]) -> RuledBranch:
    return RuledBranch(np.arange(len(groups)), np.array(groups, dtype=str), words)


def test_each_activity_is_one_cluster_whatever_the_language() -> None:
    pillar, about, _ = pillar_with_tongues()
    clusters = clusters_of(about, pillar)
    assert all(len(found) == 1 for found in clusters.values())
    assert len(set.union(*clusters.values())) == len(ACTIVITIES)


def test_the_groups_next_to_the_root_divide_the_transversal_skills() -> None:
    pillar, _, domain = pillar_with_tongues()
    clusters = clusters_of(domain, pillar)
    assert all(len(found) == 1 for found in clusters.values())
    assert len(set.union(*clusters.values())) == len(DOMAINS)


def test_a_skill_stands_in_the_group_of_the_skill_above_it() -> None:
    pillar, about, domain = pillar_with_tongues()
    parts = official_parts(pillar)
    assert {parts[iri] for iri in about} == {"L1"}
    assert {iri: parts[iri] for iri in domain} == domain


@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=80),
    st.integers(1, 9),
    st.integers(1, 12),
    st.integers(0, 2**32 - 1),
)
def test_parts_are_numbered_and_bounded(groups: list[int], wanted: int, smallest: int, seed: int) -> None:
    text: Matrix = unit_rows(np.random.default_rng(seed).normal(size=(len(groups), 8)).astype(np.float32))
    largest = max(len(groups) / 2, 2 * smallest)
    parts = ruled_parts(branch_of(text, groups), text, wanted, smallest, largest)
    sizes = np.bincount(parts)
    assert len(parts) == len(groups) and (sizes > 0).all()
    assert sizes.min() >= min(smallest, len(groups))
    assert sizes.max() <= largest
    above = groups_of(text, parts, 3)
    assert len(above) == len(sizes) and set(above.tolist()) == set(range(int(above.max()) + 1)) and above.max() < 3


def test_a_part_that_says_one_thing_is_not_divided_by_chance() -> None:
    text = unit_rows(np.array([[1.0, 0.1 * (number % 3)] for number in range(30)], dtype=np.float32))
    branch = branch_of(text, [1] * 30)
    assert ruled_parts(branch, text, 6, 5, 30).max() == 0
    assert ruled_parts(branch, text, 6, 5, 20).max() == 1
