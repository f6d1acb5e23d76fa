"""Files of anyone as one file of triples, and the part of a graph that shapes can see as a file for an engine."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from itertools import compress
from pathlib import Path

from esco_kg.errors import InputError, MissingError
from esco_kg.rdf.reading import Reader

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
    """Copy the N-Triples lines of ``source`` with some predicates (None: all) to each target; return how many it has.

    ``first`` is a further file, and predicates of which it gets the first line alone.
    Lines with a blank node go to every target, and so do those whose subject's IRI does not begin with ``own``: what is
    wrong with a graph as text stays visible, whatever predicate it hides behind. ``source`` has one triple a line with
    single spaces between the terms, as every graph of a release has. Raises InputError for another line and for a graph
    without a triple.
    """
    number = 0
    missing = set(_encoded(first[1]) or ()) if first else set()
    try:
        with ExitStack() as stack:
            stream = stack.enter_context(source.open("rb"))
            outputs = [(stack.enter_context(path.open("wb")), _encoded(wanted)) for path, wanted in targets.items()]
            firsts = stack.enter_context(first[0].open("wb")) if first else None
            while batch := stream.read(_BATCH) + stream.readline():
                lines = io.BytesIO(batch).readlines()
                try:
                    predicates = [line.split(b" ", 2)[1] for line in lines]
                except IndexError:
                    bad = next(n for n, line in enumerate(lines, start=number + 1) if line.count(b" ") < 2)
                    raise InputError(f"{source}:{bad}", "no triple", "Write the graph again.") from None
                if firsts:
                    found = [one for one in missing if one in predicates]
                    firsts.writelines(lines[predicates.index(one)] for one in found)
                    missing.difference_update(found)
                odd = _odd(batch, lines, own)
                for out, wanted in outputs:
                    if wanted is None:
                        out.writelines(lines)
                    else:
                        out.writelines(compress(lines, map(wanted.__contains__, predicates)))
                        out.writelines(line for line in odd if line.split(b" ", 2)[1] not in wanted)
                number += len(lines)
    except FileNotFoundError:
        raise MissingError(str(source)) from None
    if not number:
        raise InputError(str(source), "holds no triple", "An empty graph is never valid.")
    return number


def _encoded(predicates: frozenset[str] | None) -> frozenset[bytes] | None:
    return None if predicates is None else frozenset(predicate.encode() for predicate in predicates)


def _odd(batch: bytes, lines: list[bytes], own: str | None) -> list[bytes]:
    """Those of a batch's lines that have a blank node, or a subject whose IRI does not begin with ``own``."""
    start = f"<{own or ''}".encode()
    if b" _:" not in batch and batch.startswith(start) and batch.count(b"\n" + start) == len(lines) - 1:
        return []  # the common case, at a hundredth of the cost
    return [line for line in lines if not line.startswith(start) or (b" _:" in line and b'"' not in line)]
