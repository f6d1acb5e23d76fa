"""Test plans: what an organisation wants the clusters for, measured and reported."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from esco_kg.library.files import AnyPath
    from esco_kg.library.release import Release
    from esco_kg.notes.document import Block
    from esco_kg.trials.plan import Plan


@dataclass(frozen=True, slots=True)
class Report:
    """A report in its forms; ``record`` is the report as JSON, the only thing that is sent in, or ''."""

    markdown: str
    html: str
    record: str = ""

    def files(self, stem: str) -> dict[str, str]:
        """File name -> text."""
        texts = {f"{stem}.html": self.html, f"{stem}.json": self.record, f"{stem}.md": self.markdown}
        return {name: text for name, text in texts.items() if text}


def plans() -> dict[str, Plan]:
    """The plans that come with the product, by name."""
    from esco_kg.trials.plan import read_plan, shipped

    return {name: read_plan(str(path)) for name, path in shipped().items()}


def test(
    release: Release,
    plans: Sequence[AnyPath],
    *,
    data: Mapping[str, AnyPath] | None = None,
    model: str = "ngrams",
    language: str | None = None,
    listener: Callable[[str], None] = lambda name: None,
) -> dict[str, Report]:
    """What ``esco-kg test`` writes, with the same options: a report for each plan, a file or a name of :func:`plans`.

    ``data`` maps names of data files to other files with the same columns. All plans are read before the first one
    runs.
    """
    from esco_kg.trials.report import as_json, run_plan
    from esco_kg.trials.tasks.shared import TaskInputs
    from esco_kg.trials.written import report_document

    read = need_plans(plans, data)
    made = f"task inputs {language} {model}"
    inputs = release.once(made, lambda: TaskInputs(release.material(language), model))
    found = {}
    for name, plan in read.items():
        record = run_plan(plan, inputs, listener)
        found[name] = _report(report_document(record), as_json(record))
    return found


def need_plans(plans: Sequence[AnyPath], data: Mapping[str, AnyPath] | None = None) -> dict[str, Plan]:
    """The plans, read before any work begins. Raises UsageError for one, or for data, that is not there."""
    from esco_kg.trials.plan import read_plan

    replaced = {name: Path(path) for name, path in (data or {}).items()}
    return {str(plan): read_plan(str(plan), replaced) for plan in plans}


def summarise(reports: Sequence[AnyPath]) -> Report:
    """Reports (.json) side by side."""
    from esco_kg.trials.report import read_report
    from esco_kg.trials.summary import summary_document

    return _report(summary_document([(str(path), read_report(Path(path))) for path in reports]))


def _report(blocks: list[Block], record: str = "") -> Report:
    from esco_kg.notes.document import to_html, to_markdown

    return Report(to_markdown(blocks), to_html(blocks), record)
