"""A SELECT that a user wrote, over RDF files, a release or a store, as a table."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox

from esco_kg.errors import InputError, MissingError
from esco_kg.model.findings import Table, Value
from esco_kg.rdf.graphs import GraphStore, Rows
from esco_kg.rdf.reading import Reader
from esco_kg.store.client import Endpoint
from esco_kg.store.local import ReleaseStore, open_release
from esco_kg.store.remote import select
from esco_kg.validation.files import joined

ENDINGS = (".rq", ".sparql")
"""Of the names of files that hold a query."""
_GRAPH = "urn:esco-kg:files"
_TYPES = {int: "integer", float: "decimal", bool: "boolean"}


def over_files(query: Path, files: Sequence[Path], reader: Reader | None = None) -> Table:
    """The answer over RDF files, taken together. Raises InputError where the query fails or is no SELECT."""
    text = _text(query)
    with tempfile.TemporaryDirectory(prefix="esco-kg-query-") as scratch:
        together = Path(scratch) / "all.nt"
        joined(files, together, reader)
        store = GraphStore()
        store.load(_GRAPH, together, is_ours=True)
        return _table(query, _asked(store, text, query))


def over_release(query: Path, release: Path) -> Table:
    """The answer over a release, all its graphs together. Raises as :func:`over_files`."""
    return _table(query, _asked(open_release(release), _text(query), query))


def _asked(store: GraphStore | ReleaseStore, text: str, query: Path) -> Rows:
    try:
        return store.select(text)
    except (SyntaxError, ValueError, RuntimeError) as error:
        raise InputError(str(query), f"the query fails: {error}", "Write a SELECT of SPARQL 1.1.") from None


def over_store(query: Path, endpoint: Endpoint, graphs: Sequence[str]) -> Table:
    """The answer of a store, over the graphs with these IRIs, or over its default graph. Raises as :func:`select`."""
    return _table(query, select(endpoint, _text(query), graphs=graphs, what=query.name))


def _text(query: Path) -> str:
    try:
        return query.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise MissingError(str(query)) from None
    except UnicodeDecodeError:
        raise InputError(str(query), "is not UTF-8", "Save it as UTF-8.") from None


def _table(query: Path, rows: Rows) -> Table:
    values = rows.values()
    types = [_type(rows, values, column) for column in range(len(rows.columns))]
    told = [
        tuple(
            str(value) if kind in ("string", "iri") and value is not None else value
            for value, kind in zip(row, types, strict=True)
        )
        for row in values
    ]
    return Table(query.stem, query.name, rows.columns, types, told)


def _type(rows: Rows, values: Sequence[tuple[Value, ...]], column: int) -> str:
    """What all values of a column are; text where they differ."""
    if values and all(isinstance(row[column], ox.NamedNode) for row in rows.terms):
        return "iri"
    kinds = {type(row[column]) for row in values if row[column] is not None}
    return _TYPES.get(kinds.pop(), "string") if len(kinds) == 1 else "string"
