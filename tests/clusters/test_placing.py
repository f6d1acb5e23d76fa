"""Primary, runner-up and margin come from one placing score; near duplicates share a vote; parts of a branch."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import sparse

from esco_kg.clusters import text_model
from esco_kg.clusters.arrays import unit_rows
from esco_kg.clusters.assignment import _accompanied
from esco_kg.clusters.branches import branches
from esco_kg.clusters.curated import read_frames
from esco_kg.clusters.features import official_matrix
from esco_kg.clusters.near_duplicates import votes_of
from esco_kg.clusters.partition import make_partition
from esco_kg.clusters.placement import place
from esco_kg.clusters.ruled import seeded_parts
from esco_kg.clusters.text_model import CANDIDATES, nearest, with_rare_words
from esco_kg.config import ClusterSettings
from esco_kg.errors import InputError
from esco_kg.model.expertise import Expertise, Frame, FrameCluster, FrameGroup
from esco_kg.model.pillar import Skill, SkillGroup, Texts
from tests.support.random_pillar import WORDS, random_pillar, skill_iri


@given(st.integers(0, 1000), st.integers(2, 6), st.integers(2, 12))
def test_no_cluster_beats_a_primary_one_that_is_best_and_the_margin_says_the_lead(seed: int, k: int, n: int) -> None:
    draw = np.random.default_rng(seed)
    scores, finest = draw.random((n, k)).astype(np.float32), draw.integers(0, k, n).astype(np.int32)
    found = place(scores, finest)
    for i in range(n):
        others = [scores[i, c] for c in range(k) if c != finest[i]]
        assert scores[i, found.runners_up[i]] == max(others) and found.runners_up[i] != finest[i]
        lead = float(scores[i, finest[i]]) - float(max(others))
        assert bool(found.is_best[i]) == (lead >= 0)
        assert found.margins[i] == pytest.approx(max(lead, 0) / (max(lead, 0) + 0.5))


def test_a_margin_of_a_half_is_a_runner_up_that_fits_as_well() -> None:
    # The primary cluster has 0.5 for being there already: 1.0 + 0.5 against 1.0.
    assert place(np.array([[1.5, 1.0]], dtype=np.float32), np.array([0], dtype=np.int32)).margins.tolist() == [0.5]


def test_a_runner_up_is_told_by_data_and_what_is_near_in_meaning_by_texts(demonstration: Path) -> None:
    """All were said to be found there by their meaning, some with a cosine of 0."""
    with next(demonstration.glob("*-allocations.csv")).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    runners_up = {(row["skill"], row["runner_up"]) for row in rows if row["runner_up"]}
    # By the published margin: 0.503 stood there as 0.5, without a runner-up.
    close = {row["skill"] for row in rows if row["rank"] == "primary" and row["margin"] and float(row["margin"]) <= 0.5}
    assert close == {row["skill"] for row in rows if row["margin"] and row["runner_up"]}
    found = [row for row in rows if row["rank"] == "found-under"]
    methods = {((row["skill"], row["cluster"]) in runners_up, row["method"]) for row in found}
    assert methods == {(True, "data"), (False, "text")}


def test_near_duplicates_of_one_unit_group_share_a_vote() -> None:
    use = sparse.csr_matrix(np.array([[1, 1, 1, 0], [1, 1, 1, 1], [1, 1, 1, 0], [0, 0, 0, 1]], dtype=np.float32))
    assert votes_of(use, ["2211", "2211", "2212", "2211"]).tolist() == [0.5, 0.5, 1.0, 1.0]
    assert votes_of(use, ["", "", "", ""]).tolist() == [1.0] * 4, "occupations without a code are alike to none"


def test_skills_that_no_expert_named_join_the_part_nearest_in_meaning() -> None:
    named = [FrameGroup({"en": "A"}, clusters=(FrameCluster(skills=("a", "gone")), FrameCluster(skills=("b",))))]
    frames = [Frame("all", "cross-sector", {"en": "All"}, groups=tuple(named))]
    meaning = np.array([[1, 0], [0, 1], [0.9, 0.1], [0.1, 0.9]], dtype=np.float32)
    found = seeded_parts("cross-sector", frames, ["a", "b", "c", "d"], meaning, 1)
    assert found is not None and found.labels.tolist() == [0, 1, 0, 1] and found.groups == ["all/0", "all/0"]
    joined = seeded_parts("cross-sector", frames, ["a", "b", "c", "d"], meaning, 3)
    assert joined is not None and joined.labels.tolist() == [0, 0, 0, 0], "one under the smallest size joins another"
    assert seeded_parts("language", frames, ["a", "b", "c", "d"], meaning, 1) is None


def test_a_skill_is_not_its_own_neighbour() -> None:
    rows, cosines = nearest(np.array([[1, 0], [0.8, 0.6], [0, 1]], dtype=np.float32))
    assert rows.tolist() == [[1, 2], [0, 2], [1, 0]]
    assert cosines[0].tolist() == pytest.approx([0.8, 0.0])


def _by_sorting(vectors: NDArray[np.float32], kept: int) -> NDArray[np.int64]:
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -np.inf)
    return np.argsort(-cosines, axis=1, kind="stable")[:, :kept]


@pytest.mark.parametrize("rows", [2, 61, 2500])
def test_the_nearest_are_those_that_sorting_finds(rows: int) -> None:
    vectors = unit_rows(np.random.default_rng(rows).standard_normal((rows, 40)).astype(np.float32))
    assert (nearest(vectors)[0] == _by_sorting(vectors, min(CANDIDATES, rows - 1))).all()


def test_equal_rows_leave_no_bound_and_are_found_all_the_same() -> None:
    vectors = np.ones((2500, 1), dtype=np.float32)
    rows, cosines = nearest(vectors)
    assert (cosines == 1.0).all()
    assert all(len(set(found)) == CANDIDATES and at not in found for at, found in enumerate(rows.tolist()))


def test_among_many_rows_almost_all_of_the_ten_nearest_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = np.random.default_rng(1)
    topics = drawn.standard_normal((60, 300))  # texts gather around what they are about
    vectors = unit_rows((topics[drawn.integers(0, 60, 3000)] + drawn.standard_normal((3000, 300))).astype(np.float32))
    monkeypatch.setattr(text_model, "EXACT", 1000)
    found, cosines = nearest(vectors)
    wanted = _by_sorting(vectors, 10)
    shares = [len(set(ours) & set(theirs)) / 10 for ours, theirs in zip(found[:, :10], wanted, strict=True)]
    assert sum(shares) / len(shares) > 0.95
    assert np.allclose(cosines, np.take_along_axis(vectors @ vectors.T, found, axis=1), atol=1e-5), "cosines are exact"


@pytest.mark.parametrize("cluster", ['{ isco = ["72x"] }', '{ skills = ["no IRI"] }', "{ }", '{ names = ["a"] }'])
def test_a_cluster_of_a_frame_that_is_none_is_told(tmp_path, cluster: str) -> None:  # type: ignore[no-untyped-def]
    group = f'[[groups]]\nlabel.en = "B"\nisco = ["72"]\nclusters = [{cluster}]\n'
    (tmp_path / "a.toml").write_text(f'branch = "sector"\n[label]\nen = "A"\n{group}', encoding="utf-8")
    with pytest.raises(InputError, match="a cluster is"):
        read_frames(tmp_path)


def test_a_skill_that_experts_name_votes_for_its_cluster_alone() -> None:
    pillar, sectors = random_pillar(3, 200, 60)
    moved = tuple(skill_iri(number) for number in range(0, 60, 4))
    groups = (
        FrameGroup({"en": "Nursing"}, ("22",), (FrameCluster(("2221",)), FrameCluster(skills=moved))),
        FrameGroup({"en": "Teaching"}, ("23",)),
    )
    frames = [
        Frame("making", "sector", {"en": "Making"}, sectors={"25": 1.0, "31": 1.0, "10": 1.0}),
        Frame("caring", "sector", {"en": "Caring"}, sectors={"86": 1.0, "85": 1.0}, groups=groups),
        Frame("serving", "sector", {"en": "Serving"}, sectors={"47": 1.0, "49": 1.0}),
    ]
    settings = ClusterSettings((4, 8, 16), 5, (0.6, 0.5, 0.3), 7, {})
    found = make_partition(pillar, sectors, settings, Expertise(frames, []))
    ruled = {iri for iri, branch in branches(pillar, frames).items() if branch}
    at = dict(zip(found.skills, found.finest.tolist(), strict=True))
    homes = {at[iri] for iri in moved if iri not in ruled}
    assert len(homes) == 1, "named skills share their cluster"
    second = found.parents[-1][homes.pop()]
    assert found.groups[second] == "caring/0", "and it stands in the group that names it"


def test_a_skill_that_two_clusters_of_frames_name_is_told(tmp_path) -> None:  # type: ignore[no-untyped-def]
    for key in ("first", "second"):
        (tmp_path / f"{key}.toml").write_text(
            'branch = "sector"\n[label]\nen = "One"\n[[groups]]\nlabel.en = "Group"\nisco = ["22"]\n'
            'clusters = [{ skills = ["https://example.org/skill/1"] }]\n',
            encoding="utf-8",
        )
    with pytest.raises(InputError, match=r"https://example.org/skill/1 is named in 'Group' of .*second.*first"):
        read_frames(tmp_path)


def test_a_cluster_that_is_alone_in_its_group_is_halved_where_it_has_skills_for_two() -> None:
    draw = np.random.default_rng(1)
    vectors = draw.random((34, 4)).astype(np.float32)
    labels = np.repeat(np.arange(4, dtype=np.int32), [20, 5, 5, 4])
    found, origin = _accompanied(vectors, labels, np.array([0, 1, 1, 2]), [True, True, True], 5, 9)
    assert origin.tolist() == [0, 1, 2, 3, 0], "the first alone is large enough; two share a group, one is too small"
    assert np.bincount(found).min() >= 4 and (found[20:] == labels[20:]).all()
    assert _accompanied(vectors, labels, np.array([0, 1, 1, 2]), [False] * 3, 5, 9)[1].tolist() == [0, 1, 2, 3]
    at_most = _accompanied(vectors, labels, np.array([0, 1, 1, 2]), [True, True, True], 5, 4)
    assert at_most[1].tolist() == [0, 1, 2, 3], "a level has no more clusters than its bound allows"


def test_the_word_that_tells_outweighs_those_that_many_skills_have() -> None:
    told = ["surgery", *(word for word in WORDS if word not in ("test", "grade"))]
    texts = {f"s{n:02}": f"perform tasks {word}" for n, word in enumerate(sorted(told * 2, key=told.index))}
    skills = {iri: Skill(iri, {"en": Texts(pref=text)}) for iri, text in texts.items()}
    pillar = replace(random_pillar(1)[0], skills=skills)
    plain = np.ones((len(skills), 2), dtype=np.float32) / np.sqrt(2).astype(np.float32)
    found = with_rare_words(pillar, sorted(skills), plain)
    cosines = found @ found[0]
    assert cosines[1] == pytest.approx(1.0, abs=1e-3) and cosines[2:].max() < 0.99
    assert np.linalg.norm(found, axis=1) == pytest.approx(1.0, abs=1e-5)


def test_official_groups_say_the_more_the_more_used_skills_they_have() -> None:
    pillar = random_pillar(1)[0]
    groups = {key: SkillGroup(key, {"en": Texts(pref=key)}, code=key) for key in ("g:few", "g:many")}
    skills = {f"s{n}": Skill(f"s{n}", {"en": Texts(pref="x")}) for n in range(8)}
    broader = [("s0", "g:few"), ("s1", "g:few"), *((f"s{n}", "g:many") for n in range(2, 8))]
    pillar = replace(pillar, skills=skills, skill_groups=groups, skill_broader=broader)
    is_used = np.array([True] * 7 + [False])
    found = official_matrix(pillar, sorted(skills), is_used).toarray()
    assert found.diagonal().tolist() == [0.0] * 8, "a skill says nothing of itself"
    assert found[0].tolist() == pytest.approx([0, 1 / 5, 0, 0, 0, 0, 0, 0]), "two used skills: 1 / (2 + 3) each"
    assert found[7].tolist() == pytest.approx([0, 0, *[1 / 8] * 5, 0]), (
        "an unused one leans on five: 5 / (5 + 3) in all"
    )
