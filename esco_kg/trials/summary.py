"""Many reports side by side, for the publisher. Verdicts come from the figures, whatever a report says of them."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from math import sqrt

from esco_kg.errors import InputError, UsageError
from esco_kg.folder.manifest import sha256_of
from esco_kg.notes.document import Block, Bullets, Heading, Paragraph, Table
from esco_kg.trials.figures import verdict_of
from esco_kg.trials.plan import read_plan, shipped
from esco_kg.trials.report import Record
from esco_kg.trials.written import met_cells, task_names

_ROUNDING = 2e-4  # figures have four places
Key = tuple[str, str, str, str, str]  # release, task, metric, ours, theirs


def summary_document(reports: Sequence[tuple[str, Record]]) -> list[Block]:
    """Reports by name of their file: per use, release, task, metric and comparison a column for each, and all pooled.

    Raises UsageError for the same test twice and for demonstration data beside real ones, InputError for a report that
    contradicts its own figures.
    """
    _refuse_twice(reports)
    _refuse_mixed(reports)
    blocks: list[Block] = [Heading(f"{len(reports)} test reports side by side", 1), _listed(reports)]
    names = [record["plan"]["organisation"] or f"report {n}" for n, (_, record) in enumerate(reports, 1)]
    for use in sorted({record["plan"]["use"] for _, record in reports}):
        own = [(n, name, *report) for n, (name, report) in enumerate(zip(names, reports, strict=True), 1)]
        of_use = [(f"{n}. {name}", name, path, record) for n, name, path, record in own if record["plan"]["use"] == use]
        blocks += [Heading(use), *_aims([(column, record) for column, _, _, record in of_use]), *_side_by_side(of_use)]
    return blocks


def _refuse_twice(reports: Sequence[tuple[str, Record]]) -> None:
    seen: dict[str, str] = {}
    for path, record in reports:
        data = sorted(each["sha256"] for each in record["data"])
        about = json.dumps([record["release"], data, record["tasks"]], sort_keys=True)
        if about in seen:
            raise UsageError(f"{path} and {seen[about]} are reports of the same test", "Give each test once.")
        seen[about] = path


def _refuse_mixed(reports: Sequence[tuple[str, Record]]) -> None:
    invented = {sha256_of(file.path) for path in shipped().values() for file in read_plan(str(path)).data}
    kinds: dict[bool, str] = {}
    for path, record in reports:
        kinds.setdefault(any(each["sha256"] in invented for each in record["data"]), path)
    if len(kinds) > 1:
        problem = f"{kinds[True]} is of the demonstration data, {kinds[False]} of real ones"
        raise UsageError(problem, "Summarise reports on real data by themselves.")


def _listed(reports: Sequence[tuple[str, Record]]) -> Table:
    head = ("report", "title", "use", "release", "ESCO", "language", "data", "rows", "units")
    rows = [
        [
            *(f"{n}. {r['plan']['organisation'] or 'not named'}", r["plan"]["title"], r["plan"]["use"]),
            *(r["release"]["version"], r["release"]["esco_version"], r["release"]["language"]),
            *(", ".join(sorted({d["file"] for d in r["data"]})),),
            *(f"{sum(d['rows'] for d in r['data']):,}", f"{sum(d['units'] for d in r['data']):,}"),
        ]
        for n, (_, r) in enumerate(reports, 1)
    ]
    return Table("The reports", head, rows, 7)


def _aims(reports: Sequence[tuple[str, Record]]) -> Iterator[Block]:
    """What each organisation wanted and expected, in its words, and what of it was met."""
    for key in ("objectives", "expectations"):
        said = [f"{name}: {sentence}" for name, record in reports for sentence in record["plan"][key]]
        if said:
            yield Paragraph(f"{key.capitalize()}:")
            yield Bullets(said)
    met = [
        [name, about, *met_cells(expected)]
        for name, record in reports
        for about, task in zip(task_names(record), record["tasks"], strict=True)
        for expected in task["expected"]
    ]
    if met:
        head = ("report", "task", "metric", "hierarchy", "expected", "reached", "met")
        yield Table("What was expected", head, met, 4)


def _side_by_side(reports: Sequence[tuple[str, str, str, Record]]) -> Iterator[Block]:
    cells: dict[Key, dict[str, Record]] = defaultdict(dict)
    organisation = {column: name for column, name, _, _ in reports}
    for column, _, path, record in reports:
        release = f"{record['release']['version']}, ESCO {record['release']['esco_version']}"
        for about, task in zip(task_names(record), record["tasks"], strict=True):
            for found in task["comparisons"]:
                judged = _judged(path, task, found)
                less = " (less is better)" if judged["less_is_better"] else ""
                metric = f"{found['metric']}{less}"
                cells[release, about, metric, found["ours"], found["theirs"]][column] = judged
    columns = [column for column, _, _, _ in reports]
    for is_baseline in (False, True):
        rows = []
        for key, of in sorted(cells.items()):
            if (key[-1] == "none") == is_baseline:
                counts = Counter(found["verdict"] for found in of.values())
                told = [] if is_baseline else [_verdicts(counts)]
                rows.append([*key, *told, _pooled(of, organisation), *(_cell(of.get(column)) for column in columns)])
        head = ["release", "task", "metric", "ours", "against", "better / worse / unclear / too few"]
        caption = "Ours minus the other hierarchy's, with the 95 % interval"
        if is_baseline:
            head, caption = head[:-1], "Ours minus no hierarchy, a baseline, with the 95 % interval"
        yield Table(caption, (*head, "all organisations", *columns), rows, 5)


def _verdicts(counts: Counter[str]) -> str:
    return " / ".join(str(counts[name]) for name in ("better", "worse", "no clear difference", "too few units"))


def _judged(path: str, task: Record, found: Record) -> Record:
    """The comparison with its verdict made again from the figures that it compares."""
    of = {f["hierarchy"]: f for f in task["figures"] if f["metric"] == found["metric"]}
    try:
        ours, theirs = of[found["ours"]], of[found["theirs"]]
        less_is_better = bool(task["metrics"][found["metric"]]["less_is_better"])
    except KeyError as error:
        raise InputError(path, f"a comparison names {error.args[0]!r}, which has no figure") from None
    difference = ours["value"] - theirs["value"]
    if abs(difference - found["difference"]) > _ROUNDING or found["low"] > found["high"]:
        problem = f"{task['kind']}, {found['metric']}: the figures differ by {difference:+.4f}, the comparison says"
        raise InputError(path, f"{problem} {found['difference']:+.4f}", "Give the report as esco-kg test wrote it.")
    verdict = verdict_of(found["theirs"], found["low"], found["high"], ours["units"], less_is_better=less_is_better)
    return {**found, "verdict": verdict, "less_is_better": less_is_better}


def _pooled(of: dict[str, Record], organisation: dict[str, str]) -> str:
    """The mean over organisations with Student's interval; each counts once, however many reports it sent."""
    from scipy.stats import t

    own: dict[str, list[float]] = defaultdict(list)
    for column, found in of.items():
        own[organisation[column]].append(found["difference"])
    values = [sum(each) / len(each) for each in own.values()]
    number = len(values)
    if number < 2:
        return "one organisation"
    mean = sum(values) / number
    error = sqrt(sum((value - mean) ** 2 for value in values) / (number - 1) / number)
    half = float(t.ppf(0.975, number - 1)) * error
    return f"{mean:+.3f} ({mean - half:+.3f} to {mean + half:+.3f}), {number}"


def _cell(found: Record | None) -> str:
    return f"{found['difference']:+.3f} ({found['low']:+.3f} to {found['high']:+.3f})" if found else ""
