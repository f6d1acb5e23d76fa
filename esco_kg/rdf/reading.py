"""Any RDF files as triples: any serialisation, packed or not, with or without a byte order mark."""

from __future__ import annotations

import bz2
import codecs
import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from esco_kg.errors import InputError, MissingError
from esco_kg.rdf.contexts import with_contexts
from esco_kg.rdf.faults import Fault, faults_in, faults_of, without_faults

_OTHER_ENDINGS = {"owl": "rdf", "json": "jsonld", "ntriples": "nt", "turtle": "ttl", "xml": "rdf"}
_PACKED = {".gz", ".bz2", ".zip"}
KNOWN = "Known: .ttl .nt .jsonld .rdf .trig .nq .n3, each also packed: .gz .bz2 .zip."


def is_rdf(path: Path) -> bool:
    """Whether the name has the ending of an RDF serialisation, packed or not; of a zip, whether a file in it has."""
    if path.suffix.lower() == ".zip":
        return path.is_file() and zipfile.is_zipfile(path) and bool(_members(path))
    return format_of(path.name) is not None


def format_of(name: str) -> ox.RdfFormat | None:
    """The serialisation that the ending tells, that before ``.gz`` or ``.bz2`` where the file is packed."""
    path = Path(name)
    suffix = Path(path.stem).suffix if path.suffix.lower() in _PACKED else path.suffix
    ending = suffix.lower().removeprefix(".")
    return ox.RdfFormat.from_extension(_OTHER_ENDINGS.get(ending, ending)) if ending else None


@dataclass(slots=True)
class Reader:
    """How any files are read: ``contexts`` and ``faults`` as in :func:`triples`."""

    contexts: Mapping[str, Path] = field(default_factory=dict)
    faults: list[Fault] | None = None

    def triples(self, path: Path, *, blank: str = "b") -> Iterator[ox.Triple]:
        """The triples of one file. Raises as :func:`triples`."""
        return triples(path, blank=blank, contexts=self.contexts, faults=self.faults)


def triples(
    path: Path,
    *,
    base_iri: str | None = None,
    blank: str = "b",
    contexts: Mapping[str, Path] | None = None,
    faults: list[Fault] | None = None,
) -> Iterator[ox.Triple]:
    """The triples of an RDF file, also a packed one, by the kind its ending tells; graph names are dropped.

    Blank nodes are named ``blank`` and a number in the order of their appearance. ``contexts`` maps the IRI of a
    JSON-LD context to a file that holds it; no context is read from the web. Where ``faults`` is a list, statements
    with an invalid IRI or language tag are left out, and each fault is put on the list; otherwise the InputError
    names every fault with its line.
    """
    blanks: dict[object, ox.BlankNode] = {}

    def named(term: object) -> object:
        return (
            blanks.setdefault(term, ox.BlankNode(f"{blank}{len(blanks)}")) if isinstance(term, ox.BlankNode) else term
        )

    base = base_iri or path.resolve().as_uri()
    try:
        for number, (name, form) in enumerate(_parts(path)):
            if number:
                blanks = {}
                blank = f"{blank}x"
            for t in _part(path, name, form, base, contexts or {}, faults):
                yield ox.Triple(named(t.subject), t.predicate, named(t.object))  # type: ignore[arg-type]
    except FileNotFoundError:
        raise MissingError(str(path)) from None
    except (EOFError, zlib.error, zipfile.BadZipFile) as error:
        raise InputError(str(path), f"cannot be unpacked: {error}", "Take the file from its origin again.") from None
    except OSError as error:
        raise InputError(str(path), f"cannot be read: {error.strerror or error}") from None


def _part(
    path: Path, name: str, form: ox.RdfFormat, base: str, contexts: Mapping[str, Path], faults: list[Fault] | None
) -> Iterator[ox.Triple]:
    """One serialisation: the file, or a file of an archive."""
    place = f"{path}/{name}" if name else str(path)
    if form == ox.RdfFormat.JSON_LD or faults is not None:
        # Contexts are put in place, and faults found, before the parser begins; that needs the whole text.
        with _Opened(path, name) as stream:
            content = stream.read()
        if form == ox.RdfFormat.JSON_LD:
            content = with_contexts(content, place, contexts)
        if faults is not None:
            yield from _without_faults(content, form, base, place, faults)
            return
        yield from _strictly(io.BytesIO(content), form, base, place, lambda: content)
        return
    with _Opened(path, name) as stream:
        yield from _strictly(stream, form, base, place, lambda: _whole(path, name))


def _strictly(
    stream: IO[bytes], form: ox.RdfFormat, base: str, place: str, content: Callable[[], bytes]
) -> Iterator[ox.Triple]:
    try:
        for quad in ox.parse(stream, format=form, base_iri=base):
            yield quad.triple
    except MemoryError:  # so the parser calls a single term beyond its bound
        hint = "Shorten it, or keep it outside and name its address."
        raise InputError(place, "holds a text of more than 16 MiB, which RDF readers refuse", hint) from None
    except (SyntaxError, ValueError) as error:
        raise InputError(place, *_told(faults_of(content(), form, base, str(error)))) from None


def _told(found: Sequence[Fault]) -> tuple[str, str]:
    said = "; ".join(str(fault) for fault in found)
    number = f"{len(found)} faults: " if len(found) > 1 else ""
    hint = "Correct these lines, or read the rest with --lenient."
    return f"not readable as RDF: {number}{said}", hint if found[0].value else "Check the file with its producer."


def _without_faults(
    content: bytes, form: ox.RdfFormat, base: str, place: str, faults: list[Fault]
) -> Iterator[ox.Triple]:
    text, found = without_faults(content, form)
    parser = ox.parse(io.BytesIO(text), format=form, base_iri=base, lenient=True)
    while True:
        try:
            quad = next(parser)
        except StopIteration:
            break
        except (SyntaxError, ValueError) as error:
            fault = Fault(getattr(error, "lineno", 0) or 0, "", str(error))
            if (found and found[-1] == fault) or form not in _RECOVERING:
                raise InputError(place, f"not readable as RDF: {error}", "Check the file with its producer.") from None
            found.append(fault)
            continue
        bad = faults_in(quad, content, found)
        if not bad:
            yield quad.triple
        found += [fault for fault in dict.fromkeys(bad) if fault not in found]
    faults += [fault.at(place) for fault in sorted(found)]


# The parsers of these go on with the next statement after a fault.
_RECOVERING = (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG, ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS, ox.RdfFormat.N3)


def _whole(path: Path, name: str) -> bytes:
    with _Opened(path, name) as stream:
        return stream.read()


def _parts(path: Path) -> Iterator[tuple[str, ox.RdfFormat]]:
    """('' , kind) of a file; (name, kind) of each RDF file of a zip. Raises InputError for an unknown kind."""
    if path.suffix.lower() != ".zip":
        form = format_of(path.name)
        if form is None:
            inner = Path(path.stem).suffix if path.suffix.lower() in _PACKED else path.suffix
            raise InputError(str(path), f"unknown kind of RDF file: {inner or 'no ending'}", KNOWN)
        yield "", form
        return
    members = _members(path)
    if not members:
        raise InputError(str(path), "holds no file with a known ending of RDF", KNOWN)
    yield from members


def _members(path: Path) -> list[tuple[str, ox.RdfFormat]]:
    with zipfile.ZipFile(path) as archive:
        names = sorted(name for name in archive.namelist() if not name.endswith("/") and not _is_of_a_mac(name))
    return [(name, form) for name in names if (form := format_of(name)) is not None]


def _is_of_a_mac(name: str) -> bool:
    """macOS puts a file ``._NAME`` without data of ours beside each file that it packs."""
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith("._")


class _Opened:
    """A file, or a file of an archive, unpacked, without a byte order mark."""

    def __init__(self, path: Path, name: str) -> None:
        self._path, self._name = path, name
        self._stack = ExitStack()

    def __enter__(self) -> IO[bytes]:
        ending = self._path.suffix.lower()
        stream: IO[bytes]
        if ending == ".zip":
            archive = self._stack.enter_context(zipfile.ZipFile(self._path))
            stream = self._stack.enter_context(archive.open(self._name))
        else:
            opener = {".gz": gzip.open, ".bz2": bz2.open}.get(ending, open)
            stream = self._stack.enter_context(opener(self._path, "rb"))  # type: ignore[operator]
        buffered = io.BufferedReader(stream, 1 << 18) if not isinstance(stream, io.BufferedReader) else stream  # type: ignore[type-var]
        if buffered.peek(3)[:3] == codecs.BOM_UTF8:
            buffered.read(3)
        return buffered

    def __exit__(self, *rest: object) -> None:
        self._stack.close()
