"""A release's graphs in an oxigraph store on disk, bulk-loaded once and kept outside of the tree.

The default graph is the whole release, as in a remote store; no graph has a name. The store of a release is found by
its manifest's hash, so another release never answers for it, and losing the store loses nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pyoxigraph as ox

from esco_kg.errors import InputError, OutputError
from esco_kg.folder.cache import cache_folder, make_once
from esco_kg.folder.graphs import as_published, opened
from esco_kg.folder.reading import MANIFEST, TAKE_AGAIN, read_manifest
from esco_kg.rdf.graphs import Rows

Listener = Callable[[str], None]


class ReleaseStore:
    """The graphs of one release, read-only; several processes may have the same one open."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._store = ox.Store.read_only(str(folder))

    def select(self, query: str) -> Rows:
        """Run a SELECT over the release. Raises InputError where the query is wrong."""
        try:
            found = self._store.query(query)
            if not isinstance(found, ox.QuerySolutions):
                raise InputError("the query", "is not a SELECT")
            columns = [variable.value for variable in found.variables]
            return Rows(columns, [tuple(row) for row in found])
        except (SyntaxError, ValueError, RuntimeError) as error:
            raise InputError("the query", f"failed: {error}") from None


def open_release(folder: Path, *, caches: Path | None = None, listener: Listener = lambda name: None) -> ReleaseStore:
    """The store of a release folder, made now where there is none (20 s for a million triples on two cores).

    ``caches`` is where stores are kept, by default a folder of :func:`cache_folder`; ``listener`` hears when one is
    made. Raises InputError where a graph is missing or damaged, OutputError where the store cannot be written.
    """
    manifest = read_manifest(folder)
    digest = hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()
    caches = caches or cache_folder() / "stores"
    target = caches / f"{manifest['version']}-{digest[:16]}-oxigraph-{metadata.version('pyoxigraph')}"
    if not target.is_dir():
        listener(f"load release {manifest['version']} into a local store")
        graphs = [as_published(folder, manifest, name) for name in sorted(manifest["graphs"])]
        try:
            make_once(target, lambda into: _load(into, graphs))
        except OSError as error:
            hint = "Set XDG_CACHE_HOME to a folder that can be written and has room."
            raise OutputError(f"{caches}: {error.strerror or error}", hint) from None
    return ReleaseStore(target)


def _load(into: Path, graphs: list[Path]) -> None:
    store = ox.Store(str(into))
    try:
        for path in graphs:
            with opened(path) as stream:
                try:
                    store.bulk_load(stream, format=ox.RdfFormat.N_TRIPLES)
                except (SyntaxError, ValueError) as error:
                    raise InputError(str(path), f"not readable as N-Triples: {error}", TAKE_AGAIN) from None
        store.flush()
        store.optimize()
    finally:
        # Closes it. An open store writes in the background, and a folder that is written to cannot be taken away.
        del store
