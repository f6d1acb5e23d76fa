"""Whether the serialisations of a graph can be read and say the same: each is parsed again, its triples compared.

The files are written as text by :mod:`esco_kg.dump`; here parsers read them that had no part in it: pyoxigraph's, and
Expat, because the former takes RDF/XML that is no well-formed XML (a document cut short, a control character). Triples
are compared as multisets by the sum of their 64-bit hashes: order and memory do not matter, and one triple more, fewer
or other changes the sum. IRIs and tags are judged in N-Triples and Turtle; the others must say the same triples.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.parsers import expat

import pyoxigraph as ox

FORMATS = {
    "nt.gz": ox.RdfFormat.N_TRIPLES,
    "ttl": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.STREAMING_JSON_LD,  # ours can be read so; otherwise 500 MB of it need four gigabytes
    "rdf.gz": ox.RdfFormat.RDF_XML,
}
"""The end of a file's name -> its format, of every graph."""
_KNOWN = FORMATS | {"ttl.gz": ox.RdfFormat.TURTLE}  # the validation report

_JUDGED = ("nt.gz", "ttl", "ttl.gz")
_PART = 1 << 20
_FAILURES = (SyntaxError, ValueError, OSError, EOFError, zlib.error, RecursionError, expat.ExpatError)
_MASK = (1 << 64) - 1


def problems(folder: Path, stem: str) -> Iterator[tuple[str, str]]:
    """File name and problem of each form ``<stem>.<end>`` that cannot be read, or does not say what N-Triples say.

    A file that is not there is passed over: whether it must be is in the manifest.
    """
    sums: dict[str, int] = {}
    for end in _KNOWN:
        path = folder / f"{stem}.{end}"
        if not path.is_file():
            continue
        try:
            sums[end] = _sum(path, end)
        except _FAILURES as error:
            yield path.name, f"cannot be read: {str(error) or type(error).__name__}"
    for end, found in sums.items():
        if found != sums.get("nt.gz", found):
            yield f"{stem}.{end}", _difference(folder, stem, end)


def _sum(path: Path, end: str) -> int:
    if end == "rdf.gz":
        with gzip.open(path) as stream:
            # With a separator, Expat refuses prefixes that are not declared, too.
            expat.ParserCreate(namespace_separator=" ").ParseFile(stream)
    with _parsed(path, end) as quads:
        return sum(map(hash, quads)) & _MASK


@contextmanager
def _parsed(path: Path, end: str) -> Iterator[ox.QuadParser]:
    lenient = end not in _JUDGED
    if end.endswith(".gz"):
        with gzip.open(path) as packed, io.BufferedReader(packed, _PART) as stream:
            yield ox.parse(stream, format=_KNOWN[end], lenient=lenient)
    else:
        yield ox.parse(path=str(path), format=_KNOWN[end], lenient=lenient)


def _difference(folder: Path, stem: str, end: str) -> str:
    """A triple that one of the two files has and the other has not, in words."""
    triples = []
    for each in ("nt.gz", end):
        with _parsed(folder / f"{stem}.{each}", each) as quads:
            triples.append({str(quad.triple) for quad in quads})
    plain, other = triples
    if plain - other:
        return f"lacks a triple that {stem}.nt.gz has: {min(plain - other)}"
    if other - plain:
        return f"has a triple that {stem}.nt.gz lacks: {min(other - plain)}"
    return f"has a triple twice, or {stem}.nt.gz has"
