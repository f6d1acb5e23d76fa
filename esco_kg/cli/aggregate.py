"""``esco-kg aggregate``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from esco_kg.cli.options import LANGUAGE, Target, chosen_release, need_other_file, release_argument
from esco_kg.cli.trials import material_of, opened, table_options


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--skill", required=True, help="The column with skills, by IRI or label.")
@click.option("--by", type=click.Choice(["cluster", "sector", "isco"]), default="cluster", show_default=True)
@click.option("--level", default=1, show_default=True, help="Of clusters or NACE; digits of ISCO codes.")
@click.option("--unit", help="The column that names the advertisement or person; else every row is one.")
@click.option("--across", help="A column of the table that becomes a second dimension, such as a region.")
@click.option("--occupation", help="With --by isco: the column with ISCO-08 codes or ESCO occupations.")
@click.option("--smallest", default=10, show_default=True, help="Cells with fewer units than this are suppressed.")
@click.option("--out", type=Target(allow_dash=True), default=Path("-"), help="Else CSV on stdout.")
@click.option("--quiet", is_flag=True, help="No summary on stderr.")
@table_options
@LANGUAGE
@release_argument
def aggregate(
    file: Path, release: Path | None, version: str | None, language: str | None, out: Path, quiet: bool,
    encoding: str | None, delimiter: str | None, **asked: Any,
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
    material = material_of(chosen_release(release, version, quiet=quiet, demonstration=False), language)
    with opened(file, encoding, delimiter, quiet) as table:
        answer = tabulate(material, table.rows, Question(**asked))
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
