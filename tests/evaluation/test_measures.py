"""The measures of the evaluation against values worked out by hand or from the definition."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import sparse

from esco_kg.errors import InputError
from esco_kg.evaluation import recommendation as rec
from esco_kg.evaluation.embedding import Embedding, lsa_embedding
from esco_kg.evaluation.groups import Groups, from_labels, from_partition, from_shares, official
from esco_kg.evaluation.navigation import first_choice, options_scanned
from esco_kg.evaluation.sector_information import sector_information, sector_mass
from esco_kg.evaluation.sizes import empty_cells, isco_links, sizes
from esco_kg.evaluation.splits import Split, resamples, restricted, strict_splits
from esco_kg.evaluation.stability import element_centric_similarity, on_common_skills
from esco_kg.evaluation.terms import Annotation, read_annotations, term_accuracy
from esco_kg.model.partition import Membership, Partition
from esco_kg.model.pillar import Pillar, Skill, SkillGroup, Texts
from tests.support.random_pillar import ISCO, random_pillar, skill_iri

LABELS = st.lists(st.integers(0, 4), min_size=2, max_size=30).map(
    lambda found: np.unique(found, return_inverse=True)[1]
)


def by_field(pillar: Pillar) -> Groups:
    """The eight fields of work that the random pillar is made from."""
    return from_labels("fields", sorted(pillar.skills), np.arange(len(pillar.skills)) % 8)


@given(first=LABELS, draw=st.randoms())
@settings(deadline=None)
def test_element_centric_similarity_is_that_of_the_definition(first: NDArray[np.int64], draw: object) -> None:
    second = np.unique([draw.randrange(4) for _ in first], return_inverse=True)[1]  # type: ignore[attr-defined]
    alpha = 0.9
    similar = []
    for i in range(len(first)):
        p, q = (_pagerank(labels, i, alpha) for labels in (first, second))
        similar.append(1 - np.abs(p - q).sum() / (2 * alpha))
    assert element_centric_similarity(first, second) == pytest.approx(np.mean(similar))


def _pagerank(labels: NDArray[np.int64], i: int, alpha: float) -> NDArray[np.float64]:
    """Gates and others 2019, equation 4: the element's own node restarts the walk inside its cluster."""
    together = labels == labels[i]
    p = np.where(together, alpha / together.sum(), 0.0)
    p[i] += 1 - alpha
    return p


@given(labels=LABELS)
def test_equal_partitions_are_alike_whatever_the_numbers(labels: NDArray[np.int64]) -> None:
    assert element_centric_similarity(labels, labels.max() - labels) == pytest.approx(1.0)


def test_common_skills_of_two_versions() -> None:
    first, second = (from_shares(name, {s: {g: 1.0} for s, g in found}) for name, found in (
        ("old", [("a", "x"), ("b", "y"), ("gone", "y")]), ("new", [("a", "p"), ("b", "p"), ("fresh", "q")])
    ))  # fmt: skip
    one, two = on_common_skills(first, second)
    assert one[0] != one[1] and two[0] == two[1]
    with pytest.raises(ValueError, match="old and none have no skill in common"):
        on_common_skills(first, from_shares("none", {"z": {"x": 1.0}}))


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 999), share=st.floats(0.1, 0.5))
def test_no_unit_group_stands_on_both_sides_of_a_split(seed: int, share: float) -> None:
    pillar, _ = random_pillar(1)
    for split in strict_splits(pillar, 5, share, seed):
        sides = [{pillar.occupations[iri].isco for iri in side} for side in (split.training, split.held_out)]
        assert not sides[0] & sides[1]
        assert sorted([*split.training, *split.held_out]) == sorted(pillar.occupations)
        assert len(split.held_out) >= share * len(pillar.occupations)
        left = restricted(pillar, split.training)
        assert {o for o, _, _ in left.occupation_skills} <= set(split.training)
        assert left.skills == pillar.skills


def test_splits_and_resamples_are_the_same_for_a_seed_and_differ_between_numbers() -> None:
    pillar, _ = random_pillar(1)
    assert strict_splits(pillar) == strict_splits(pillar)
    assert len({split.held_out for split in strict_splits(pillar)}) > 1
    draws = resamples(pillar, 3)
    assert draws == resamples(pillar, 3) and len(set(draws)) == 3
    assert {len(draw) for draw in draws} == {round(0.9 * len(pillar.occupations))}


def test_sector_information_of_groups_that_are_sectors_and_of_groups_that_are_not() -> None:
    pillar, sectors = random_pillar(1, skills=400, occupations=80)
    everything = Split(0, (), tuple(sorted(pillar.occupations)))
    fields = sector_information(by_field(pillar), sector_mass(sorted(pillar.skills), pillar, sectors, everything))
    draw = np.random.default_rng(1).permutation(np.arange(400) % 8)
    chance = sector_information(
        from_labels("chance", sorted(pillar.skills), draw),
        sector_mass(sorted(pillar.skills), pillar, sectors, everything),
    )
    assert fields.u_sec > 0.5 > 0.05 > abs(chance.u_sec)
    assert fields.purity > 0.8 > chance.purity
    assert fields.relations == sum(n == "essential" for _, _, n in pillar.occupation_skills)


def test_purity_by_hand() -> None:
    pillar, sectors = random_pillar(1)
    one = Split(0, (), tuple(sorted(pillar.occupations))[3:4])
    found = sector_information(by_field(pillar), sector_mass(sorted(pillar.skills), pillar, sectors, one))
    assert found.purity == 1.0, "one occupation, one section"
    nothing = sector_information(
        by_field(pillar), sector_mass(sorted(pillar.skills), pillar, sectors, Split(0, one.held_out, ()))
    )
    assert nothing.relations == 0 and np.isnan(nothing.u_sec)


def _task(visible: Sequence[Sequence[int]], hidden: Sequence[Sequence[int]]) -> rec.Task:
    return rec.Task(
        skills=[f"s{i:02d}" for i in range(len(visible[0]))],
        visible=sparse.csr_matrix(np.array(visible, dtype=float)),
        hidden=sparse.csr_matrix(np.array(hidden, dtype=float)),
        training=sparse.csr_matrix(np.array([[1, 1, 0, 1], [0, 1, 1, 1], [0, 0, 0, 1]], dtype=float)),
    )


def test_ranks_leave_out_what_is_visible_and_keep_the_order_of_equal_scores() -> None:
    task = _task([[1, 0, 0, 0]], [[0, 0, 1, 1]])
    found = rec.recommend(task, lambda profiles: np.array([[9.0, 1.0, 1.0, 0.5]]))
    gain = (1 / np.log2(3) + 1 / np.log2(4)) / (1 / np.log2(2) + 1 / np.log2(3))
    assert (found.hit, found.mrr, found.occupations) == (1.0, 0.5, 1)
    assert found.ndcg == pytest.approx(gain)


def test_scores_of_each_recommender_by_hand() -> None:
    task = _task([[1, 0, 0, 0]], [[0, 1, 1, 0]])
    assert rec.by_popularity(task)(task.visible).tolist() == [[1, 2, 1, 3]]
    cosines = rec.by_skill_neighbours(task)(task.visible)[0]
    assert cosines == pytest.approx([1, 1 / np.sqrt(2), 0, 1 / np.sqrt(3)])
    assert rec.by_occupation_neighbours(task, 1)(task.visible)[0] == pytest.approx(np.array([1, 1, 0, 1]) / np.sqrt(3))
    groups = from_shares("g", {"s00": {"a": 1}, "s01": {"a": 1, "b": 1}, "s02": {"b": 1}, "s03": {"b": 1}})
    assert rec.by_groups(task, groups)(task.visible)[0] == pytest.approx([0.5, 0.5, 0, 0])


def test_a_task_hides_a_fifth_and_no_less_than_two() -> None:
    pillar, _ = random_pillar(1, per_occupation=30)
    split = strict_splits(pillar, 1)[0]
    task = rec.make_task(pillar, split)
    sizes_ = np.asarray(task.visible.sum(axis=1) + task.hidden.sum(axis=1)).ravel()
    assert sizes_.min() >= 8 and task.visible.multiply(task.hidden).nnz == 0
    expected = np.maximum(2, np.round(0.2 * sizes_))
    assert np.asarray(task.hidden.sum(axis=1)).ravel().tolist() == expected.tolist()
    assert task.training.shape[0] == len(split.training)
    fields = rec.recommend(task, rec.by_groups(task, by_field(pillar)))
    assert fields.hit > rec.recommend(task, rec.at_random()).hit


def test_official_levels_share_a_skill_among_its_parents() -> None:
    pillar = Pillar("1.2.1", ("en",))
    for iri, code in (("g1", "S1"), ("g2", "S1.1"), ("g3", "S1.2"), ("g4", "L1"), ("g5", "06"), ("g6", "061")):
        pillar.skill_groups[iri] = SkillGroup(iri, {}, code=code)
    for iri in ("a", "b", "c", "d"):
        pillar.skills[iri] = Skill(iri, {})
    pillar.skill_broader = [
        ("g2", "g1"), ("g3", "g1"), ("g6", "g5"), ("a", "g2"), ("a", "g3"), ("b", "g4"), ("c", "a"), ("d", "g6"),
    ]  # fmt: skip
    first, second = official(pillar, (1, 2))
    assert (first.count, second.count) == (3, 4)
    assert second.shares.toarray().sum(axis=1).tolist() == [1, 1, 1, 1]
    assert sorted(second.shares[0].data.tolist()) == [0.5, 0.5]
    assert second.shares[2].toarray().tolist() == second.shares[0].toarray().tolist(), "a skill below a skill"


def test_options_scanned_by_hand() -> None:
    skills = [f"s{i}" for i in range(8)]
    top = from_labels("top", skills, np.array([0, 0, 0, 0, 0, 0, 1, 1]))
    low = from_labels("low", skills, np.array([0, 0, 1, 1, 1, 1, 2, 2]))
    # two at the top, then two below the first and one below the second, then the members
    costs = [1.5 + 1.5 + 1.5] * 2 + [1.5 + 1.5 + 2.5] * 4 + [1.5 + 1.0 + 1.5] * 2
    found = options_scanned([top, low])
    assert found.mean == pytest.approx(np.mean(costs))
    assert found.p90 == 5.5


def test_sizes_by_hand() -> None:
    found = sizes(from_labels("g", [f"s{i:02d}" for i in range(40)], np.array([0] * 4 + [1] * 12 + [2] * 24)))
    assert (found.count, found.smallest, found.largest, found.largest_share) == (3, 4, 24, 0.6)
    assert found.small == pytest.approx(1 / 3)
    assert found.gini == pytest.approx(sum(abs(a - b) for a in (4, 12, 24) for b in (4, 12, 24)) / (2 * 3 * 40))


def test_empty_cells_of_one_field_per_unit_group() -> None:
    pillar, _ = random_pillar(1)
    assert len({code[:2] for code in ISCO}) == 8 - 1, "75 has two fields"
    pure = [link for link in pillar.occupation_skills if int(link[0][-4:]) % 8 == int(link[1][-4:]) % 8]
    pillar.occupation_skills = pure
    assert empty_cells(by_field(pillar), isco_links(sorted(pillar.skills), pillar)) == pytest.approx(1 - 1 / 7)


def test_soft_groups_sum_weights_up_the_hierarchy() -> None:
    partition = Partition(
        skills=["a", "b"],
        finest=np.array([0, 2], dtype=np.int32),
        parents=[np.array([0, 0, 1], dtype=np.int32)],
        branches=["sector", "sector"],
        frames=["", ""],
        further=[[Membership(1, "used-in", 0.3)], [Membership(0, "used-in", 0.4), Membership(1, "found-under", 0.9)]],
        margins=np.zeros(2),
        runners_up=np.array([1, 0], dtype=np.int32),
        methods=["data"] * 2,
        decisions=[""] * 2,
    )
    top = from_partition("p", partition, 1, soft=True).shares.toarray()
    assert top == pytest.approx(np.array([[1.0, 0.0], [0.4, 0.6]]))
    assert from_partition("p", partition, 1).shares.toarray().tolist() == [[1, 0], [0, 1]]


def _letters(texts: Sequence[str]) -> NDArray[np.float64]:
    counts = np.array([[text.count(letter) for letter in "abcxyz"] for text in texts], dtype=float)
    return counts / np.maximum(np.linalg.norm(counts, axis=1, keepdims=True), 1e-9)


LETTERS = Embedding("letters", _letters)


def _worded(words: Sequence[tuple[str, str]]) -> Pillar:
    pillar = Pillar("1.2.1", ("en",))
    for i, (pref, alt) in enumerate(words):
        pillar.skills[skill_iri(i)] = Skill(skill_iri(i), {"en": Texts(pref, (alt,) if alt else ())})
    return pillar


def test_the_first_choice_is_made_without_the_target() -> None:
    pillar = _worded([("aab", "ab"), ("abb", ""), ("xxy", "a"), ("xyy", "")])
    groups = from_labels("g", sorted(pillar.skills), np.array([0, 0, 1, 1]))
    found = first_choice([groups], pillar, LETTERS)
    assert (found.everywhere, found.tries, found.embedding) == (0.5, 2, "letters")
    alone = from_labels("g", sorted(pillar.skills), np.array([0, 1, 2, 2]))
    assert first_choice([alone], pillar, LETTERS).everywhere == 0.0, "nothing is left of a group of one"


def test_terms_vote_for_the_group_of_their_nearest_skills(tmp_path: Path) -> None:
    pillar = _worded([("aab", "ccc"), ("abb", ""), ("xxy", ""), ("xyy", "")])
    groups = from_labels("g", sorted(pillar.skills), np.array([0, 0, 1, 1]))
    path = tmp_path / "set.csv"
    path.write_text("sentence,span,sub_span,label\nx,ab,,AAB\nx,long,y,xxy\nx,c,,xxy\nx,q,,LABEL NOT PRESENT\n")
    annotations = read_annotations(path, pillar)
    assert annotations == [
        Annotation("ab", skill_iri(0)), Annotation("c", skill_iri(2)), Annotation("y", skill_iri(2))
    ]  # fmt: skip
    found = term_accuracy(groups, annotations, pillar, LETTERS, neighbours=2)
    assert (found.accuracy, found.spans) == (pytest.approx(2 / 3), 3), "c is an alternative label of group 0"
    path.write_text("span,label\na,b\n")
    with pytest.raises(InputError, match=r"set\.csv:1"):
        read_annotations(path, pillar)


def test_lsa_finds_the_field_of_a_label() -> None:
    pillar, _ = random_pillar(1)
    embedding = lsa_embedding(pillar, 20)
    vectors = embedding.encode(["nurse patient ward", "patient ward care", "truck road load"])
    assert vectors[0] @ vectors[1] > 0.5 > vectors[0] @ vectors[2]
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1])
