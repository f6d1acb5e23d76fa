"""How commands read RDF files: contexts of JSON-LD, standard input."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from esco_kg.errors import UsageError


def READING(command: Callable[..., Any]) -> Callable[..., Any]:
    """--context and --lenient."""
    given = click.option(
        "--context",
        "contexts",
        multiple=True,
        metavar="IRI=FILE",
        help="A context that JSON-LD names by this IRI, from a file; may be repeated.",
    )
    passed = click.option(
        "--lenient", is_flag=True, help="Leave out statements with invalid IRIs or language tags, and name them."
    )
    return given(passed(command))


def contexts_given(contexts: Sequence[str]) -> dict[str, Path]:
    """IRI -> file of each --context."""
    return dict(_pair(text) for text in contexts)


def _pair(text: str) -> tuple[str, Path]:
    # An IRI may hold "=", a file name as well: the longest IRI for which there is a file.
    for place in [place for place, sign in enumerate(text) if sign == "="][::-1]:
        if text[:place] and Path(text[place + 1 :]).is_file():
            return text[:place], Path(text[place + 1 :])
    raise UsageError(f"--context {text}: there is no such file", "Write it as IRI=FILE.")


@contextmanager
def with_stdin(paths: Sequence[str]) -> Iterator[list[str]]:
    """The names, with ``-`` replaced by a file that holds standard input."""
    if "-" not in paths:
        yield list(paths)
        return
    content = sys.stdin.buffer.read()
    with tempfile.TemporaryDirectory(prefix="esco-kg-stdin-") as scratch:
        place = Path(scratch) / f"stdin{_ending(content)}"
        place.write_bytes(content)
        yield [str(place) if path == "-" else path for path in paths]


def _ending(content: bytes) -> str:
    """What a text without a name looks like: gzip, bzip2 and zip say what they are, XML and JSON begin with a sign."""
    if content.startswith(b"\x1f\x8b"):
        return f"{_ending_within(content)}.gz"
    start = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"<?xml", b"<rdf:", b"<!DOCTYPE")):
        return ".rdf"
    if start.startswith(b"{") or (start[:1] == b"[" and start[1:].lstrip()[:1] == b"{"):
        return ".jsonld"
    return ".ttl"


def _ending_within(content: bytes) -> str:
    import zlib

    return _ending(zlib.decompressobj(wbits=31).decompress(content, 4096))
