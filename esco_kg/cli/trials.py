"""``esco-kg assign``, ``recommend``, ``aggregate`` and ``test``: the clusters used on one's own material."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from esco_kg.cli.options import LANGUAGE, QUIET, Target, chosen_release, need_other_file, need_there, release_argument
from esco_kg.errors import UsageError

if TYPE_CHECKING:
    from esco_kg.folder.material import Material
    from esco_kg.trials.assign import Assigner
    from esco_kg.trials.found_rows import FoundRows
    from esco_kg.trials.table_kinds import Row, Rows

_LONG = 12  # words, from which on a text is no term


def material_of(release: Path, language: str | None) -> Material:
    """Read the release in this language, by default its main one."""
    from esco_kg.folder.material import read_material
    from esco_kg.library.release import Release

    return read_material(release, language or Release(release).main_language)


def table_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--encoding and --delimiter, which every command has that reads a table."""
    encoding = click.option("--encoding", help="Of a CSV table, such as windows-1252; else recognised.")
    delimiter = click.option(
        "--delimiter", metavar="SIGN", help="Between the cells of a CSV table: comma, semicolon, tab, bar or any sign."
    )
    return encoding(delimiter(command))


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--column", required=True, help="The column that holds the texts.")
@click.option("--out", type=Target(allow_dash=True), default=Path("-"), help="Else CSV on stdout.")
@click.option("--model", default="ngrams", show_default=True, help="How texts are compared; others are extras.")
@click.option("--calibration", type=click.Path(path_type=Path), help="A calibration of your own.")
@click.option("--threshold", type=float, help="Score below which none fits; else the calibrated one.")
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
    from esco_kg.trials.assign import Assigner, write_calibration

    need_there(file, how["calibration"])
    if how["labelled"] or spark:
        need_other_file(out, [file])
    material = material_of(chosen_release(release, version, quiet=quiet), language)
    assigner = _reader(material, **how) if texts else _assigner(material, **how)
    if isinstance(assigner, Assigner) and how["labelled"]:
        with opened(file, encoding, delimiter, quiet) as table:
            found = _calibrated(assigner, file, table, column, how["labelled"])
        write_calibration(found, out, f"{file.name}, column {column}")
    elif spark:
        from esco_kg.trials.csv_dialect import dialect_given
        from esco_kg.trials.spark import assign_file

        assign_file(assigner, file, column, out, spark, dialect_given(encoding, delimiter))
    else:
        with opened(file, encoding, delimiter, quiet) as table:
            _assign(assigner, file, table, column, out, quiet)


def _assigner(
    material: Material, model: str, calibration: Path | None, threshold: float | None, labelled: str | None
) -> Assigner:
    from dataclasses import replace

    from esco_kg.matching.models import text_model
    from esco_kg.trials.assign import Assigner, read_calibration

    limits = read_calibration(calibration)
    if threshold is not None:
        limits = replace(limits, threshold=threshold)
    return Assigner(material, text_model(model, material.skills, material.language), limits)


def _reader(
    material: Material, model: str, calibration: Path | None, threshold: float | None, labelled: str | None
) -> FoundRows:
    from esco_kg.trials.advertisements import SkillFinder
    from esco_kg.trials.found_rows import FoundRows

    if calibration or labelled or model != "ngrams":
        hint = "Labels and wordings find the skills in texts; --threshold sets the least score."
        raise UsageError("--texts takes no --model, --calibration or --calibrate", hint)
    return FoundRows(material, SkillFinder.of(material), threshold or 0.0)


def _assign(assigner: Assigner | FoundRows, file: Path, table: Rows, column: str, out: Path, quiet: bool) -> None:
    from esco_kg.trials import rows

    need_column(file, column, table.columns)
    taken = set(table.columns) & set(assigner.columns)
    if taken:
        raise UsageError(f"{file} has columns {', '.join(sorted(taken))} already", "Rename them, or drop them.")
    columns = {name: table.types.get(name, str) for name in table.columns} | assigner.columns
    with bar(quiet, "assigning", table.share) as shown:
        seen = _Seen(table.rows, column)
        number = rows.write(out, columns, shown(assigner.rows(seen, column)))
    if quiet:
        return
    if hasattr(assigner, "of_text"):
        click.echo(f"{seen.texts:,} texts read, {number:,} rows written", err=True)
        return
    click.echo(f"{number:,} texts assigned", err=True)
    if 2 * seen.long > seen.texts:
        click.echo("hint: Most texts are sentences or longer; with --texts the skills inside them are found.", err=True)


class _Seen:
    """Rows passed on and counted; a text of more than a dozen words is ``long``."""

    def __init__(self, rows: Iterable[Row], column: str) -> None:
        self._rows, self._column = rows, column
        self.texts = self.long = 0

    def __iter__(self) -> Iterator[Row]:
        for row in self._rows:
            self.texts += 1
            self.long += str(row.get(self._column) or "").count(" ") >= _LONG
            yield row


def _calibrated(assigner: Assigner, file: Path, table: Rows, column: str, labelled: str) -> Any:
    need_column(file, column, table.columns)
    need_column(file, labelled, table.columns)
    found = [(str(row.get(column) or ""), str(row.get(labelled) or "")) for row in table.rows]
    return assigner.calibrated([text for text, _ in found], [label for _, label in found])


@contextmanager
def opened(file: Path, encoding: str | None, delimiter: str | None, quiet: bool = False) -> Iterator[Rows]:
    """The table; on stderr what had to be recognised to read it."""
    from esco_kg.trials import rows
    from esco_kg.trials.csv_dialect import dialect_given

    with rows.reading(file, dialect_given(encoding, delimiter)) as table:
        if table.told and not quiet:
            click.echo(table.told, err=True)
        yield table


def need_column(file: Path, column: str, columns: Iterable[str]) -> None:
    """Raise UsageError where a table lacks the column."""
    if column not in columns:
        raise UsageError(f"{file} has no column {column!r}", f"It has {', '.join(columns)}.")


@contextmanager
def bar(
    quiet: bool, what: str, share: Callable[[], float | None]
) -> Iterator[Callable[[Iterator[list[Row]]], Iterator[list[Row]]]]:
    """Wraps a stream of batches: a bar on a terminal, a line every tenth elsewhere, on stderr."""
    if quiet or not sys.stderr.isatty():
        yield lambda batches: batches if quiet else _in_lines(batches, what, share)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(what, total=1.0)

        def wrapped(batches: Iterator[list[Row]]) -> Iterator[list[Row]]:
            number = 0
            for batch in batches:
                yield batch
                number += len(batch)
                shown.update(task, completed=share() or 0.0, description=f"{what} {number:,}")

        yield wrapped


def _in_lines(batches: Iterator[list[Row]], what: str, share: Callable[[], float | None]) -> Iterator[list[Row]]:
    number, told = 0, 0
    for batch in batches:
        yield batch
        number += len(batch)
        tenth = int(10 * (share() or 0.0))
        if tenth > told:
            told = tenth
            click.echo(f"{what}: {number:,} rows, {10 * tenth} %", err=True)
