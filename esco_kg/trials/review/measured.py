"""Error rate of the allocations and agreement of the reviewers, from what came back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from esco_kg.folder.material import Material
from esco_kg.trials.intervals import Interval, stratified_share
from esco_kg.trials.review.agreement import (
    Measured,
    cohen_kappa,
    fleiss_kappa,
    krippendorff_alpha,
    with_interval,
)
from esco_kg.trials.review.cases import RANDOM, strata
from esco_kg.trials.review.intake import Judgement, overlap


@dataclass(frozen=True, slots=True)
class ErrorRate:
    """Share of all skills that reviewers would put elsewhere, estimated from the random stratum alone.

    ``skills`` were judged, ``undecided`` were unsure or would split the cluster and are left out; ``covered`` is the
    share of the release's skills in strata with a judgement. A skill judged by two counts with the mean of both.
    """

    interval: Interval
    skills: int
    undecided: int
    covered: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """Coefficients on the chosen cluster over skills judged blind by two or more; ``cohen`` by pair of reviewers.

    ``fleiss`` is None where numbers of reviewers differ between skills.
    """

    alpha: Measured
    fleiss: Measured | None
    cohen: dict[tuple[str, str], Measured]


def error_rate(material: Material, judgements: Sequence[Judgement]) -> ErrorRate | None:
    """None where nothing of the random stratum was decided."""
    outcomes: dict[str, list[float]] = defaultdict(list)
    undecided = set()
    for judgement in judgements:
        if judgement.stratum != RANDOM:
            continue
        if judgement.choice:
            present = material.primary[judgement.skill].cluster
            outcomes[judgement.skill].append(float(judgement.choice != present))
        else:
            undecided.add(judgement.skill)
    if not outcomes:
        return None
    groups = strata(material)
    samples = {
        group: [sum(outcomes[s]) / len(outcomes[s]) for s in skills if s in outcomes]
        for group, skills in groups.items()
    }
    sizes = {group: len(skills) for group, skills in groups.items()}
    covered = sum(sizes[group] for group, values in samples.items() if values) / sum(sizes.values())
    return ErrorRate(stratified_share(samples, sizes), len(outcomes), len(undecided - set(outcomes)), covered)


def agreement(judgements: Sequence[Judgement]) -> Agreement | None:
    """None where no skill was judged blind by two."""
    items = overlap(judgements)
    if not items:
        return None
    chosen = [[cluster for _, cluster in item] for item in items]
    is_even = len({len(item) for item in chosen}) == 1
    pairs = sorted({pair for item in items for pair in combinations([reviewer for reviewer, _ in item], 2)})
    return Agreement(
        alpha=with_interval(krippendorff_alpha, chosen),
        fleiss=with_interval(fleiss_kappa, chosen) if is_even else None,
        cohen={pair: with_interval(cohen_kappa, _pair(items, pair)) for pair in pairs},
    )


def _pair(items: Sequence[Sequence[tuple[str, str]]], pair: tuple[str, str]) -> list[list[str]]:
    found = []
    for item in items:
        of = dict(item)
        if pair[0] in of and pair[1] in of:
            found.append([of[pair[0]], of[pair[1]]])
    return found
