"""``esco-kg aggregate``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from esco_kg.cli.options import (
    LANGUAGE,
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
    from esco_kg.library.texts import Answer


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--skill", help="The column with skills, by IRI or label.")
@click.option("--text", help="Instead: the column with sentences or whole advertisements, whose skills are found.")
@click.option(
    "--by", type=click.Choice(["cluster", "sector", "isco"]), multiple=True, default=("cluster",), show_default=True,
    help="Classification, with all its levels. May be given several times.",
)  # fmt: skip
@click.option("--unit", help="The column that names the advertisement or person. Default: every row is one.")
@click.option("--weight", help="The column with the weight of the unit, such as a survey weight.")
@click.option("--across", multiple=True, help="A further column, such as a region. May be given several times.")
@click.option("--occupation", help="With --by isco: the column with ISCO-08 codes or ESCO occupations.")
@click.option(
    "--smallest",
    type=click.IntRange(1),
    default=10,
    show_default=True,
    help="Cells with fewer units than this are suppressed.",
)
@click.option(
    "--published", type=click.Path(path_type=Path), multiple=True,
    help="A table of the same data that is published already. May be given several times.",
)  # fmt: skip
@click.option("--out", type=Target(allow_dash=True), default=Path("-"), help="Default: CSV on stdout.")
@click.option("--quiet", is_flag=True, help="No summary on stderr.")
@table_options
@LANGUAGE
@release_argument
def aggregate(
    file: Path, release: Path | None, version: str | None, published: tuple[Path, ...], out: Path, quiet: bool,
    **asked: Any,
) -> None:  # fmt: skip
    """Turn a table of skills into a table by cluster, sector or ISCO group that is safe to publish.

    FILE holds one skill a row (.csv, .xlsx, .ndjson, .parquet). Only the column of skills is needed: by cluster they
    are counted; by sector, and by isco without --occupation, the table is an estimate (status E) and comes with the
    table by cluster that it is made from. Status C is a cell that is suppressed, because it has too few units or would
    give such a cell away.
    """
    if (asked["skill"] is None) == (asked["text"] is None):
        raise UsageError("one of --skill and --text is needed", "Name the column of skills, or that of texts.")
    need_there(file, *published)
    need_other_file(out, [file, *published])
    chosen = chosen_release(release, version, quiet=quiet, demonstration=False)
    answer = chosen.aggregate(file, out=out, published=published, remarks=remarks(quiet), **asked)
    if not quiet:
        _tell(answer, [*map(str, published)], str(out))


def _tell(answer: Answer, published: list[str], out: str) -> None:
    counts = answer.counts
    click.echo(f"{counts.read:,} rows read, {counts.unknown:,} of unknown skills left out", err=True)
    for number, what in ((counts.no_skill, "skill"), (counts.no_unit, "unit")):
        if number:
            click.echo(f"{number:,} rows without a {what} left out", err=True)
    if counts.no_occupation:
        click.echo(f"{counts.no_occupation:,} rows without a known occupation count as _U", err=True)
    suppressed = sum(1 for row in answer.rows if row["status"] == "C")
    click.echo(f"{suppressed:,} of {len(answer.rows):,} cells suppressed", err=True)
    for rule in answer.rules:
        click.echo(rule, err=True)
    with_others = f" beside {', '.join(published)}" if published else ""
    click.echo(f"Safe to publish{with_others}. Give a further table of these data --published {out}.", err=True)
