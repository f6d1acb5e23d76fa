"""What a release says of an IRI, line by line, as it stands in its N-Triples."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path


class Statements:
    """Looks subjects up in the read-model and reads their lines from the unpacked files beside it."""

    def __init__(self, cache: Path, model: Path) -> None:
        self._cache = cache
        place = f"{model.absolute().as_uri()}?mode=ro&immutable=1"
        self._connection = sqlite3.connect(place, uri=True, check_same_thread=False)
        self._connection.execute("PRAGMA cache_size = -32768")

    def close(self) -> None:
        self._connection.close()

    def lines_of(self, subject: str, graph: str = "") -> Iterator[tuple[str, str]]:
        """(graph, canonical N-Triples lines) of a subject, from each graph or one."""
        yield from self._lines("subject = ?", (subject,), graph)

    def lines_below(self, prefix: str, graph: str = "") -> Iterator[tuple[str, str]]:
        """The same for all subjects whose IRI starts with ``prefix``, sorted."""
        yield from self._lines("subject >= ? AND subject < ?", (prefix, prefix + "\U0010ffff"), graph)

    def _lines(self, condition: str, values: tuple[str, ...], graph: str) -> Iterator[tuple[str, str]]:
        query = f"SELECT graph, start, length FROM subjects WHERE {condition}"
        if graph:
            query, values = f"{query} AND graph = ?", (*values, graph)
        for name, start, length in self._connection.execute(f"{query} ORDER BY graph, subject", values).fetchall():
            with (self._cache / f"{name}.nt").open("rb") as stream:
                stream.seek(start)
                yield name, stream.read(length).decode()

    def knows(self, subject: str) -> bool:
        """Whether the release says anything of this IRI."""
        return self._connection.execute("SELECT 1 FROM subjects WHERE subject = ?", (subject,)).fetchone() is not None

    def subjects(self, prefix: str) -> Iterator[str]:
        """IRIs that start with ``prefix`` and are subjects in this release, sorted."""
        query = "SELECT DISTINCT subject FROM subjects WHERE subject >= ? AND subject < ? ORDER BY subject"
        for (subject,) in self._connection.execute(query, (prefix, prefix + "\U0010ffff")):
            yield subject
