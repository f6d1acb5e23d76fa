"""``esco-kg query``: the saved queries of the cookbook, over an endpoint or a release folder."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from esco_kg.cli.load import BASE, ENDPOINT, STORE, timeout_option
from esco_kg.cli.options import QUIET, Target, chosen_release, need_there, output_format
from esco_kg.cli.progress import progress
from esco_kg.cli.reading import READING, reading
from esco_kg.cli.tables import FORMS
from esco_kg.config import CLUSTER_PATH
from esco_kg.errors import UsageError
from esco_kg.folder.staging import write_whole

if TYPE_CHECKING:
    from esco_kg.model.findings import Table
    from esco_kg.store.cookbook import Query


@click.command()
@click.argument("name", required=False, metavar="[NAME|FILE.rq]")
@click.argument("release", required=False, type=click.Path(path_type=Path), metavar="[RELEASE|FILE]")
@ENDPOINT
@click.option("--graph", "graphs", multiple=True, metavar="IRI", help="Of FILE.rq at a store: ask this named graph.")
@READING
@click.option("--version", metavar="V", help="This version. [default: the store's current one, the folder's newest]")
@click.option("--param", multiple=True, metavar="NAME=VALUE", help="A parameter of the query; may be repeated.")
@output_format(*FORMS, "parquet", "xlsx")
@click.option("--out", type=Target(dir_okay=False), help="File for the answer; else stdout.")
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
    SELECT of your own, over an RDF file of anyone, a release, or a store.
    """
    from esco_kg.store.cookbook import cookbook, query_named
    from esco_kg.store.own_query import ENDINGS

    if name is not None and name.lower().endswith(ENDINGS):
        _refuse_for_own(param=param, sparql=sparql, version=version, base=base)
        _give(_own(Path(name), release, endpoint, (graphs, store, timeout), (contexts, lenient)), form, out)
        return
    if graphs or contexts or lenient:
        raise UsageError(
            "--graph, --context and --lenient are for a query of your own", "Name a file that ends in .rq."
        )

    if name is None:
        for known in cookbook().values():
            click.echo(f"{known.name:26} {known.question}")
        return
    saved = query_named(name)
    given = _given(param)
    if sparql and base:
        from esco_kg.store.published import published

        click.echo(published(saved, base, saved.terms(base, given)), nl=False)
        return
    if endpoint is not None and release is not None:
        raise UsageError("a release and a store are named", "Name RELEASE or --endpoint, not both.")
    if saved.needs and (endpoint is None or version is not None):
        raise UsageError(f"the query {name} needs {saved.needs}", "Give --endpoint alone.")
    if endpoint is None:
        _refuse_for_folder(store=store, base=base)
        answer = _of_folder(saved, chosen_release(release, version, quiet=quiet), given, sparql, quiet)
    else:
        answer = _of_endpoint(saved, endpoint, given, sparql, (version, store, base, timeout))
    _give(answer, form, out)
    if not isinstance(answer, str) and not answer.rows:
        _tell_of_nothing(saved, given)


def _refuse_for_own(**options: object) -> None:
    for name, value in options.items():
        if value:
            raise UsageError(f"--{name} goes with a saved query", "Write into the file what it is to ask.")


def _own(
    query: Path,
    file: Path | None,
    url: str | None,
    at_store: tuple[tuple[str, ...], str | None, float],
    how_read: tuple[tuple[str, ...], bool],
) -> Table:
    from esco_kg.store.client import Endpoint
    from esco_kg.store.own_query import over_files, over_release, over_store

    if (file is None) == (url is None):
        raise UsageError("a query of your own needs a file or a store", "Name an RDF file, or --endpoint URL.")
    need_there(query, file)
    graphs, store, timeout = at_store
    if file is not None and file.is_dir():
        return over_release(query, chosen_release(file, quiet=True))
    if file is not None:
        with reading(*how_read) as reader:
            return over_files(query, [file], reader)
    with Endpoint(str(url), store, timeout=timeout) as endpoint:
        return over_store(query, endpoint, graphs)


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


def _of_folder(saved: Query, release: Path, given: dict[str, str], only_text: bool, quiet: bool) -> Table | str:
    from esco_kg.folder.reading import cluster_path, read_manifest
    from esco_kg.store.catalogue import Names
    from esco_kg.store.local import open_release
    from esco_kg.store.published import published

    manifest = read_manifest(release)
    base, clusters_at = str(manifest["base_iri"]), cluster_path(manifest)
    if only_text:
        graphs = [Names(base).graph(str(manifest["version"]), name) for name in sorted(manifest["graphs"])]
        return published(saved, base, saved.terms(base, given, clusters_at), graphs)
    with progress(quiet) as listener:
        return saved.table(open_release(release, listener=listener).select(saved.bound(base, given, clusters_at)))


def _of_endpoint(
    saved: Query,
    url: str,
    given: dict[str, str],
    only_text: bool,
    options: tuple[str | None, str | None, str | None, float],
) -> Table | str:
    from esco_kg.store.catalogue import cluster_path_in, graphs_to_ask, stored_releases
    from esco_kg.store.client import Endpoint
    from esco_kg.store.published import published
    from esco_kg.store.remote import select

    version, store, base, timeout = options
    with Endpoint(url, store, timeout=timeout) as endpoint:
        stored = stored_releases(endpoint, base)
        names_cluster = any(parameter.type == "cluster" for parameter in saved.parameters)
        clusters_at = cluster_path_in(endpoint, stored.base) if names_cluster else CLUSTER_PATH
        graphs = [] if saved.needs else graphs_to_ask(endpoint, stored, version)
        if only_text:
            return published(saved, stored.base, saved.terms(stored.base, given, clusters_at), graphs)
        return saved.table(select(endpoint, saved.bound(stored.base, given, clusters_at), graphs=graphs))


def _tell_of_nothing(saved: Query, given: dict[str, str]) -> None:
    """An empty answer may be right, but a mistyped value looks the same on stdout."""
    click.echo(f"{saved.name}: {saved.nothing(given)}", err=True)
    if saved.parameters:
        click.echo("hint: Is each value one that the release holds?", err=True)


def _give(table: Table | str, form: str, out: Path | None) -> None:
    from esco_kg.store.tables import BINARY, written

    if isinstance(table, str):
        click.echo(table, nl=False)
        return
    if form in BINARY and out is None and sys.stdout.isatty():
        raise UsageError(f"{form} is nothing for a terminal", "Give --out FILE, or send stdout to a file.")
    content = written(table, form)
    if out is None:
        sys.stdout.buffer.write(content)
        return
    write_whole(out, content)
