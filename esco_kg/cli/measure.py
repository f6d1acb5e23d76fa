"""``esco-kg measure``: questions to what was published, or to RDF files that hold a release."""

from __future__ import annotations

from pathlib import Path

import click

import esco_kg
from esco_kg.cli.options import QUIET, VERSION, Target, chosen_release, existing_paths, output_format
from esco_kg.cli.tables import FORMS, printed
from esco_kg.library.files import make_folder
from esco_kg.library.measures import write_tables


@click.command()
@click.argument("sources", nargs=-1, metavar="[RELEASE|FILE...]")
@click.option("--name", "names", multiple=True, help="A measure to run, may be repeated. Default: all.")
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
    if only_list:
        for name, question in esco_kg.measures().items():
            click.echo(f"{name:24} {question}")
        return
    paths = existing_paths(sources) or (Path("releases"),)
    found = [
        chosen_release(path, version, quiet=quiet).folder if path.is_dir() or not sources else path for path in paths
    ]
    tables = esco_kg.measure(*found, names=names)
    if out:
        make_folder(out)
        write_tables(tables, out)
        click.echo(f"Wrote {len(tables)} tables to {out}", err=True)
        return
    click.echo(printed(tables, form), nl=False)
