"""Saved queries: the questions in ``queries/cookbook/``, asked of a release or of a triple store."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from esco_kg.config import CLUSTER_PATH
from esco_kg.library.checks import Remarks, log_remark, reader_of

if TYPE_CHECKING:
    from esco_kg.library.files import AnyPath
    from esco_kg.model.findings import Table
    from esco_kg.store.cookbook import Query as Query

BINARY = frozenset({"parquet", "xlsx"})
"""Forms of :func:`in_form` that are nothing for a terminal."""
Values = Mapping[str, str | int | float]


def queries() -> dict[str, str]:
    """The name of each saved query and its question."""
    from esco_kg.store.cookbook import cookbook

    return {query.name: query.question for query in cookbook().values()}


def query_named(name: str) -> Query:
    """A saved query with its parameters and columns. Raises UsageError for an unknown name."""
    from esco_kg.store.cookbook import query_named

    return query_named(name)


def query_text(
    name: str, base: str, parameters: Values, graphs: list[str] | None = None, clusters_at: str = CLUSTER_PATH
) -> str:
    """A saved query with its parameters, for any SPARQL client, over the union of ``graphs``, otherwise the default
    graph.

    ``base`` is the base IRI of the releases, ``clusters_at`` what stands before the ids of clusters.
    Raises UsageError for an unknown name or a wrong parameter.
    """
    from esco_kg.store.published import published

    saved = query_named(name)
    return published(saved, base, saved.terms(base, as_texts(parameters), clusters_at), graphs or [])


def is_own(name: str) -> bool:
    """Whether this names a file with a query of one's own, and no saved one."""
    from esco_kg.store.own_query import ENDINGS

    return name.lower().endswith(ENDINGS)


def own_answer(
    query: AnyPath,
    *files: AnyPath,
    contexts: Mapping[str, AnyPath] | None = None,
    lenient: bool = False,
    remarks: Remarks = log_remark,
) -> Table:
    """The answer of a SELECT in a file, over any RDF files, taken together; options as in
    :func:`esco_kg.check`."""
    from esco_kg.store.own_query import over_files

    with reader_of(contexts, lenient, remarks) as reader:
        return over_files(Path(query), [Path(file) for file in files], reader)


def as_texts(parameters: Values) -> dict[str, str]:
    """Values as the command line would give them."""
    return {name: str(value) for name, value in parameters.items()}


def in_form(table: Table, form: str) -> bytes:
    """An answer as a file: ``table``, ``csv``, ``json``, ``parquet`` or ``xlsx``."""
    from esco_kg.store.tables import written

    return written(table, form)
