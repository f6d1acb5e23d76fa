"""A study for people: on a terminal, as Markdown for a page, as one HTML page with plots."""

from __future__ import annotations

import math
from collections.abc import Iterator

from esco_kg.evaluation.metrics import label_of, metric
from esco_kg.evaluation.report import Evaluation
from esco_kg.evaluation.report.tables import Wide, wide_tables
from esco_kg.evaluation.study import Study
from esco_kg.evaluation.verdicts import digits, verdicts
from esco_kg.notes.document import Block, Bullets, Heading, Paragraph, Plot, Table, to_html, to_markdown
from esco_kg.pictures.intervals import intervals

_RULE = (
    "Equal: the 95 % intervals overlap. Figures over all data have no interval; they differ from the fourth decimal "
    "on. The partition's middle level (its finest in navigation) is compared with the official level whose number of "
    "groups is nearest, by ratio."
)
_PLOTTED = ("u-sec", "hit-10", "mrr", "ndcg-10", "match-10", "ecs-scratch", "ecs-versioned", "ecs-anchored")
_PLOTTED_WORDS = ("first-choice", "terms", "options")


def as_text(evaluation: Evaluation) -> str:
    """Tables, verdicts and what could not be measured."""
    study = evaluation.study
    parts = [_about(evaluation), *(_aligned(table) for table in wide_tables(study))]
    lines = [f"  {verdict.sentence()}" for verdict in verdicts(study)]
    if lines:
        parts.append("\n".join(["Verdicts", *lines, f"  {_RULE}"]))
    if study.statements:
        parts.append("\n".join(["Notes", *(f"  {statement}" for statement in study.statements)]))
    return "\n\n".join(parts) + "\n"


def _about(evaluation: Evaluation) -> str:
    published, request = evaluation.release.published, evaluation.request
    return (
        f"ESCO {published.esco_version}, {request.splits} splits with seed {request.seed}: whole ISCO-08 unit groups "
        f"are held out, about 20 % of the occupations. ± is half the width of the 95 % interval. {evaluation.software}."
    )


def _aligned(table: Wide) -> str:
    cells = [table.head, *table.rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(table.head))]
    lines = [table.title]
    for number, row in enumerate(cells):
        parts = [row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))]
        lines.append("  ".join(parts).rstrip())
        if number == 0:
            lines.append("  ".join("-" * width for width in widths))
    return "\n".join(lines)


def as_markdown(evaluation: Evaluation) -> str:
    """The tables and verdicts, to stand in a page of documentation."""
    return to_markdown([Paragraph(_about(evaluation)), *_tables(evaluation.study), *_verdicts(evaluation.study)])


BEGIN, END = "<!-- Written by esco-kg evaluate --markdown. -->\n", "<!-- Until here. -->\n"


def into_page(markdown: str, page: str) -> str:
    """The page with the text between its two marks; where it has none, the text alone."""
    before, mark, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    return f"{before}{BEGIN}\n{markdown}\n{END}{after}" if mark and end else markdown


def as_html(evaluation: Evaluation) -> str:
    """One page without scripts: verdicts, plots, tables, and what every figure means."""
    study = evaluation.study
    blocks: list[Block] = [
        Heading(f"Evaluation of {', '.join(study.subjects)}", 1),
        Paragraph(_about(evaluation)),
        *_verdicts(study),
        Heading("Plots"),
        *_plots(study),
        Heading("Tables"),
        *_tables(study),
        Heading("What the figures mean"),
        Bullets([_meaning(name) for name in dict.fromkeys(f.metric for f in study.figures)]),
    ]
    return to_html(blocks)


def _meaning(name: str) -> str:
    of = metric(name)
    less = " (less is better)" if of.less_is_better else ""
    return f"{label_of(name)}{less}: {of.meaning}. Source: {of.source}."


def _tables(study: Study) -> Iterator[Block]:
    for table in wide_tables(study):
        yield Table(table.title, table.head, table.rows)
    chain = [f for f in study.figures if f.note]
    if chain:
        rows = [[f.partition, f.note, str(f.level), metric(f.metric).label, digits(f.value)] for f in chain]
        yield Table("From release to release", ("partition", "from, to", "level", "measure", "value"), rows, 2)


def _verdicts(study: Study) -> Iterator[Block]:
    found = verdicts(study)
    if found:
        yield Heading("Verdicts against the official hierarchy")
    for subject in study.subjects if found else ():
        yield Paragraph(subject)
        yield Bullets([verdict.sentence() for verdict in found if verdict.partition == subject])
    if found:
        yield Paragraph(_RULE)
    if study.statements:
        yield Bullets(study.statements)


def _plots(study: Study) -> Iterator[Block]:
    measured = dict.fromkeys(f.metric for f in study.figures)
    for name in measured:
        if name in _PLOTTED or name.removesuffix("-soft") in _PLOTTED or name.partition(" ")[0] in _PLOTTED_WORDS:
            yield _plot(study, name)


def _plot(study: Study, name: str) -> Block:
    of, title = metric(name), label_of(name)
    points = []
    for figure in (f for f in study.figures if f.metric == name):
        label = f"{figure.partition}, level {figure.level}" if figure.level else figure.partition
        low, high = (figure.value if math.isnan(limit) else limit for limit in (figure.low, figure.high))
        points.append((label, figure.value, low, high))
    less = " Less is better." if of.less_is_better else ""
    plot = intervals(points, name=f"plot-{'-'.join(name.split())}", title=title)
    return Plot(plot, f"{title}: {of.meaning}.{less}")
