"""``esco-kg release``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

import esco_kg
from esco_kg.cli.check import ENGINE
from esco_kg.cli.options import Target, clusters_given, existing_paths, languages_given
from esco_kg.cli.progress import progress
from esco_kg.errors import Interrupted

EXTRACT = click.option("--extract", is_flag=True, help="A part of ESCO is meant: read tables that are not whole.")
REPAIR = click.option("--repair", is_flag=True, help="Undo damage of the tables where there is no doubt, and log it.")


@click.command()
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option(
    "--nace", type=click.Path(path_type=Path), help="ESCO's crosswalk of occupations to NACE 2.1 (.xlsx or .csv)."
)
@click.option("--version", "version", help="The release's number. Default: what the changes demand, 1.0.0 at first.")
@click.option("--esco-version", help="ESCO's version, where neither names nor content tell it.")
@click.option(
    "--previous", type=click.Path(path_type=Path), help="Folder of the previous release. Default: sought in --out."
)
@click.option("--languages", callback=languages_given, help="Languages to read, such as en,pl. Default: all there are.")
@click.option("--out", type=Target(), default=Path("releases"), show_default=True, help="Where releases lie.")
@click.option("--issued", help="Date of issue; default: the day of SOURCE_DATE_EPOCH, or today (UTC).")
@click.option(
    "--config", type=click.Path(path_type=Path), help="A release.toml. Default: the one beside the tables, if any."
)
@click.option("--curation", type=click.Path(path_type=Path, file_okay=False), help="Folder of names and decisions.")
@click.option(
    "--clusters",
    multiple=True,
    metavar="FILE",
    callback=clusters_given,
    help="Clusters of your own: tables, a SKOS file, a release, or official:1 to official:3. May be repeated.",
)
@click.option("--complete", is_flag=True, help="Place the skills that --clusters leaves out, by data.")
@EXTRACT
@REPAIR
@ENGINE
@click.option("--no-cache", is_flag=True, help="Compute the clusters even where a cache has them.")
@click.option("--verbose", is_flag=True, help="Also tell what each line of curation did.")
@click.option("--quiet", is_flag=True, help="No progress on stderr.")
def release(paths: tuple[str, ...], quiet: bool, verbose: bool, no_cache: bool, **options: Any) -> None:
    """Make a release from ESCO: tables (CSV, ODS, XLSX) or the RDF dump, as files, zips or folders.

    Without PATH the demonstration data are released (invented, not ESCO).
    """
    given = existing_paths(paths)
    with progress(quiet) as listener:
        outcome = esco_kg.make_release(*given, use_cache=not no_cache, listener=listener, **options)
    try:
        for statement in [*outcome.statements, *(outcome.details if verbose else ())]:
            click.echo(statement)
        if outcome.is_new:
            click.echo(f"Release {outcome.version} is in {outcome.folder}")
            click.echo(f"Read {outcome.folder / 'RELEASE-NOTES.md'} first.")
    except KeyboardInterrupt:
        raise Interrupted(outcome.published()) from None
