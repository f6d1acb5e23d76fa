"""Text files packed with gzip: what few read by eye and is large."""

from __future__ import annotations

import gzip
from pathlib import Path

_LEVEL = 6


def write_packed(path: Path, text: str) -> None:
    """Write a text as UTF-8, packed. No name and no time in the head: the same text gives the same bytes."""
    with path.open("wb") as raw, gzip.GzipFile("", "wb", _LEVEL, raw, mtime=0) as stream:
        stream.write(text.encode())
