"""Measures on held-out occupations, one split at a time."""

from __future__ import annotations

from collections.abc import Iterator

from esco_kg.evaluation.groups import Groups
from esco_kg.evaluation.matching import Halves, make_halves, match
from esco_kg.evaluation.recommendation import (
    Scorer,
    Task,
    at_random,
    by_groups,
    by_occupation_neighbours,
    by_popularity,
    by_skill_neighbours,
    make_task,
    recommend,
)
from esco_kg.evaluation.sector_information import sector_information, sector_mass
from esco_kg.evaluation.splits import Split
from esco_kg.evaluation.subjects import Levels
from esco_kg.model.pillar import Pillar, SectorLinks

Measured = Iterator[tuple[int, str, float]]
"""(level, metric, value); level 0 where there is none. NaN where nothing could be measured."""


class HeldOutTest:
    """What every hierarchy is asked in one split: the same profiles, the same hidden skills."""

    def __init__(self, pillar: Pillar, sectors: SectorLinks, split: Split, seed: int) -> None:
        self._pillar, self._sectors, self._split, self._seed = pillar, sectors, split, seed
        self._task: Task = make_task(pillar, split, seed)
        self._halves: Halves = make_halves(pillar, split, seed)

    def take(self, levels: Levels) -> Measured:
        """A hierarchy, level by level; a second time with the further clusters that use a skill where it has any."""
        mass = sector_mass(levels.hard[0].skills, self._pillar, self._sectors, self._split)
        for level, groups in enumerate(levels.hard, 1):
            found = sector_information(groups, mass, seed=self._seed)
            yield level, "u-sec", found.u_sec
            yield level, "purity", found.purity
            yield from self._profiles(level, groups, "")
        for level, groups in enumerate(levels.soft, 1):
            yield from self._profiles(level, groups, "-soft")

    def _profiles(self, level: int, groups: Groups, ending: str) -> Measured:
        for name, value in self._recommended(by_groups(self._task, groups)):
            yield level, f"{name}{ending}", value
        yield level, f"match-10{ending}", match(self._halves, groups)

    def without_groups(self, rival: str) -> Measured:
        """What recommends without any groups: ``popularity``, ``skill-kNN``, ``occupation-kNN``, ``any order``."""
        scorers = {
            "popularity": by_popularity,
            "skill-kNN": by_skill_neighbours,
            "occupation-kNN": by_occupation_neighbours,
        }
        scorer = scorers[rival](self._task) if rival in scorers else at_random(self._seed)
        for name, value in self._recommended(scorer):
            yield 0, name, value
        if rival == "skill-kNN":
            yield 0, "match-10", match(self._halves, None)

    def _recommended(self, scorer: Scorer) -> Iterator[tuple[str, float]]:
        found = recommend(self._task, scorer)
        yield from (("hit-10", found.hit), ("mrr", found.mrr), ("ndcg-10", found.ndcg))
