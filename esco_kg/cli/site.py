"""``esco-kg site``."""

from __future__ import annotations

from pathlib import Path

import click

import esco_kg
from esco_kg.cli.options import Target
from esco_kg.cli.progress import progress
from esco_kg.cli.serve import CACHE, RELEASES


@click.command()
@click.argument("out", type=Target(file_okay=False))
@click.argument("releases", type=RELEASES, default=Path("releases"), metavar="[RELEASE]")
@CACHE
@click.option("--skills/--no-skills", default=True, show_default=True, help="A page per skill as well.")
@click.option("--url", default="", help="Where the site will lie, for the sitemap: https://example.org/clusters/.")
@click.option("--quiet", is_flag=True, help="No progress on stderr.")
def site(out: Path, releases: Path, cache: Path | None, skills: bool, url: str, quiet: bool) -> None:
    """Write the same pages as files into OUT, for any web host.

    A second run writes only what changed.
    """
    with progress(quiet) as listener:
        written = esco_kg.write_site(out, releases, cache=cache, skills=skills, url=url, listener=listener)
    click.echo(f"{written.files} files in {out}: {written.changed} written, {written.removed} removed")
