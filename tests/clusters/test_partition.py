"""The partition: what holds for any pillar, and that a decision changes what it says and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from esco_kg.clusters.expertise import read_expertise
from esco_kg.clusters.memberships import CLOSE
from esco_kg.clusters.partition import make_partition
from esco_kg.config import ClusterSettings
from esco_kg.errors import InputError
from esco_kg.model.clustering import PLACED
from esco_kg.model.expertise import Decision, Expertise, Frame, FrameGroup
from esco_kg.model.partition import Partition
from esco_kg.model.pillar import Pillar, SectorLinks
from tests.support.places import ROOT, TESTS
from tests.support.random_pillar import random_pillar, skill_iri

SMALL = ClusterSettings((6, 10, 20), 5, (0.6, 0.5, 0.3), 7, {})
FRAMES = [
    Frame(
        key="making",
        branch="sector",
        labels={"en": "Making"},
        sectors={"25": 1.0, "31": 1.0, "10": 1.0},
        groups=(FrameGroup({"en": "Metal"}, ("72",)), FrameGroup({"en": "Food and wood"}, ("75",))),
    ),
    Frame(key="serving", branch="sector", labels={"en": "Serving"}, sectors={"47": 1.0, "49": 1.0, "85": 1.0}),
    Frame(key="caring", branch="sector", labels={"en": "Caring"}, sectors={"86": 1.0}, seeds=("isco:22",)),
    Frame(key="ict", branch="digital", labels={"en": "ICT"}, seeds=("isco:25",)),
    Frame(key="tongues", branch="language", labels={"en": "Languages"}),
]


def made(seed: int = 1, *decisions: Decision, frames: bool = True, **pillar: int) -> Partition:
    read, sectors = random_pillar(seed, **pillar)
    return make_partition(read, sectors, SMALL, Expertise(FRAMES if frames else [], list(decisions)))


def forced(number: int, target: str, kind: str = "forced", line: int = 2) -> Decision:
    return Decision(kind, (skill_iri(number),), target, "because", f"{kind}.csv:{line}")


def row(partition: Partition, number: int) -> int:
    return partition.skills.index(skill_iri(number))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(0, 10_000),
    skills=st.integers(40, 240),
    occupations=st.integers(0, 60),
    frames=st.booleans(),
    known=st.booleans(),
)
def test_any_pillar_gives_nested_bounded_clusters(
    seed: int, skills: int, occupations: int, frames: bool, known: bool
) -> None:
    pillar, sectors = random_pillar(seed, skills, occupations)
    if not known:
        sectors = SectorLinks(sectors.structure, {}, {}, [], "none")
    found = make_partition(pillar, sectors, SMALL, Expertise(FRAMES if frames else []))
    _holds(found, pillar)
    assert np.bincount(found.finest).max() <= max(SMALL.largest_share[-1] * skills, 2 * SMALL.smallest)


def _holds(found: Partition, pillar: Pillar) -> None:
    assert found.skills == sorted(pillar.skills)
    sizes = np.bincount(found.finest)
    branches = np.array(found.branches)[found.at(1)]
    for branch in set(branches):  # a branch by rule may have fewer skills than a cluster should
        own = np.flatnonzero(branches == branch)
        assert sizes[found.finest[own]].min() >= min(SMALL.smallest, len(own))
    assert len(sizes) <= SMALL.levels[-1]
    for depth, parent in enumerate(found.parents):
        lower, upper = found.at(depth + 2), found.at(depth + 1)
        assert len(parent) == lower.max() + 1
        assert (parent[lower] == upper).all()
        assert set(upper) == set(range(upper.max() + 1)), "a level has a gap"
    assert len(found.branches) == len(found.frames) == found.at(1).max() + 1
    assert len(found.groups) == found.at(2).max() + 1
    for i, listed in enumerate(found.further):
        assert sum(m.weight for m in listed if m.kind == "used-in") <= 1 + 1e-6
        assert all(0 < m.weight <= 1 + 1e-6 for m in listed if m.kind == "used-in")
        clusters = [m.cluster for m in listed]
        assert found.finest[i] not in clusters and len(set(clusters)) == len(clusters)
        if found.methods[i] in PLACED and found.margins[i] <= CLOSE and found.runners_up[i] >= 0:
            assert found.runners_up[i] in clusters, "a close runner-up is no membership"
    assert ((found.margins >= 0) & (found.margins <= 1)).all()
    assert (found.runners_up != found.finest).all()


def test_cross_sector_and_language_skills_stand_in_their_own_branches() -> None:
    found = made()
    branches = np.array(found.branches)[found.at(1)]
    numbers = np.array([int(iri[-4:]) for iri in found.skills])
    assert set(branches[numbers % 12 == 5]) == {"cross-sector"}
    assert set(branches[numbers % 12 == 11]) == {"language"}
    assert not {"cross-sector", "language"} & set(branches[(numbers % 12 != 5) & (numbers % 12 != 11)])
    assert {found.methods[i] for i in np.flatnonzero(numbers % 12 == 5)} == {"rule"}


def test_frames_and_their_groups_are_found_again() -> None:
    found = made()
    assert {"making", "caring", "ict", "tongues"} <= set(found.frames)
    assert found.branches[found.frames.index("ict")] == "digital"
    assert {"making/0", "making/1"} <= set(found.groups)
    numbers = np.array([int(iri[-4:]) for iri in found.skills])
    used = np.array([method == "data" for method in found.methods])
    nursing = found.at(1)[used & (numbers % 8 == 2)]
    assert np.mean(nursing == found.frames.index("caring")) > 0.8


def test_skills_without_an_occupation_are_placed_by_their_words() -> None:
    found = made()
    numbers = np.array([int(iri[-4:]) for iri in found.skills])
    unused = np.array([method == "text" for method in found.methods])
    assert unused.any()
    own = {field: np.bincount(found.at(1)[(numbers % 8 == field) & ~unused]).argmax() for field in range(8)}
    assert np.mean([found.at(1)[i] == own[numbers[i] % 8] for i in np.flatnonzero(unused)]) > 0.6


def _changed(before: Partition, after: Partition) -> set[int]:
    assert len(before.parents) == len(after.parents)
    return {int(before.skills[i][-4:]) for i in np.flatnonzero(before.finest != after.finest)}


def test_a_forced_line_moves_its_skill_and_no_other() -> None:
    before = made()
    target = next(n for n in range(3, 160, 8) if before.finest[row(before, n)] != before.finest[row(before, 2)])
    after = made(1, forced(2, f"skill:{skill_iri(target)}"))
    assert _changed(before, after) == {2}
    assert after.finest[row(after, 2)] == after.finest[row(after, target)]
    assert (after.methods[row(after, 2)], after.decisions[row(after, 2)]) == ("forced", "forced.csv:2")
    for other in range(len(before.skills)):
        if other != row(before, 2):
            assert _said(before, other) == _said(after, other)


def _said(partition: Partition, at: int) -> tuple[object, ...]:
    return (
        *(partition.further[at], partition.margins[at], partition.runners_up[at]),
        *(partition.methods[at], partition.decisions[at]),
    )


def test_a_forced_line_to_a_frame_picks_the_best_cluster_in_it() -> None:
    after = made(1, forced(2, "making"))
    assert after.frames[after.at(1)[row(after, 2)]] == "making"


def test_must_link_and_cannot_link_hold() -> None:
    before = made()
    apart = Decision("must-link", (skill_iri(2), skill_iri(3)), "", "", "must-link.csv:2")
    assert before.finest[row(before, 2)] != before.finest[row(before, 3)]
    linked = made(1, apart)
    assert linked.finest[row(linked, 2)] == linked.finest[row(linked, 3)]
    assert _changed(before, linked) <= {2, 3}
    mate = next(n for n in range(10, 160) if before.finest[row(before, n)] == before.finest[row(before, 2)])
    split = made(1, Decision("cannot-link", (skill_iri(2), skill_iri(mate)), "", "", "cannot-link.csv:2"))
    assert split.finest[row(split, 2)] != split.finest[row(split, mate)]
    assert len(_changed(before, split)) == 1


def test_forced_goes_before_links_and_links_before_seeds() -> None:
    link = Decision("must-link", (skill_iri(2), skill_iri(3)), "", "", "must-link.csv:2")
    found = made(1, forced(4, "making", "seed"), link, forced(2, "making"), forced(3, "caring", "seed"))
    rows = {n: row(found, n) for n in (2, 3, 4)}
    assert found.frames[found.at(1)[rows[2]]] == "making"
    assert found.finest[rows[3]] == found.finest[rows[2]], "the link follows the forced skill, not the seed"
    assert [found.methods[rows[n]] for n in (2, 3, 4)] == ["forced", "must-link", "seed"]


def test_a_rejected_cluster_is_left_for_the_best_other_one() -> None:
    before = made()
    top = before.frames[before.at(1)[row(before, 2)]]
    after = made(1, forced(2, top, "rejected"))
    assert after.frames[after.at(1)[row(after, 2)]] != top
    assert _changed(before, after) == {2}


def test_a_cluster_that_decisions_empty_disappears() -> None:
    before = made()
    smallest = int(np.bincount(before.finest).argmin())
    members = [int(before.skills[i][-4:]) for i in np.flatnonzero(before.finest == smallest)]
    goal = next(n for n in range(160) if before.finest[row(before, n)] != smallest)
    after = made(1, *[forced(n, f"skill:{skill_iri(goal)}", line=n) for n in members])
    assert after.finest.max() == before.finest.max() - 1
    assert set(after.finest) == set(range(after.finest.max() + 1))
    assert len(after.parents[-1]) == after.finest.max() + 1


def test_a_forced_line_to_what_no_cluster_is_made_from_stops_the_work() -> None:
    with pytest.raises(
        InputError, match=r"forced.csv:2: forces \S+ to c99999, which no cluster of this release is made"
    ):
        made(1, forced(2, "c99999"))
    assert _changed(made(), made(1, forced(2, "c99999", "seed"))) == set()


def test_the_previous_clusters_hold_unless_the_data_say_otherwise() -> None:
    first = made(occupations=48)
    ids = {iri: f"c{100 + cluster:05d}" for iri, cluster in zip(first.skills, first.finest, strict=True)}
    parents = {f"c{100 + c:05d}": f"c{500 + p:05d}" for c, p in enumerate(first.parents[1])}
    parents |= {f"c{500 + c:05d}": f"c{900 + p:05d}" for c, p in enumerate(first.parents[0])}
    pillar, sectors = random_pillar(1, occupations=44)
    expertise = Expertise(FRAMES)
    afresh = make_partition(pillar, sectors, SMALL, expertise)
    again = make_partition(pillar, sectors, SMALL, expertise, ids, parents)
    assert again.parameters["method"] == "anchored"
    _holds(again, pillar)
    assert _moved(first, again) <= _moved(first, afresh)
    assert _moved(first, again) < 0.1
    two = ClusterSettings((3, 8), 5, (0.6, 0.4), 7, {})
    assert make_partition(pillar, sectors, two, expertise, ids, parents).parameters["method"] != "anchored"


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(0, 10_000),
    skills=st.integers(60, 240),
    occupations=st.integers(0, 60),
    frames=st.booleans(),
    shuffle=st.randoms(use_true_random=False),
)
def test_where_nothing_changed_the_next_release_says_the_same_of_every_skill(
    seed: int, skills: int, occupations: int, frames: bool, shuffle: Random
) -> None:
    """Members, margins, runners-up, weights: whatever the ids are, which sort otherwise than clusters came about."""
    pillar, sectors = random_pillar(seed, skills, occupations)
    expertise = Expertise(FRAMES if frames else [])
    first = make_partition(pillar, sectors, SMALL, expertise)
    names = [[f"c{1000 * depth + n:05d}" for n in range(int(of.max()) + 1)] for depth, of in enumerate(_levels(first))]
    for level in names:
        shuffle.shuffle(level)
    anchor = {iri: names[-1][cluster] for iri, cluster in zip(first.skills, first.finest, strict=True)}
    parents = {
        names[depth + 1][child]: names[depth][parent]
        for depth, above in enumerate(first.parents)
        for child, parent in enumerate(above)
    }
    second = make_partition(pillar, sectors, SMALL, expertise, anchor, parents)
    assume(second.parameters["method"] == "anchored")
    renumbered = {number: {anchor[iri] for iri in np.array(first.skills)[second.finest == number]} for number in range(
        int(second.finest.max()) + 1
    )}  # fmt: skip
    assert all(len(ids) == 1 for ids in renumbered.values())
    own = {number: ids.pop() for number, ids in renumbered.items()}
    assert [own[n] for n in second.runners_up] == [names[-1][n] for n in first.runners_up]
    assert second.margins.tolist() == first.margins.tolist()
    for before, after in zip(first.further, second.further, strict=True):
        assert {(names[-1][m.cluster], m.kind): m.weight for m in before} == pytest.approx(
            {(own[m.cluster], m.kind): m.weight for m in after}
        )


def _levels(partition: Partition) -> list[np.ndarray]:
    """(K,) per level, coarsest first."""
    return [*partition.parents, partition.finest]


def _moved(first: Partition, second: Partition) -> float:
    """Share of pairs of skills that are together in one and apart in the other, among those together in either."""
    a = first.finest[:, None] == first.finest[None]
    b = second.finest[:, None] == second.finest[None]
    return float((a != b).sum() / (a | b).sum())


_SCRIPT = """
import hashlib, sys
from tests.support.random_pillar import random_pillar
from tests.clusters.test_partition import FRAMES, SMALL
from esco_kg.clusters.partition import make_partition
from esco_kg.model.expertise import Expertise
found = make_partition(*random_pillar(3, 400, 120), SMALL, Expertise(FRAMES))
kept = [found.finest.tobytes(), found.margins.tobytes(), found.further, found.frames]
print(hashlib.sha256(repr(kept).encode()).hexdigest())
"""


def test_the_same_bytes_for_any_hash_seed_and_number_of_threads() -> None:
    here = TESTS
    digests = set()
    for hash_seed, threads in (("0", "1"), ("1", "2")):
        given = os.environ | {
            "PYTHONHASHSEED": hash_seed,
            "OMP_NUM_THREADS": threads,
            "OPENBLAS_NUM_THREADS": threads,
            "PYTHONPATH": str(here.parent),
        }
        run = subprocess.run([sys.executable, "-c", _SCRIPT], env=given, capture_output=True, text=True, check=True)
        digests.add(run.stdout)
    assert len(digests) == 1


def test_the_draft_frames_cover_every_division_once() -> None:
    from esco_kg.esco.sectors import nace_structure

    expertise = read_expertise(ROOT / "curation", random_pillar(1)[0])
    frames = [frame for frame in expertise.frames if frame.branch in ("sector", "digital")]
    claimed = sorted(code for frame in frames for code in frame.sectors)
    assert claimed == sorted(code for code, sector in nace_structure().items() if sector.level == 2)
    assert all({"en", "de", "fr"} <= frame.labels.keys() and frame.scope and frame.groups for frame in frames)
    labels = [group.labels["en"] for frame in frames for group in frame.groups]
    assert len(labels) == len(set(labels))
