"""The statistics of a release measured once more in a store that holds it, for tests and benchmarks."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from itertools import zip_longest
from pathlib import Path
from typing import cast

from esco_kg.errors import EscoKgError
from esco_kg.rdf.graphs import GraphStore, Rows
from esco_kg.rdf.namespaces import QB
from esco_kg.statistics import measures
from esco_kg.store.catalogue import graphs_to_ask, stored_releases
from esco_kg.store.client import Endpoint
from esco_kg.store.remote import select


class _Asked:
    """A remote store as the measures ask one."""

    def __init__(self, endpoint: Endpoint, graphs: list[str]) -> None:
        self.endpoint, self.graphs = endpoint, graphs

    def select(self, query: str) -> Rows:
        return select(self.endpoint, query, graphs=self.graphs)


def different(endpoint: Endpoint, release: Path) -> dict[str, list[tuple[str | None, str | None]]]:
    """Measure -> the first lines that differ, as measured and as published; nothing where every file is the same."""
    stored = stored_releases(endpoint)
    store = cast(GraphStore, _Asked(endpoint, graphs_to_ask(endpoint, stored, None)))
    found: dict[str, list[tuple[str | None, str | None]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "measured.csv")
        for name in [each.name for each in measures.measures()]:
            try:
                (table,) = measures.run(store, [name], base_iri=stored.base)
            except EscoKgError as error:
                found[name] = [(str(error), None)]
                continue
            measures.write_csv(table, path)
            mine = path.read_text("utf-8").splitlines()
            published = (release / "statistics" / f"{table.name}.csv").read_text("utf-8").splitlines()
            if mine != published:
                found[table.name] = [pair for pair in zip_longest(mine, published) if pair[0] != pair[1]][:3]
    return found


def cube(ask: Callable[[str], Rows]) -> dict[tuple[str, str], str | float | int | bool | None]:
    """Every figure of the data cubes: observation and measure property -> value."""
    datasets = ask(f"SELECT ?d WHERE {{ ?d a <{QB}DataSet> }} ORDER BY ?d").values()
    found = {}
    for (dataset,) in datasets:
        # One data set at a time: some stores cut long answers.
        text = f"SELECT ?o ?p ?v WHERE {{ ?o <{QB}dataSet> <{dataset}> ; ?p ?v . ?p a <{QB}MeasureProperty> }}"
        found.update({(str(o), str(p)): v for o, p, v in ask(text).values()})
    return found
