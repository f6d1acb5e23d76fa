"""The report of one test as a document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from esco_kg.notes.document import Block, Bullets, Heading, Paragraph, Plot, Table
from esco_kg.pictures.intervals import intervals
from esco_kg.trials.figures import FEWEST
from esco_kg.trials.report import Record

VERDICTS = ("better", "worse", "no clear difference", "too few units", "baseline")
_UNOFFICIAL = "Figures of one test with one organisation's data, with 95 % intervals. The data are not in this report."


def report_document(record: Record) -> list[Block]:
    """The report of one test."""
    plan, release = record["plan"], record["release"]
    blocks: list[Block] = [Heading(plan["title"], 1)]
    by = f" by {plan['organisation']}" if plan["organisation"] else ""
    blocks.append(
        Paragraph(
            f"Test of use “{plan['use']}”{by}: release {release['version']} of {release['base_iri']}, ESCO"
            f" {release['esco_version']}, language {release['language']}, {record['software']}. {_UNOFFICIAL}"
        )
    )
    for heading, key in (("Use case", "use_case"), ("Approach", "approach")):
        if plan[key]:
            blocks += [Heading(heading), Paragraph(plan[key])]
    for heading, key in (("Objectives", "objectives"), ("Expectations", "expectations")):
        if plan[key]:
            blocks += [Heading(heading), Bullets(plan[key])]
    blocks += [
        Heading("Where clusters help, and where not"),
        *_where(record),
        Heading("Data"),
        _data(record),
        *_agreement(record),
    ]
    for number, task in enumerate(record["tasks"], 1):
        blocks += _task(task, number)
    return blocks


def _where(record: Record) -> Iterator[Block]:
    found: dict[str, list[str]] = {verdict: [] for verdict in VERDICTS}
    names = task_names(record)
    for name, task in zip(names, record["tasks"], strict=True):
        for c in task["comparisons"]:
            figure = f"{c['difference']:+.3f} ({c['low']:+.3f} to {c['high']:+.3f})"
            less = " (less is better)" if task["metrics"][c["metric"]]["less_is_better"] else ""
            found[c["verdict"]].append(f"{name}, {c['metric']}{less}: {c['ours']} against {c['theirs']}: {figure}")
    compared = sum(len(of) for verdict, of in found.items() if verdict != "baseline")
    for verdict, of in found.items():
        if verdict == "baseline":
            yield Paragraph("Beside no hierarchy at all, which is a baseline and no rival:")
        else:
            yield Paragraph(f"{verdict.capitalize()}: {len(of)} of {compared} comparisons with other hierarchies.")
        if of:
            yield Bullets(of)
    met = [[name, *met_cells(e)] for name, task in zip(names, record["tasks"], strict=True) for e in task["expected"]]
    if met:
        yield Table("What was expected", ("task", "metric", "hierarchy", "expected", "reached", "met"), met, 3)


def task_names(record: Record) -> list[str]:
    """Each task by its kind, and by its data and number too where the report has several of the kind."""
    kinds = Counter(task["kind"] for task in record["tasks"])
    seen: Counter[str] = Counter()
    names = []
    for task in record["tasks"]:
        name = task["kind"] if kinds[task["kind"]] == 1 else f"{task['kind']} ({task['data']})"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return names


def met_cells(expected: dict[str, Any]) -> list[str]:
    bound = f"at least {expected['at_least']:g}" if "at_least" in expected else f"at most {expected['at_most']:g}"
    reached = f"{expected['value']:.3f}"
    return [expected["metric"], expected["hierarchy"], bound, reached, "yes" if expected["met"] else "no"]


def _data(record: Record) -> Table:
    head = ("file", "what it is", "rows", "units", "rows with a skill", "different skills", "SHA-256")
    rows = [
        [
            *(d["file"], d["description"], f"{d['rows']:,}", f"{d['units']:,}"),
            *(f"{d['rows_with_a_skill']:,}", f"{d['different_skills']:,}", d["sha256"][:16]),
        ]
        for d in record["data"]
    ]
    return Table("The data, described", head, rows, 2)


def _agreement(record: Record) -> Iterator[Block]:
    for data in record["data"]:
        found = data.get("agreement")
        if found:
            known = found["alpha"] is not None
            alpha = f"{found['alpha']:.3f} ({found['alpha_low']:.3f} to {found['alpha_high']:.3f})" if known else "none"
            yield Paragraph(
                f"{data['name']}: {found['annotators']} annotators; {found['texts_of_several']:,} texts have two or"
                f" more. Krippendorff's alpha on the skills given: {alpha}. What most say counts;"
                f" {found['disputed']:,} texts on which no more than half agree are left out."
            )


def _task(task: Record, number: int) -> Iterator[Block]:
    yield Heading(f"Task {number}: {task['kind']}")
    if task["question"]:
        yield Paragraph(task["question"])
    yield Paragraph(task["method"])
    for position, (metric, of) in enumerate(task["metrics"].items(), 1):
        figures = [f for f in task["figures"] if f["metric"] == metric]
        less = " Less is better." if of["less_is_better"] else ""
        if figures and figures[0]["units"] < FEWEST:
            yield Paragraph(
                f"{figures[0]['units']} units are too few to tell hierarchies apart; give {FEWEST} or more."
            )
        rows = [[f["hierarchy"], f"{f['groups']:,}", f"{f['value']:.3f}", _span(f), f"{f['units']:,}"] for f in figures]
        head = ("hierarchy", "groups", metric, "95 %", "units")
        yield Table(f"{metric}: {of['meaning']}.{less}", head, rows)
        # One list of all skills has thousands of options: beside it nothing else could be seen.
        drawn = [f for f in figures if metric != "options" or f["hierarchy"] != "none"]
        points = [(f["hierarchy"], f["value"], f["low"], f["high"]) for f in drawn]
        yield Plot(
            intervals(points, name=f"plot-{number}-{position}", title=f"{task['kind']}: {metric}"), of["meaning"]
        )


def _span(figure: Record) -> str:
    return f"{figure['low']:.3f} to {figure['high']:.3f}"
