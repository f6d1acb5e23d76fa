"""``esco-kg query``: the saved queries of the cookbook, over an endpoint or a release folder."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

import esco_kg
from esco_kg.cli.load import BASE, ENDPOINT, STORE, timeout_option
from esco_kg.cli.options import QUIET, Target, chosen_release, need_there, output_format, remarks
from esco_kg.cli.progress import progress
from esco_kg.cli.reading import READING, contexts_given
from esco_kg.cli.tables import FORMS
from esco_kg.errors import UsageError
from esco_kg.library.files import write_files
from esco_kg.library.queries import BINARY, in_form, is_own, own_answer, query_named, query_text

if TYPE_CHECKING:
    from esco_kg.library.queries import Query
    from esco_kg.model.findings import Table


@click.command()
@click.argument("name", required=False, metavar="[NAME|FILE.rq]")
@click.argument("release", required=False, type=click.Path(path_type=Path), metavar="[RELEASE|FILE]")
@ENDPOINT
@click.option("--graph", "graphs", multiple=True, metavar="IRI", help="Of FILE.rq at a store: ask this named graph.")
@READING
@click.option("--version", metavar="V", help="This version. [default: the store's current one, the folder's newest]")
@click.option("--param", multiple=True, metavar="NAME=VALUE", help="A parameter of the query; may be repeated.")
@output_format(*FORMS, "parquet", "xlsx")
@click.option("--out", type=Target(dir_okay=False), help="File for the answer. Default: stdout.")
@click.option("--sparql", is_flag=True, help="Print the query with its parameters, for any SPARQL client; ask nobody.")
@STORE
@BASE
@timeout_option(300)
@QUIET
def query(
    name: str | None,
    release: Path | None,
    endpoint: str | None,
    graphs: tuple[str, ...],
    contexts: tuple[str, ...],
    lenient: bool,
    version: str | None,
    param: tuple[str, ...],
    form: str,
    out: Path | None,
    sparql: bool,
    store: str | None,
    base: str | None,
    timeout: float,
    quiet: bool,
) -> None:
    """Answer the saved query NAME from a release, or from a store; without NAME list the queries there are.

    A parameter is bound as one term of its type, such as --param cluster=c00042 or --param language=fr. FILE.rq is a
    SELECT of your own, over any RDF file, a release, or a store.
    """
    answer: Table | str
    if name is not None and is_own(name):
        _refuse_for_own(param=param, sparql=sparql, version=version, base=base)
        triple_store = esco_kg.Store(endpoint, store=store, timeout=timeout) if endpoint else None
        _give(_own(Path(name), release, triple_store, graphs, contexts, lenient), form, out)
        return
    if graphs or contexts or lenient:
        raise UsageError(
            "--graph, --context and --lenient are for a query of your own", "Name a file that ends in .rq."
        )
    if name is None:
        for known, question in esco_kg.queries().items():
            click.echo(f"{known:26} {question}")
        return
    saved = query_named(name)
    given = _given(param)
    if sparql and base:
        click.echo(query_text(name, base, given), nl=False)
        return
    if endpoint is not None and release is not None:
        raise UsageError("a release and a store are named", "Name RELEASE or --endpoint, not both.")
    if saved.needs and (endpoint is None or version is not None):
        raise UsageError(f"the query {name} needs {saved.needs}", "Give --endpoint alone.")
    if endpoint is None:
        _refuse_for_folder(store=store, base=base)
        with progress(quiet) as listener:
            chosen = chosen_release(release, version, quiet=quiet, listener=listener)
            answer = chosen.query_text(name, **given) if sparql else chosen.answer(name, **given)
    else:
        asked = esco_kg.Store(endpoint, store=store, base=base, timeout=timeout)
        answer = asked.query_text(name, version, **given) if sparql else asked.answer(name, version, **given)
    _give(answer, form, out)
    if not isinstance(answer, str) and not answer.rows:
        _tell_of_nothing(saved, given)


def _refuse_for_own(**options: object) -> None:
    for name, value in options.items():
        if value:
            raise UsageError(f"--{name} goes with a saved query", "Write into the file what it is to ask.")


def _own(
    query: Path,
    source: Path | None,
    store: esco_kg.Store | None,
    graphs: Sequence[str],
    contexts: Sequence[str],
    lenient: bool,
) -> Table:
    if (source is None) == (store is None):
        raise UsageError("a query of your own needs a file or a store", "Name an RDF file, or --endpoint URL.")
    need_there(query, source)
    if store is not None:
        return store.own_answer(query, graphs)
    if source is not None and source.is_dir():
        return chosen_release(source, quiet=True).own_answer(query)
    return own_answer(query, str(source), contexts=contexts_given(contexts), lenient=lenient, remarks=remarks())


def _given(params: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in params:
        name, equals, value = part.partition("=")
        if not equals or not name:
            raise UsageError(f"--param {part}: there is no equals sign", "Write it as --param cluster=c00042.")
        if name in found:
            raise UsageError(f"--param {name} is given twice", "Give each parameter once.")
        found[name] = value
    return found


def _refuse_for_folder(**options: str | None) -> None:
    for name, value in options.items():
        if value is not None:
            raise UsageError(
                f"--{name} goes with --endpoint, not with a release", "A release needs neither --store nor --base."
            )


def _tell_of_nothing(saved: Query, given: dict[str, str]) -> None:
    """An empty answer may be right, but a mistyped value looks the same on stdout."""
    click.echo(f"{saved.name}: {saved.nothing(given)}", err=True)
    if saved.parameters:
        click.echo("hint: Is each value one that the release holds?", err=True)


def _give(answer: Table | str, form: str, out: Path | None) -> None:
    if isinstance(answer, str):
        click.echo(answer, nl=False)
        return
    if form in BINARY and out is None and sys.stdout.isatty():
        raise UsageError(f"{form} is nothing for a terminal", "Give --out FILE, or send stdout to a file.")
    content = in_form(answer, form)
    if out is None:
        sys.stdout.buffer.write(content)
        return
    write_files({out: content})
