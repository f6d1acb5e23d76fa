"""Text files packed with gzip: what few read by eye and is large."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LEVEL = 6


@contextmanager
def packed(path: Path) -> Iterator[gzip.GzipFile]:
    """A file to write bytes to, packed. No name and no time in the head: the same bytes give the same file."""
    with path.open("wb") as raw, gzip.GzipFile("", "wb", _LEVEL, raw, mtime=0) as stream:
        yield stream


def write_packed(path: Path, text: str) -> None:
    """Write a text as UTF-8, packed."""
    with packed(path) as stream:
        stream.write(text.encode())
