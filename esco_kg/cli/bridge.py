"""``esco-kg bridge``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

import esco_kg
from esco_kg.cli.options import output_format


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.argument("series", type=click.Path(path_type=Path))
@click.option("--cluster", help="The column with cluster ids or IRIs. Default: found by its values.")
@click.option("--value", help="The column with counts. Default: value, count, OBS_VALUE or the only one with numbers.")
@click.option("--by", type=click.Choice(["skills", "links"]), default="links", show_default=True, help="What weighs.")
@click.option(
    "--decimals", type=click.IntRange(0, 15), help="Decimals of the new counts. Default: as many as the table has."
)
@click.option("--counts", is_flag=True, help="These are counts, however much they look like rates.")
@output_format("table", "json", about="Form of the report on stderr.")
def bridge(old: Path, new: Path, series: Path, form: str, **options: Any) -> None:
    """Carry a table of counts by clusters of release OLD over to those of release NEW.

    SERIES is a CSV with a column of clusters, one of counts, and any others, which are kept. Totals stay what they are.
    To go back, name the newer release first: the way back has weights of its own. Rates are refused.
    """
    result = esco_kg.bridge(old, new, series, **options)
    click.echo(result.table, nl=False)
    click.echo(json.dumps(result.facts(), ensure_ascii=False) if form == "json" else result.sentence(), err=True)
