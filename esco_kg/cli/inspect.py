"""``esco-kg inspect``."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

import esco_kg
from esco_kg.cli.options import existing_paths, languages_given, output_format
from esco_kg.cli.release import EXTRACT, REPAIR


@click.command()
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option("--esco-version", help="ESCO's version, where neither names nor content tell it.")
@click.option("--languages", callback=languages_given, help="Languages to read, such as en,pl. Default: all there are.")
@EXTRACT
@REPAIR
@output_format("table", "json")
def inspect(paths: tuple[str, ...], form: str, **options: Any) -> None:
    """Tell what an ESCO download holds: version, languages, counts, and every defect with file, line and count.

    Without PATH these are the demonstration data (invented, not ESCO).
    """
    from dataclasses import asdict

    found = esco_kg.inspect(*existing_paths(paths), **options)
    click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=2) if form == "json" else found.as_text())
    if found.problems:
        sys.exit(3)
