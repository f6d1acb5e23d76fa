"""Whether a release folder, ours or a downloaded copy, is what was published: every hash computed again."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from esco_kg.errors import InputError
from esco_kg.folder.manifest import sha256_of
from esco_kg.folder.reading import MANIFEST, read_manifest
from esco_kg.folder.signature import SIGNATURES, Signature, check_signature

_PART = 1 << 20


@dataclass(frozen=True, slots=True, order=True)
class Deviation:
    """One difference. ``kind``: ``missing``, ``extra``, ``altered``, ``graph`` or ``signature``."""

    kind: str
    name: str
    message: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What was compared. ``files`` and ``graphs`` count what the manifest lists; no ``deviations``: as published."""

    version: str
    files: int
    graphs: int
    signature: Signature
    deviations: tuple[Deviation, ...] = field(default=())


def verify(folder: Path, key: str = "") -> Verification:
    """Compute every SHA-256 of the manifest again, those of the graphs included, and check a detached signature.

    ``key`` is the public key of the signature; see :func:`esco_kg.folder.signature.check_signature`. Raises InputError
    where the folder holds no manifest, or one that names files outside of it.
    """
    manifest = read_manifest(folder)
    listed = _listed(folder / MANIFEST, manifest)
    signature = check_signature(folder / MANIFEST, key)
    found = [*_files(folder, listed), *_graphs(folder, manifest, listed)]
    if signature.problem:
        found.append(Deviation("signature", signature.file or MANIFEST, signature.problem))
    graphs = manifest.get("graphs", {})
    return Verification(manifest["version"], len(listed), len(graphs), signature, tuple(sorted(found)))


def _listed(place: Path, manifest: Mapping[str, Any]) -> dict[str, tuple[int, str]]:
    """Name -> (bytes, SHA-256). A downloaded manifest is not to be trusted with the files around it."""
    try:
        listed = {str(f["name"]): (int(f["bytes"]), str(f["sha256"])) for f in manifest["files"]}
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(str(place), f"its list of files is damaged: {error}", "Take the release again.") from None
    for name in listed:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name:
            raise InputError(str(place), f"{name!r} lies outside of the release", "Do not use this copy.")
    return listed


def _files(folder: Path, listed: Mapping[str, tuple[int, str]]) -> Iterator[Deviation]:
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    for name in sorted(there - set(listed) - {MANIFEST, *SIGNATURES}):
        yield Deviation("extra", name, "the manifest does not list this file")
    for name, (size, sha256) in sorted(listed.items()):
        path = folder / name
        if not path.is_file():
            yield Deviation("missing", name, "the manifest lists this file, and it is not there")
        elif path.stat().st_size != size:
            yield Deviation("altered", name, f"{path.stat().st_size} bytes instead of {size}")
        elif (now := sha256_of(path)) != sha256:
            yield Deviation("altered", name, f"SHA-256 {now} instead of {sha256}")


def _graphs(folder: Path, manifest: Mapping[str, Any], listed: Mapping[str, tuple[int, str]]) -> Iterator[Deviation]:
    """The unpacked N-Triples are each graph's canonical form, so their SHA-256 is its RDFC-1.0 hash."""
    for graph, entry in sorted(manifest.get("graphs", {}).items()):
        name = next((name for name in sorted(listed) if name.endswith(f"-{graph}.nt.gz")), None)
        if name is None:
            yield Deviation("graph", graph, "no N-Triples file of this graph is listed")
            continue
        if (folder / name).is_file() and (now := _unpacked_sha256(folder / name)) != entry["rdfc10_sha256"]:
            yield Deviation("graph", graph, f"{name} unpacks to SHA-256 {now} instead of {entry['rdfc10_sha256']}")


def _unpacked_sha256(path: Path) -> str:
    """SHA-256 of what a gzip file unpacks to, or why it does not unpack."""
    digest = hashlib.sha256()
    try:
        with gzip.open(path) as stream:
            while part := stream.read(_PART):
                digest.update(part)
    except (OSError, EOFError, zlib.error) as error:
        return f"nothing ({error})"
    return digest.hexdigest()
