"""How much clusters move: when a tenth of the occupations is missing, and from one release to the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from esco_kg.evaluation.groups import Groups, Labels
from esco_kg.evaluation.stability import adjusted_rand, element_centric_similarity
from esco_kg.evaluation.subjects import Job, Levels, Subject

SHARE = 0.9
_EVERYTHING = {"anchored": "release"}
"""What the clusters of a resample are compared with, by mode: an anchored one with the release itself."""


def jobs(modes: Sequence[str], samples: Sequence[tuple[str, ...]], everything: tuple[str, ...]) -> list[Job]:
    """All that has to be made: for each mode the whole (unless it is the release) and every resample."""
    found = []
    for mode in modes:
        if mode not in _EVERYTHING:
            found.append(Job(mode, everything))
        found += [Job(mode, sample) for sample in samples]
    return found


def alike(
    subject: Subject, made: dict[Job, Levels], samples: Sequence[tuple[str, ...]], everything: tuple[str, ...]
) -> Iterator[tuple[int, str, list[float]]]:
    """(level, metric, one value per resample) of ECS and ARI in each mode."""
    for mode in subject.modes:
        whole = subject.levels if mode in _EVERYTHING else made[Job(mode, everything)]
        for level, groups in enumerate(whole.hard, 1):
            pairs = [(groups.labels(), made[Job(mode, s)].hard[level - 1].labels()) for s in samples]
            yield level, f"ecs-{mode}", [element_centric_similarity(a, b) for a, b in pairs]
            yield level, f"ari-{mode}", [adjusted_rand(a, b) for a, b in pairs]


def remade(subject: Subject, again: Levels) -> Iterator[tuple[int, str, float]]:
    """(level, metric, value): is the method at hand the one that made the release?"""
    for level, (published, made) in enumerate(zip(subject.levels.hard, again.hard, strict=False), 1):
        yield level, "ecs-remade", element_centric_similarity(published.labels(), made.labels())


def found_again(subject: Subject, made: Levels, hidden: frozenset[str]) -> Iterator[tuple[int, str, float, int]]:
    """(level, metric, share, skills): how many hidden skills are in the cluster that they are in with their links. A
    cluster made again is the published one with which it shares most other skills."""
    skills = subject.levels.hard[0].skills
    is_hidden = np.array([skill in hidden for skill in skills])
    for level, (before, after) in enumerate(zip(subject.levels.hard, made.hard, strict=True), 1):
        own, new = before.labels(), after.labels()
        shared = np.zeros((int(new.max()) + 1, int(own.max()) + 1), dtype=np.int64)
        np.add.at(shared, (new[~is_hidden], own[~is_hidden]), 1)
        is_right = shared.argmax(axis=1)[new[is_hidden]] == own[is_hidden]
        yield level, "hidden", float(is_right.mean()), int(is_hidden.sum())


def drift(subject: Subject, scratch: Levels | None) -> Iterator[tuple[int, str, float, str]]:
    """(level, metric, value, note) along the chain of earlier releases that ends with the subject.

    Releases are compared on the skills that both have, level by level as far as both go.
    """
    if not subject.earlier:
        return
    version, before = subject.earlier[-1]
    chain = [*subject.earlier, (subject.name, [_by_skill(groups) for groups in subject.levels.hard])]
    for (old, earlier), (new, later) in pairwise(chain):
        for level, value in _similarities(earlier, later):
            yield level, "ecs-previous", value, f"{old} to {new}"
    if scratch:
        for level, value in _similarities(before, [_by_skill(groups) for groups in scratch.hard]):
            yield level, "ecs-previous-scratch", value, f"{version} to {subject.name}"
    for level, value in _similarities(chain[0][1], chain[-1][1]):
        yield level, "ecs-drift", value, f"{chain[0][0]} to {subject.name}, {len(chain) - 1} steps"


def _by_skill(groups: Groups) -> dict[str, str]:
    return dict(zip(groups.skills, map(str, groups.labels()), strict=True))


def _similarities(old: Sequence[dict[str, str]], new: Sequence[dict[str, str]]) -> Iterator[tuple[int, float]]:
    for level, (before, after) in enumerate(zip(old, new, strict=False), 1):
        common = sorted(before.keys() & after.keys())
        if common:
            yield level, element_centric_similarity(_numbers(before, common), _numbers(after, common))


def _numbers(labels: dict[str, str], skills: Sequence[str]) -> Labels:
    return np.unique([labels[skill] for skill in skills], return_inverse=True)[1].astype(np.int64)
