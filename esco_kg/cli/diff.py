"""``esco-kg diff`` and ``esco-kg bridge``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from esco_kg.cli.options import languages_given, output_format
from esco_kg.cli.progress import progress
from esco_kg.cli.reading import READING, reading

FORMATS = click.Choice(["text", "json", "csv", "esco", "ttl", "patch"])
_PARTS = ["patch", "minor", "major"]


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option(
    "--format", "kind", type=FORMATS, default="text", show_default=True, help="esco: the columns of ESCO's own deltas."
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--limit", default=10, show_default=True, help="In text, how many changes of each kind to list.")
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
    kind: str,
    as_json: bool,
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
    from esco_kg.diff import report
    from esco_kg.diff.compare import compare, patch, turtle

    kind = "json" if as_json else kind
    with reading(contexts, lenient) as reader:
        if kind == "patch":
            for line in patch(old, new, languages, skolem=skolemise, reader=reader):
                click.echo(line)
            return
        with progress(quiet) as listener:
            found = compare(old, new, languages=languages, by_code=by_code, listener=listener, reader=reader)
    texts = {
        "text": lambda: report.as_text(found.delta, limit),
        "json": lambda: report.as_json(found.delta),
        "csv": lambda: report.as_csv(found.delta.changes),
        "esco": lambda: report.as_esco_csv(found.rows),
        "ttl": lambda: turtle(found),
    }
    if template:
        from esco_kg.notes.own_template import by_template

        click.echo(by_template(template, found.delta, report.verdict_lines(found.delta)), nl=False)
    else:
        click.echo(texts[kind](), nl=False)
    part = found.delta.verdict.part
    if found.delta.guards or (fail_on and found.delta.changes and _PARTS.index(part) >= _PARTS.index(fail_on)):
        sys.exit(1)


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
