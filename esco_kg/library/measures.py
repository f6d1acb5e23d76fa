"""Measures: the questions in ``queries/measures/``, asked of releases or of RDF files that hold one."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from esco_kg.library.find import find_release

if TYPE_CHECKING:
    from esco_kg.library.files import AnyPath
    from esco_kg.model.findings import Table


def measures() -> dict[str, str]:
    """The name of each measure and its question."""
    from esco_kg.statistics.measures import measures

    return {measure.name: measure.question for measure in measures()}


def measure(*sources: AnyPath, names: Sequence[str] = (), version: str | None = None) -> list[Table]:
    """The answers to all measures, or to those of these ``names``, over releases, or RDF files that hold one.

    A folder is a release, or a folder of releases: then the newest or the one of ``version`` is taken. Tables that this
    release published are read where they answer the same queries; otherwise its graphs are counted. ``to_polars()``
    makes a data frame of an answer, :func:`write_tables` files. Raises UsageError for an unknown name.
    """
    if len(sources) == 1 and Path(sources[0]).is_dir():
        from esco_kg.statistics.published import published

        found = published(find_release(Path(sources[0]), version), list(names) or None)
        if found is not None:
            return found
    return _counted(sources, names, version)


def _counted(sources: Sequence[AnyPath], names: Sequence[str], version: str | None) -> list[Table]:
    from esco_kg.folder.graphs import unpacked
    from esco_kg.rdf.graphs import GraphStore
    from esco_kg.statistics.measures import MEASURED, run

    store = GraphStore()
    with tempfile.TemporaryDirectory(prefix="esco-kg-measure-") as scratch:
        for number, path in enumerate(map(Path, sources)):
            if path.is_dir():
                folder = find_release(path, version)
                for name, plain in unpacked(folder, Path(scratch), only=MEASURED).items():
                    store.load(f"urn:esco-kg:{number}:{name}", plain, is_ours=True)
            else:
                store.load(f"urn:esco-kg:{number}", path)
        return run(store, list(names) or None, place=", ".join(map(str, sources)))


def write_tables(tables: Sequence[Table], out: AnyPath) -> None:
    """A CSV per table in the folder ``out``, all or none. Raises OutputError."""
    from esco_kg.folder.staging import replacing_all
    from esco_kg.statistics.measures import write_csv

    with replacing_all([Path(out) / f"{table.name}.csv" for table in tables]) as places:
        for table, place in zip(tables, places, strict=True):
            write_csv(table, place)
