"""Metrics of one's own: outcomes such as clicks and placements, or a Python function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from runpy import run_path
from typing import Any

import numpy as np

from esco_kg.errors import InputError, UsageError
from esco_kg.trials.figures import Figure, Metric, mean_figure
from esco_kg.trials.groupings import Grouping
from esco_kg.trials.plan import Labelled, Sample
from esco_kg.trials.recommend import Recommender
from esco_kg.trials.tasks.shared import TaskInputs, need

IN_ORDER = Metric("pairs in order", "share of pairs of one unit whose text with the better outcome is ranked first")
Function = Callable[[Grouping, Sequence[Labelled]], Sequence[float]]


def outcomes(inputs: TaskInputs, sample: Sample) -> list[Figure]:
    """Does a hierarchy rank texts as their outcomes do? Each row is one text shown for one skill, and its outcome.

    Within a unit each pair of rows with different outcomes is a trial; equal scores count a half. Scores are the cosine
    of the distributions over groups of the skill and of the skills found in the text. A unit counts with its mean.
    """
    units = [[row for row in of if row.skills] for of in sample.units().values()]
    units = [of for of in units if len({row.outcome for row in of}) > 1]
    need(len(units), "units with different outcomes")
    found = {text: inputs.finder.skills(text) for text in {row.text for of in units for row in of}}
    figures = []
    for grouping in inputs.hierarchies:
        recommender = Recommender(inputs.groupings, grouping)
        values = []
        for of in units:
            wanted = recommender.distributions([{row.skills[0]: 1.0} for row in of])
            shown = recommender.distributions([found[row.text] for row in of])
            scores = np.asarray(wanted.multiply(shown).sum(axis=1)).ravel()
            values.append(_in_order(scores.tolist(), [row.outcome for row in of]))
        figures.append(mean_figure(grouping.name, IN_ORDER, values, len(grouping.groups)))
    return figures


def _in_order(scores: Sequence[float], outcomes: Sequence[float]) -> float:
    rounded = [round(score, 12) for score in scores]
    pairs = [
        float(mine > other) + (mine == other) / 2
        for mine, better in zip(rounded, outcomes, strict=True)
        for other, worse in zip(rounded, outcomes, strict=True)
        if better > worse
    ]
    return sum(pairs) / len(pairs)


def own(inputs: TaskInputs, sample: Sample, named: str) -> list[Figure]:
    """A function of the tester's: it gets a grouping and the rows of a unit, and gives the unit's value."""
    function, metric = read_function(named)
    units = list(sample.units().values())
    need(len(units), "units")
    figures = []
    for grouping in inputs.hierarchies:
        values = [_value(named, function, grouping, of) for of in units]
        figures.append(mean_figure(grouping.name, metric, values, len(grouping.groups)))
    return figures


def read_function(named: str) -> tuple[Callable[[Grouping, list[Labelled]], float], Metric]:
    """``FILE.py:NAME``; the function's docstring is the metric's meaning, its attribute ``less_is_better`` the way."""
    path, _, name = named.rpartition(":")
    if not Path(path).is_file():
        raise UsageError(f"there is no file {path or named}", "Write function as metric.py:value.")
    try:
        function: Any = run_path(path).get(name)
    except Exception as error:  # whatever the tester's file raises
        raise InputError(path, f"{type(error).__name__}: {error}") from None
    if not callable(function):
        raise UsageError(f"{path} has no function {name!r}", "Write function as metric.py:value.")
    meaning = " ".join((function.__doc__ or name).split())
    return function, Metric(name, meaning, bool(getattr(function, "less_is_better", False)), np.inf)


def _value(named: str, function: Callable[[Grouping, list[Labelled]], float], grouping: Grouping, of: Any) -> float:
    try:
        value = float(function(grouping, of))
    except Exception as error:  # whatever the tester's function raises
        raise InputError(named, f"{type(error).__name__}: {error}") from None
    if not np.isfinite(value):
        raise InputError(named, f"gave {value} for unit {of[0].unit!r}")
    return value
