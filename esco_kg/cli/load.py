"""``esco-kg load``: a release, or any RDF file, into a triple store."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

import esco_kg
from esco_kg.cli.options import QUIET, VERSION, chosen_release, need_there, output_format, remarks
from esco_kg.cli.reading import READING, contexts_given
from esco_kg.errors import UsageError

ENDPOINT = click.option("--endpoint", metavar="URL", help="The store, such as http://127.0.0.1:3030/esco.")
STORE = click.option(
    "--store",
    type=click.Choice(["fuseki", "oxigraph", "virtuoso", "rdf4j", "graphdb", "neptune"]),
    help="Kind of store, where its answers do not tell it.",
)
BASE = click.option("--base", metavar="IRI", help="Base IRI, where the store holds releases of several schemes.")


def timeout_option(default: float) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """``--timeout``: an update may move a whole release, a question takes less."""
    return click.option(
        "--timeout",
        type=click.FloatRange(min=1),
        default=default,
        show_default=True,
        help="Seconds for one request to the store, all tries and the whole answer included.",
    )


@click.command()
@click.argument("release", required=False, type=click.Path(path_type=Path), metavar="[RELEASE|FILE]")
@VERSION
@ENDPOINT
@click.option("--graph", metavar="IRI", help="Of a FILE: the named graph. [default: the IRI of its concept scheme]")
@READING
@click.option("--current", metavar="VERSION", help="Load nothing: make a version that the store holds the current one.")
@click.option("--without", multiple=True, metavar="GRAPH", help="Leave out a graph, such as codes; may be repeated.")
@STORE
@BASE
@timeout_option(900)
@output_format("table", "json")
@QUIET
def load(
    release: Path | None,
    version: str | None,
    endpoint: str | None,
    graph: str | None,
    contexts: tuple[str, ...],
    lenient: bool,
    current: str | None,
    without: tuple[str, ...],
    store: str | None,
    base: str | None,
    timeout: float,
    form: str,
    quiet: bool,
) -> None:
    """Load a release into a triple store and make it the current one, or any RDF file into a named graph.

    Readers see the release before until all of the new one is there. The same command again goes on after an
    interruption, and does nothing where nothing is left to do. A file takes the place of what its graph holds. User and
    password are taken from ESCO_KG_USER and ESCO_KG_PASSWORD, a bearer token from ESCO_KG_TOKEN, otherwise from the
    netrc file.
    """
    endpoint = _checked(endpoint, release, version, current)
    if release is not None and (release.is_file() or graph):
        _refuse_for_file(current=current, without=without, version=version, base=base)
        how = {"graph": graph or "", "contexts": contexts_given(contexts), "lenient": lenient, "remarks": remarks()}
        _load_file(release, endpoint, store, timeout, form, quiet, how)
        return
    if graph or contexts or lenient:
        raise UsageError("--graph, --context and --lenient are for an RDF file", "Name the file, not a release.")
    chosen = None if current else chosen_release(release, version, quiet=quiet, demonstration=False)
    with _progress(quiet) as (listener, progress):
        triple_store = esco_kg.Store(endpoint, store=store, base=base, timeout=timeout, listener=listener)
        if chosen is None:
            loaded_version, sent = str(current), dict[str, int]()
            switched = triple_store.make_current(loaded_version)
        else:
            loaded = triple_store.load(chosen, without=without, progress=progress)
            loaded_version, switched, sent = loaded.version, loaded.switched, loaded.sent
    if form == "json":
        click.echo(json.dumps({"version": loaded_version, "sent": sent, "switched": switched}))
    elif switched:
        click.echo(
            f"Release {loaded_version} is the current one at {endpoint}; {sum(sent.values()):,} triples were sent"
        )
    else:
        click.echo(f"Nothing to do: release {loaded_version} is the current one at {endpoint}")


def _load_file(
    file: Path, endpoint: str, store: str | None, timeout: float, form: str, quiet: bool, how: dict[str, Any]
) -> None:
    need_there(file)
    with _progress(quiet) as (listener, progress):
        triple_store = esco_kg.Store(endpoint, store=store, timeout=timeout, listener=listener)
        held = triple_store.load_files(file, progress=progress, **how)
    if form == "json":
        click.echo(json.dumps({"graph": held.graph, "triples": held.triples}))
    else:
        click.echo(f"<{held.graph}> holds {held.triples:,} triples at {endpoint}")


def _refuse_for_file(**options: object) -> None:
    for name, value in options.items():
        if value:
            raise UsageError(f"--{name} goes with a release, not with a file", "A file goes into one graph: --graph.")


def _checked(endpoint: str | None, release: Path | None, version: str | None, current: str | None) -> str:
    """The endpoint, where it is plain what to do there."""
    if current and current.startswith("-"):
        raise UsageError(f"--current {current} is no version", "Write it as --current 1.0.0 --endpoint URL.")
    if not endpoint:
        hint = "Give --endpoint http://127.0.0.1:3030/esco; to make, ENDPOINT=http://127.0.0.1:3030/esco."
        raise UsageError("no store is named", hint)
    if current and (release or version):
        raise UsageError("--current names a version that the store holds", "Name no release beside it.")
    return endpoint


@contextmanager
def _progress(quiet: bool) -> Iterator[tuple[Callable[[str], None], Callable[[str, int, int], None]]]:
    """Two listeners: one of remarks, one of triples. A bar on a terminal, a line when a graph is done elsewhere."""
    if quiet:
        yield lambda message: None, lambda name, done, total: None
    elif not sys.stderr.isatty():
        yield (
            lambda message: click.echo(message, err=True),
            lambda name, done, total: click.echo(f"{name}: {done:,} triples", err=True) if done == total else None,
        )
    else:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True)) as bar:
            tasks: dict[str, TaskID] = {}

            def advance(name: str, done: int, total: int) -> None:
                if name not in tasks:
                    tasks[name] = bar.add_task(name, total=total)
                bar.update(tasks[name], completed=done)

            yield lambda message: bar.console.print(message, markup=False, highlight=False), advance
