"""A release's graphs in an oxigraph store on disk, bulk-loaded once and kept outside of the tree.

The default graph is the whole release, as in a remote store; no graph has a name. The store of a release is found by
its manifest's hash, so another release never answers for it, and losing the store loses nothing.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import zlib
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from esco_kg.errors import InputError, OutputError
from esco_kg.folder.manifest import sha256_of
from esco_kg.folder.reading import MANIFEST, read_manifest
from esco_kg.folder.staging import aside
from esco_kg.rdf.graphs import Rows

Listener = Callable[[str], None]


def cache_folder() -> Path:
    """Where downloaded and computed things lie between runs: ``$XDG_CACHE_HOME/esco-kg``, else ``~/.cache/esco-kg``."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "esco-kg"


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
        graphs = {name: folder / f"esco-kg-{manifest['version']}-{name}.nt.gz" for name in sorted(manifest["graphs"])}
        stated = {file["name"]: file["sha256"] for file in manifest["files"]}
        for path in graphs.values():
            if not path.is_file() or sha256_of(path) != stated.get(path.name):
                hint = "Take the release from its origin again."
                raise InputError(str(path), "is not the file that the manifest lists", hint)
        try:
            _made(target, list(graphs.values()))
        except OSError as error:
            hint = "Set XDG_CACHE_HOME to a folder that can be written and has room."
            raise OutputError(f"{caches}: {error.strerror or error}", hint) from None
    return ReleaseStore(target)


def _made(target: Path, graphs: list[Path]) -> None:
    """Load aside, then rename: a half-made store is never found."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with aside(target.parent, ".making-") as folder:
        store = ox.Store(f"{folder}/store")
        try:
            for path in graphs:
                try:
                    with gzip.open(path) as stream:
                        store.bulk_load(cast(IO[bytes], stream), format=ox.RdfFormat.N_TRIPLES)
                except (SyntaxError, ValueError, EOFError, zlib.error) as error:
                    raise InputError(str(path), f"not readable as packed N-Triples: {error}") from None
            store.flush()
            store.optimize()
        finally:
            # Closes it. An open store writes in the background, and a folder that is written to cannot be taken away.
            del store
        try:
            (folder / "store").rename(target)
        except OSError:
            # Another process may have made the same store meanwhile: then that one serves as well.
            if not target.is_dir():
                raise
