"""``esco-kg aggregate``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from esco_kg.cli.options import Target, need_other_file
from esco_kg.cli.trials import material_of, need_column, opened, release_options, table_options
from esco_kg.errors import UsageError

if TYPE_CHECKING:
    from esco_kg.trials.material import Material
    from esco_kg.trials.table_kinds import Row, Rows

_TEXT = "text number"


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--skill", help="The column with skills, by IRI or label.")
@click.option("--text", help="Instead: the column with sentences or whole advertisements, whose skills are found.")
@click.option("--by", type=click.Choice(["cluster", "sector", "isco"]), default="cluster", show_default=True)
@click.option("--level", default=1, show_default=True, help="Of clusters or NACE; digits of ISCO codes.")
@click.option("--unit", help="The column that names the advertisement or person; else every row is one.")
@click.option("--across", help="A column of the table that becomes a second dimension, such as a region.")
@click.option("--occupation", help="With --by isco: the column with ISCO-08 codes or ESCO occupations.")
@click.option("--smallest", default=10, show_default=True, help="Cells with fewer units than this are suppressed.")
@click.option("--out", type=Target(allow_dash=True), default=Path("-"), help="Else CSV on stdout.")
@click.option("--quiet", is_flag=True, help="No summary on stderr.")
@table_options
@release_options
def aggregate(
    file: Path, release: Path | None, language: str, out: Path, quiet: bool, encoding: str | None,
    delimiter: str | None, text: str | None, **asked: Any,
) -> None:  # fmt: skip
    """Turn a table of skills into a table by cluster, sector or ISCO group, with small cells suppressed.

    FILE holds one skill a row (.csv, .xlsx, .ndjson, .parquet). Only the column of skills is needed: by cluster they
    are counted; by sector, and by isco without --occupation, they are shared, and the table is an estimate. Status C is
    a cell of too few units, D one that would give such a cell away.
    """
    from esco_kg.trials import rows
    from esco_kg.trials.aggregate import Question
    from esco_kg.trials.aggregate import aggregate as tabulate

    need_other_file(out, [file])
    material = material_of(release, language)
    if (asked["skill"] is None) == (text is None):
        raise UsageError("one of --skill and --text is needed", "Name the column of skills, or that of texts.")
    with opened(file, encoding, delimiter, quiet) as table:
        found = _skills_in(material, table, file, text, asked) if text else table.rows
        answer = tabulate(material, found, Question(**asked))
    kinds = {"units": int, "mentions": float}
    rows.write(out, {column: kinds.get(column, str) for column in answer.columns}, [answer.rows])
    if not quiet:
        lacking = {"cluster": "cluster", "sector": "known sector", "isco": "known ISCO group"}[asked["by"]]
        click.echo(f"{answer.read:,} rows read, {answer.unknown:,} of unknown skills left out", err=True)
        click.echo(f"{answer.unplaced:,} rows have no {lacking}", err=True)
        click.echo(f"{sum(1 for row in answer.rows if row['status']):,} cells suppressed", err=True)
        click.echo(answer.rule, err=True)
        if answer.estimated:
            click.echo("A unit counts in every cell that has a share of its skills.", err=True)
        if asked["by"] == "isco" and answer.estimated:
            click.echo("Where the table tells the occupation, give its column with --occupation.", err=True)


def _skills_in(material: Material, table: Rows, file: Path, text: str, asked: dict[str, Any]) -> Iterator[Row]:
    """The rows of the skills that the texts affirm, one a row; without --unit each text is a unit of its own."""
    from esco_kg.trials.advertisements import SkillFinder
    from esco_kg.trials.found_rows import FoundRows

    need_column(file, text, table.columns)
    maker = FoundRows(material, SkillFinder.of(material))
    taken = sorted({*maker.columns, _TEXT}.intersection(table.columns))
    if taken:
        raise UsageError(f"{file} has columns {', '.join(taken)} already", "Rename them, or drop them.")
    asked["skill"], asked["unit"] = "skill", asked["unit"] or _TEXT
    return (
        found
        for number, row in enumerate(table.rows, 1)
        for found in maker.of_text(row | {_TEXT: str(number)}, text)
        if found["denied"] != "yes"
    )
