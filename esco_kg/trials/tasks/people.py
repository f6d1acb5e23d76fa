"""What people did in a tree test: did they find the skill, without turning back, in how much time."""

from __future__ import annotations

from collections import defaultdict
from math import inf

from esco_kg.errors import UsageError
from esco_kg.trials.figures import Figure, Metric, mean_figure
from esco_kg.trials.plan import Sample
from esco_kg.trials.tasks.navigation import trees
from esco_kg.trials.tasks.shared import TaskInputs, need

_METRICS = {
    "success": Metric("success", "share of tasks in which the person chose a right skill"),
    "direct": Metric("direct", "share of tasks in which the person chose a right skill and never turned back"),
    "seconds": Metric("seconds", "seconds from the first look at a task to its answer", True, inf),
    "steps": Metric("steps", "groups opened, turning back included, from the top to the answer", True, inf),
}


def people(inputs: TaskInputs, sample: Sample) -> list[Figure]:
    """People looked for skills, each in both hierarchies.

    A person counts with the mean over their tasks in one of them; who had tasks in one hierarchy alone is left out.
    """
    metric = _METRICS.get(sample.outcome)
    if metric is None:
        raise UsageError(f"a tree test has no outcome {sample.outcome!r}", f"Known: {', '.join(_METRICS)}.")
    found = trees(inputs.material, inputs.groupings)
    values: dict[str, list[float]] = {name: [] for name, _, _ in found}
    for of in sample.units().values():
        own: dict[str, list[float]] = defaultdict(list)
        for row in of:
            own[row.hierarchy].append(row.outcome)
        if own.keys() >= values.keys():
            for name, kept in values.items():
                kept.append(sum(own[name]) / len(own[name]))
    need(len(values["clusters"]), "persons with tasks in both hierarchies")
    return [mean_figure(name, metric, values[name], groups) for name, _, groups in found]
