"""One graph of a release on its way into a store, in parts, and counted back property by property."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from esco_kg.errors import InputError, ServerError
from esco_kg.folder.graphs import opened
from esco_kg.store.catalogue import Mark, Names, marking
from esco_kg.store.client import Endpoint
from esco_kg.store.remote import NUMBER, texts

PART_BYTES = 16_000_000
Progress = Callable[[str, int, int], None]
"""Called with a graph's name, triples in the store so far, triples in all."""


def parts(path: Path, size: int = PART_BYTES) -> Iterator[list[bytes]]:
    """Runs of whole lines of a packed N-Triples file, of about ``size`` bytes.

    Raises InputError where the file cannot be unpacked.
    """
    with opened(path) as stream:
        while lines := stream.readlines(size):
            yield lines


@dataclass(frozen=True, slots=True)
class Upload:
    """One graph on its way into the store.

    ``held``: how many triples of each property the store has of it, where all of them were sent from this very file;
    otherwise None.
    """

    endpoint: Endpoint
    names: Names
    version: str
    name: str
    mark: Mark
    held: Counter[str] | None
    progress: Progress
    part_bytes: int

    def is_whole(self) -> bool:
        """Whether nothing is left to send."""
        return self.held is not None and self.held.total() == self.mark.triples

    def report_all(self) -> None:
        """Tell the listener that the graph is there."""
        self.progress(self.name, self.mark.triples, self.mark.triples)

    def run(self, path: Path) -> int:
        """Send what the store lacks; returns the number of triples sent.

        Parts go in order, each only after the one before was answered, so with n triples in the store every part that
        ends at or before n is whole.
        """
        if self.is_whole():
            self.report_all()
            return 0
        held = self.held.total() if self.held else 0
        if self.held is None:
            self.endpoint.update(marking(self.names, self.version, self.mark), f"emptying <{self.mark.graph}>")
        expected: Counter[str] = Counter()
        passed = sent = 0
        for number, lines in enumerate(parts(path, self.part_bytes), start=1):
            passed += len(lines)
            expected.update(line.split(b" ", 2)[1].decode()[1:-1] for line in lines)
            if passed > held:
                self.endpoint.add(self.mark.graph, b"".join(lines), f"graph {self.name}, part {number}")
                sent += len(lines)
            self.progress(self.name, passed, self.mark.triples)
        if expected.total() != self.mark.triples:
            raise InputError(f"graph {self.name}", f"{expected.total()} triples, the manifest says {self.mark.triples}")
        found = counted(self.endpoint, self.mark.graph)
        if found == expected:
            return sent
        if held:
            # Someone else has changed what was there: start again.
            return replace(self, held=None).run(path)
        first = min(predicate for predicate in expected | found if found[predicate] != expected[predicate])
        raise ServerError(
            f"{self.endpoint.url}: <{self.mark.graph}> holds {found.total()} triples after loading, the manifest says "
            f"{self.mark.triples}; of {expected[first]} with <{first}> there are {found[first]}",
            "Nothing was switched; load again, and see the server's log if it stays so.",
        )


def counted(endpoint: Endpoint, graph: str | None) -> Counter[str]:
    """Predicate IRI -> number of triples in a named graph, or in the default graph."""
    query = "SELECT ?p (COUNT(*) AS ?n) WHERE { ?s ?p ?o } GROUP BY ?p"
    what = f"counting <{graph}>" if graph else "counting the default graph"
    rows = texts(endpoint, query, [graph] if graph else [], what=what, forms={"n": NUMBER})
    return Counter({row["p"]: int(row["n"]) for row in rows if "p" in row})
