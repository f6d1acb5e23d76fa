"""``esco-kg contents``."""

from __future__ import annotations

from pathlib import Path

import click

from esco_kg.cli.options import QUIET, chosen_release, release_argument


@click.command()
@release_argument
@QUIET
def contents(release: Path | None, version: str | None, quiet: bool) -> None:
    """Print which skills the clusters of a release hold, as a file of curation/contents.

    Names in curation/names refer to it, and are used as long as a cluster has much the same skills.
    """
    click.echo(chosen_release(release, version, quiet=quiet).contents(), nl=False)
