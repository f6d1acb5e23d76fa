"""The figures of a study as tables: wide ones for people, one line per figure for programs."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from esco_kg.evaluation.metrics import label_of, metric
from esco_kg.evaluation.report import Evaluation
from esco_kg.evaluation.study import Figure, Study
from esco_kg.evaluation.verdicts import digits, verdicts

FORMAT = "esco-kg evaluation 1"
_PLACES = 6
_TABLES: dict[str, tuple[str, ...]] = {
    "Held-out occupations": (
        *("u-sec", "purity", "hit-10", "hit-10-soft", "mrr", "mrr-soft", "ndcg-10", "ndcg-10-soft"),
        *("match-10", "match-10-soft"),
    ),
    "Finding one's way": (
        "options",
        "options-p90",
        "first-choice",
        "first-choice-soft",
        "hidden",
        "terms",
        "terms-soft",
    ),
    "Stability": (
        *("ecs-unframed", "ari-unframed", "ecs-scratch", "ari-scratch"),
        *("ecs-versioned", "ari-versioned", "ecs-anchored", "ari-anchored"),
        *("ecs-previous", "ecs-previous-scratch", "ecs-drift", "ecs-remade"),
    ),
    "Sizes and tables": (
        "groups-per-skill",
        "gini",
        "smallest",
        "largest",
        "largest-share",
        "small-share",
        "empty-cells",
        "coverage",
    ),
    "Likeness to the official levels": ("ami-official-1", "ami-official-2", "ami-official-3"),
}


@dataclass(frozen=True, slots=True)
class Wide:
    """One row per partition and level; ``metrics`` are the names behind the columns from the fourth on."""

    title: str
    head: tuple[str, ...]
    metrics: tuple[str, ...]
    rows: list[tuple[str, ...]]


def wide_tables(study: Study) -> list[Wide]:
    """Tables with a column for all that was measured, and no other."""
    return [table for title, names in _TABLES.items() for table in _wide(study, title, names)]


def _wide(study: Study, title: str, names: Sequence[str]) -> Iterator[Wide]:
    measured = list(dict.fromkeys(figure.metric for figure in study.figures))
    columns = [full for name in names for full in measured if full == name or full.startswith(f"{name} ")]
    found: dict[tuple[str, int], dict[str, list[Figure]]] = {}
    for figure in study.figures:
        if figure.metric in columns:
            found.setdefault((figure.partition, figure.level), {}).setdefault(figure.metric, []).append(figure)
    if not found:
        return
    rows = []
    for (partition, level), of in found.items():
        groups = study.find(partition, level, "groups")
        # Of a chain of releases the newest step stands in the table; the whole chain is among the single figures.
        cells = [in_short(of[name][-1]) if name in of else "" for name in columns]
        rows.append((partition, str(level) if level else "", digits(groups.value) if groups else "", *cells))
    head = ("partition", "level", "groups", *(label_of(name) for name in columns))
    yield Wide(title, head, tuple(columns), rows)


def in_short(figure: Figure) -> str:
    """``0.412 ±0.014``: half the width of the 95 % interval; without it where there is none."""
    if math.isnan(figure.low) or figure.low == figure.high:
        return digits(figure.value)
    return f"{digits(figure.value)} ±{digits(max(figure.value - figure.low, figure.high - figure.value))}"


def as_csv(study: Study) -> str:
    """One line per figure. An absent limit is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("partition", "level", "metric", "value", "low", "high", "count", "basis", "note"))
    for f in study.figures:
        numbers = ("" if math.isnan(n) else f"{n:.{_PLACES}f}" for n in (f.value, f.low, f.high))
        writer.writerow((f.partition, f.level or "", f.metric, *numbers, f.count, f.basis, f.note))
    return out.getvalue()


def as_json(evaluation: Evaluation) -> str:
    """Everything: what was measured on, figures, verdicts, meanings."""
    study, request, published = evaluation.study, evaluation.request, evaluation.release.published
    record = {
        "format": FORMAT,
        "software": evaluation.software,
        "esco_version": published.esco_version,
        "release": published.version,
        "base_iri": published.base_iri,
        "splits": request.splits,
        "seed": request.seed,
        "models": list(evaluation.models),
        "sources": [{"name": name, "sha256": sha256} for name, sha256 in evaluation.sources],
        "metrics": {name: _described(name) for name in sorted({f.metric for f in study.figures})},
        "figures": [_figure(figure) for figure in study.figures],
        "verdicts": [
            {
                "partition": v.partition,
                "use": v.use,
                "verdict": v.verdict,
                "comparisons": [
                    {"verdict": c.verdict, "ours": _figure(c.ours), "theirs": _figure(c.theirs)} for c in v.comparisons
                ],
            }
            for v in verdicts(study)
        ],
        "statements": study.statements,
    }
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"


def _described(name: str) -> dict[str, Any]:
    of = metric(name)
    return {"label": label_of(name), "meaning": of.meaning, "source": of.source, "less_is_better": of.less_is_better}


def _figure(figure: Figure) -> dict[str, Any]:
    def number(value: float) -> float | None:
        return None if math.isnan(value) else round(value, _PLACES)

    return {
        "partition": figure.partition,
        "level": figure.level or None,
        "metric": figure.metric,
        "value": number(figure.value),
        "low": number(figure.low),
        "high": number(figure.high),
        "count": figure.count,
        "basis": figure.basis,
        "note": figure.note,
    }
