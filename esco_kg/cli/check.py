"""``esco-kg check`` and ``esco-kg measure``: what was published, or any RDF file, against rules and questions."""

from __future__ import annotations

import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

import esco_kg
from esco_kg.cli.options import (
    QUIET,
    VERSION,
    Target,
    chosen_release,
    existing_paths,
    make_folder,
    need_other_file,
    need_there,
    output_format,
)
from esco_kg.cli.reading import READING, reading, with_stdin
from esco_kg.cli.tables import FORMS, printed
from esco_kg.errors import UsageError
from esco_kg.folder.staging import replacing_all, write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from esco_kg import Engine
    from esco_kg.rdf.graphs import GraphStore

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
    """Check RDF files of anyone, taken together, against the rules of SKOS, or against --shapes.

    - reads standard input.

    The folder of a release is checked as a release is before it is published: each graph against its own rules.
    """
    from esco_kg.validation import report_json, report_text, report_turtle
    from esco_kg.validation.rules import profile_names
    from esco_kg.validation.standard_report import standard_report

    if background and not shapes:
        raise UsageError("--background is for --shapes alone", "Give the shapes, or the file as one more FILE.")
    need_there(*shapes, *background, *([] if str(profile) in profile_names() else [profile]))
    with with_stdin(files) as names, reading(contexts, lenient) as reader:
        paths = existing_paths(names)
        need_other_file(report, [*paths, *shapes])
        outcome = esco_kg.check(
            *paths, shapes=shapes, engine=engine, profile=profile, reader=reader, background=background
        )
    if report:
        is_release = any(path.is_dir() for path in paths)
        write_whole(report, report_turtle(outcome) if is_release else standard_report(outcome))
    click.echo(report_json(outcome) if form == "json" else report_text(outcome), nl=False)
    if fail_on != "never" and outcome.at_least(fail_on):  # type: ignore[arg-type]
        sys.exit(1)


@click.command()
@click.argument("sources", nargs=-1, metavar="[RELEASE|FILE...]")
@click.option("--name", "names", multiple=True, help="A measure to run, may be repeated; else all.")
@click.option("--list", "only_list", is_flag=True, help="List the measures and their questions.")
@output_format(*FORMS)
@click.option("--out", type=Target(file_okay=False), help="Write a CSV per measure here, print nothing.")
@VERSION
@QUIET
def measure(
    sources: tuple[str, ...], names: tuple[str, ...], only_list: bool, form: str, out: Path | None,
    version: str | None, quiet: bool,
) -> None:  # fmt: skip
    """Answer the questions of queries/measures over a release, or over RDF files that hold one."""
    from esco_kg.statistics import measures as stage

    if only_list:
        for one in stage.measures():
            click.echo(f"{one.name:24} {one.question}")
        return
    paths = existing_paths(sources) or (Path("releases"),)
    found = [chosen_release(path, version, quiet=quiet) if path.is_dir() or not sources else path for path in paths]
    with _store(found) as store:
        tables = stage.run(store, list(names) or None, place=", ".join(map(str, found)))
    if out:
        make_folder(out)
        with replacing_all([out / f"{table.name}.csv" for table in tables]) as places:
            for table, place in zip(tables, places, strict=True):
                stage.write_csv(table, place)
        click.echo(f"Wrote {len(tables)} tables to {out}", err=True)
        return
    click.echo(printed(tables, form), nl=False)


@contextmanager
def _store(paths: Sequence[Path]) -> Iterator[GraphStore]:
    """The graphs of a release, or the files named, in a store."""
    from esco_kg.folder.reading import unpacked
    from esco_kg.rdf.graphs import GraphStore
    from esco_kg.statistics.measures import MEASURED

    store = GraphStore()
    with tempfile.TemporaryDirectory(prefix="esco-kg-measure-") as scratch:
        for number, path in enumerate(paths):
            if path.is_dir():
                for name, plain in unpacked(path, Path(scratch), only=MEASURED).items():
                    store.load(f"urn:esco-kg:{number}:{name}", plain, is_ours=True)
            else:
                store.load(f"urn:esco-kg:{number}", path)
        yield store
