"""Skills to add, occupations, one's own items: what is recommended, and the reasons that are given."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from esco_kg.cli import main
from esco_kg.errors import UsageError
from esco_kg.folder.material import Material, read_material
from esco_kg.trials.groupings import Groupings
from esco_kg.trials.recommend import Recommender, profile_of
from tests.support.places import ROOT


@pytest.fixture(scope="module")
def material(demonstration: Path) -> Material:
    return read_material(demonstration)


@pytest.fixture(scope="module")
def recommender(material: Material) -> Recommender:
    return Recommender(Groupings(material))


def test_memberships_of_every_grouping_add_up(material: Material) -> None:
    groupings = Groupings(material)
    everything = [groupings.clusters(level) for level in (1, 2, 3)] + [groupings.official(level) for level in (1, 2)]
    for grouping in [*everything, groupings.clusters(3, soft=True), groupings.none()]:
        sums = grouping.memberships.sum(axis=1)
        assert sums == pytest.approx(1.0), grouping.name
    assert len(groupings.clusters(1).groups) == sum(c.depth == 1 for c in material.clusters.values())
    assert set(groupings.official(2).groups) <= set(material.groups)


def test_skills_to_add_come_with_their_reasons(material: Material, recommender: Recommender) -> None:
    profile = profile_of(material, ["weld steel parts", "weld aluminium"])
    found = recommender.skills(profile, 8)
    labels = [material.label(r.key) for r in found]
    assert "set up welding equipment" in labels or "welding processes" in labels or "inspect welds" in labels
    assert not set(profile) & {r.key for r in found}
    assert [r.score for r in found] == sorted((r.score for r in found), reverse=True)
    for recommendation in found:
        assert 0 < sum(reason.share for reason in recommendation.reasons) <= 1.0001
        first = recommendation.reasons[0]
        clusters = {a.cluster for a in material.memberships[recommendation.key]}
        assert first.group in clusters and set(first.skills) <= set(profile)


def test_the_occupation_that_needs_exactly_these_skills_comes_first(
    material: Material, recommender: Recommender
) -> None:
    hits = 0
    for occupation, needs in sorted(material.needs.items()):
        found = recommender.occupations([skill for skill, necessity in needs if necessity == "essential"], 3)
        hits += occupation in {r.key for r in found}
    assert hits / len(material.needs) > 0.8


def test_profiles_by_label_alternative_label_or_iri(material: Material) -> None:
    iri = profile_of(material, ["weld aluminium"])[0]
    assert profile_of(material, [iri, "WELD ALUMINIUM", "TIG-weld light metal"]) == [iri]
    with pytest.raises(UsageError, match="no skill is called 'juggle'"):
        profile_of(material, ["juggle"])


def test_an_empty_profile_is_refused(recommender: Recommender) -> None:
    with pytest.raises(UsageError, match="the profile is empty"):
        recommender.skills([])


def run(*arguments: object, status: int = 0) -> Result:
    result = CliRunner().invoke(main, [str(a) for a in arguments], catch_exceptions=False)
    assert result.exit_code == status, result.output
    return result


def test_ones_own_courses_are_ranked_by_their_texts(demonstration: Path) -> None:
    table = ROOT / "esco_kg/trials/plans/courses.csv"
    asked = ("recommend", "items", table, "weld steel parts", "welding processes", "--text", "sentence")
    result = run(*asked, demonstration, "--json", "--top", 3)
    first = json.loads(result.stdout)[0]
    assert first["key"] == "row 2" and first["reasons"][0]["label"]
    assert {s["label"] for s in first["reasons"][0]["skills"]} <= {"weld steel parts", "welding processes"}


def test_the_commands_speak_the_language_asked_for(demonstration: Path) -> None:
    asked = ("recommend", "skills", "Stahlteile schweißen", "--language", "de", demonstration)
    german = run(*asked, "--json").stdout
    assert all(record["label"] for record in json.loads(german))
    lines = run("recommend", "occupations", "weld steel parts", "--top", 2, demonstration).stdout.splitlines()
    assert len([line for line in lines if not line.startswith(" ")]) == 2 and "weld steel parts" in lines[1]
    assert "no skill is called" in run("recommend", "skills", "juggle", demonstration, status=2).stderr
