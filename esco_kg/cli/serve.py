"""``esco-kg serve``."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from esco_kg.cli.options import Target, need_there
from esco_kg.cli.progress import progress
from esco_kg.errors import UsageError
from esco_kg.library.reviews import reviewer_id
from esco_kg.web.server.limits import Limits, QueryLimits

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from esco_kg.trials.review.cases import Order
    from esco_kg.web.releases.view import ReleaseView
    from esco_kg.web.server.connections import Network

RELEASES = click.Path(path_type=Path)
_CARDS = click.IntRange(0, 100_000)
_LIMITS, _OF_A_QUERY = Limits(), QueryLimits()
CACHE = click.option("--cache", type=Target(file_okay=False), help="Folder of caches. Default: ~/.cache/esco-kg.")


def _public_url(context: click.Context, parameter: click.Parameter, value: str) -> str:
    from esco_kg.rdf.terms import is_http_iri

    if value and (not is_http_iri(value) or {"?", "#"} & set(value)):
        raise click.BadParameter(f"{value!r} is no address such as https://example.org/clusters/")
    return value


def _networks(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(value) for value in values)
    except ValueError as error:
        message = f"{error}; write an address such as 127.0.0.1, or a network such as 10.0.0.0/8"
        raise click.BadParameter(message) from None


@click.command()
@click.argument("releases", type=RELEASES, default=Path("releases"), metavar="[RELEASE]")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; this machine alone.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="Port; 0 takes a free one."
)
@CACHE
@click.option(
    "--rate",
    type=click.FloatRange(0),
    default=_LIMITS.rate,
    show_default=True,
    help="Requests a second per client; 0: any.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0.1),
    default=_OF_A_QUERY.seconds,
    show_default=True,
    help="Seconds for one SPARQL query.",
)
@click.option(
    "--rows",
    type=click.IntRange(1),
    default=_OF_A_QUERY.rows,
    show_default=True,
    help="Most rows in one SPARQL answer.",
)
@click.option(
    "--memory",
    type=click.IntRange(256),
    default=_OF_A_QUERY.memory >> 20,
    show_default=True,
    help="MB for one SPARQL query.",
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    default=_OF_A_QUERY.workers,
    show_default=True,
    help="SPARQL queries at the same time.",
)
@click.option(
    "--review", "reviewers", metavar="IDS", help="Show cards to reviewers, such as r1,r2, and take decisions."
)
@click.option(
    "--priority", type=_CARDS, default=200, show_default=True, help="Doubtful skills on cards, shared out to reviewers."
)
@click.option(
    "--random", type=_CARDS, default=100, show_default=True, help="Skills of the random stratum on cards, shared out."
)
@click.option(
    "--tree-test",
    "tasks",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Ask people at /tree-test to find skills: a table with the columns text and skill.",
)
@click.option(
    "--inbox",
    type=Target(file_okay=False),
    default=Path("inbox"),
    show_default=True,
    help="Folder that decisions of reviewers and answers of tree tests are written to.",
)
@click.option(
    "--public-url",
    callback=_public_url,
    metavar="URL",
    default="",
    help="The address that visitors know, with its path: https://example.org/clusters/.",
)
@click.option(
    "--trust-proxy",
    "proxies",
    multiple=True,
    callback=_networks,
    metavar="ADDRESS",
    help="Believe X-Forwarded-For and -Proto from this address or network alone; may be repeated. [default: nobody]",
)
@click.option(
    "--allow-host",
    "hosts",
    multiple=True,
    metavar="NAME",
    help="Reviewers and people of a tree test may come under this name too, beside --public-url and this machine's "
    "own; may be repeated.",
)
@click.option("--log/--no-log", default=True, show_default=True, help="Access log on stderr, a JSON object a line.")
@click.option("--quiet", is_flag=True, help="No progress on stderr.")
def serve(
    releases: Path, host: str, port: int, cache: Path | None, rate: float, timeout: float, rows: int, memory: int,
    workers: int, reviewers: str | None, priority: int, random: int, tasks: Path | None, inbox: Path, public_url: str,
    proxies: tuple[Network, ...], hosts: tuple[str, ...], log: bool, quiet: bool,
) -> None:  # fmt: skip
    """Show releases in the browser and answer programs: pages, linked data, SPARQL, search, JSON, reconciliation.

    RELEASE is a folder of releases, all of which are shown, or one release. The first start with a release prepares it.
    With --review each reviewer finds cards of the newest release at /review/ID; with --tree-test people find tasks at
    /tree-test.
    """
    from esco_kg.web.releases.site import open_site
    from esco_kg.web.server.run import listening, run

    ordered = _ordered(reviewers, priority, random) if reviewers else None
    bound = listening(host, port)
    with progress(quiet) as listener:
        site = open_site(releases, cache, listener)
    run(
        site,
        bound,
        limits=Limits(rate=rate),
        query_limits=QueryLimits(seconds=timeout, rows=rows, memory=memory << 20, workers=workers),
        log=log,
        more_routes=[
            *(_review_routes(ordered, inbox, site.latest, (host, *hosts), public_url) if ordered else ()),
            *(_tree_test_routes(tasks, inbox, site.latest, (host, *hosts), public_url) if tasks else ()),
        ],
        public_url=public_url,
        trusted=proxies,
        ready=lambda address: click.echo(f"Serving on {address} (end with Ctrl-C)"),
    )


def _ordered(reviewers: str, priority: int, random: int) -> Order:
    """The cards of each reviewer; as many of the random ones as usual go to two, and none where there is one alone."""
    from esco_kg.trials.review.cases import Order

    ids = tuple(reviewer_id(part.strip()) for part in reviewers.split(","))
    if not priority + random:
        raise UsageError("--review has no cards: --priority and --random are 0", "Give one of them another number.")
    usual = Order(ids, priority, random)
    return replace(usual, overlap=min(usual.overlap, random) if len(ids) > 1 else 0)


def _review_routes(
    order: Order, inbox: Path, view: ReleaseView, hosts: Sequence[str], public_url: str
) -> Sequence[BaseRoute]:
    from esco_kg.trials.review.session import ReviewSession
    from esco_kg.web.review.page import review_routes

    session = ReviewSession(view.release.folder, order, inbox, _language(view))
    return review_routes(session, hosts=hosts, public_url=public_url)


def _tree_test_routes(
    tasks: Path, inbox: Path, view: ReleaseView, hosts: Sequence[str], public_url: str
) -> Sequence[BaseRoute]:
    from esco_kg.trials.tree_test import TreeTest
    from esco_kg.web.tree_test.page import tree_test_routes

    need_there(tasks)
    test = TreeTest(view.release.folder, tasks, inbox, _language(view))
    return tree_test_routes(test, hosts=hosts, public_url=public_url)


def _language(view: ReleaseView) -> str:
    return "en" if "en" in view.languages else view.languages[0]
