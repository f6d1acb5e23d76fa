"""``esco-kg names``."""

from __future__ import annotations

from pathlib import Path

import click

from esco_kg.cli.options import QUIET, chosen_release, release_argument
from esco_kg.errors import UsageError


def _language(context: click.Context, parameter: click.Parameter, value: str) -> str:
    from esco_kg.rdf.terms import is_language_tag

    if not is_language_tag(value):
        raise UsageError(f"{value!r} is no language tag", "Give one such as it or pt-br, before the release.")
    return value


@click.command()
@click.argument("language", callback=_language)
@release_argument
@QUIET
@click.option("--contents", "file", default="", help="File of curation/contents, without .csv. [default: the version]")
def names(language: str, release: Path | None, version: str | None, file: str, quiet: bool) -> None:
    """Print the clusters of a release that nobody gave a name in LANGUAGE, as a file of curation/names to fill in."""
    click.echo(chosen_release(release, version, quiet=quiet).names(language, file), nl=False)
