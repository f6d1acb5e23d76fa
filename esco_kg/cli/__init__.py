"""The commands: parse, call, print; nothing else. Heavy imports wait until a command needs them."""

from __future__ import annotations

import signal
from types import FrameType
from typing import Any

import click

from esco_kg.cli.aggregate import aggregate
from esco_kg.cli.check import check, measure
from esco_kg.cli.diff import bridge, diff
from esco_kg.cli.evaluate import evaluate
from esco_kg.cli.load import fuseki, load
from esco_kg.cli.names import contents, names
from esco_kg.cli.query import query
from esco_kg.cli.recommend import recommend
from esco_kg.cli.release import inspect, release
from esco_kg.cli.review import review
from esco_kg.cli.serve import serve, site
from esco_kg.cli.test import test
from esco_kg.cli.trials import assign
from esco_kg.cli.verify import verify
from esco_kg.errors import EscoKgError


class _Group(click.Group):
    """Turns our errors into two lines and an exit status; no traceback stands under a good message."""

    def invoke(self, context: click.Context) -> Any:
        # A program that calls the command (a test, a scheduler) keeps its own handler afterwards.
        before = signal.signal(signal.SIGTERM, _interrupt)
        try:
            return super().invoke(context)
        except EscoKgError as error:
            click.echo(f"error: {error.message}", err=True)
            if error.hint:
                click.echo(f"hint: {error.hint}", err=True)
            context.exit(error.exit_status)
        except KeyboardInterrupt:
            click.echo(f"interrupted: {_left_by(context.invoked_subcommand)}", err=True)
            context.exit(130)
        finally:
            signal.signal(signal.SIGTERM, before)


def _left_by(command: str | None) -> str:
    """What an interrupted command leaves."""
    return {
        "release": "nothing was published",
        "load": "the store shows the release it showed before; the same command goes on from here",
        "site": "the site is not finished; the same command finishes it",
    }.get(command or "", f"{command} left every file whole, as it was or finished")


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="esco-kg", prog_name="esco-kg")
def main() -> None:
    """Make, validate and publish skill clusters of ESCO as linked data."""


# One a line, by name.
for command in (
    aggregate,
    assign,
    bridge,
    check,
    contents,
    diff,
    evaluate,
    fuseki,
    inspect,
    load,
    measure,
    names,
    query,
    recommend,
    release,
    review,
    serve,
    site,
    test,
    verify,
):  # fmt: skip
    main.add_command(command)
