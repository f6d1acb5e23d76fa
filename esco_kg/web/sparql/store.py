"""The SPARQL store of a release: made by a process of its own, beside the pages or when the first query asks for it.

Most of the time that a new release takes to be prepared would go into it, and pages do not need it.
``python -m esco_kg.web.sparql.store CACHE GRAPHS`` makes it in the cache of a release, from the plain N-Triples there;
GRAPHS is what the name of a graph begins with.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pyoxigraph as ox

from esco_kg.folder.cache import make_once
from esco_kg.web.releases.cache import STORE
from esco_kg.web.sparql.confine import NICENESS, end_with_parent


def write_store(cache: Path, graphs: str) -> None:
    """Make the store, unless it is there. Raises OSError, and SyntaxError where a graph cannot be read."""
    if not (cache / STORE).is_dir():
        make_once(cache / STORE, lambda folder: _load(cache, graphs, folder))


def _load(cache: Path, graphs: str, folder: Path) -> None:
    """Each graph by its name, and all of them as the default graph.

    Oxigraph's union of graphs gives a statement as often as it stands in them, and the statistics repeat some of the
    clusters': counts over the union would be wrong. In the default graph a statement stands once.
    """
    store = ox.Store(str(folder))
    try:
        for plain in sorted(cache.glob("*.nt")):
            for place in (ox.NamedNode(graphs + plain.stem), ox.DefaultGraph()):
                store.bulk_load(path=str(plain), format=ox.RdfFormat.N_TRIPLES, to_graph=place)
        store.optimize()
    finally:
        # Closes it. An open store writes in the background, and a folder that is written to cannot be taken away.
        del store


def main() -> None:
    """Tell on stderr, in one line, why there is no store."""
    end_with_parent()
    os.nice(NICENESS)
    cache, graphs = sys.argv[1:]
    try:
        write_store(Path(cache), graphs)
    except (OSError, SyntaxError) as error:
        sys.exit(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
