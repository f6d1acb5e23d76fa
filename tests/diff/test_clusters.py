"""Invented pairs of releases: every split, merger and move is named as such, and the bridge loses nothing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from esco_kg.diff.allocations import allocation_changes, relation_changes, sector_changes
from esco_kg.diff.bridge import NOWHERE, bridge, carry, rounded, shares, successors
from esco_kg.diff.causes import Causes, Inputs
from esco_kg.diff.clusters import Overlap, cluster_changes, movements, overlaps
from esco_kg.diff.guards import date_guards, registry_guards
from esco_kg.diff.report import sentence
from esco_kg.diff.tables import AllocationRow, Clusters
from esco_kg.model.changes import Change, Delta
from esco_kg.model.clustering import RegistryEntry
from tests.support import cluster_pairs as pairs

FINEST = [f"c{n:05d}" for n in range(1, 17) if n not in (1, 2, 7, 12)]  # as pairs.invented() counts them
GROUPS = ["c00002", "c00007", "c00012"]


def named(old: Clusters, new: Clusters) -> set[tuple[str, str, tuple[str, ...]]]:
    """(kind, id, others) of every change of a cluster."""
    found = cluster_changes(old, new, overlaps(old, new))
    return {(change.kind, change.subject, tuple(sorted(change.others))) for change, _ in found}


def test_the_invented_release_is_what_the_tests_take_it_for() -> None:
    old = pairs.invented()
    assert sorted(i for i, c in old.clusters.items() if c.depth == 3) == FINEST
    assert sorted(i for i, c in old.clusters.items() if c.depth == 2) == GROUPS


def test_a_release_compared_with_itself_has_no_change() -> None:
    old = pairs.invented()
    assert named(old, pairs.following(old)) == set()
    assert list(allocation_changes(old, pairs.following(old))) == []
    assert all(overlap.similarity() == 1.0 for overlap in overlaps(old, pairs.following(old)).values())


@given(identifier=st.sampled_from(FINEST), parts=st.integers(2, 5))
@settings(deadline=None)
def test_a_seeded_split_is_named(identifier: str, parts: int) -> None:
    old = pairs.invented()
    new = pairs.following(old)
    ids = pairs.split(new, identifier, parts)
    pairs.with_members(new)
    expected = {("split", identifier, tuple(sorted(ids)))} | {("added", i, ()) for i in ids[1:]}
    assert named(old, new) == expected


@given(st.lists(st.sampled_from(FINEST), min_size=2, max_size=4, unique=True))
@settings(deadline=None)
def test_a_seeded_merger_is_named(ids: list[str]) -> None:
    old = pairs.invented()
    new = pairs.following(old)
    first, *others = ids
    for identifier in others:
        pairs.merge(new, identifier, first)
    pairs.with_members(new)
    found = {change for change in named(old, new) if change[1] not in GROUPS}
    assert found == {("merged", first, tuple(sorted(ids)))} | {("deprecated", i, (first,)) for i in others}


@given(identifier=st.sampled_from(FINEST), parent=st.sampled_from(GROUPS))
@settings(deadline=None)
def test_a_seeded_move_is_named(identifier: str, parent: str) -> None:
    old = pairs.invented()
    was = old.clusters[identifier].parent
    assume(was != parent)
    new = pairs.following(old)
    pairs.move(new, identifier, parent)
    pairs.with_members(new)
    assert named(old, new) == {("moved", identifier, ()), ("re-scoped", was, ()), ("re-scoped", parent, ())}


@given(number=st.integers(1, 3), seed=st.integers(0, 99))
@settings(deadline=None)
def test_a_few_skills_that_go_elsewhere_re_scope_both_clusters(number: int, seed: int) -> None:
    old = pairs.invented()
    new = pairs.following(old)
    source, target = Random(seed).sample(FINEST, 2)
    pairs.move_skills(new, sorted(old.clusters[source].members)[:number], target)
    pairs.with_members(new)
    found = {change for change in named(old, new) if change[1] not in GROUPS}
    assert found == {("re-scoped", source, ()), ("re-scoped", target, ())}
    moved = [change for change, *_ in allocation_changes(old, new)]
    assert [(c.kind, c.old, c.new) for c in moved] == [("moved", source, target)] * number


def test_a_skill_that_is_new_or_gone_re_scopes_nothing() -> None:
    old = pairs.invented()
    new = pairs.following(old)
    del new.allocations["urn:skill:c00003-00", "c00003"]
    new.allocations["urn:skill:new", "c00003"] = AllocationRow("primary", "1.0000", "data", "")
    pairs.with_members(new)
    assert named(old, new) == set()
    assert [c.kind for c, *_ in allocation_changes(old, new)] == ["removed", "added"]


WEIGHTS = st.sampled_from(["0.2500", "0.5000", "1.0000"])
ALLOCATIONS = st.dictionaries(
    st.tuples(st.sampled_from("stuv"), st.sampled_from(["c00003", "c00004", "c00005"])), WEIGHTS, max_size=9
)


def allocated(weights: dict[tuple[str, str], str], draw: Random) -> Clusters:
    """A release with these allocations, one of each skill's primary."""
    found = Clusters("1.0.0", {}, {})
    for skill in sorted({skill for skill, _ in weights}):
        primary = draw.choice(sorted(cluster for other, cluster in weights if other == skill))
        for (other, cluster), weight in weights.items():
            if other == skill:
                rank = "primary" if cluster == primary else "used-in"
                found.allocations[skill, cluster] = AllocationRow(rank, weight, "data", "")
    return found


@given(before=ALLOCATIONS, after=ALLOCATIONS, seed=st.integers(0, 9))
@settings(deadline=None)
def test_changes_of_allocations_applied_give_the_new_ones(
    before: dict[tuple[str, str], str], after: dict[tuple[str, str], str], seed: int
) -> None:
    old, new = allocated(before, Random(seed)), allocated(after, Random(seed + 1))
    primary = old.primary()
    secondary = {pair for pair, row in old.allocations.items() if row.rank == "used-in"}
    for change, *_ in allocation_changes(old, new):
        pair = (change.subject, change.others[0])
        if change.field == "primary":
            assert primary.pop(change.subject, "") == change.old
            secondary |= {(change.subject, change.old)} & new.allocations.keys()
            if change.new:
                primary[change.subject] = change.new
                secondary.discard((change.subject, change.new))
        elif change.field == "used-in":
            (secondary.discard if change.kind == "removed" else secondary.add)(pair)
        elif change.field == "weight":
            assert (old.allocations[pair].weight, new.allocations[pair].weight) == (change.old, change.new)
    assert primary == new.primary()
    assert secondary == {pair for pair, row in new.allocations.items() if row.rank == "used-in"}


def test_relations_and_sectors_are_compared() -> None:
    old, new = pairs.invented(), pairs.invented()
    old.relations = {("c00003", "c00004", "skill-links"): "0.5000", ("c00003", "c00005", "skill-links"): "0.1000"}
    new.relations = {("c00003", "c00004", "skill-links"): "0.6000", ("c00004", "c00005", "skill-links"): "0.1000"}
    new.leading["c00003"] = frozenset("C")
    old.sections, new.sections = {("c00003", "C"): "0.2000"}, {("c00003", "C"): "0.3000"}
    assert [(c.kind, c.subject, *c.others) for c, *_ in relation_changes(old, new)] == [
        ("changed", "c00003", "c00004"), ("removed", "c00003", "c00005"), ("added", "c00004", "c00005"),
    ]  # fmt: skip
    assert [(c.kind, c.field, *c.others) for c, *_ in sector_changes(old, new)] == [
        ("added", "leading", "C"),
        ("changed", "share", "C"),
    ]


def test_similarity_against_the_definition() -> None:
    """Gates and others (2019), by the affinity matrix of each partition, against the closed form."""
    draw = Random(5)
    old, new = ({f"s{n}": f"c{draw.randrange(4)}" for n in range(30)} for _ in range(2))
    elements = sorted(old)

    def affinity(partition: dict[str, str], i: str, j: str, alpha: float = 0.9) -> float:
        size = sum(partition[k] == partition[i] for k in elements)
        return (1 - alpha) * (i == j) + alpha * (partition[i] == partition[j]) / size

    total = 0.0
    for i in elements:
        total += 1 - sum(abs(affinity(old, i, j) - affinity(new, i, j)) for j in elements) / (2 * 0.9)
    assert Overlap(old, new).similarity() == pytest.approx(total / len(elements))


# --- the bridge ------------------------------------------------------------------------------------------------------


def shuffled(old: Clusters, seed: int, moves: int) -> Clusters:
    """A next release with splits, mergers, new and lost skills, and skills that moved."""
    draw, new = Random(seed), pairs.following(old)
    pairs.split(new, draw.choice(FINEST[:4]), draw.randrange(2, 4))
    pairs.merge(new, FINEST[5], FINEST[6])
    for _ in range(moves):
        pairs.move_skills(new, [draw.choice(sorted(new.primary()))], draw.choice(FINEST[7:]))
    for skill, cluster in sorted(new.primary().items()):
        if draw.random() < 0.1 or cluster == FINEST[8]:
            del new.allocations[skill, cluster]
    new.allocations["urn:skill:new", FINEST[0]] = AllocationRow("primary", "1.0000", "data", "")
    return pairs.with_members(new)


COUNTS = st.dictionaries(
    st.tuples(st.sampled_from(["2024", "2025"]), st.sampled_from(FINEST + GROUPS)),
    st.decimals(0, 10**9, places=2),
    min_size=1,
    max_size=20,
)


@given(counts=COUNTS, seed=st.integers(0, 999), moves=st.integers(0, 60), by=st.sampled_from(["skills", "links"]),
       places=st.integers(2, 5))  # fmt: skip
@settings(deadline=None)
def test_totals_stay_what_they_are_to_the_last_unit(
    counts: dict[tuple[str, str], Decimal], seed: int, moves: int, by: str, places: int
) -> None:
    old = pairs.invented()
    new = shuffled(old, seed, moves)
    links = {skill: Random(seed + n).randrange(4) for n, skill in enumerate(sorted(old.skill_labels))}
    rows = bridge(old, new, overlaps(old, new), links, links)
    series = [((year,), cluster, count) for (year, cluster), count in counts.items()]
    depths = {identifier: cluster.depth for identifier, cluster in old.clusters.items()}
    carried = carry(series, shares(rows, by=by), depths, places)
    for year in ("2024", "2025"):
        for depth in (2, 3):
            before = sum((n for (y, c), n in counts.items() if y == year and depths[c] == depth), Decimal(0))
            after = sum(
                (n for (d, c), n in carried.values.items() if d == (year,) and c and new.clusters[c].depth == depth),
                Decimal(0),
            )
            nowhere = carried.values.get(((year,), NOWHERE), Decimal(0)) if depth == 3 else Decimal(0)
            assert before == after + nowhere
    assert all(n >= 0 and -n.as_tuple().exponent <= places for n in carried.values.values())  # type: ignore[operator]
    assert 0 <= carried.share <= 1
    assert all(part <= carried.values[key] for key, part in carried.estimated.items()), "an estimate above its count"


@given(seed=st.integers(0, 999), moves=st.integers(0, 60))
@settings(deadline=None)
def test_a_clusters_weights_add_up_to_one_in_either_direction(seed: int, moves: int) -> None:
    old = pairs.invented()
    new = shuffled(old, seed, moves)
    links = {skill: Random(seed + n).randrange(4) for n, skill in enumerate(sorted(old.skill_labels))}
    rows = bridge(old, new, overlaps(old, new), links, links)
    assert {row.source for row in rows} - {NOWHERE} == set(old.clusters)
    assert {row.target for row in rows} - {NOWHERE} >= set(new.clusters)
    for identifier in old.clusters:
        mine = [row for row in rows if row.source == identifier]
        assert sum(row.forward_skills for row in mine) == pytest.approx(1)
        assert sum(row.forward_links for row in mine) == pytest.approx(1)
    for identifier, cluster in new.clusters.items():
        mine = [row for row in rows if row.target == identifier]
        expected = 1 if any(row.skills for row in mine) else 0
        assert sum(row.back_skills for row in mine) == pytest.approx(expected), cluster
        assert sum(row.back_links for row in mine) == pytest.approx(expected)


def test_nothing_changed_carries_everything_over_without_an_estimate() -> None:
    old = pairs.invented()
    rows = bridge(old, pairs.following(old), overlaps(old, old), {}, {})
    carried = carry([((), "c00003", Decimal(7))], shares(rows, by="links"), {"c00003": 3}, 0)
    assert (carried.values, carried.share) == ({((), "c00003"): Decimal(7)}, 0.0)


def test_a_round_trip_is_not_the_identity() -> None:
    old = pairs.invented()
    new = pairs.following(old)
    pairs.move_skills(new, sorted(old.clusters["c00003"].members)[:5], "c00004")
    pairs.with_members(new)
    depths = dict.fromkeys(old.clusters, 3)
    there = carry([((), "c00003", Decimal(100))], shares(bridge(old, new, overlaps(old, new), {}, {}), by="skills"),
                  depths, 0)  # fmt: skip
    assert there.values == {((), "c00003"): Decimal(75), ((), "c00004"): Decimal(25)}
    series = [(dimensions, cluster, count) for (dimensions, cluster), count in there.values.items()]
    back = carry(series, shares(bridge(new, old, overlaps(new, old), {}, {}), by="skills"), depths, 0)
    assert back.values == {((), "c00003"): Decimal(80), ((), "c00004"): Decimal(20)}


def test_a_cluster_without_a_skill_left_passes_on_to_its_successors() -> None:
    old = pairs.invented()
    new = pairs.following(old)
    for skill in old.clusters["c00003"].members:
        del new.allocations[skill, "c00003"]
    del new.clusters["c00003"]
    new.registry["c00003"] = RegistryEntry("c00003", 3, "1.0.0", "2.0.0", ("c00004", "c00005"))
    pairs.with_members(new)
    weights = shares(bridge(old, new, overlaps(old, new), {}, {}), by="links")
    assert weights["c00003"] == [("c00004", Fraction(1, 2)), ("c00005", Fraction(1, 2))]


def test_successors_are_followed_to_clusters_that_live() -> None:
    new = pairs.invented()
    del new.clusters["c00003"], new.clusters["c00004"]
    new.registry["c00003"] = RegistryEntry("c00003", 3, "1.0.0", "2.0.0", ("c00004",))
    new.registry["c00004"] = RegistryEntry("c00004", 3, "1.0.0", "3.0.0", ("c00003", "c00005"))
    assert successors(new, "c00003") == ("c00005",)


@given(st.dictionaries(st.text(max_size=3), st.fractions(0, 1000), min_size=1))
def test_rounding_keeps_the_sum_and_moves_nothing_by_a_unit(parts: dict[str, Fraction]) -> None:
    total = sum(parts.values())
    parts["rest"] = parts.get("rest", Fraction(0)) + (-total.numerator % total.denominator) / Fraction(
        total.denominator
    )
    whole = rounded(parts)
    assert sum(whole.values()) == sum(parts.values())
    assert all(abs(whole[name] - part) < 1 for name, part in parts.items())


def test_parts_without_a_whole_sum_are_refused() -> None:
    with pytest.raises(ValueError, match="add up to 1/2"):
        rounded({"a": Fraction(1, 2)})


# --- causes ----------------------------------------------------------------------------------------------------------


def causes(inputs: Inputs, esco: list[Change], decision: str = "") -> Causes:
    """Skill ``c00003-00`` moved to c00004; ``decision`` is the expert decision behind its new place."""
    old = pairs.invented()
    new = pairs.following(old)
    skill = "urn:skill:c00003-00"
    pairs.move_skills(new, [skill], "c00004")
    if decision:
        new.allocations[skill, "c00004"] = AllocationRow("primary", "1.0000", "forced", decision)
    pairs.with_members(new)
    return Causes(old, new, esco, inputs, movements(old, new))


@pytest.mark.parametrize(
    ("inputs", "esco", "decision", "expected"),
    [
        (Inputs(True, True, True), [], "forced.csv:3", ("decision", "line forced.csv:3")),
        (
            Inputs(True, True, True),
            [Change("skill", "renamed", "urn:skill:c00003-00")],
            "",
            ("esco", "renamed in ESCO"),
        ),
        (
            Inputs(True, False, False),
            [Change("occupation link", "added", "urn:o", others=("urn:skill:c00003-00",))],
            "",
            ("esco", "other occupations need it"),
        ),
        (
            Inputs(True, True, True),
            [Change("skill", "dated", "urn:skill:c00003-00")],
            "",
            ("method", "the clusters were made in another way"),
        ),
        (Inputs(True, True, False), [], "", ("esco", "other skills changed")),
        (Inputs(False, True, False), [], "", ("decision", "decisions about other skills")),
        (Inputs(False, False, False), [], "", ("method", "made again from the same inputs")),
    ],
)
def test_the_nearest_cause_is_named(
    inputs: Inputs, esco: list[Change], decision: str, expected: tuple[str, str]
) -> None:
    found = causes(inputs, esco, decision)
    assert found.of(Change("allocation", "moved", "urn:skill:c00003-00")) == expected
    assert found.of(Change("cluster", "re-scoped", "c00004"))[0] == expected[0]


def test_what_made_two_releases_is_compared_by_its_hashes() -> None:
    old = {
        "inputs": [{"sha256": "a"}, {"sha256": "x"}], "curation": [{"sha256": "x"}], "method_sha256": "m",
        "settings": {"clusters": {"seed": 1}}, "software": {"numpy": "2.0", "jinja2": "3.0"},
    }  # fmt: skip
    assert Inputs.of(old, old) == Inputs(False, False, False)
    assert Inputs.of(old, old | {"inputs": [{"sha256": "b"}, {"sha256": "x"}]}) == Inputs(True, False, False)
    experts = {"inputs": [{"sha256": "a"}, {"sha256": "y"}], "curation": [{"sha256": "y"}]}
    assert Inputs.of(old, old | experts) == Inputs(False, True, False)
    assert Inputs.of(old, old | {"settings": {"clusters": {"seed": 2}}}) == Inputs(False, False, True)
    assert Inputs.of(old, old | {"software": {"numpy": "2.0", "jinja2": "4.0"}}) == Inputs(False, False, False)


def test_a_publisher_is_no_cause_where_the_same_clusters_were_given() -> None:
    """A text of the program that followed a decision elsewhere was a change "by the publisher of the clusters"."""
    origin = {"kind": "table", "how": "By hand.", "files": [{"sha256": "t"}]}
    old = {"inputs": [{"sha256": "a"}, {"sha256": "t"}], "curation": [], "origin": origin}
    decided = {"inputs": [{"sha256": "a"}, {"sha256": "t"}, {"sha256": "x"}], "curation": [{"sha256": "x"}]}
    assert Inputs.of(old, old | decided) == Inputs(False, True, False, given=False)
    others = {"inputs": [{"sha256": "a"}, {"sha256": "u"}], "origin": origin | {"files": [{"sha256": "u"}]}}
    assert Inputs.of(old, old | others) == Inputs(False, False, False, given=True)
    official = old | {"origin": {"kind": "official", "how": "Down to level 2.", "files": []}}
    assert Inputs.of(official, official | {"inputs": [{"sha256": "b"}]}) == Inputs(True, False, False, given=False)
    deeper = official | {"origin": {"kind": "official", "how": "Down to level 3.", "files": []}}
    assert Inputs.of(official, deeper).given


# --- guards ----------------------------------------------------------------------------------------------------------


def test_a_proper_successor_breaks_no_rule() -> None:
    old = pairs.invented()
    new = pairs.following(old)
    pairs.merge(new, "c00004", "c00003")
    pairs.with_members(new)
    new.clusters["c00003"] = replace(new.clusters["c00003"], modified="2026-01-31")
    assert list(registry_guards(old, new, "2026-01-31")) == []


def spoil_vanished(new: Clusters) -> None:
    del new.registry["c00004"]


def spoil_not_retired(new: Clusters) -> None:
    del new.clusters["c00004"]


def spoil_moved_level(new: Clusters) -> None:
    new.registry["c00004"] = RegistryEntry("c00004", 2, "1.0.0")


def spoil_used_again(new: Clusters) -> None:
    new.registry["c00004"] = RegistryEntry("c00004", 3, "2.0.0")


def spoil_date(new: Clusters) -> None:
    new.clusters["c00004"] = replace(new.clusters["c00004"], modified="2026-01-31")


def spoil_content(new: Clusters) -> None:
    new.clusters["c00004"] = replace(new.clusters["c00004"], content="another")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (spoil_vanished, "the id c00004 is no longer in the registry"),
        (spoil_not_retired, "cluster c00004 is gone without being retired"),
        (spoil_moved_level, "the id c00004 was used again, or moved to another level"),
        (spoil_used_again, "the id c00004 was used again, or moved to another level"),
        (spoil_date, "cluster c00004 is dated 2026-01-31, and by its content should be 2025-01-31"),
        (spoil_content, "cluster c00004 is dated 2025-01-31, and by its content should be 2026-01-31"),
    ],
)
def test_a_broken_rule_of_publication_is_said(spoil: object, said: str) -> None:
    old = pairs.invented()
    new = pairs.following(old)
    spoil(new)  # type: ignore[operator]
    assert said in list(registry_guards(old, new, "2026-01-31"))


def test_a_release_is_not_dated_before_the_previous_one() -> None:
    assert list(date_guards("2026-01-31", "2026-01-31")) == []
    assert list(date_guards("2026-01-31", "2026-01-30")) == [
        "the release is dated 2026-01-30, before the previous one, 2026-01-31"
    ]


def test_a_retired_id_may_not_live_again() -> None:
    old = pairs.invented()
    pairs.merge(old, "c00004", "c00003")
    new = pairs.invented()
    assert "the retired id c00004 was used again" in list(registry_guards(old, new, "2025-01-31"))


def test_one_skill_is_told_as_one() -> None:
    old = pairs.invented()
    new = pairs.following(old)
    source, target = FINEST[0], FINEST[-1]
    pairs.move_skills(new, sorted(old.clusters[source].members)[:1], target)
    pairs.with_members(new)
    told = {
        change.subject: change.reason
        for change, _ in cluster_changes(old, new, overlaps(old, new))
        if change.kind == "re-scoped"
    }
    assert told[target] == "1 skill came from other clusters, 0 left for others"


def test_a_cause_without_a_reason_stands_alone() -> None:
    change = Change("cluster", "re-described", "c00001", "Baking", cause="esco")
    assert sentence(change, Delta("1.0.0", "1.1.0")) == "Baking (c00001) [esco]"
    assert sentence(change._replace(reason="moved"), Delta("1.0.0", "1.1.0")) == "Baking (c00001) [esco: moved]"
