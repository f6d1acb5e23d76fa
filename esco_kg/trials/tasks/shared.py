"""What all tasks work on: one release, its hierarchies, one text model."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from functools import cached_property

from esco_kg.errors import UsageError
from esco_kg.folder.material import Material
from esco_kg.matching.models import text_model
from esco_kg.matching.similarity import TextModel
from esco_kg.trials.advertisements import SkillFinder
from esco_kg.trials.assign import Assigner, read_calibration
from esco_kg.trials.groupings import Grouping, Groupings
from esco_kg.trials.plan import Rival
from esco_kg.trials.tasks.rival import read_rival


class TaskInputs:
    """Hierarchies are made once and shared by the tasks of a plan."""

    def __init__(self, material: Material, model: str = "ngrams") -> None:
        self.material = material
        self.groupings = Groupings(material)
        self._model = model
        self.rivals: list[Grouping] = []
        self.rivals_one_each: list[Grouping] = []

    def with_rivals(self, rivals: Sequence[Rival]) -> TaskInputs:
        """The same release and text model, with groupings of a plan beside the hierarchies."""
        if not rivals:
            return self
        found = copy(self)
        for name in ("hierarchies", "one_each", "equally_many"):
            found.__dict__.pop(name, None)
        found.rivals = [read_rival(self.groupings, rival) for rival in rivals]
        found.rivals_one_each = [read_rival(self.groupings, rival, most=1) for rival in rivals]
        return found

    @property
    def levels(self) -> range:
        """The levels of the clusters; the official hierarchy is cut as many steps below its roots."""
        return range(1, self.material.depth + 1)

    @cached_property
    def hierarchies(self) -> list[Grouping]:
        """Clusters by primary membership and the official hierarchy, level by level, then none and rivals."""
        clusters = [self.groupings.clusters(level) for level in self.levels]
        return [
            *clusters,
            *(self.groupings.official(level) for level in self.levels),
            self.groupings.none(),
            *self.rivals,
        ]

    @cached_property
    def one_each(self) -> list[Grouping]:
        """Clusters and official groups level by level, one group a skill, then none."""
        return [
            *(g for level in self.levels for g in self.groupings.one_each(level)),
            self.groupings.none(),
            *self.rivals_one_each,
        ]

    @cached_property
    def equally_many(self) -> list[Grouping]:
        """Clusters and official groups level by level, several a skill and as many in both, then none."""
        return [
            *(g for level in self.levels for g in self.groupings.equally_many(level)),
            self.groupings.none(),
        ]

    @cached_property
    def soft(self) -> Grouping:
        """The finest clusters with the further ones that use a skill."""
        return self.groupings.clusters(self.material.depth, soft=True)

    @cached_property
    def model(self) -> TextModel:
        """The text model."""
        return text_model(self._model, self.material.skills, self.material.language)

    @cached_property
    def finder(self) -> SkillFinder:
        """Finds skills in sentences and advertisements."""
        return SkillFinder.of(self.material)

    @cached_property
    def assigner(self) -> Assigner:
        """The text model with the calibration of the product."""
        return Assigner(self.material, self.model, read_calibration())


def need(count: int, what: str) -> None:
    """Raise UsageError where there are fewer than two units to measure."""
    if count < 2:
        raise UsageError(f"the data hold {count} {what}, too few to measure", "Give more data for this task.")
