"""Tasks on texts: terms -> skills -> groups, and texts ranked for the skills somebody has."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from esco_kg.trials.figures import Figure, Metric, mean_figure
from esco_kg.trials.groupings import Grouping
from esco_kg.trials.plan import Sample
from esco_kg.trials.recommend import Recommender
from esco_kg.trials.tasks.ranking import HIT_5, MRR, own_ranks, rank_figures
from esco_kg.trials.tasks.shared import TaskInputs, need

_RIGHT = "share of labelled texts whose best skill lies in a group of the labelled skill"
ACCURACY = Metric("accuracy", f"{_RIGHT}, each skill in one group: its primary cluster, its first official group")
ACCURACY_SEVERAL = Metric(
    "accuracy, several groups", f"{_RIGHT}, each skill in several groups, as many clusters as official groups"
)
PRECISION = Metric("precision", "share of the skills found that lie in a group of a skill labelled in the same text")
RECALL = Metric("recall", "share of the labelled skills that a skill found in the same text shares a group with")
NONE_FITS = Metric(
    "none fits", "share of texts rightly sorted into those with and without an ESCO skill (mean of both)"
)


def assign(inputs: TaskInputs, sample: Sample) -> list[Figure]:
    """Each text's best skill against the labelled one; for no hierarchy the skill itself has to be right.

    Clusters and official groups are held to the same rule, both in one group a skill and in several. ``none fits``
    needs texts of both kinds.
    """
    labelled = [row for row in sample.rows if row.skills]
    need(len(labelled), "texts with a skill")
    positions = inputs.groupings.positions
    found = inputs.assigner.best([row.text for row in labelled])
    figures = []
    for metric, hierarchies in ((ACCURACY, inputs.one_each), (ACCURACY_SEVERAL, inputs.equally_many)):
        for grouping in hierarchies:
            membership = grouping.memberships
            right = []
            for row, best in zip(labelled, found, strict=True):
                gold = membership[[positions[skill] for skill in row.skills]].sum(axis=0)
                guess = membership[[positions[best]]].toarray().ravel() if best in positions else 0.0
                right.append(float((np.asarray(gold).ravel() * guess).sum() > 0))
            figures.append(mean_figure(grouping.name, metric, right, len(grouping.groups)))
    return [*figures, *_none_fits(inputs, sample)]


def _none_fits(inputs: TaskInputs, sample: Sample) -> list[Figure]:
    counts = [sum(1 for row in sample.rows if bool(row.skills) == kind) for kind in (True, False)]
    if not all(counts):
        return []
    answers = inputs.assigner.assign([row.text for row in sample.rows])
    weight = {True: len(sample.rows) / (2 * counts[0]), False: len(sample.rows) / (2 * counts[1])}
    values = [
        weight[bool(row.skills)] * float(answer.fits == bool(row.skills))
        for row, answer in zip(sample.rows, answers, strict=True)
    ]
    return [mean_figure("none", NONE_FITS, values, len(inputs.groupings.skills))]


def find(inputs: TaskInputs, sample: Sample) -> list[Figure]:
    """Skills found in sentences or whole texts against those labelled; rows of one text belong together.

    A skill found is right where it lies in a group of a labelled one, a labelled one is found where a skill of one of
    its groups is. For no hierarchy it has to be the skill itself. Denied skills count as not found.
    """
    labelled: dict[str, set[str]] = {}
    for row in sample.rows:
        labelled.setdefault(row.text, set()).update(row.skills[:1])
    need(sum(bool(skills) for skills in labelled.values()), "texts with a skill")
    found = {text: set(inputs.finder.skills(text)) for text in labelled}
    figures = []
    for grouping in inputs.hierarchies:
        right: list[float] = []
        recalled: list[float] = []
        for text, skills in labelled.items():
            near = _share_a_group(inputs, grouping, sorted(found[text]), sorted(skills))
            right += near.any(axis=1).astype(float).tolist()
            recalled += near.any(axis=0).astype(float).tolist()
        for metric, values in ((PRECISION, right), (RECALL, recalled)):
            figures.append(mean_figure(grouping.name, metric, values or [0.0], len(grouping.groups)))
    return figures


def _share_a_group(inputs: TaskInputs, grouping: Grouping, found: list[str], labelled: list[str]) -> NDArray[np.bool_]:
    if not found or not labelled:
        return np.zeros((len(found), len(labelled)), dtype=bool)
    rows = [grouping.rows(inputs.groupings.positions, skills) for skills in (found, labelled)]
    return np.asarray((rows[0] @ rows[1].T).toarray() > 0)


def rank(inputs: TaskInputs, sample: Sample) -> list[Figure]:
    """For the labelled skills of each unit, all units' texts are ranked by the skills found in them: where is its own?

    The texts alone are known of the ranked units. No hierarchy: texts are compared skill by skill.
    """
    units = [of for of in sample.units().values() if any(row.skills for row in of)]
    need(len(units), "units with a skill")
    items = [inputs.finder.skills("\n".join(dict.fromkeys(row.text for row in of))) for of in units]
    profiles = [{row.skills[0]: 1.0 for row in of if row.skills} for of in units]
    figures = []
    for grouping in [*inputs.hierarchies, inputs.soft]:
        recommender = Recommender(inputs.groupings, grouping)
        scores = (recommender.distributions(profiles) @ recommender.distributions(items).T).toarray()
        name = f"{grouping.name} soft" if grouping is inputs.soft else grouping.name
        figures += rank_figures(name, own_ranks(scores), (HIT_5, MRR), len(grouping.groups))
    return figures
