"""Put any RDF files into a named graph of a store, whole or not at all."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from esco_kg.errors import ServerError, UsageError
from esco_kg.rdf.namespaces import RDF, SKOS
from esco_kg.rdf.reading import Reader
from esco_kg.rdf.terms import iri
from esco_kg.store.client import Endpoint
from esco_kg.store.upload import PART_BYTES, counted
from esco_kg.validation.files import joined

_SCHEME = f" <{RDF}type> <{SKOS}ConceptScheme> ."


@dataclass(frozen=True, slots=True)
class LoadedVocabulary:
    """The graph that holds the files now, and the number of its triples."""

    graph: str
    triples: int


def load_vocabulary(
    files: Sequence[Path],
    endpoint: Endpoint,
    *,
    graph: str = "",
    reader: Reader | None = None,
    progress: Callable[[str, int, int], None] = lambda name, done, total: None,
    part_bytes: int = PART_BYTES,
) -> LoadedVocabulary:
    """Put files, taken together, into ``graph`` in the place of what it holds; by default that of their concept scheme.

    The triples go into a graph of a passing name, in parts, and are counted back property by property; then one update
    moves that graph. The default graph, where the store has one of its own, is left alone. Raises UsageError where the
    files describe no scheme or several and no graph is named, InputError where they cannot be read, ServerError where
    the store fails or holds something else afterwards.
    """
    with tempfile.TemporaryDirectory(prefix="esco-kg-load-") as scratch:
        together = Path(scratch) / "all.nt"
        joined(files, together, reader)
        graph = graph or _scheme(together)
        passing = f"urn:uuid:{uuid4()}"
        total = sum(1 for _ in _lines(together))
        try:
            expected: Counter[str] = Counter()
            for number, lines in enumerate(_parts(together, part_bytes), start=1):
                endpoint.add(passing, b"".join(lines), f"{files[0].name}, part {number}")
                expected.update(line.split(b" ", 2)[1].decode()[1:-1] for line in lines)
                progress(files[0].name, expected.total(), total)
            _check(endpoint, passing, expected)
        except BaseException:
            endpoint.update(f"DROP SILENT GRAPH {iri(passing)}", "taking back what was sent")
            raise
        endpoint.update(_moving(passing, graph), f"moving it to <{graph}>")
        _check(endpoint, graph, expected)
    return LoadedVocabulary(graph, expected.total())


def _moving(source: str, target: str) -> str:
    """One update that moves a graph. Not MOVE: Fuseki with a text index leaves out half of the triples."""
    return (
        f"DROP SILENT GRAPH {iri(target)} ;\n"
        f"INSERT {{ GRAPH {iri(target)} {{ ?s ?p ?o }} }} WHERE {{ GRAPH {iri(source)} {{ ?s ?p ?o }} }} ;\n"
        f"DROP SILENT GRAPH {iri(source)}"
    )


def _check(endpoint: Endpoint, graph: str, expected: Counter[str]) -> None:
    found = counted(endpoint, graph)
    if found != expected:
        raise ServerError(
            f"{endpoint.url}: <{graph}> holds {found.total()} triples, the files have {expected.total()}",
            "Load again, and see the server's log if it stays so.",
        )


def _scheme(together: Path) -> str:
    """The IRI of the only concept scheme that the files describe."""
    found = sorted(
        {line.split(" ", 1)[0][1:-1] for line in map(bytes.decode, _lines(together)) if line.rstrip().endswith(_SCHEME)}
    )
    if len(found) != 1 or not found[0] or "://" not in found[0]:
        said = f"{len(found)} concept schemes" if found else "no concept scheme"
        raise UsageError(f"the files describe {said}", "Name the graph: --graph IRI.")
    return found[0]


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        yield from stream


def _parts(path: Path, size: int) -> Iterator[list[bytes]]:
    """All lines in parts; those with a blank node in one, for its name holds for one request alone."""
    blank = [line for line in _lines(path) if _has_blank(line)]
    if blank:
        yield blank
    part: list[bytes] = []
    length = 0
    for line in _lines(path):
        if _has_blank(line):
            continue
        part.append(line)
        length += len(line)
        if length >= size:
            yield part
            part, length = [], 0
    if part:
        yield part


def _has_blank(line: bytes) -> bool:
    return line.startswith(b"_:") or line.split(b" ", 2)[2].startswith(b"_:")
