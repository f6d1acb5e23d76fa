"""Whether a release folder, ours or a downloaded copy, is what was published: every hash computed again."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from esco_kg.errors import InputError
from esco_kg.folder import catalogue
from esco_kg.folder.consistency import contradictions, unreadable_forms
from esco_kg.folder.manifest import own_sha256, sha256_of
from esco_kg.folder.reading import CATALOGUE, MANIFEST, ReleaseFolder, read_manifest
from esco_kg.folder.signature import SIGNATURES, Signature, check_signature

HARMLESS = ("extra", "folder", "signature")
"""Kinds of deviations that do no harm to what is read: files beside those of the manifest, and the folder's name."""
_PART = 1 << 20
_LONGEST = 255  # bytes in the name of a file


@dataclass(frozen=True, slots=True, order=True)
class Deviation:
    """One difference. ``kind``: ``missing``, ``extra``, ``altered`` and ``link`` for files; ``folder``, ``manifest``,
    ``table``, ``graph`` and ``catalogue`` for what contradicts something else; ``signature``."""

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


def verify(folder: Path, key: str = "", *, is_thorough: bool = False) -> Verification:
    """Hold everything in a release against everything else, and check a detached signature.

    Every SHA-256 is computed again, those of the graphs included; manifest, catalogue, tables, graphs and names must
    agree, and where a catalogue of all releases lies beside the folder, the manifest must have the SHA-256 that it
    gives. ``is_thorough`` also parses every serialisation of every graph and compares their triples. ``key`` is the
    public key of the signature; see :func:`esco_kg.folder.signature.check_signature`. Raises InputError where the
    folder holds no manifest, or one that names files outside of it.
    """
    manifest = read_manifest(folder)
    listed = _listed(folder / MANIFEST, manifest)
    signature = check_signature(folder / MANIFEST, key)
    found = [*_files(folder, listed), *_graphs(folder, manifest, listed)]
    told = [*contradictions(folder, manifest), *_catalogued(folder, manifest["version"])]
    if is_thorough:
        told += unreadable_forms(folder, manifest["version"])
    found += [Deviation(*one) for one in told]
    if signature.problem:
        found.append(Deviation("signature", signature.file or MANIFEST, signature.problem))
    graphs = manifest.get("graphs", {})
    number = len(graphs) if isinstance(graphs, dict) else 0
    return Verification(manifest["version"], len(listed), number, signature, tuple(sorted(set(found))))


def refuse_altered(folder: Path) -> None:
    """Raise InputError, with the first deviation, where the release in the folder is not as published.

    Files beside those of the manifest and the folder's name do no harm: nothing is read from them.
    """
    for one in verify(folder).deviations:
        if one.kind not in HARMLESS:
            hint = f"esco-kg verify {folder} tells all that differs. Take the release from its origin again."
            raise InputError(str(folder / one.name), f"is not as published: {one.message}", hint)


def refuse_edited(releases: Iterable[ReleaseFolder]) -> None:
    """Raise InputError for the first release whose manifest is not as it was written, or as the catalogue beside it
    says: history and catalogue of all releases are made from their manifests. It opens no other file; the release that
    comes last is verified whole."""
    for release in releases:
        is_own = release.manifest.get("own_sha256") == own_sha256(release.manifest)
        other = "" if is_own else "its own checksum is another"
        if problem := other or catalogue.contradiction(release.folder, release.version):
            hint = f"esco-kg verify {release.folder} tells all that differs. Take the release from its origin again."
            raise InputError(str(release.folder / MANIFEST), f"is not as published: {problem}", hint)


def _listed(place: Path, manifest: Mapping[str, Any]) -> dict[str, tuple[int, str]]:
    """Name -> (bytes, SHA-256). A downloaded manifest is not to be trusted with the files around it."""
    try:
        listed = {str(f["name"]): (int(f["bytes"]), str(f["sha256"])) for f in manifest["files"]}
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise InputError(str(place), f"its list of files is damaged: {error}", "Take the release again.") from None
    for name in listed:
        path = PurePosixPath(name)
        # A part of a name has at most 255 bytes on any disk; a control character in it is no name of ours.
        is_strange = len(name.encode("utf-8", "surrogateescape")) > _LONGEST or any(ord(sign) < 0x20 for sign in name)
        if is_strange or not path.parts or path.as_posix() != name:
            raise InputError(str(place), f"{name[:80]!r} is no name of a file", "Do not use this copy.")
        if path.is_absolute() or ".." in path.parts or "\\" in name:
            raise InputError(str(place), f"{name!r} lies outside of the release", "Do not use this copy.")
    return listed


def _files(folder: Path, listed: Mapping[str, tuple[int, str]]) -> Iterator[Deviation]:
    there = set()
    parents = {parent.as_posix() for name in listed for parent in PurePosixPath(name).parents}
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            yield Deviation("link", name, "a link stands here; a release holds its files itself")
        elif path.is_dir():
            if name not in parents:
                yield Deviation("extra", name, "the manifest lists no file of this folder")
        else:
            there.add(name)
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


def _catalogued(folder: Path, version: str) -> Iterator[tuple[str, str, str]]:
    """What the catalogue of all releases says otherwise, where one lies beside the release."""
    try:
        if problem := catalogue.contradiction(folder, version):
            yield "manifest", MANIFEST, problem
    except InputError as error:
        yield "catalogue", f"../{CATALOGUE}", error.message.removeprefix(f"{error.place}: ")


def _graphs(folder: Path, manifest: Mapping[str, Any], listed: Mapping[str, tuple[int, str]]) -> Iterator[Deviation]:
    """The unpacked N-Triples are each graph's canonical form, so their SHA-256 is its RDFC-1.0 hash."""
    graphs = manifest.get("graphs", {})
    if not isinstance(graphs, dict) or not all(
        isinstance(entry, dict) and "rdfc10_sha256" in entry for entry in graphs.values()
    ):
        yield Deviation("manifest", MANIFEST, "its list of graphs is damaged")
        return
    for graph, entry in sorted(graphs.items()):
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
