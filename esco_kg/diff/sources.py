"""A version as triples: one block of N-Triples lines per subject, in order, as often as one asks for them.

Both versions come from parsers alone, never from a store, which would rewrite literals. Any RDF is brought into
one form first: inverse statements are turned round, blank nodes get a name made of what they say. Lines are then
sorted outside of memory where there are many.
"""

from __future__ import annotations

import heapq
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pyoxigraph as ox

from esco_kg.diff.blanks import without_blanks
from esco_kg.errors import InputError
from esco_kg.rdf.namespaces import DCT, SKOS
from esco_kg.rdf.terms import Block

Lines = list[str]
"""A subject's triples as ``predicate object`` in canonical N-Triples, sorted, without subject and final dot."""
Blocks = Iterator[tuple[str, Lines]]
Source = Callable[[], Blocks]

_PART = 1 << 18  # bytes of a file read at once
_CHUNK = 1 << 26  # characters of lines that are sorted in memory at once
# SKOS S26, S8, S23: these state what their inverses state, so one form of each is kept.
_INVERSE = {
    f"<{SKOS}narrower>": f"<{SKOS}broader>",
    f"<{SKOS}narrowerTransitive>": f"<{SKOS}broaderTransitive>",
    f"<{SKOS}hasTopConcept>": f"<{SKOS}topConceptOf>",
    f"<{DCT}replaces>": f"<{DCT}isReplacedBy>",
}
_SYMMETRIC = f"<{SKOS}related>"
_DIRECTED = {*_INVERSE, *_INVERSE.values(), f"<{SKOS}broaderTransitive>", _SYMMETRIC}
STATED = "<urn:esco-kg:stated:"
"""Start of the predicate of a line that only says in which direction something was stated."""


def published(path: Path, start: str = "") -> Source:
    """A graph as a release has it: canonical N-Triples, sorted, packed or not.

    ``start`` leaves out subjects that do not start with it. Raises InputError where the file is no such graph.
    """

    def blocks() -> Blocks:
        try:
            yield from _grouped(_lines(path, start), path.name)
        except FileNotFoundError:
            raise InputError(str(path), "there is no such file", "Take the release from its origin again.") from None
        except (OSError, ValueError, zlib.error) as error:
            raise InputError(str(path), f"cannot be read: {error}", "Take the release from its origin again.") from None

    return blocks


def _lines(path: Path, start: str) -> Iterator[str]:
    """The lines of a file without their ends; those with another start are passed over in large parts."""
    wanted = start.encode()
    for part in _parts(path):
        # A line is never broken between two parts.
        if wanted in part:
            lines = part.decode().split("\n")[:-1]
            yield from (line for line in lines if line.startswith(start)) if start else lines


def _parts(path: Path) -> Iterator[bytes]:
    """A file, unpacked where its name ends in .gz, in parts of whole lines. Raises ValueError where it breaks off."""
    unpack = zlib.decompressobj(wbits=31) if path.suffix == ".gz" else None
    rest = b""
    with path.open("rb") as stream:
        while part := stream.read(_PART):
            data = rest + (unpack.decompress(part) if unpack else part)
            cut = data.rfind(b"\n") + 1
            yield data[:cut]
            rest = data[cut:]
    if rest or (unpack and not unpack.eof):
        raise ValueError("it breaks off")


def spooled(blocks: Iterable[Block], path: Path) -> Source:
    """Blocks in the order of their subjects, written to a file so that they can be read more than once."""
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for block in blocks:
            out.writelines(f"{line}\n" for line in block.lines())
    return published(path)


def rdf(triples: Iterable[ox.Triple], name: str, scratch: Path) -> Source:
    """The triples of any RDF file, brought into one form, sorted with ``scratch`` (a folder) as room.

    Raises InputError where there is none.
    """
    sorter = Sorter(scratch, name)
    for line in without_blanks((t.subject, t.predicate, t.object) for t in triples):
        sorter.add(one_form(line))
        if (mark := _mark(line)) is not None:
            sorter.add(mark)
    if not sorter.lines:
        raise InputError(name, "holds no triple", "There is nothing to compare in an empty file.")
    return lambda: _grouped(sorter.sorted(), name)


def one_form(line: str) -> str:
    """``subject predicate object`` with inverse and symmetric properties of SKOS stated in one direction."""
    subject, predicate, term = line.split(" ", 2)
    if predicate in _INVERSE and term[0] in "<_":
        return f"{term} {_INVERSE[predicate]} {subject}"
    if predicate == _SYMMETRIC and term[0] in "<_" and term < subject:
        return f"{term} {predicate} {subject}"
    return line


def _mark(line: str) -> str | None:
    """The statement as it was made, under a predicate of its own, where :func:`one_form` may turn it round."""
    subject, predicate, term = line.split(" ", 2)
    if predicate in _DIRECTED:
        return f"{subject} {STATED}{predicate[1:]} {term}"
    return None


def _grouped(lines: Iterable[str], name: str) -> Blocks:
    """Blocks of sorted lines that end in a dot. Raises ValueError where they are out of order."""
    subject, start, length = "", "\n", 0
    block: Lines = []
    for line in lines:
        if line.startswith(start):
            block.append(line[length:-2])
            continue
        if block:
            yield subject, block
        following = line[: line.index(" ")]
        if following <= subject or not line.endswith(" ."):
            raise ValueError(f"{name} is not sorted N-Triples at {line[:80]!r}")
        subject, start, length = following, f"{following} ", len(following) + 1
        block = [line[length:-2]]
    if block:
        yield subject, block


def one_sided(old: Iterable[str], new: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """The lines that stand on one side only, in order, and whether that is the old one; both sides are sorted."""
    here, there, end = iter(old), iter(new), "\U0010ffff"
    before, after = next(here, end), next(there, end)
    while before != end or after != end:
        if before == after:
            before, after = next(here, end), next(there, end)
        elif before < after:
            yield before, True
            before = next(here, end)
        else:
            yield after, False
            after = next(there, end)


class Sorter:
    """Sorts lines in parts that fit into memory and merges the parts as they are read."""

    def __init__(self, scratch: Path, name: str) -> None:
        self.lines = 0
        self._stem = scratch / f"sorted-{name}"
        self._parts: list[Path] = []
        self._here: list[str] = []
        self._size = 0

    def add(self, line: str) -> None:
        self._here.append(f"{line} .")
        self.lines += 1
        self._size += len(line)
        if self._size >= _CHUNK:
            self._spill()

    def sorted(self) -> Iterator[str]:
        """All lines, each once."""
        self._here.sort()
        last = ""
        with ExitStack() as stack:
            streams = [stack.enter_context(part.open(encoding="utf-8", newline="\n")) for part in self._parts]
            parts = [(line[:-1] for line in stream) for stream in streams]
            for line in heapq.merge(*parts, self._here) if parts else self._here:
                if line != last:
                    yield line
                    last = line

    def _spill(self) -> None:
        self._here.sort()
        part = self._stem.with_name(f"{self._stem.name}.{len(self._parts)}")
        with part.open("w", encoding="utf-8", newline="\n") as out:
            out.writelines(f"{line}\n" for line in self._here)
        self._parts.append(part)
        self._here, self._size = [], 0
