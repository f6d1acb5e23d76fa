"""``esco-kg diff``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import esco_kg
from esco_kg.cli.options import languages_given, output_format, remarks
from esco_kg.cli.progress import progress
from esco_kg.cli.reading import READING, contexts_given
from esco_kg.errors import UsageError
from esco_kg.library.versions import patch

if TYPE_CHECKING:
    from esco_kg.library.versions import Comparison

_PARTS = ["patch", "minor", "major"]


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@output_format(
    *("table", "csv", "json", "markdown", "html", "esco", "ttl", "patch"),
    about="html: a page in which long lists fold; esco: the columns of ESCO's own deltas.",
)
@click.option(
    "--limit",
    type=click.IntRange(0),
    default=10,
    show_default=True,
    help="In table and markdown, how many changes of each kind.",
)
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
    if template and form != "table":
        raise UsageError(f"--template and --format {form} are both given", "Give one of them.")
    how: dict[str, Any] = {"contexts": contexts_given(contexts), "lenient": lenient, "remarks": remarks()}
    if form == "patch":
        for line in patch(old, new, languages=languages, skolemise=skolemise, **how):
            click.echo(line)
        return
    with progress(quiet) as listener:
        found = esco_kg.compare(old, new, languages=languages, by_code=by_code, listener=listener, **how)
    click.echo(_written(found, form, limit, template), nl=False)
    delta = found.delta
    is_other = bool(delta.changes or delta.statements)
    if delta.guards or (fail_on and is_other and _PARTS.index(delta.verdict.part) >= _PARTS.index(fail_on)):
        sys.exit(1)


def _written(found: Comparison, form: str, limit: int, template: Path | None) -> str:
    if template:
        return found.by_template(template)
    texts = {
        "table": lambda: found.as_text(limit),
        "csv": found.as_csv,
        "json": found.as_json,
        "markdown": lambda: found.as_markdown(limit),
        "html": found.as_html,
        "esco": found.as_esco_csv,
        "ttl": found.as_turtle,
    }
    return texts[form]()
