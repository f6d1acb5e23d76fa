"""The commands: parse, call, print; nothing else. Heavy imports wait until a command needs them."""

from __future__ import annotations

from typing import Any

import click

from esco_kg.cli.aggregate import aggregate
from esco_kg.cli.assign import assign
from esco_kg.cli.bridge import bridge
from esco_kg.cli.check import check
from esco_kg.cli.contents import contents
from esco_kg.cli.diff import diff
from esco_kg.cli.errors import guarded, written
from esco_kg.cli.evaluate import evaluate
from esco_kg.cli.fuseki import fuseki
from esco_kg.cli.inspect import inspect
from esco_kg.cli.load import load
from esco_kg.cli.measure import measure
from esco_kg.cli.names import names
from esco_kg.cli.query import query
from esco_kg.cli.recommend import recommend
from esco_kg.cli.release import release
from esco_kg.cli.review import review
from esco_kg.cli.serve import serve
from esco_kg.cli.site import site
from esco_kg.cli.test import test
from esco_kg.cli.verify import verify


class _Group(click.Group):
    """Turns our errors into two lines and an exit status; no traceback stands under a good message."""

    def main(self, *arguments: Any, **known: Any) -> Any:
        with written():
            return super().main(*arguments, **known)

    def invoke(self, context: click.Context) -> Any:
        return guarded(context, lambda: super(_Group, self).invoke(context))


def _show_version(context: click.Context, option: click.Parameter, asked: bool) -> None:
    if asked and not context.resilient_parsing:
        from esco_kg.library.about import about

        click.echo(about())
        context.exit()


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the versions of the program and its data.",
)
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
