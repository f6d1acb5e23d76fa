"""Which cluster is which: ids stay through small changes, are never reused, and every change is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from esco_kg.clusters.identity import Identities, identify
from esco_kg.clusters.nested import Nested
from esco_kg.model.clustering import RegistryEntry
from esco_kg.model.published import Published, PublishedCluster
from tests.support import trades

PILLAR = trades.pillar(("en",))
SKILLS = sorted(PILLAR.skills)


def nested(finest: list[int], skills: list[str] | None = None) -> Nested:
    """One top cluster over the given finest ones."""
    skills = skills or SKILLS
    part = trades.partition(PILLAR)
    labels = np.array(finest, dtype=np.int32)
    count = int(labels.max()) + 1
    partition = replace(part, skills=skills, finest=labels, parents=[np.zeros(count, dtype=np.int32)], frames=[""])
    return Nested(partition, PILLAR)


def published(of: Nested, found: Identities, version: str = "1.0.0") -> Published:
    """The release that these clusters make."""
    clusters = {}
    for node, identifier in found.ids.items():
        members = frozenset(of.skills[row] for row in of.members[node])
        clusters[identifier] = PublishedCluster(
            identifier, node[0], None, f"name {identifier}", "2026-01-01", "2026-01-01", "", members
        )
    return Published(Path("."), version, "9.9.9", "https://example.org/", "2026-01-01", clusters, found.registry)


def first(finest: list[int]) -> tuple[Nested, Published]:
    of = nested(finest)
    return of, published(of, identify(of, None, 0.5, "1.0.0"))


def blocks(*sizes: int) -> list[int]:
    """Labels of consecutive clusters of these sizes, 120 skills in all."""
    labels = [number for number, size in enumerate(sizes) for _ in range(size)]
    assert len(labels) == 120
    return labels


def change_of(found: Identities) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {event.id: (event.change, event.others) for event in found.events}


def test_a_first_release_mints_ids_from_the_top_on() -> None:
    found = identify(nested(blocks(60, 60)), None, 0.5, "1.0.0")
    assert found.ids == {(1, 0): "c00001", (2, 0): "c00002", (2, 1): "c00003"}
    assert found.events == [] and [entry.minted_in for entry in found.registry] == ["1.0.0"] * 3


def test_nothing_changed_keeps_every_id_and_tells_nothing() -> None:
    of, before = first(blocks(40, 40, 40))
    found = identify(of, before, 0.5, "1.1.0")
    assert set(found.ids.values()) == set(before.clusters) and found.events == []
    assert found.registry == before.registry


def test_another_numbering_of_the_same_clusters_keeps_the_ids() -> None:
    of, before = first(blocks(40, 40, 40))
    turned = nested([2 - label for label in of.partition.finest])
    found = identify(turned, before, 0.5, "1.1.0")
    assert {found.ids[2, 2 - n] for n in range(3)} == {f"c0000{n + 2}" for n in range(3)}
    assert found.ids[2, 2] == "c00002" and found.events == []


def test_a_few_skills_moved_keep_the_id_and_are_told_with_the_overlap() -> None:
    _, before = first(blocks(40, 40, 40))
    found = identify(nested(blocks(38, 42, 40)), before, 0.5, "1.1.0")
    assert change_of(found) == {"c00002": ("kept", ()), "c00003": ("kept", ())}
    assert {event.id: event.overlap for event in found.events} == {"c00002": 0.95, "c00003": 0.9524}


def test_new_skills_take_no_id_away() -> None:
    """c00251 lost its id because 34 new skills joined it: 23/58 counted over all skills, 23/23 over those of both."""
    before_of = nested([0] * 23 + [1] * 63, SKILLS[:86])
    before = published(before_of, identify(before_of, None, 0.5, "1.0.0"))
    found = identify(nested([0] * 23 + [1] * 62 + [0] * 35), before, 0.5, "1.1.0")
    assert found.ids[2, 0] == "c00002"
    # 86th skill moved; the event of the first tells the change although its overlap is that of skills known to both.
    assert {e.id: (e.change, e.overlap) for e in found.events} == {
        "c00001": ("kept", 1.0), "c00002": ("kept", 0.9583), "c00003": ("kept", 0.9841),
    }  # fmt: skip


def test_skills_gone_from_esco_take_no_id_away() -> None:
    _, before = first(blocks(40, 80))
    found = identify(nested([0] * 10 + [1] * 80, SKILLS[30:]), before, 0.5, "1.1.0")
    assert (found.ids[2, 0], found.ids[2, 1]) == ("c00002", "c00003")
    assert {e.id: (e.change, e.overlap) for e in found.events} == {"c00001": ("kept", 1.0), "c00002": ("kept", 1.0)}


def test_a_cluster_of_new_skills_alone_gets_a_new_id() -> None:
    before_of = nested([0] * 40 + [1] * 40, SKILLS[:80])
    before = published(before_of, identify(before_of, None, 0.5, "1.0.0"))
    found = identify(nested(blocks(40, 40, 40)), before, 0.5, "1.1.0")
    assert found.ids[2, 2] == "c00004"
    assert change_of(found)["c00004"] == ("new", ())


def test_a_split_retires_the_id_in_favour_of_its_parts() -> None:
    _, before = first(blocks(60, 60))
    found = identify(nested(blocks(30, 30, 60)), before, 0.6, "1.1.0")
    assert change_of(found) == {
        "c00002": ("split", ("c00004", "c00005")),
        "c00004": ("new", ("c00002",)),
        "c00005": ("new", ("c00002",)),
    }
    assert RegistryEntry("c00002", 2, "1.0.0", "1.1.0", ("c00004", "c00005")) in found.registry


def test_a_merger_names_what_it_is_made_of() -> None:
    _, before = first(blocks(30, 30, 60))
    found = identify(nested(blocks(60, 60)), before, 0.6, "1.1.0")
    assert change_of(found) == {
        "c00002": ("retired", ("c00005",)),
        "c00003": ("retired", ("c00005",)),
        "c00005": ("merged", ("c00002", "c00003")),
    }


def test_a_cluster_that_falls_apart_is_followed_by_the_one_with_most() -> None:
    _, before = first(blocks(10, 110))
    scattered = [0, 0, 1, 2, 3, 4, 5, 6, 7, 8] + [n % 9 for n in range(110)]
    found = identify(nested(scattered), before, 0.5, "1.1.0")
    assert change_of(found)["c00002"][0] == "retired" and len(change_of(found)["c00002"][1]) == 1


def test_a_cluster_whose_skills_left_esco_is_retired_without_a_successor() -> None:
    _, before = first(blocks(20, 100))
    found = identify(nested([0] * 100, SKILLS[20:]), before, 0.5, "1.1.0")
    assert change_of(found)["c00002"] == ("retired", ())


def test_a_retired_id_is_never_minted_again() -> None:
    of, before = first(blocks(60, 60))
    second = nested(blocks(40, 40, 40))
    later = published(second, identify(second, before, 0.9, "2.0.0"), "2.0.0")
    found = identify(of, later, 0.9, "3.0.0")
    dead = {entry.id for entry in later.registry if entry.retired_in}
    assert dead and not dead & set(found.ids.values())
    assert {entry.id: entry.retired_in for entry in found.registry if entry.id in dead} == dict.fromkeys(dead, "2.0.0")


def test_a_weak_match_takes_no_partner_away() -> None:
    """Two matches of 1/3 have a larger sum than one of 1/2: the id was retired, and a new one given to the same."""
    _, before = first([0] * 60 + [1] * 20 + [2] * 40)
    found = identify(nested([0] * 40 + [1] * 20 + [0] * 20 + [2] * 40), before, 0.5, "1.1.0")
    assert found.ids[2, 0] == "c00002"
    assert change_of(found)["c00002"] == ("kept", ())


def test_pairing_is_the_best_for_all_and_not_the_first_found() -> None:
    """A greedy pairing would give the first new cluster the id that fits the second better."""
    _, before = first([0] * 50 + [1] * 70)
    found = identify(nested([0] * 28 + [1] * 22 + [1] * 12 + [0] * 58), before, 0.1, "1.1.0")
    assert found.ids[2, 0] == "c00003" and found.ids[2, 1] == "c00002"


labels = st.lists(st.integers(0, 7), min_size=120, max_size=120).map(
    lambda values: [sorted(set(values)).index(value) for value in values]
)


@settings(max_examples=60, deadline=None)
@given(labels, labels, st.sampled_from([0.3, 0.5, 0.8]))
def test_invariants(before_labels: list[int], after_labels: list[int], kept: float) -> None:
    _, before = first(before_labels)
    of = nested(after_labels)
    found = identify(of, before, kept, "2.0.0")
    live = list(found.ids.values())
    assert len(set(live)) == len(live) == len(of.nodes)
    registry = {entry.id: entry for entry in found.registry}
    assert len(registry) == len(found.registry) and set(live) | set(before.clusters) == set(registry)
    for identifier, entry in registry.items():
        assert bool(entry.retired_in) is (identifier not in live)
        assert set(entry.replaced_by) <= set(live)
    for node, identifier in found.ids.items():
        if identifier in before.clusters:
            members = {of.skills[row] for row in of.members[node]}
            old = before.clusters[identifier]
            assert old.depth == node[0]
            assert len(members & old.members) / len(members | old.members) >= kept
    for node, identifier in found.ids.items():
        members = {of.skills[row] for row in of.members[node]}
        for old in before.clusters.values():
            overlap = len(members & old.members) / len(members | old.members)
            is_lost = identifier not in before.clusters and old.id not in live and old.depth == node[0]
            assert not (is_lost and overlap >= kept), f"{old.id} was retired, and {identifier} is the same"
    assert len({event.id for event in found.events}) == len(found.events)
    assert found == identify(of, before, kept, "2.0.0")
