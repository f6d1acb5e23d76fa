"""How much changes, and the number that follows: amounts by cluster and level, broken series, major, minor, patch."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esco_kg.config import read_config
from esco_kg.diff.amounts import amounts, level_amounts
from esco_kg.diff.bridge import bridge
from esco_kg.diff.clusters import overlaps
from esco_kg.diff.tables import AllocationRow, Clusters
from esco_kg.diff.tally import Tally
from esco_kg.diff.version_part import of_clusters
from esco_kg.model.changes import Amount, Change, LevelAmount, Verdict
from tests.support import cluster_pairs as pairs

CONFIG = read_config()


def compared(
    old: Clusters, new: Clusters, links: dict[str, int] | None = None
) -> tuple[dict[str, Amount], list[LevelAmount], Verdict]:
    """Amounts by cluster and by level, and the verdict, with the default settings."""
    rows = bridge(old, new, overlaps(old, new), links or {}, links or {})
    found = amounts(rows, CONFIG.series_break)
    levels = level_amounts(rows, found)
    verdict = of_clusters(old.clusters, new.clusters, found, levels, CONFIG.major_share)
    return {amount.cluster: amount for amount in found}, levels, verdict


def large() -> Clusters:
    """3 groups of 4 clusters of 50 skills: 600 skills."""
    return pairs.invented(skills=50)


def moved(old: Clusters, skills: int, source: str = "c00003", target: str = "c00004") -> Clusters:
    new = pairs.following(old)
    pairs.move_skills(new, sorted(old.clusters[source].members)[:skills], target)
    return pairs.with_members(new)


# --- amounts -----------------------------------------------------------------------------------------------------


def test_nothing_changed_moves_nothing() -> None:
    old = large()
    found, levels, _ = compared(old, pairs.following(old))
    assert {(a.leaving, a.arriving, a.estimated, a.breaks) for a in found.values()} == {(0.0, 0.0, 0.0, False)}
    assert [(level.depth, level.leaving, level.broken) for level in levels] == [(1, 0, 0), (2, 0, 0), (3, 0, 0)]


def test_amounts_are_shares_of_links() -> None:
    """Two of 50 skills move, with 30 of 127 links."""
    old = large()
    links = {skill: 2 for skill in sorted(old.clusters["c00003"].members)} | {"urn:skill:c00003-00": 20}
    links |= {"urn:skill:c00003-01": 9, "urn:skill:c00004-00": 87}
    assert sum(links[s] for s in old.clusters["c00003"].members) == 125
    found, levels, _ = compared(old, moved(old, 2), links)
    gave, got = found["c00003"], found["c00004"]
    assert (gave.links_before, gave.leaving, gave.arriving, gave.estimated) == (125, 29 / 125, 0.0, 29 / 125)
    assert (got.links_after, got.leaving, got.arriving, got.estimated) == (116, 0.0, 29 / 116, 0.0)
    assert [(level.links, level.leaving, level.estimated) for level in levels] == [
        (212, 0.0, 0.0), (212, 0.0, 0.0), (212, 29 / 212, 29 / 212),
    ]  # fmt: skip


def test_new_skills_and_skills_gone_from_esco_move_nothing() -> None:
    old = large()
    new = pairs.following(old)
    for number in range(40):
        new.allocations[f"urn:skill:new-{number}", "c00003"] = AllocationRow("primary", "1.00", "data", "")
    for skill in sorted(old.clusters["c00004"].members)[:20]:
        del new.allocations[skill, "c00004"]
    found, levels, _ = compared(old, pairs.with_members(new))
    assert not any(a.leaving or a.arriving or a.estimated or a.breaks for a in found.values())
    assert [level.broken for level in levels] == [0, 0, 0]


def test_a_series_breaks_above_five_per_cent_that_leave_or_arrive() -> None:
    """27 areas were called broken where a thousandth of the links moved."""
    old = large()
    few, levels, _ = compared(old, moved(old, 2))
    assert [a.cluster for a in few.values() if a.breaks] == [] and [level.broken for level in levels] == [0, 0, 0]
    more, levels, _ = compared(old, moved(old, 3))
    assert [a.cluster for a in more.values() if a.breaks] == ["c00003", "c00004"]
    assert [level.broken for level in levels] == [0, 0, 2]


def test_a_cluster_that_goes_over_whole_is_broken_and_not_estimated() -> None:
    old = large()
    new = pairs.following(old)
    pairs.merge(new, "c00004", "c00003")
    found, _, _ = compared(old, pairs.with_members(new))
    assert (found["c00004"].leaving, found["c00004"].estimated, found["c00004"].breaks) == (1.0, 0.0, True)
    assert found["c00003"].arriving == 0.5


@given(seed=st.integers(0, 999), moves=st.integers(0, 60))
@settings(deadline=None)
def test_no_amount_is_outside_of_its_whole(seed: int, moves: int) -> None:
    draw = Random(seed)
    old = pairs.invented()
    new = pairs.following(old)
    finest = sorted(i for i, c in old.clusters.items() if c.depth == 3)
    pairs.split(new, draw.choice(finest[:4]), 2)
    pairs.merge(new, finest[5], finest[6])
    for _ in range(moves):
        pairs.move_skills(new, [draw.choice(sorted(new.primary()))], draw.choice(finest[7:]))
    links = {skill: draw.randrange(4) for skill in sorted(old.skill_labels)}
    found, levels, verdict = compared(old, pairs.with_members(new), links)
    assert all(0 <= share <= 1 for a in [*found.values(), *levels] for share in (a.leaving, a.arriving, a.estimated))
    assert all(a.estimated <= a.leaving or a.cluster not in new.clusters for a in found.values() if a.leaving < 0.5)
    assert verdict.part == "major", "a cluster was retired"


# --- the number --------------------------------------------------------------------------------------------------


def test_texts_weights_and_relations_make_a_patch() -> None:
    old = large()
    _, _, verdict = compared(old, pairs.following(old))
    assert (verdict.part, verdict.reasons) == ("patch", ("texts, weights or relations changed",))
    assert verdict.esco == "minor"


def test_a_monthly_review_of_a_few_skills_is_a_minor_release() -> None:
    """It was a major one: any skill that changed its cluster made one."""
    old = large()
    _, _, verdict = compared(old, moved(old, 6))
    assert (verdict.part, verdict.reasons) == ("minor", ("6 skills changed cluster (1.0% of the links)",))


def test_more_than_one_per_cent_of_the_links_at_some_level_make_a_major_release() -> None:
    old = large()
    _, _, verdict = compared(old, moved(old, 7))
    assert verdict.part == "major"
    assert verdict.reasons == ("1.2% of the links change cluster at level 3, the limit is 1.0%",)
    # By links, not by skills: one skill may hold more of them than six.
    heavy = {skill: 1 for skill in old.skill_labels} | {"urn:skill:c00003-00": 20}
    assert compared(old, moved(old, 1), heavy)[2].part == "major"


def test_a_cluster_below_another_parent_changes_the_level_above() -> None:
    old = large()
    new = pairs.following(old)
    pairs.move(new, "c00003", "c00007")
    _, levels, verdict = compared(old, pairs.with_members(new))
    assert verdict.reasons == ("8.3% of the links change cluster at level 2, the limit is 1.0%",)
    assert [level.leaving for level in levels] == [0.0, 50 / 600, 0.0]


def test_skills_gone_from_esco_make_a_minor_release() -> None:
    old = large()
    new = pairs.following(old)
    for skill in sorted(old.clusters["c00003"].members)[:3]:
        del new.allocations[skill, "c00003"]
    _, _, verdict = compared(old, pairs.with_members(new))
    assert (verdict.part, verdict.reasons) == ("minor", ("3 skills are no longer in ESCO",))
    assert (verdict.esco, verdict.esco_reasons) == ("major", verdict.reasons)


def test_a_new_skill_or_cluster_makes_a_minor_release() -> None:
    old = large()
    new = pairs.following(old)
    new.allocations["urn:skill:new", "c00003"] = AllocationRow("primary", "1.00", "data", "")
    _, _, verdict = compared(old, pairs.with_members(new))
    assert (verdict.part, verdict.reasons) == ("minor", ("1 skill is new",))


def test_a_retired_cluster_makes_a_major_release() -> None:
    old = large()
    new = pairs.following(old)
    pairs.merge(new, "c00004", "c00003")
    _, _, verdict = compared(old, pairs.with_members(new))
    assert verdict.part == "major" and "1 cluster was retired" in verdict.reasons


def test_a_cluster_that_keeps_less_than_half_of_its_links_makes_a_major_release() -> None:
    """However small it is: here 0.8 % of all links move."""
    old = large()
    links = {skill: 100 for skill in old.skill_labels} | {skill: 1 for skill in old.clusters["c00003"].members}
    half, more = compared(old, moved(old, 25), links)[2], compared(old, moved(old, 26), links)[2]
    assert half.part == "minor"
    assert (more.part, more.reasons) == ("major", ("1 cluster keeps less than half of its links",))


@pytest.mark.parametrize(("share", "said"), [(0.5, "50.0%"), (0.001, "0.1%"), (0.0004, "<0.1%"), (0.0, "0.0%")])
def test_a_small_share_is_told_from_none(share: float, said: str) -> None:
    old = large()
    level = LevelAmount(3, 12, 0, 1000, share, share, 0.0)
    verdict = of_clusters(old.clusters, moved(old, 1).clusters, [], [level], 1.0)
    assert verdict.reasons == (f"1 skill changed cluster ({said} of the links)",)


# --- shares of changes -------------------------------------------------------------------------------------------


def test_no_count_of_changes_is_above_its_whole() -> None:
    """Twice as many relations as before were 200 % added."""
    before, after = {"cluster relation": 2, "sector link": 4}, {"cluster relation": 5, "sector link": 6}
    tally = Tally(before, after, {}, 0)
    for number in range(4):
        tally.add(Change("cluster relation", "added", "c00001", field="shared-occupations", others=(f"c{number:05d}",)))
    tally.add(Change("cluster relation", "added", "c00001", field="skill-links", others=("c00000",)))
    for code in "ABCDEF":
        tally.add(Change("sector link", "changed", "c00001", field="share", old="0.1", new="0.2", others=(code,)))
    counts = {(count.about, count.kind): count for count in tally.counts()}
    added = counts["cluster relation", "added"]
    assert (added.concepts, added.of, added.share) == (5, 5, 1.0)
    assert counts["sector link", "changed"].concepts == 6
