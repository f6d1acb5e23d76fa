"""Files of anyone as triples, and the part of a graph that shapes can see as a file for an engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox

from esco_kg.errors import InputError

_OTHER_ENDINGS = {"owl": "rdf", "json": "jsonld", "ntriples": "nt", "turtle": "ttl"}
_BATCH = 1 << 24  # bytes of lines read at once


def parse(path: Path, *, base_iri: str | None = None, blank: str = "b") -> Iterator[ox.Triple]:
    """The triples of an RDF file, by the kind its ending tells; graph names are dropped.

    Blank nodes are named ``blank`` and a number in the order of their appearance. Raises InputError with the parser's
    own line.
    """
    ending = path.suffix.lower().removeprefix(".")
    form = ox.RdfFormat.from_extension(_OTHER_ENDINGS.get(ending, ending))
    if form is None:
        found = path.suffix or "no ending"
        raise InputError(str(path), f"unknown kind of RDF file: {found}", "Known: .ttl .nt .jsonld .rdf .trig .nq .n3.")
    blanks: dict[object, ox.BlankNode] = {}

    def named(term: object) -> object:
        return (
            blanks.setdefault(term, ox.BlankNode(f"{blank}{len(blanks)}")) if isinstance(term, ox.BlankNode) else term
        )

    try:
        for quad in ox.parse(path=str(path), format=form, base_iri=base_iri or path.resolve().as_uri()):
            yield ox.Triple(named(quad.subject), quad.predicate, named(quad.object))  # type: ignore[arg-type]
    except FileNotFoundError:
        raise InputError(str(path), "there is no such file") from None
    except (SyntaxError, ValueError) as error:
        raise InputError(str(path), f"not readable as RDF: {error}", "Check the file with its producer.") from None
    except OSError as error:
        raise InputError(str(path), f"cannot be read: {error.strerror or error}") from None


def joined(files: Sequence[Path], target: Path) -> None:
    """Write the triples of all files into one N-Triples file; blank nodes of different files stay different."""
    with target.open("w", encoding="utf-8") as out:
        for number, path in enumerate(files, start=1):
            out.writelines(f"{triple} .\n" for triple in parse(path, blank=f"f{number}b"))
        if not out.tell():
            names = ", ".join(str(path) for path in files)
            raise InputError(names, "holds no triple", "An empty graph is never valid.")


def narrow(source: Path, predicates: frozenset[str] | None, target: Path) -> int:
    """Copy the N-Triples lines of ``source`` with these predicates (None: all) to ``target``; return how many it has.

    ``source`` has one triple a line with single spaces between the terms, as every graph of a release has. Raises
    InputError for another line and for a graph without a triple.
    """
    wanted = None if predicates is None else {predicate.encode() for predicate in predicates}
    number = 0
    try:
        with source.open("rb") as stream, target.open("wb") as out:
            while lines := stream.readlines(_BATCH):
                try:
                    kept = [line for line in lines if wanted is None or line.split(b" ", 2)[1] in wanted]
                except IndexError:
                    bad = next(n for n, line in enumerate(lines, start=number + 1) if line.count(b" ") < 2)
                    raise InputError(f"{source}:{bad}", "no triple", "Write the graph again.") from None
                out.writelines(kept)
                number += len(lines)
    except FileNotFoundError:
        raise InputError(str(source), "there is no such file") from None
    if not number:
        raise InputError(str(source), "holds no triple", "An empty graph is never valid.")
    return number
