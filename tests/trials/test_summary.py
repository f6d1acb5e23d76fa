"""Reports side by side: verdicts from figures, organisations pooled, and what cannot stand in one summary refused."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from esco_kg.cli import main
from esco_kg.errors import InputError, UsageError
from esco_kg.notes.document import to_markdown
from esco_kg.trials.report import FORMAT, Record
from esco_kg.trials.summary import summary_document


def run(*arguments: object, status: int = 0) -> Result:
    result = CliRunner().invoke(main, [str(a) for a in arguments], catch_exceptions=False)
    assert result.exit_code == status, result.output
    return result


def report(organisation: str, ours: float, theirs: float = 0.5, *, data: str = "", release: str = "1.0.0") -> Record:
    """A report of one task with one comparison and a baseline, as ``esco-kg test`` writes it."""
    metrics = {"mrr": {"meaning": "m", "less_is_better": False}}
    values = {"clusters 1": ours, "official 1": theirs, "none": 0.1}
    figures = [
        {"hierarchy": h, "groups": 5, "metric": "mrr", "value": v, "low": v, "high": v, "units": 40}
        for h, v in values.items()
    ]
    comparisons = [
        {
            "ours": "clusters 1", "theirs": name, "metric": "mrr", "difference": round(ours - values[name], 4),
            "low": round(ours - values[name] - 0.05, 4), "high": round(ours - values[name] + 0.05, 4), "units": 40,
            "verdict": "better",
        }
        for name in ("official 1", "none")
    ]  # fmt: skip
    task = {
        "kind": "match", "data": "cvs", "question": "", "method": "", "metrics": metrics, "figures": figures,
        "comparisons": comparisons,
        "expected": [{"hierarchy": "clusters 1", "metric": "mrr", "at_least": 0.6, "value": ours, "met": ours >= 0.6}],
    }  # fmt: skip
    plan = {"use": "matching", "title": "T", "organisation": organisation, "objectives": ["Find more."]}
    plan |= {"use_case": "", "expectations": ["Twice as many."], "approach": ""}
    described = {"name": "cvs", "file": "cvs.csv", "sha256": data or f"{organisation}{ours}", "rows": 90, "units": 40}
    about = {"version": release, "base_iri": "https://example.org/", "esco_version": "1.1.1", "language": "en"}
    return {"format": FORMAT, "plan": plan, "release": about, "data": [described], "tasks": [task]}


def summary(*records: Record) -> str:
    return to_markdown(summary_document([(f"{n}.json", record) for n, record in enumerate(records, 1)]))


def test_verdicts_are_made_anew_from_the_figures() -> None:
    """A report that calls each difference better was believed."""
    text = summary(report("a", 0.6), report("b", 0.4), report("c", 0.52))
    assert "| mrr | clusters 1 | official 1 | 1 / 1 / 1 / 0 |" in text
    altered = report("d", 0.6)
    altered["tasks"][0]["comparisons"][0]["difference"] = 0.3
    with pytest.raises(
        InputError, match=r"1.json: match, mrr: the figures differ by \+0.1000, the comparison says \+0.3"
    ):
        summary(altered)


def test_each_organisation_is_one_unit_of_the_pool() -> None:
    """Differences .1 and .1 of one, and .3 of another: the mean is .2, and its interval is that of two values."""
    text = summary(report("a", 0.6, data="x"), report("a", 0.6, data="y"), report("b", 0.8))
    assert "+0.200 (-1.071 to +1.471), 2" in text
    assert "one organisation" in summary(report("a", 0.6, data="x"), report("a", 0.6, data="y"))


def test_no_hierarchy_is_a_baseline_and_not_counted() -> None:
    text = summary(report("a", 0.6))
    row = next(line for line in text.splitlines() if "| none |" in line)
    assert "/" not in row and "a baseline" in text


def test_releases_are_not_mixed_in_one_row() -> None:
    text = summary(report("a", 0.6), report("b", 0.4, release="1.1.0"))
    assert sum("| mrr | clusters 1 | official 1 |" in line for line in text.splitlines()) == 2


def test_aims_and_what_was_met_are_kept() -> None:
    text = summary(report("a", 0.7), report("b", 0.5))
    assert "- 1. a: Find more." in text and "- 2. b: Twice as many." in text
    assert "| 1. a | match | mrr | clusters 1 | at least 0.6 | 0.700 | yes |" in text
    assert "| 2. b | match | mrr | clusters 1 | at least 0.6 | 0.500 | no |" in text


def test_less_is_better_is_said() -> None:
    record = report("a", 0.6)
    record["tasks"][0]["metrics"]["mrr"]["less_is_better"] = True
    assert "| mrr (less is better) | clusters 1 | official 1 | 0 / 1 / 0 / 0 |" in summary(record)


def test_the_same_test_twice_is_refused() -> None:
    again = copy.deepcopy(report("a", 0.6))
    again["plan"]["title"] = "Another title"
    with pytest.raises(UsageError, match=r"2\.json and 1\.json are reports of the same test"):
        summary(report("a", 0.6), again)


def test_demonstration_data_are_not_summarised_with_real_ones(demonstration: Path, tmp_path: Path) -> None:
    run("test", "navigation", demonstration, "--out", tmp_path, "--quiet")
    real = tmp_path / "real.json"
    real.write_text(json.dumps(report("a", 0.6)), encoding="utf-8")
    told = run("test", "--summarise", tmp_path / "navigation.json", real, "--out", tmp_path, status=2).stderr
    assert "navigation.json is of the demonstration data" in told and "real.json of real ones" in told
    run("test", "--summarise", real, "--out", tmp_path)
    assert (tmp_path / "summary.md").read_text(encoding="utf-8").startswith("# 1 test reports side by side")


def test_what_is_no_report_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "other.json"
    broken.write_text('{"format": "something else"}')
    assert "cannot be read as a test report" in run("test", "--summarise", broken, status=3).stderr
