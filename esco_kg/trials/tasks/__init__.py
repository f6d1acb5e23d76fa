"""Measured tasks by kind: each runs on the clusters, the official hierarchy and no hierarchy, with the same data."""

from __future__ import annotations

from collections.abc import Callable

from esco_kg.trials.figures import Figure
from esco_kg.trials.plan import Sample
from esco_kg.trials.tasks.navigation import navigate
from esco_kg.trials.tasks.own import outcomes
from esco_kg.trials.tasks.profiles import complete, match
from esco_kg.trials.tasks.reporting import report
from esco_kg.trials.tasks.shared import TaskInputs
from esco_kg.trials.tasks.texts import assign, find, rank

TaskRunner = Callable[[TaskInputs, Sample], list[Figure]]

KINDS: dict[str, TaskRunner] = {
    "assign": assign,
    "complete": complete,
    "find": find,
    "match": match,
    "navigate": navigate,
    "outcomes": outcomes,
    "rank": rank,
    "report": report,
}
"""Kind of a task -> what runs it. Raises UsageError where the data hold too little for the task."""
