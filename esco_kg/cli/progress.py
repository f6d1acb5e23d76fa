"""How far long work is, on stderr: a bar with the elapsed time on a terminal, lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[str], None]]:
    """A listener that is called with the name of each step as it begins. The bar is gone when the work is done."""
    if quiet:
        yield lambda name: None
    elif not sys.stderr.isatty():
        yield lambda name: click.echo(f"{name} …", err=True)
    else:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        # Standard output may be a pipe or a file: the bar leaves it alone.
        console = Console(stderr=True)
        columns = (TimeElapsedColumn(), BarColumn(bar_width=20), TextColumn("{task.description}", markup=False))
        with Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False) as bar:
            task = bar.add_task("", total=None)
            yield lambda name: bar.update(task, description=name)
