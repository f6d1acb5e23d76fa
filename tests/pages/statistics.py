"""The measures in ``docs/statistics.md``, from the heads of the queries: ``python -m tests.pages.statistics``."""

from __future__ import annotations

from esco_kg.statistics.measures import Measure, measures
from tests.support.places import ROOT

PAGE = ROOT / "docs" / "statistics.md"
MARK = "<!-- From here on written by `python -m tests.pages.statistics` from the heads of the queries. -->\n"


def page(text: str) -> str:
    """The page with its list of measures as it must be; what stands before the mark stays as it is."""
    return text.split(MARK)[0] + MARK + "".join(_section(measure) for measure in measures())


def _section(measure: Measure) -> str:
    lines = [f"\n### {measure.name}", "", measure.question, ""]
    lines += ["| column | type | in the cube | what it is |", "| --- | --- | --- | --- |"]
    for column in measure.columns:
        kind = f"{column.type} or blank" if column.may_be_blank else column.type
        dimension, unit = measure.dimensions.get(column.name), measure.units.get(column.name)
        role = f"dimension {dimension}" if dimension else f"unit {unit}" if unit else ""
        lines.append(f"| {column.name} | {kind} | {role} | {column.meaning} |")
    if not measure.units:
        lines += ["", "A list, no data cube."]
    if measure.empty_when:
        lines += ["", f"No rows where {measure.empty_when}."]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
