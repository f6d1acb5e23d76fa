"""``esco-kg diff`` and ``esco-kg bridge``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from esco_kg.cli.options import languages_given, output_format
from esco_kg.cli.progress import progress
from esco_kg.cli.reading import READING, reading
from esco_kg.errors import UsageError

if TYPE_CHECKING:
    from esco_kg.diff.compare import Comparison

_PARTS = ["patch", "minor", "major"]


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@output_format("table", "csv", "json", "esco", "ttl", "patch", about="esco: the columns of ESCO's own deltas.")
@click.option("--limit", default=10, show_default=True, help="In the table, how many changes of each kind to list.")
@click.option("--by-code", is_flag=True, help="In RDF files, match concepts whose IRI changed by notation and label.")
@click.option("--languages", callback=languages_given, help="Languages to read of ESCO downloads, such as en,pl.")
@click.option("--fail-on", type=click.Choice(_PARTS), help="Exit with 1 where the verdict is this or more.")
@click.option("--skolemise", metavar="IRI", default="", help="In a patch, name blank nodes by IRIs that begin so.")
@click.option(
    "--template", type=click.Path(path_type=Path), metavar="FILE", help="Write the report by this Jinja2 template."
)
@READING
@click.option("--quiet", is_flag=True, help="No progress on stderr.")
def diff(
    old: Path,
    new: Path,
    form: str,
    limit: int,
    by_code: bool,
    languages: tuple[str, ...] | None,
    fail_on: str | None,
    skolemise: str,
    template: Path | None,
    contexts: tuple[str, ...],
    lenient: bool,
    quiet: bool,
) -> None:
    """Tell what changed from OLD to NEW, in what numbers and why.

    Each is a release folder, an RDF file of a SKOS scheme, or ESCO: tables in a folder or zip, or its RDF dump. The
    verdict says how far a version number must move. patch writes an RDF Patch. Exits with 1 where a rule of publication
    is broken.
    """
    from esco_kg.diff.compare import compare, patch

    if template and form != "table":
        raise UsageError(f"--template and --format {form} are both given", "Give one of them.")
    with reading(contexts, lenient) as reader:
        if form == "patch":
            for line in patch(old, new, languages, skolem=skolemise, reader=reader):
                click.echo(line)
            return
        with progress(quiet) as listener:
            found = compare(old, new, languages=languages, by_code=by_code, listener=listener, reader=reader)
    click.echo(_written(found, form, limit, template), nl=False)
    delta = found.delta
    is_other = bool(delta.changes or delta.statements)
    if delta.guards or (fail_on and is_other and _PARTS.index(delta.verdict.part) >= _PARTS.index(fail_on)):
        sys.exit(1)


def _written(found: Comparison, form: str, limit: int, template: Path | None) -> str:
    from esco_kg.diff import report
    from esco_kg.diff.compare import turtle

    if template:
        from esco_kg.notes.own_template import by_template

        return by_template(template, found.delta, report.verdict_lines(found.delta))
    texts = {
        "table": lambda: report.as_text(found.delta, limit),
        "csv": lambda: report.as_csv(found.delta.changes),
        "json": lambda: report.as_json(found.delta),
        "esco": lambda: report.as_esco_csv(found.rows),
        "ttl": lambda: turtle(found),
    }
    return texts[form]()


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.argument("series", type=click.Path(path_type=Path))
@click.option("--cluster", help="The column with cluster ids or IRIs; else found by its values.")
@click.option("--value", help="The column with counts; else value, count, OBS_VALUE or the only one with numbers.")
@click.option("--by", type=click.Choice(["skills", "links"]), default="links", show_default=True, help="What weighs.")
@click.option("--decimals", type=int, help="Decimals of the new counts; else as many as the table has.")
@click.option("--counts", "are_counts", is_flag=True, help="These are counts, however much they look like rates.")
@output_format("table", "json", about="Form of the report on stderr.")
def bridge(old: Path, new: Path, series: Path, form: str, **options: object) -> None:
    """Carry a table of counts by clusters of release OLD over to those of release NEW.

    SERIES is a CSV with a column of clusters, one of counts, and any others, which are kept. Totals stay what they are.
    To go back, name the newer release first: the way back has weights of its own. Rates are refused.
    """
    from esco_kg.diff.series import carry_over

    result = carry_over(old, new, series, **options)  # type: ignore[arg-type]
    click.echo(result.table, nl=False)
    click.echo(json.dumps(result.facts(), ensure_ascii=False) if form == "json" else result.sentence(), err=True)
