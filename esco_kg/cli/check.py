"""``esco-kg check``: what was published, or any RDF file, against rules."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

import esco_kg
from esco_kg.cli.options import (
    Target,
    chosen_release,
    existing_paths,
    need_other_file,
    need_there,
    output_format,
    remarks,
)
from esco_kg.cli.reading import READING, contexts_given, with_stdin
from esco_kg.errors import UsageError
from esco_kg.library.files import write_files

if TYPE_CHECKING:
    from esco_kg.library.checks import Engine

ENGINE = click.option(
    "--engine",
    type=click.Choice(["shacl", "pyshacl"]),
    default="shacl",
    show_default=True,
    help="SHACL engine; pyshacl is the reference, and slow.",
)


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--shapes",
    multiple=True,
    type=click.Path(path_type=Path),
    help="SHACL shapes to check against in place of ours; may be repeated.",
)
@click.option(
    "--background",
    multiple=True,
    type=click.Path(path_type=Path),
    help="With --shapes: data that shapes may look at and that are not judged; may be repeated.",
)
@click.option(
    "--profile",
    type=click.Path(path_type=Path),
    metavar="NAME|FILE",
    help="Which rules hold, and how severe: skos, eu, statistical, skohub, skosmos, or a file. [default: skos]",
)
@click.option(
    "--fail-on",
    type=click.Choice(["violation", "warning", "info", "never"]),
    default="violation",
    show_default=True,
    help="Exit with 1 where there is a finding of this severity or a graver one.",
)
@ENGINE
@READING
@output_format("table", "json", about="json names every finding, as one object.")
@click.option("--report", type=Target(), help="Write the SHACL validation report here, as Turtle.")
def check(
    files: tuple[str, ...],
    shapes: tuple[Path, ...],
    background: tuple[Path, ...],
    profile: Path | None,
    fail_on: str,
    engine: Engine,
    contexts: tuple[str, ...],
    lenient: bool,
    form: str,
    report: Path | None,
) -> None:
    """Check RDF files, taken together, against the rules of SKOS, or against --shapes.

    - reads standard input.

    The folder of a release is checked as a release is before it is published: each graph against its own rules. Of a
    folder of releases the newest one is checked.
    """
    if background and not shapes:
        raise UsageError("--background is for --shapes alone", "Give the shapes, or the file as one more FILE.")
    need_there(*shapes, *background)
    with with_stdin(files) as names:
        paths = existing_paths(names)
        need_other_file(report, [*paths, *shapes])
        if len(paths) == 1 and paths[0].is_dir():
            paths = (chosen_release(paths[0], quiet=form == "json").folder,)
        outcome = esco_kg.check(
            *paths, shapes=shapes, background=background, profile=profile, engine=engine,
            contexts=contexts_given(contexts), lenient=lenient, remarks=remarks(),
        )  # fmt: skip
    if report:
        write_files({report: outcome.as_turtle(is_release=any(path.is_dir() for path in paths))})
    click.echo(outcome.as_json() if form == "json" else outcome.as_text(), nl=False)
    if fail_on != "never" and outcome.at_least(fail_on):  # type: ignore[arg-type]
        sys.exit(1)
