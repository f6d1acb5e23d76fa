"""``esco-kg names``."""

from __future__ import annotations

from pathlib import Path

import click

from esco_kg.cli.options import QUIET, chosen_release, release_argument


@click.command()
@click.argument("language")
@release_argument
@QUIET
@click.option("--contents", "file", default="", help="File of curation/contents, without .csv. [default: the version]")
def names(language: str, release: Path | None, version: str | None, file: str, quiet: bool) -> None:
    """Print the clusters of a release that nobody gave a name in LANGUAGE, as a file of curation/names to fill in."""
    click.echo(chosen_release(release, version, quiet=quiet).names(language, file), nl=False)
