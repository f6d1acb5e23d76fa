"""``esco-kg fuseki``: a triple store to try releases with."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from esco_kg.cli.options import Target


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=3030, show_default=True, help="Port on 127.0.0.1.")
@click.option("--data", type=Target(file_okay=False), help="Where the dataset lies on disk.")
def fuseki(port: int, data: Path | None) -> None:
    """Start Apache Jena Fuseki in the foreground, with the persistent dataset /esco and text search over labels.

    The server comes from FUSEKI_HOME where that is set, otherwise once from Maven: a pinned version, checksums
    verified. Its data lie in --data, by default a folder of XDG_DATA_HOME (~/.local/share).
    """
    from esco_kg.store.fuseki import command

    line = command(port=port, data=data, home=os.environ.get("FUSEKI_HOME"))
    click.echo(f"Fuseki on http://127.0.0.1:{port}/esco (stop it with Ctrl-C)", err=True)
    sys.stderr.flush()
    os.execv(line[0], line)
