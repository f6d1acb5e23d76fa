"""Tasks on sets of skills: complete a profile, match what is offered with what is asked for."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp

from esco_kg.trials.figures import Figure, mean_figure
from esco_kg.trials.groupings import Grouping
from esco_kg.trials.plan import Sample
from esco_kg.trials.recommend import Recommender, given_group
from esco_kg.trials.tasks.ranking import HIT_5, HIT_10, MRR, gain, hidden_rank, own_ranks, rank_figures, rank_of
from esco_kg.trials.tasks.shared import TaskInputs, need


def complete(inputs: TaskInputs, sample: Sample) -> list[Figure]:
    """Each skill of a unit is hidden in turn and all skills are ranked for the others: where is the hidden one?

    Skills are ranked by the sum over groups of P(group | others) P(skill | group); without a hierarchy by the demand of
    occupations. A unit counts with the mean over its skills.
    """
    sets = sample.skill_sets(2)
    need(len(sets), "units with two skills or more")
    figures = []
    for grouping in [*inputs.hierarchies, inputs.soft]:
        name = f"{grouping.name} soft" if grouping is inputs.soft else grouping.name
        given = given_group(grouping, inputs.groupings.demand)
        ranks = [_hidden_ranks(inputs, grouping, given, skills) for skills in sets]
        for metric in (HIT_10, MRR):
            values = [float(np.mean([gain(metric, rank) for rank in of])) for of in ranks]
            figures.append(mean_figure(name, metric, values, len(grouping.groups)))
    return figures


def _hidden_ranks(inputs: TaskInputs, grouping: Grouping, given: Any, skills: list[str]) -> list[float]:
    own = [inputs.groupings.positions[skill] for skill in skills]
    found = []
    for hidden in own:
        others = [skill for skill in own if skill != hidden]
        if grouping.family == "none":
            scores = inputs.groupings.demand.copy()
            scores[others] = -1.0
            found.append(rank_of(scores, hidden))
        else:
            found.append(hidden_rank(grouping.memberships, given, others, hidden))
    return found


def match(inputs: TaskInputs, sample: Sample) -> list[Figure]:
    """Each unit's skills are dealt into two hands; for one hand all other hands are ranked: where is its own other?

    Hands are ranked by the cosine of their distributions over groups; without a hierarchy over skills.
    """
    sets = sample.skill_sets(2)
    need(len(sets), "units with two skills or more")
    first = [dict.fromkeys(skills[::2], 1.0) for skills in sets]
    second = [dict.fromkeys(skills[1::2], 1.0) for skills in sets]
    figures = []
    for grouping in [*inputs.hierarchies, inputs.soft]:
        recommender = Recommender(inputs.groupings, grouping)
        scores = sp.csr_matrix(recommender.distributions(first) @ recommender.distributions(second).T).toarray()
        name = f"{grouping.name} soft" if grouping is inputs.soft else grouping.name
        figures += rank_figures(name, own_ranks(scores), (HIT_5, MRR), len(grouping.groups))
    return figures
