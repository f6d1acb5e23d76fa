"""Which files are an RDF dump of ESCO, and their triples as a stream."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

from esco_kg.errors import InputError
from esco_kg.esco import archive
from esco_kg.esco.dump.json_ld import context_first
from esco_kg.rdf.reading import format_of

_HEAD = 1 << 20
_MODEL = b"data.europa.eu/esco/model#"
_XL = b"w3.org/2008/05/skos-xl#"


def syntax_of(name: str) -> ox.RdfFormat | None:
    """The syntax that a file's name tells, packed with gzip or not; None where it is no RDF."""
    plain = name.lower().removesuffix(".gz")
    return None if plain.endswith((".bz2", ".zip")) else format_of(plain)


def is_dump(path: Path, member: str | None, place: str, *, has_xl_labels: bool = False) -> bool:
    """Whether an RDF file uses ESCO's model, by its first megabyte.

    The graphs of our releases use it too; ``has_xl_labels`` tells the Commission's dump from them.
    """
    if syntax_of(member or path.name) is None:
        return False
    head = archive.head(path, member, place, _HEAD)
    return _MODEL in head and (_XL in head or not has_xl_labels)


@contextmanager
def triples(path: Path, member: str | None, place: str) -> Iterator[Iterator[ox.Quad]]:
    """The triples of a dump. Raises InputError, also while they are read, where the file is damaged."""
    syntax = syntax_of(member or path.name)
    if syntax is None:
        raise InputError(
            place,
            "unknown kind of RDF file",
            "Known endings: .ttl, .nt, .rdf, .xml, .owl, .jsonld, .json, each also with .gz.",
        )
    try:
        if syntax == ox.RdfFormat.JSON_LD:
            with context_first(path, member, place) as text:
                yield ox.parse(text, format=syntax, base_iri=path.resolve().as_uri())
        else:
            with archive.stream(path, member, place) as raw:
                yield ox.parse(raw, format=syntax, base_iri=path.resolve().as_uri())
    except SyntaxError as error:
        line = f":{error.lineno}" if error.lineno else ""
        hint = "Download the dump again from the ESCO portal, and give the file as it came."
        raise InputError(f"{place}{line}", f"is not readable as RDF: {error.msg}", hint) from None
