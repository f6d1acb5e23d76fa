"""``esco-kg verify``."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from esco_kg.cli.options import chosen_release, output_format, release_argument


@click.command()
@release_argument
@click.option("--key", default="", help="The publisher's public key, a file; with --sign, the key to sign with.")
@click.option("--sign", "program", type=click.Choice(["minisign", "gpg"]), help="Sign the manifest once all is well.")
@output_format("table", "json")
def verify(release: Path | None, version: str | None, key: str, program: str | None, form: str) -> None:
    """Compute every hash of a release again, also of a downloaded copy, and check its signature.

    Names each file that is missing, extra or altered, and exits with 1 if there is one.
    """
    from esco_kg.folder.reading import MANIFEST
    from esco_kg.folder.signature import sign
    from esco_kg.folder.verify import verify as compare

    folder = chosen_release(release, version, quiet=form == "json", demonstration=False)
    found = compare(folder, "" if program else key, is_thorough=True)
    if program and not found.deviations:
        signature = sign(folder / MANIFEST, program, key)
        click.echo(f"Wrote {signature}", err=True)
        found = compare(folder)
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
