"""Make, validate and publish skill clusters of ESCO as linked data.

    >>> import esco_kg
    >>> made = esco_kg.make_release("downloads/esco-1.1.1-en", nace="downloads/esco_nace_crosswalk.xlsx")
    >>> clusters = esco_kg.read_graph(made.folder, "clusters")     # an rdflib.Graph
    >>> len(clusters) == made.triples["clusters"]
    True

Everything heavy is imported when it is first needed, so that ``import esco_kg`` and ``esco-kg --help`` are quick.
"""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import rdflib

    from esco_kg.release import Outcome

__all__ = ["make_release", "read_graph"]

AnyPath = str | PathLike[str]


def make_release(
    *paths: AnyPath,
    nace: AnyPath | None = None,
    version: str | None = None,
    esco_version: str | None = None,
    previous: AnyPath | None = None,
    languages: Sequence[str] | None = None,
    out: AnyPath = "releases",
    issued: str | None = None,
    config: AnyPath | None = None,
) -> Outcome:
    """What ``esco-kg release`` does, with the same options; no ``paths`` means the demonstration data.

    Returns the release's folder, version and what was said of it. Raises EscoKgError (see :mod:`esco_kg.errors`).
    """
    from esco_kg.release import Request
    from esco_kg.release import make_release as run

    def path(given: AnyPath | None) -> Path | None:
        return None if given is None else Path(given)

    return run(
        Request(
            paths=tuple(Path(p) for p in paths),
            nace=path(nace),
            version=version,
            esco_version=esco_version,
            previous=path(previous),
            languages=tuple(languages) if languages else None,
            out=Path(out),
            issued=issued,
            config=path(config),
        )
    )


def read_graph(release: AnyPath, name: str) -> rdflib.Graph:
    """One graph of a published release (``clusters``, ``pillar``, ``codes``, ``catalogue``) as an rdflib graph.

    Takes about a minute and 1.6 GB per million triples; to query the pillar, load its files into a store instead.
    Raises InputError where the release has no such graph.
    """
    import gzip

    import rdflib

    from esco_kg.errors import InputError
    from esco_kg.folder.reading import read_manifest

    folder = Path(release)
    manifest = read_manifest(folder)
    if name not in manifest["graphs"]:
        raise InputError(str(folder), f"has no graph {name!r}", f"It has: {', '.join(sorted(manifest['graphs']))}.")
    graph = rdflib.Graph()
    # Without this, rdflib would rewrite literals such as "1.50"^^xsd:decimal in the graph handed back.
    normalise, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        packed = folder / f"esco-kg-{manifest['version']}-{name}.nt.gz"
        graph.parse(data=gzip.decompress(packed.read_bytes()), format="nt")
    finally:
        rdflib.NORMALIZE_LITERALS = normalise
    return graph
