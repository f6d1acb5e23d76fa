"""``esco-kg verify``."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Literal

import click

from esco_kg.cli.options import chosen_release, output_format, release_argument


@click.command()
@release_argument
@click.option("--key", default="", help="The publisher's public key, a file; with --sign, the key to sign with.")
@click.option("--sign", "program", type=click.Choice(["minisign", "gpg"]), help="Sign the manifest once all is well.")
@output_format("table", "json")
def verify(
    release: Path | None, version: str | None, key: str, program: Literal["minisign", "gpg"] | None, form: str
) -> None:
    """Compute every hash of a release again, also of a downloaded copy, and check its signature.

    Names each file that is missing, extra or altered, and exits with 1 if there is one.
    """
    # Nobody signs the demonstration by a short name.
    chosen = chosen_release(release, version, quiet=form == "json", demonstration=program is None)
    found = chosen.verify("" if program else key)
    if program and not found.deviations:
        click.echo(f"Wrote {chosen.sign(program, key)}", err=True)
        found = chosen.verify(is_thorough=False)
    if form == "json":
        click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=2))
    else:
        for deviation in found.deviations:
            click.echo(f"{deviation.kind}: {deviation.name}: {deviation.message}")
        compared = f"{found.files} files and {found.graphs} graphs"
        number = len(found.deviations)
        deviations = f"{number} {'deviation' if number == 1 else 'deviations'}"
        click.echo(f"Release {found.version}: {deviations} in {compared}; {found.signature.message}.")
    if found.deviations:
        sys.exit(1)
