"""A triple store: load releases into it, make one the current one, ask it saved queries."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from esco_kg.config import CLUSTER_PATH
from esco_kg.errors import UsageError
from esco_kg.library.checks import Remarks, log_remark, reader_of
from esco_kg.library.find import find_release
from esco_kg.library.queries import as_texts, query_named, query_text

if TYPE_CHECKING:
    import polars as pl

    from esco_kg.library.files import AnyPath
    from esco_kg.library.release import Release
    from esco_kg.model.findings import Table
    from esco_kg.store.client import Endpoint
    from esco_kg.store.load import Loaded
    from esco_kg.store.vocabulary import LoadedVocabulary

Progress = Callable[[str, int, int], None]
"""Called with a graph's name, triples in the store so far, triples in all."""


class Store:
    """A SPARQL 1.1 endpoint with Query, Update and the Graph Store protocol.

    ``store`` is its kind (``fuseki``, ``oxigraph``, ``virtuoso``, ``rdf4j``, ``graphdb``, ``neptune``) where its
    answers do not tell it, ``base`` the base IRI of the releases, where it holds those of several schemes.
    ``timeout`` is in seconds, for one request with all tries. Credentials come from the environment or a netrc file.
    Every method raises ServerError where the store fails.
    """

    def __init__(
        self,
        endpoint: str,
        *,
        store: str | None = None,
        base: str | None = None,
        timeout: float = 300.0,
        listener: Callable[[str], None] = lambda remark: None,
    ) -> None:
        self.endpoint, self.store, self.base, self.timeout = endpoint, store, base, timeout
        self._listener = listener

    def __repr__(self) -> str:
        return f"<Store {self.endpoint}>"

    def load(
        self,
        release: Release | AnyPath,
        *,
        without: Sequence[str] = (),
        progress: Progress = lambda name, done, total: None,
    ) -> Loaded:
        """Load a release and make it the current one; what the store has already is not sent again.

        ``without`` names graphs to leave out, such as ``codes``. Readers see the release before until all of the new
        one is there.
        """
        from esco_kg.library.release import Release
        from esco_kg.store.load import load_release

        is_open = isinstance(release, Release)
        folder = release.folder if is_open else find_release(Path(release), demonstration=False)  # type: ignore[union-attr,arg-type]
        with self._opened() as endpoint:
            return load_release(folder, endpoint, without=without, progress=progress)

    def load_files(
        self,
        *files: AnyPath,
        graph: str = "",
        contexts: Mapping[str, AnyPath] | None = None,
        lenient: bool = False,
        remarks: Remarks = log_remark,
        progress: Progress = lambda name, done, total: None,
    ) -> LoadedVocabulary:
        """Put any RDF files, taken together, into ``graph`` in the place of what it holds.

        By default it is the IRI of their concept scheme. ``contexts``, ``lenient`` and ``remarks`` as in
        :func:`esco_kg.check`.
        """
        from esco_kg.store.vocabulary import load_vocabulary

        given = [Path(file) for file in files]
        with reader_of(contexts, lenient, remarks) as reader, self._opened() as endpoint:
            return load_vocabulary(given, endpoint, graph=graph, reader=reader, progress=progress)

    def make_current(self, version: str) -> bool:
        """Make a release that the store holds the current one; False where it is already."""
        from esco_kg.store.load import make_current

        with self._opened() as endpoint:
            self._listener(f"count release {version} back and make it the current one …")
            return make_current(version, endpoint, base=self.base)

    def query(self, name: str, /, version: str | None = None, **parameters: str | int | float) -> pl.DataFrame:
        """The answer of a saved query, by default of the store's current release."""
        return self.answer(name, version, **parameters).to_polars()

    def answer(self, name: str, /, version: str | None = None, **parameters: str | int | float) -> Table:
        """The same with its question, and the types of its columns."""
        from esco_kg.store.catalogue import stored_releases
        from esco_kg.store.remote import select

        saved = query_named(name)
        with self._opened() as endpoint:
            base = stored_releases(endpoint, self.base).base
            graphs = self._graphs(endpoint, name, version)
            bound = saved.bound(base, as_texts(parameters), self._clusters_at(endpoint, name, base))
            return saved.table(select(endpoint, bound, graphs=graphs))

    def own_answer(self, query: AnyPath, graphs: Sequence[str] = ()) -> Table:
        """The answer of a SELECT in a file, over the graphs with these IRIs, or over the default graph."""
        from esco_kg.store.own_query import over_store

        with self._opened() as endpoint:
            return over_store(Path(query), endpoint, graphs)

    def query_text(self, name: str, /, version: str | None = None, **parameters: str | int | float) -> str:
        """A saved query with its parameters and the graphs of this store, for any SPARQL client."""
        from esco_kg.store.catalogue import stored_releases

        with self._opened() as endpoint:
            base = stored_releases(endpoint, self.base).base
            graphs = self._graphs(endpoint, name, version)
            return query_text(name, base, parameters, graphs, self._clusters_at(endpoint, name, base))

    def _clusters_at(self, endpoint: Endpoint, name: str, base: str) -> str:
        """Where the IRIs of clusters lie; the store is asked only where a parameter is a cluster."""
        from esco_kg.store.catalogue import cluster_path_in

        names_cluster = any(parameter.type == "cluster" for parameter in query_named(name).parameters)
        return cluster_path_in(endpoint, base) if names_cluster else CLUSTER_PATH

    def _graphs(self, endpoint: Endpoint, name: str, version: str | None) -> list[str]:
        from esco_kg.store.catalogue import graphs_to_ask, stored_releases

        needs = query_named(name).needs
        if needs and version is not None:
            raise UsageError(f"the query {name} needs {needs}", "Name no version.")
        return [] if needs else graphs_to_ask(endpoint, stored_releases(endpoint, self.base), version)

    def _opened(self) -> Endpoint:
        from esco_kg.store.client import Endpoint

        return Endpoint(self.endpoint, self.store, timeout=self.timeout, listener=self._listener)
