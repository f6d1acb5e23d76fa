"""Run a plan, and what its report says: a record ready for JSON, the only thing the other forms are made from.

The data are described (names, hash, counts) and never included.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from esco_kg.errors import MissingError, UsageError, unreadable
from esco_kg.trials.figures import Comparison, Figure, compare
from esco_kg.trials.plan import Expected, Plan, Sample, Task
from esco_kg.trials.sample import read_sample
from esco_kg.trials.tasks import KINDS
from esco_kg.trials.tasks.shared import TaskInputs

FORMAT = "esco-kg test report 1"
Record = dict[str, Any]
_PLACES = 4


def run_plan(plan: Plan, inputs: TaskInputs, listener: Callable[[str], None] = lambda name: None) -> Record:
    """Run every task of the plan. Raises UsageError for an unknown kind of task or data too small for one."""
    for task in plan.tasks:
        if task.kind not in KINDS:
            raise UsageError(f"there is no task {task.kind!r}", f"Known: {', '.join(sorted(KINDS))}.")
    material, inputs = inputs.material, inputs.with_rivals(plan.rivals)
    samples = {file.name: read_sample(material, file) for file in plan.data}
    tasks = []
    for task in plan.tasks:
        listener(task.kind)
        tasks.append(_task(task, _measured(task, inputs, samples[task.data])))
    return {
        "format": FORMAT,
        "plan": {
            "use": plan.use,
            "title": plan.title,
            "organisation": plan.organisation,
            "use_case": plan.use_case,
            "objectives": list(plan.objectives),
            "expectations": list(plan.expectations),
            "approach": plan.approach,
        },
        "release": {
            "version": material.version,
            "base_iri": material.base_iri,
            "esco_version": material.esco_version,
            "language": material.language,
            "skills": len(material.skills),
        },
        "software": f"esco-kg {metadata.version('esco-kg')}",
        "data": [samples[file.name].description for file in plan.data],
        "tasks": tasks,
    }


def _measured(task: Task, inputs: TaskInputs, sample: Sample) -> list[Figure]:
    return KINDS[task.kind](inputs, sample, *([task.function] if task.function else []))


def _task(task: Task, figures: Sequence[Figure]) -> Record:
    metrics = {figure.metric.name: figure.metric for figure in figures}
    return {
        "kind": task.kind,
        "data": task.data,
        "question": task.question,
        "method": " ".join((KINDS[task.kind].__doc__ or "").replace("``", "").split()),
        "metrics": {
            name: {"meaning": metric.meaning, "less_is_better": metric.less_is_better}
            for name, metric in metrics.items()
        },
        "figures": [_figure(figure) for figure in figures],
        "comparisons": [_comparison(found) for found in compare(figures)],
        "expected": [_met(expected, figures) for expected in task.expected],
    }


def _figure(figure: Figure) -> Record:
    low, high = figure.limits
    return {
        "hierarchy": figure.hierarchy,
        "groups": figure.groups,
        "metric": figure.metric.name,
        "value": round(figure.value, _PLACES),
        "low": round(low, _PLACES),
        "high": round(high, _PLACES),
        "units": figure.units,
    }


def _comparison(found: Comparison) -> Record:
    return {
        "ours": found.ours,
        "theirs": found.theirs,
        "metric": found.metric.name,
        "difference": round(found.difference, _PLACES),
        "low": round(found.low, _PLACES),
        "high": round(found.high, _PLACES),
        "units": found.units,
        "verdict": found.verdict,
    }


def _met(expected: Expected, figures: Sequence[Figure]) -> Record:
    value = next(
        (f.value for f in figures if (f.hierarchy, f.metric.name) == (expected.hierarchy, expected.metric)), None
    )
    if value is None:
        known = sorted({f"{f.hierarchy} / {f.metric.name}" for f in figures})
        raise UsageError(
            f"the plan expects {expected.metric} of {expected.hierarchy}, which is not measured",
            f"It measures {', '.join(known)}.",
        )
    return {
        "hierarchy": expected.hierarchy,
        "metric": expected.metric,
        "at_least" if expected.is_floor else "at_most": expected.bound,
        "value": round(value, _PLACES),
        "met": value >= expected.bound if expected.is_floor else value <= expected.bound,
    }


def as_json(record: Record) -> str:
    """The record as it is sent in."""
    return json.dumps(record, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def read_report(path: Path) -> Record:
    """A report somebody sent in. Raises InputError where the file is none."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        if record["format"] != FORMAT:
            raise ValueError(f"its format is {record['format']!r}")
        for key in ("plan", "release", "data", "tasks"):
            record[key]
    except FileNotFoundError:
        raise MissingError(str(path)) from None
    except Exception as error:  # whatever JSON, and what is read from it, throws: deep nesting is a RecursionError
        raise unreadable(str(path), "a test report", error, "Give the .json that esco-kg test wrote.") from None
    return dict(record)
