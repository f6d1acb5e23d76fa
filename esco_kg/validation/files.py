"""Any files as one file of triples, and the part of a graph that shapes can see as a file for an engine."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from itertools import compress
from pathlib import Path
from typing import IO

from esco_kg.errors import InputError, MissingError
from esco_kg.rdf.namespaces import RDF
from esco_kg.rdf.reading import Reader

_TYPE = f"<{RDF}type>".encode()
_BATCH = 1 << 24  # bytes of lines read at once


def joined(files: Sequence[Path], target: Path, reader: Reader | None = None) -> None:
    """Write the triples of all files into one N-Triples file, each once; blank nodes of files stay different."""
    reader = reader or Reader()
    known: set[int] = set()  # hashes: of 64 bits, so that two triples with one hash are not to be expected
    with target.open("w", encoding="utf-8") as out:
        for number, path in enumerate(files, start=1):
            for triple in reader.triples(path, blank=f"f{number}b"):
                line = f"{triple} .\n"
                before = len(known)
                known.add(hash(line))
                if len(known) > before:
                    out.write(line)
        if not out.tell():
            names = ", ".join(str(path) for path in files)
            raise InputError(names, "holds no triple", "An empty graph is never valid.")


def narrow(
    source: Path,
    targets: Mapping[Path, frozenset[str] | None],
    own: str | None = None,
    first: tuple[Path, frozenset[str]] | None = None,
) -> int:
    """Copy the N-Triples lines of ``source`` that are wanted (None: all) to each target; return how many it has.

    Wanted is a line whose predicate is among the terms; and a type whose class is. ``first`` is a further file, and
    predicates of which it gets the first line alone, as it does of each class.

    Lines with a blank node go to every target, and so do those whose subject's IRI does not begin with ``own``: what is
    wrong with a graph as text stays visible, whatever predicate it hides behind. ``source`` has one triple a line with
    single spaces between the terms, as every graph of a release has. Raises InputError for another line and for a graph
    without a triple.
    """
    number = 0
    try:
        with ExitStack() as stack:
            stream = stack.enter_context(source.open("rb"))
            outputs = [(stack.enter_context(path.open("wb")), _encoded(wanted)) for path, wanted in targets.items()]
            sample = _Firsts(stack.enter_context(first[0].open("wb")), first[1]) if first else None
            while batch := stream.read(_BATCH) + stream.readline():
                lines = io.BytesIO(batch).readlines()
                try:
                    predicates = [line.split(b" ", 2)[1] for line in lines]
                except IndexError:
                    bad = next(n for n, line in enumerate(lines, start=number + 1) if line.count(b" ") < 2)
                    raise InputError(f"{source}:{bad}", "no triple", "Write the graph again.") from None
                terms = [one if one != _TYPE else _object(line) for one, line in zip(predicates, lines, strict=True)]
                if sample:
                    sample.add(lines, predicates, terms)
                odd = _odd(batch, lines, own)
                for out, wanted in outputs:
                    _copy(out, lines, odd, wanted, predicates if wanted and _TYPE in wanted else terms)
                number += len(lines)
    except FileNotFoundError:
        raise MissingError(str(source)) from None
    if not number:
        raise InputError(str(source), "holds no triple", "An empty graph is never valid.")
    return number


def _copy(
    out: IO[bytes], lines: list[bytes], odd: list[bytes], wanted: frozenset[bytes] | None, terms: list[bytes]
) -> None:
    """Write the lines whose term is wanted, and those of the odd ones that are not among them."""
    if wanted is None:
        out.writelines(lines)
        return
    kept = list(map(wanted.__contains__, terms))
    out.writelines(compress(lines, kept))
    if odd:
        left_out = {line for line, is_kept in zip(lines, kept, strict=True) if not is_kept}
        out.writelines(line for line in odd if line in left_out)


class _Firsts:
    """Writes the first line of some predicates, and of each class."""

    def __init__(self, out: IO[bytes], predicates: frozenset[str]) -> None:
        self._out = out
        self._missing = {predicate.encode() for predicate in predicates}
        self._classes: set[bytes] = set()

    def add(self, lines: list[bytes], predicates: list[bytes], terms: list[bytes]) -> None:
        """Take a batch: its lines, their predicates, and the same with the class in the place of a type's."""
        found = [one for one in self._missing if one in predicates]
        self._missing.difference_update(found)
        classes = {term for term, one in zip(terms, predicates, strict=True) if one == _TYPE} - self._classes
        self._classes |= classes
        self._out.writelines(lines[predicates.index(one)] for one in found)
        self._out.writelines(lines[terms.index(one)] for one in sorted(classes))


def _object(line: bytes) -> bytes:
    """The object of a line where it is an IRI."""
    return line.split(b" ", 2)[2].rstrip(b" .\n")


def _encoded(predicates: frozenset[str] | None) -> frozenset[bytes] | None:
    return None if predicates is None else frozenset(predicate.encode() for predicate in predicates)


def _odd(batch: bytes, lines: list[bytes], own: str | None) -> list[bytes]:
    """Those of a batch's lines that have a blank node, or a subject whose IRI does not begin with ``own``."""
    start = f"<{own or ''}".encode()
    if b" _:" not in batch and batch.startswith(start) and batch.count(b"\n" + start) == len(lines) - 1:
        return []  # the common case, at a hundredth of the cost
    return [line for line in lines if not line.startswith(start) or (b" _:" in line and b'"' not in line)]
