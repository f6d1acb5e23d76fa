"""Tasks on texts: terms -> skills -> groups, and texts ranked for the skills somebody has."""

from __future__ import annotations

import numpy as np

from esco_kg.trials.figures import Figure, Metric, mean_figure
from esco_kg.trials.plan import Sample
from esco_kg.trials.recommend import Recommender, skills_of_text
from esco_kg.trials.tasks.ranking import HIT_5, MRR, own_ranks, rank_figures
from esco_kg.trials.tasks.shared import Bench, need

_RIGHT = "share of labelled texts whose best skill lies in a group of the labelled skill"
ACCURACY = Metric("accuracy", f"{_RIGHT}, each skill in one group: its primary cluster, its first official group")
ACCURACY_SEVERAL = Metric(
    "accuracy, several groups", f"{_RIGHT}, each skill in several groups, as many clusters as official groups"
)
NONE_FITS = Metric("none fits", "share of texts rightly told to name an ESCO skill or none (mean over both kinds)")


def assign(bench: Bench, sample: Sample) -> list[Figure]:
    """Each text's best skill against the labelled one; for no hierarchy the skill itself has to be right.

    Clusters and official groups are held to the same rule, both in one group a skill and in several. ``none fits``
    needs texts of both kinds.
    """
    labelled = [row for row in sample.rows if row.skills]
    need(len(labelled), "texts with a skill")
    positions, skills = bench.groupings.positions, bench.model.iris
    found = bench.model.similar([row.text for row in labelled], 1).skills[:, 0]
    figures = []
    for metric, hierarchies in ((ACCURACY, bench.one_each), (ACCURACY_SEVERAL, bench.equally_many)):
        for grouping in hierarchies:
            membership = grouping.memberships
            right = []
            for row, best in zip(labelled, found, strict=True):
                gold = membership[[positions[skill] for skill in row.skills]].sum(axis=0)
                guess = membership[[positions[skills[int(best)]]]].toarray().ravel() if best >= 0 else 0.0
                right.append(float((np.asarray(gold).ravel() * guess).sum() > 0))
            figures.append(mean_figure(grouping.name, metric, right, len(grouping.groups)))
    return [*figures, *_none_fits(bench, sample)]


def _none_fits(bench: Bench, sample: Sample) -> list[Figure]:
    counts = [sum(1 for row in sample.rows if bool(row.skills) == kind) for kind in (True, False)]
    if not all(counts):
        return []
    answers = bench.assigner.assign([row.text for row in sample.rows])
    weight = {True: len(sample.rows) / (2 * counts[0]), False: len(sample.rows) / (2 * counts[1])}
    values = [
        weight[bool(row.skills)] * float(answer.fits == bool(row.skills))
        for row, answer in zip(sample.rows, answers, strict=True)
    ]
    return [mean_figure("none", NONE_FITS, values, len(bench.groupings.skills))]


def rank(bench: Bench, sample: Sample) -> list[Figure]:
    """For the labelled skills of each unit, all units' texts are ranked by the skills found in them: where is its own?

    The texts alone are known of the ranked units. No hierarchy: texts are compared skill by skill.
    """
    units = [of for of in sample.units().values() if any(row.skills for row in of)]
    need(len(units), "units with a skill")
    of_text = skills_of_text(bench.assigner)
    items = [of_text("\n".join(dict.fromkeys(row.text for row in of))) for of in units]
    profiles = [{row.skills[0]: 1.0 for row in of if row.skills} for of in units]
    figures = []
    for grouping in [*bench.hierarchies, bench.soft]:
        recommender = Recommender(bench.groupings, grouping)
        scores = (recommender.distributions(profiles) @ recommender.distributions(items).T).toarray()
        name = f"{grouping.name} soft" if grouping is bench.soft else grouping.name
        figures += rank_figures(name, own_ranks(scores), (HIT_5, MRR), len(grouping.groups))
    return figures
