"""Measured tasks by kind: each runs on the clusters, the official hierarchy and no hierarchy, with the same data."""

from __future__ import annotations

from collections.abc import Callable

from esco_kg.trials.figures import Figure
from esco_kg.trials.tasks.navigation import navigate
from esco_kg.trials.tasks.own import outcomes, own
from esco_kg.trials.tasks.people import people
from esco_kg.trials.tasks.profiles import complete, match
from esco_kg.trials.tasks.reporting import report
from esco_kg.trials.tasks.texts import assign, find, rank

KINDS: dict[str, Callable[..., list[Figure]]] = {
    "assign": assign,
    "complete": complete,
    "find": find,
    "match": match,
    "navigate": navigate,
    "outcomes": outcomes,
    "own": own,
    "people": people,
    "rank": rank,
    "report": report,
}
"""Kind of a task -> what runs it, with the inputs, the sample and, of `own`, the function.

Each raises UsageError where the data hold too little for the task."""
