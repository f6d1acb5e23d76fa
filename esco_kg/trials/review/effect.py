"""What review changed between two releases, and what that did to skills no reviewer touched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

import numpy as np

from esco_kg.errors import UsageError
from esco_kg.trials.figures import Comparison, Figure, comparison, mean_figure
from esco_kg.trials.groupings import Groupings
from esco_kg.trials.material import Material
from esco_kg.trials.recommend import given_group
from esco_kg.trials.review.ledger import Entry
from esco_kg.trials.tasks.ranking import HIT_10, MRR, gain, hidden_rank

_OCCUPATIONS, _SKILLS, _SEED = 500, 5, 20260131


@dataclass(frozen=True, slots=True)
class Effect:
    """``decided``: skills with a decision in force; ``moved``: of these, in another finest cluster now.

    ``moved_others``: skills without a decision that moved; ``before`` and ``after`` are figures on such skills.
    """

    decided: int
    moved: int
    moved_others: int
    before: list[Figure]
    after: list[Figure]
    differences: list[Comparison]


def effect(before: Material, after: Material, decisions: Iterable[Entry]) -> Effect:
    """Compare two releases of one scheme. Raises UsageError where they share no skill that nobody decided on.

    The figures: up to five skills without a decision of each of up to 500 occupations are hidden in turn, and all
    skills are ranked for the occupation's others through the finest clusters. The clusters were made from these
    occupations, so the difference between the releases is what counts, not the height.
    """
    decided = {entry.skill for entry in decisions if entry.skill in after.primary}
    common = before.primary.keys() & after.primary.keys()
    moved = {s for s in common if before.primary[s].cluster != after.primary[s].cluster}
    units = _units(before, after, common - decided)
    if not units:
        raise UsageError("the releases share no occupation with a skill that nobody decided on", "Give two releases.")
    old, new = _figures(before, units), _figures(after, units)
    differences = [comparison(now, then) for then, now in zip(old, new, strict=True)]
    return Effect(len(decided), len(moved & decided), len(moved - decided), old, new, differences)


def _units(before: Material, after: Material, untouched: set[str]) -> list[tuple[list[str], list[str]]]:
    """Per occupation its skills, and those of them that are hidden in turn."""
    random, found = Random(_SEED), []
    for occupation in sorted(before.needs.keys() & after.needs.keys()):
        own = [skill for skill, _ in after.needs[occupation] if skill in before.primary and skill in after.primary]
        hideable = [skill for skill in own if skill in untouched]
        if len(own) > 1 and hideable:
            found.append((own, random.sample(hideable, min(_SKILLS, len(hideable)))))
    return found if len(found) <= _OCCUPATIONS else random.sample(found, _OCCUPATIONS)


def _figures(material: Material, units: list[tuple[list[str], list[str]]]) -> list[Figure]:
    groupings = Groupings(material)
    grouping = groupings.clusters(material.depth, soft=True)
    given, at = given_group(grouping, groupings.demand), groupings.positions
    ranks = [
        [hidden_rank(grouping.memberships, given, [at[s] for s in own if s != skill], at[skill]) for skill in hidden]
        for own, hidden in units
    ]
    return [
        mean_figure(
            f"release {material.version}",
            metric,
            [float(np.mean([gain(metric, rank) for rank in of])) for of in ranks],
            len(grouping.groups),
        )
        for metric in (HIT_10, MRR)
    ]
