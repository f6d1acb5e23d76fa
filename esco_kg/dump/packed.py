"""Text files packed with gzip: what few read by eye and is large."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

_LEVEL = 6
_BATCH = 1 << 20


@contextmanager
def packed(path: Path) -> Iterator[gzip.GzipFile]:
    """A file to write bytes to, packed. No name and no time in the head: the same bytes give the same file."""
    with path.open("wb") as raw, gzip.GzipFile("", "wb", _LEVEL, raw, mtime=0) as stream:
        yield stream


def write_packed(path: Path, text: str | Iterable[str]) -> None:
    """Write a text, or one that comes in pieces, as UTF-8, packed."""
    with packed(path) as stream, io.BufferedWriter(stream, _BATCH) as batches:
        for piece in (text,) if isinstance(text, str) else text:
            batches.write(piece.encode())
