"""Primary, runner-up and margin come from one placing score; near duplicates share a vote; parts of a branch."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from esco_kg.clusters.curated import read_frames
from esco_kg.clusters.near_duplicates import votes_of
from esco_kg.clusters.placement import place
from esco_kg.clusters.ruled import seeded_parts
from esco_kg.clusters.text_model import nearest
from esco_kg.errors import InputError
from esco_kg.model.expertise import Frame, FrameCluster, FrameGroup


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


@pytest.mark.parametrize("cluster", ['{ isco = ["72x"] }', '{ skills = ["no IRI"] }', "{ }", '{ names = ["a"] }'])
def test_a_cluster_of_a_frame_that_is_none_is_told(tmp_path, cluster: str) -> None:  # type: ignore[no-untyped-def]
    group = f'[[groups]]\nlabel.en = "B"\nisco = ["72"]\nclusters = [{cluster}]\n'
    (tmp_path / "a.toml").write_text(f'branch = "sector"\n[label]\nen = "A"\n{group}', encoding="utf-8")
    with pytest.raises(InputError, match="a cluster is"):
        read_frames(tmp_path)
