"""What reviewers changed since the previous release, and what that did to skills that no reviewer touched.

One definition for the notes of a release and for ``esco-kg review effect``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from esco_kg.evaluation.groups import from_shares
from esco_kg.evaluation.recommendation import Recommendation, by_groups, recommend, task_of
from esco_kg.evaluation.splits import essential_skills
from esco_kg.model.clustering import Clustering
from esco_kg.model.pillar import Pillar
from esco_kg.model.published import Published
from esco_kg.words import said


@dataclass(frozen=True, slots=True)
class Effect:
    """``decided``: skills with a decision in force; ``moved``: of these, in another finest cluster now.

    ``others``: skills of both releases without a decision, ``moved_others`` of them moved. ``before`` and ``after`` are
    figures on ``others``, hidden in the profiles of all occupations. The clusters were made from these occupations: the
    difference between the releases counts, not the height.
    """

    decided: int
    moved: int
    others: int
    moved_others: int
    before: Recommendation
    after: Recommendation


def review_effect(
    essential: Mapping[str, Sequence[str]],
    skills: Collection[str],
    before: Mapping[str, str],
    after: Mapping[str, str],
    decided: Collection[str],
) -> Effect:
    """Compare the finest primary cluster of each skill ``before`` and ``after``.

    ``essential`` maps each occupation of the later release to its essential skills, sorted; ``skills`` are its skills.
    """
    touched, common = set(decided) & set(skills), before.keys() & after.keys()
    moved = {skill for skill in common if before[skill] != after[skill]}
    others = common - touched
    occupations = {occupation: list(essential[occupation]) for occupation in sorted(essential)}
    task = task_of(sorted(skills), occupations, occupations, hideable=others)
    old, new = (
        recommend(task, by_groups(task, from_shares("", {s: {of.get(s, ""): 1.0} for s in task.skills})))
        for of in (before, after)
    )
    return Effect(len(touched), len(moved & touched), len(others), len(moved & others), old, new)


def reviewed(clustering: Clustering, pillar: Pillar, previous: Published, decided: Collection[str]) -> list[str]:
    """Sentences for the notes; none where no skill of ``decided``, those with a decision in force, is there."""
    if not set(decided) & pillar.skills.keys():
        return []
    before = previous.at_level(clustering.levels[-1].depth)
    after = {a.skill: a.cluster for a in clustering.allocations if a.rank == "primary"}
    essential = essential_skills(pillar, sorted(pillar.occupations))
    found = review_effect(essential, pillar.skills, before, after, decided)
    old, new = found.before, found.after
    told = said(
        "said_reviewers",
        decided=found.decided,
        previous=previous.version,
        moved=found.moved,
        moved_others=found.moved_others,
        others=found.others,
    )
    if not old.occupations:
        return [told]
    figures = {"hit_before": old.hit, "hit": new.hit, "mrr_before": old.mrr, "mrr": new.mrr}
    shown = {name: f"{value:.3f}" for name, value in figures.items()}
    return [
        told,
        said("said_review_effect_given" if clustering.is_given else "said_review_effect", n=old.occupations, **shown),
    ]
