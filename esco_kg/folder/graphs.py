"""The graphs of a published release: their packed N-Triples, opened, unpacked, and compared with the manifest."""

from __future__ import annotations

import gzip
import shutil
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from esco_kg.errors import InputError
from esco_kg.folder.manifest import sha256_of
from esco_kg.folder.reading import TAKE_AGAIN, graph_file, read_manifest


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """What a packed graph holds, as a stream. Raises InputError where the file is missing, cut short or damaged."""
    if not path.is_file():
        raise InputError(str(path), "the release lacks this graph", TAKE_AGAIN)
    with gzip.open(path) as stream:
        try:
            yield cast(BinaryIO, stream)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise InputError(str(path), f"cannot be unpacked: {error}", TAKE_AGAIN) from None


def unpacked(release: Path, into: Path, only: Collection[str] | None = None) -> dict[str, Path]:
    """The graphs of a release, or ``only`` those, as plain N-Triples files in the folder ``into``, by name.

    Raises InputError where a file is missing or damaged.
    """
    manifest = read_manifest(release)
    found = {name: into / f"{name}.nt" for name in sorted(manifest["graphs"]) if only is None or name in only}
    for name, plain in found.items():
        with opened(graph_file(release, manifest["version"], name)) as source, plain.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
    return found


def as_published(release: Path, manifest: Mapping[str, Any], name: str) -> Path:
    """The packed N-Triples of a graph. Raises InputError where they are not the file that the manifest lists."""
    path = graph_file(release, manifest["version"], name)
    stated = {file["name"]: file["sha256"] for file in manifest["files"]}.get(path.name)
    if not path.is_file():
        raise InputError(str(path), "the release lacks this graph", TAKE_AGAIN)
    if sha256_of(path) != stated:
        raise InputError(str(path), "is not the file that the manifest lists", TAKE_AGAIN)
    return path
