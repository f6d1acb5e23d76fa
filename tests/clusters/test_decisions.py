"""What an expert decided stands in the result, whatever lines there are; and what cannot hold is named."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from random import Random

import numpy as np
import pytest

from esco_kg.clusters import cluster
from esco_kg.clusters.contradictions import check_decisions
from esco_kg.clusters.decisions import decided
from esco_kg.clusters.verification import unmet_lines, verified
from esco_kg.config import Config, read_config
from esco_kg.errors import InputError
from esco_kg.esco.pillar import read_pillar
from esco_kg.esco.sectors import read_sectors
from esco_kg.model.clustering import Allocation, Cluster, Clustering, Level
from esco_kg.model.expertise import Decision, Expertise, Frame
from esco_kg.model.pillar import Pillar, SectorLinks
from esco_kg.resources import folder

NAMED = {
    "a": "check medicines for interactions", "b": "dispense medicines", "c": "make up medicines",
    "d": "effects of medicines", "e": "dress wounds", "f": "plan nursing care", "z": "cook dishes",
}  # fmt: skip


# --- the given sets of lines over the demonstration data -------------------------------------------------------------


@cache
def _demonstration() -> tuple[Pillar, SectorLinks, Config]:
    place = folder("demonstration") / "v1.0.0"
    config = read_config(place / "release.toml")
    pillar = read_pillar([place], languages=["en"], is_demonstration=True, dangling_share=config.dangling_share)
    return pillar, read_sectors(pillar, None), config


def _clusters(curation: Path) -> dict[str, str]:
    """The primary cluster of each skill of NAMED."""
    pillar, sectors, config = _demonstration()
    found = cluster(pillar, sectors, config, expertise_folder=curation, version="1.0.0", issued="2026-01-31")
    primary = {a.skill: a.cluster for a in found.allocations if a.rank == "primary"}
    by_label = {skill.label(): iri for iri, skill in pillar.skills.items()}
    return {letter: primary[by_label[label]] for letter, label in NAMED.items()}


def _groups(clusters: dict[str, str], letters: str) -> set[str]:
    """Who is together: ``{"ab", "cd"}``."""
    return {"".join(x for x in letters if clusters[x] == own) for own in {clusters[x] for x in letters}}


@pytest.mark.parametrize(
    ("name", "groups"),
    [
        ("pairs-parted", {"ab", "cd"}),
        ("three-pairs-parted", {"ab", "cd", "ef"}),
        ("one-pair-parted", {"ab", "c"}),
        ("nothing-to-move", {"abcd", "ef", "z"}),
        ("chain-must-leave", {"abcd", "ef"}),
        ("chain-follows-forced", {"abcz"}),
        ("chain-and-seed", {"abc", "e"}),
    ],
)
def test_the_given_sets_of_lines_hold(shared: Path, name: str, groups: set[str]) -> None:
    found = _clusters(shared / "cases" / "decisions" / name)
    assert _groups(found, "".join(sorted("".join(groups)))) == groups


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("contradiction-by-chain", ("cannot-link.csv:2", "must-link.csv:2", "must-link.csv:3")),
        ("contradiction-by-forced", ("cannot-link.csv:2", "must-link.csv:2", "forced.csv:2", "forced.csv:3")),
    ],
)
def test_the_given_contradictions_are_named_before_the_work(shared: Path, name: str, places: tuple[str, ...]) -> None:
    with pytest.raises(InputError) as caught:
        _clusters(shared / "cases" / "decisions" / name)
    assert set(re.findall(r"[a-z-]+\.csv:\d+", str(caught.value))) == set(places)


# --- random sets of lines --------------------------------------------------------------------------------------------

IDS, AREAS = [f"c{100 + n:05d}" for n in range(12)], [f"c{500 + n:05d}" for n in range(4)]
PARENTS = {fine: AREAS[n % 4] for n, fine in enumerate(IDS)}
FRAMES = ("first", "second", "", "")


class Sample:
    """A pillar of 40 skills in 12 clusters of 4 areas, two of them made from frames, with random scores."""

    def __init__(self, draw: Random) -> None:
        self.skills = [f"https://example.org/skill/{n:02d}" for n in range(40)]
        of = [*range(12), *(draw.randrange(12) for _ in range(28))]
        draw.shuffle(of)
        self.finest = np.array(of, dtype=np.int32)
        self.parents = [np.array([n % 4 for n in range(12)], dtype=np.int32)]
        self.scores = np.array([[draw.random() for _ in range(12)] for _ in self.skills], dtype=np.float32)
        self.scores[np.arange(40), self.finest] += 1
        self.anchor = {iri: IDS[cluster] for iri, cluster in zip(self.skills, of, strict=True)}

    def lines(self, draw: Random) -> list[Decision]:
        """Up to 25 lines about at most 14 skills, so that they meet."""
        among = draw.sample(self.skills, draw.randint(3, 14))
        return [self._line(draw, among, n) for n in range(draw.randint(1, 25))]

    def _line(self, draw: Random, among: list[str], number: int) -> Decision:
        kind = draw.choice(("forced", "must-link", "cannot-link", "seed", "rejected"))
        if kind in ("must-link", "cannot-link"):
            skills = tuple(draw.sample(among, min(len(among), draw.choice((2, 2, 2, 3, 5)))))
            return Decision(kind, skills, "", "", f"{kind}.csv:{number}")
        skill = draw.choice(among)
        others = [f"skill:{other}" for other in among if other != skill]
        target = draw.choice([draw.choice(others), draw.choice(IDS), draw.choice(AREAS), draw.choice(FRAMES[:2])])
        return Decision(kind, (skill,), target, "", f"{kind}.csv:{number}")

    def made(self, lines: list[Decision]) -> Clustering:
        """The clustering with these lines; the ids of the previous release are those of the same clusters."""
        found = decided(
            self.skills,
            self.finest,
            self.parents,
            self.scores,
            Expertise(decisions=lines),
            self.anchor,
            PARENTS,
            FRAMES,
        )
        opened = [f"c{900 + n:05d}" for n in range(len(found.beside))]
        parents = PARENTS | {new: AREAS[self.parents[0][old]] for new, old in zip(opened, found.beside, strict=True)}
        clusters = {area: Cluster(area, 1, None, "sector", {}) for area in AREAS}
        clusters |= {fine: Cluster(fine, 2, above, "sector", {}) for fine, above in parents.items()}
        ids = [*IDS, *opened]
        allocations = [
            Allocation(skill, ids[own], "primary", 1, 1, None, "data")
            for skill, own in zip(self.skills, found.finest, strict=True)
        ]
        return Clustering([Level(1, "L1", {}), Level(2, "L2", {})], clusters, allocations, [], {}, [])


def _refused(lines: list[Decision]) -> InputError | None:
    try:
        check_decisions(lines, finest=IDS, parents={**PARENTS, **dict.fromkeys(AREAS)})
    except InputError as error:
        return error
    return None


FRAMED = {AREAS[0]: "first", AREAS[1]: "second"}


def _stopped(sample: Sample, lines: list[Decision]) -> InputError | None:
    """The message about lines that cannot hold, before the work or in it; None where all is well, which is verified."""
    if refused := _refused(lines):
        return refused
    try:
        made = sample.made(lines)
    except InputError as error:
        return error
    verified(made, Expertise(decisions=lines), FRAMED)
    joined = _reach(lines)
    before = {skill: IDS[own] for skill, own in zip(sample.skills, sample.finest, strict=True)}
    moved = {a.skill for a in made.allocations if a.cluster != before[a.skill]}
    assert moved <= joined, "a skill moved that no line names and none joins"
    return None


def _reach(lines: list[Decision]) -> set[str]:
    """The skills that lines name, and the targets of forced lines, which are joined to them."""
    named = {skill for line in lines for skill in line.skills}
    return named | {line.target.removeprefix("skill:") for line in lines if line.kind == "forced"}


def test_a_thousand_random_sets_of_lines_hold_or_their_contradiction_is_named() -> None:
    held = refused = 0
    for number in range(1000):
        draw = Random(number)
        sample = Sample(draw)
        lines = sample.lines(draw)
        error = _stopped(sample, lines)
        if error is None:
            held += 1
            continue
        refused += 1
        places = set(re.findall(r"[a-z-]+:?\.csv:\d+", str(error)))
        named = [line for line in lines if line.place in places]
        assert error.place in places and _stopped(sample, named), f"set {number}: the named lines do hold together"
    assert held > 200 and refused > 200


def test_lines_that_hold_are_not_refused() -> None:
    """Lines drawn from a clustering that satisfies them all."""
    for number in range(200):
        draw = Random(number)
        sample = Sample(draw)
        truth = {skill: draw.randrange(12) for skill in draw.sample(sample.skills, 10)}
        lines = [
            line
            for line in sample.lines(draw)
            if line.kind != "seed" and _is_true(line, truth) and len(line.target) < 7
        ]
        assert _stopped(sample, lines) is None, f"set {number}"


def _is_true(line: Decision, truth: dict[str, int]) -> bool:
    if not set(line.skills) <= truth.keys():
        return False
    own = [truth[skill] for skill in line.skills]
    if line.kind == "must-link":
        return len(set(own)) == 1
    if line.kind == "cannot-link":
        return len(set(own)) == len(own)
    places = {IDS[own[0]], AREAS[own[0] % 4], FRAMES[own[0] % 4]}
    return (line.target in places) == (line.kind == "forced")


def test_more_skills_apart_than_clusters_open_new_ones() -> None:
    """398 groups and one line that parts them, over 397 clusters, left 1,198 forbidden pairs in 133 clusters."""
    sample = Sample(Random(1))
    lines = [
        Decision("must-link", tuple(sample.skills[n : n + 2]), "", "", f"must-link.csv:{n}") for n in range(0, 40, 2)
    ]
    lines.append(Decision("cannot-link", tuple(sample.skills[::2]), "", "", "cannot-link.csv:2"))
    made = sample.made(lines)
    assert list(unmet_lines(made, Expertise(decisions=lines), {})) == []
    assert len({a.cluster for a in made.allocations}) == 20


# --- the verification sees what is not so ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["forced", "must-link", "cannot-link", "rejected", "also", "seed"])
def test_a_line_that_does_not_hold_is_named(kind: str) -> None:
    sample = Sample(Random(2))
    made = sample.made([])
    own = {a.skill: a.cluster for a in made.allocations}
    first = sample.skills[0]
    same = next(s for s in sample.skills[1:] if own[s] == own[first])
    other = next(s for s in sample.skills if own[s] != own[first])
    mate = {"must-link": other, "cannot-link": same, "rejected": same}.get(kind, other)
    is_link = kind.endswith("link")
    line = Decision(kind, (first, mate) if is_link else (first,), "" if is_link else f"skill:{mate}", "", "x.csv:7")
    with pytest.raises(InputError, match=r"^x.csv:7: does not hold in the result: "):
        verified(made, Expertise(decisions=[line]), {})


def test_a_seed_gives_way_and_says_to_what() -> None:
    sample = Sample(Random(3))
    first, second = sample.skills[:2]
    lines = [
        Decision("forced", (first,), IDS[0], "", "forced.csv:2"),
        Decision("must-link", (first, second), "", "", "must-link.csv:2"),
        Decision("seed", (second,), IDS[1], "", "seeds.csv:2"),
    ]
    said = verified(sample.made(lines), Expertise(decisions=lines), {})
    assert said == [
        f"seeds.csv:2 (seed) gave way to forced.csv:2, must-link.csv:2: {second} is in c00100, not in c00101."
    ]


def test_every_cluster_of_a_frame_is_of_its_branch() -> None:
    """A frame that is divided by the size bound has several clusters."""
    made = Sample(Random(4)).made([])
    sector = Frame(key="first", branch="sector", labels={"en": "First"}, place="frames/first.toml")
    digital = Frame(key="first", branch="digital", labels={"en": "First"}, place="frames/first.toml")
    assert list(unmet_lines(made, Expertise(frames=[sector]), {AREAS[0]: "first", AREAS[1]: "first"})) == []
    assert [line.what for line in unmet_lines(made, Expertise(frames=[digital]), {AREAS[0]: "first"})] == [
        "its cluster c00500 is of the branch sector, the frame of digital"
    ]
