"""JSON-LD whose context comes first, so that it can be parsed as a stream.

Writers such as Jena put the context behind the graph; a parser then holds the whole document. A context that is only
named by its address is replaced by the prefixes and short keys of the portal's own files: nothing is fetched.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from esco_kg.errors import InputError
from esco_kg.esco import archive

_ENDS = 1 << 20
_KEY = b'"@context"'
_HINT = "Download the dump again from the ESCO portal, and give the file as it came."
_SKOS, _XL = "http://www.w3.org/2004/02/skos/core#", "http://www.w3.org/2008/05/skos-xl#"
_CONTEXT = {
    "adms": "http://www.w3.org/ns/adms#",
    "dct": "http://purl.org/dc/terms/",
    "dcterms": "http://purl.org/dc/terms/",
    "esco": "http://data.europa.eu/esco/model#",
    "iso-thes": "http://purl.org/iso25964/skos-thes#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": _SKOS,
    "skosXl": _XL,
    "skosxl": _XL,
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "uri": "@id",
    "preferredLabel": f"{_SKOS}prefLabel",
    "alternativeLabel": f"{_SKOS}altLabel",
    "hiddenLabel": f"{_SKOS}hiddenLabel",
}


@contextmanager
def context_first(path: Path, member: str | None, place: str) -> Iterator[BinaryIO]:
    """The document with its context in front. Raises InputError where it is no JSON object."""
    start = archive.head(path, member, place, _ENDS)
    body = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    skipped = len(start) - len(body)
    if body.startswith(b"{") and (_KEY not in body or _first_context(body) is None):
        context, end = _last_context(path, member, place)
        front = b'{"@context": ' + json.dumps(context).encode() + b", "
        with archive.stream(path, member, place) as raw:
            raw.read(skipped + 1)
            yield io.BufferedReader(_Framed(front, raw, end - skipped - 1 if end else None), 1 << 20)
        return
    if _KEY in body and isinstance(context := _first_context(body), str):
        front = b"{" + _KEY + b": " + json.dumps(_CONTEXT).encode()
        after = body.index(json.dumps(context).encode(), body.index(_KEY)) + len(json.dumps(context))
        with archive.stream(path, member, place) as raw:
            raw.read(skipped + after)
            yield io.BufferedReader(_Framed(front, raw, None), 1 << 20)
        return
    with archive.stream(path, member, place) as raw:
        yield raw


def _first_context(body: bytes) -> object:
    """The context where it is the first key of the document, otherwise None."""
    text = body.decode("utf-8", errors="ignore")[1:].lstrip()
    if not text.startswith(_KEY.decode()):
        return None
    text = text[len(_KEY) :].lstrip()[1:].lstrip()
    try:
        return json.JSONDecoder().raw_decode(text)[0]
    except ValueError:
        return None


def _last_context(path: Path, member: str | None, place: str) -> tuple[object, int]:
    """The context at the document's end and the byte of the comma before its key; ours, and 0, where it has none."""
    tail, length = b"", 0
    with archive.stream(path, member, place) as raw:
        while chunk := raw.read(_ENDS):
            tail, length = (tail + chunk)[-_ENDS:], length + len(chunk)
    at = tail.rfind(_KEY)
    if at < 0:
        return _CONTEXT, 0
    text = tail[at + len(_KEY) :].decode("utf-8", errors="replace").lstrip()[1:].lstrip()
    try:
        context, _ = json.JSONDecoder().raw_decode(text)
    except ValueError as error:
        raise InputError(place, f"its @context is not readable as JSON: {error}", _HINT) from None
    return (_CONTEXT if isinstance(context, str) else context), length - len(tail) + tail.rfind(b",", 0, at)


class _Framed(io.RawIOBase):
    """A front, then a stream up to a number of bytes, then the brace that closes what was cut."""

    def __init__(self, front: bytes, raw: BinaryIO, size: int | None) -> None:
        self._front, self._raw, self._left = front, raw, size
        self._back = b"" if size is None else b"}"

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._front:
            part, self._front = self._front[: len(buffer)], self._front[len(buffer) :]
        else:
            part = self._raw.read(len(buffer) if self._left is None else min(self._left, len(buffer)))
            if self._left is not None:
                self._left -= len(part)
            if not part:
                part, self._back = self._back, b""
        buffer[: len(part)] = part
        return len(part)
