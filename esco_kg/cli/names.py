"""``esco-kg contents`` and ``esco-kg names``."""

from __future__ import annotations

from pathlib import Path

import click

_RELEASE = click.argument("folder", type=click.Path(path_type=Path))


@click.command()
@_RELEASE
def contents(folder: Path) -> None:
    """Print which skills the clusters of a release hold, as a file of curation/contents.

    Names in curation/names refer to it, and are used as long as a cluster has much the same skills.
    """
    from esco_kg.clusters.naming_sheet import contents_file

    click.echo(contents_file(folder), nl=False)


@click.command()
@_RELEASE
@click.argument("language")
@click.option("--contents", "file", default="", help="File of curation/contents, without .csv. [default: the version]")
def names(folder: Path, language: str, file: str) -> None:
    """Print the clusters of a release that nobody gave a name in LANGUAGE, as a file of curation/names to fill in."""
    from esco_kg.clusters.naming_sheet import names_sheet

    click.echo(names_sheet(folder, language, file), nl=False)
