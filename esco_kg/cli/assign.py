"""``esco-kg assign``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from esco_kg.cli.options import (
    LANGUAGE,
    QUIET,
    Target,
    chosen_release,
    need_other_file,
    need_there,
    release_argument,
    remarks,
    table_options,
)
from esco_kg.errors import UsageError

if TYPE_CHECKING:
    from esco_kg.library.texts import RowsDone


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--column", required=True, help="The column that holds the texts.")
@click.option("--out", type=Target(allow_dash=True), default=Path("-"), help="Default: CSV on stdout.")
@click.option("--model", default="ngrams", show_default=True, help="How texts are compared; others are extras.")
@click.option("--calibration", type=click.Path(path_type=Path), help="A calibration of your own.")
@click.option("--threshold", type=float, help="Score below which none fits. Default: the calibrated one.")
@click.option(
    "--calibrate", "labelled", metavar="COLUMN", help="Write a calibration to --out, from this column's skills."
)
@click.option("--spark", metavar="MASTER", help="Run as a Spark job, such as local[2]; --out is then a folder.")
@click.option("--texts", is_flag=True, help="The texts are sentences or whole advertisements: one row a skill in them.")
@table_options
@LANGUAGE
@QUIET
@release_argument
def assign(
    file: Path, column: str, out: Path, release: Path | None, version: str | None, language: str | None,
    spark: str | None, texts: bool, quiet: bool, encoding: str | None, delimiter: str | None, **how: Any,
) -> None:  # fmt: skip
    """Assign texts to ESCO skills and their clusters.

    FILE is a table (.csv, .xlsx, .ndjson, .parquet; - for CSV on stdin) of any length. All its columns are kept; skill,
    score, margin, confidence, runner-up, status and the cluster at each level are added. With --texts a row is written
    for each skill in a sentence or an advertisement, HTML or not: its place, its sentence, and whether it is denied.
    """
    need_there(file, how["calibration"])
    labelled = how.pop("labelled")
    if labelled or spark:
        need_other_file(out, [file])
    chosen = chosen_release(release, version, quiet=quiet)
    how |= {"language": language, "encoding": encoding, "delimiter": delimiter, "remarks": remarks(quiet)}
    if labelled and not texts:
        chosen.calibrate_table(file, column, labelled, out, **how)
        return
    if labelled:
        raise UsageError("--texts takes no --calibrate", "Labels and wordings find the skills in texts.")
    with bar(quiet, "assigning") as shown:
        found = chosen.assign_table(file, column, out, texts=texts, spark=spark, progress=shown, **how)
    if quiet or found is None:
        return
    if texts:
        click.echo(f"{found.texts:,} texts read, {found.rows:,} rows written", err=True)
        return
    click.echo(f"{found.rows:,} texts assigned", err=True)
    if 2 * found.long > found.texts:
        click.echo("hint: Most texts are sentences or longer; with --texts the skills inside them are found.", err=True)


@contextmanager
def bar(quiet: bool, what: str) -> Iterator[RowsDone]:
    """Hears how many rows are done, and how much of the file: a bar on a terminal, a line every tenth elsewhere."""
    if quiet:
        yield lambda rows, share: None
        return
    if not sys.stderr.isatty():
        yield _Lines(what)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(what, total=1.0)
        yield lambda rows, share: shown.update(task, completed=share or 0.0, description=f"{what} {rows:,}")


class _Lines:
    """A line for every tenth of the file."""

    def __init__(self, what: str) -> None:
        self._what, self._told = what, 0

    def __call__(self, rows: int, share: float | None) -> None:
        tenth = int(10 * (share or 0.0))
        if tenth > self._told:
            self._told = tenth
            click.echo(f"{self._what}: {rows:,} rows, {10 * tenth} %", err=True)
