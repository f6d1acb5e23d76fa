"""Releases already published: find them under ``releases/``, read one back for the next one's sake."""

from __future__ import annotations

import csv
import gzip
import json
import re
import shutil
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from esco_kg.config import CLUSTER_PATH
from esco_kg.errors import InputError, MissingError, UsageError, unreadable
from esco_kg.model.clustering import RegistryEntry
from esco_kg.model.published import Published, PublishedCluster

MANIFEST = "manifest.json"
_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


@dataclass(frozen=True, slots=True)
class ReleaseFolder:
    """One release folder as its manifest describes it."""

    folder: Path
    version: str
    manifest: dict[str, Any]


def version_key(version: str) -> tuple[int, int, int]:
    """``1.10.0`` -> (1, 10, 0), for sorting. Raises ValueError where the text is no such version."""
    found = _VERSION.fullmatch(version)
    if not found:
        raise ValueError(f"{version!r} is no version number such as 1.2.0")
    return int(found[1]), int(found[2]), int(found[3])


def read_manifest(folder: Path) -> dict[str, Any]:
    """A release's manifest.

    Raises MissingError where there is no such folder, InputError where it holds no manifest or a damaged one.
    """
    path = folder / MANIFEST
    if not folder.exists():
        raise MissingError(str(folder), "Give the folder of a release.")
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        version_key(manifest["version"])
        for key in ("base_iri", "esco_version", "issued", "fingerprint"):
            if not isinstance(manifest[key], str):
                raise TypeError(f"its {key} is no text")
        if not isinstance(manifest["files"], list):
            raise TypeError("its files are no list")
    except (FileNotFoundError, NotADirectoryError):
        raise InputError(
            str(path), "there is no such file", "Give the folder of a release, the one it lies in."
        ) from None
    except KeyError as error:
        raise InputError(
            str(path), f"not a release's manifest: it has no {error.args[0]}", "Take the release from its origin again."
        ) from None
    except Exception as error:  # whatever JSON, and what is read from it, throws: deep nesting is a RecursionError
        raise unreadable(str(path), "a release's manifest", error, "Take the release from its origin again.") from None
    return dict(manifest)


def source_of(manifest: Mapping[str, Any]) -> str:
    """What a release was made from, with its version: ``ESCO 1.1.1``; invented data have another name, and a part
    of ESCO says so."""
    name = manifest.get("settings", {}).get("scheme", {}).get("source", "ESCO")
    return f"{name} {manifest['esco_version']}{' (extract)' if manifest.get('extract') else ''}"


def main_language(manifest: Mapping[str, Any]) -> str:
    """The language in which every cluster of the release has a name."""
    return str(manifest.get("settings", {}).get("scheme", {}).get("main_language", "en"))


def cluster_path(manifest: Mapping[str, Any]) -> str:
    """What stands between the base IRI and a cluster's id in the cluster's IRI."""
    return str(manifest.get("settings", {}).get("scheme", {}).get("cluster_path", CLUSTER_PATH))


def refuse_in_release(target: Path, option: str = "--out") -> None:
    """Raise UsageError where ``target`` is, or lies in, a published release: what was published never changes."""
    place = target.resolve()
    for folder in (place, *place.parents):
        if _is_release(folder):
            where = "is" if folder == place else f"lies in {folder},"
            raise UsageError(
                f"{option} {target} {where} a published release",
                "A published release never changes; give a folder outside of it, such as the one it lies in.",
            )


def _is_release(folder: Path) -> bool:
    """Whether a release's manifest lies here, even a damaged one; other programs have a manifest.json, too."""
    try:
        return b'"esco-kg manifest ' in (folder / MANIFEST).read_bytes()
    except OSError:
        return False


def published_releases(out: Path, base_iri: str) -> list[ReleaseFolder]:
    """The releases in ``out`` that have this base IRI, oldest version first."""
    found = []
    for path in sorted(out.glob(f"*/{MANIFEST}")) if out.is_dir() else []:
        if path.parent.name.startswith("."):
            continue
        manifest = read_manifest(path.parent)
        if manifest["base_iri"] == base_iri:
            found.append(ReleaseFolder(path.parent, manifest["version"], manifest))
    return sorted(found, key=lambda release: version_key(release.version))


def unpacked(release: Path, into: Path, only: Collection[str] | None = None) -> dict[str, Path]:
    """The graphs of a release, or ``only`` those, as plain N-Triples files in the folder ``into``, by name.

    Raises InputError where a file is missing or damaged.
    """
    manifest = read_manifest(release)
    found = {}
    for name in sorted(manifest["graphs"]):
        if only is not None and name not in only:
            continue
        packed = release / f"esco-kg-{manifest['version']}-{name}.nt.gz"
        found[name] = into / f"{name}.nt"
        try:
            with gzip.open(packed) as source, found[name].open("wb") as target:
                shutil.copyfileobj(source, target)
        except (OSError, EOFError, zlib.error) as error:
            raise InputError(
                str(packed), f"cannot be unpacked: {error}", "Take the release from its origin again."
            ) from None
    return found


def read_published(folder: Path) -> Published:
    """Read back what the next release needs: clusters with their members, and the registry of ids.

    Raises InputError where a table is missing or holds a row that does not belong there.
    """
    manifest = read_manifest(folder)
    stem = f"esco-kg-{manifest['version']}"
    clusters, registry = read_clusters(folder, stem)
    allocations = read_table(folder / f"{stem}-allocations.csv")
    # Where a decision put a skill elsewhere than the data, the runner-up is where these had it.
    decided = {
        row["skill"]: row["runner_up"]
        for _, row in allocations
        if row["rank"] == "primary" and row["decision"] and row["runner_up"]
    }
    return Published(
        folder=folder,
        version=manifest["version"],
        esco_version=manifest["esco_version"],
        base_iri=manifest["base_iri"],
        issued=manifest["issued"],
        clusters=clusters,
        registry=registry,
        decided=decided,
    )


def read_clusters(
    folder: Path, stem: str, read: list[dict[str, str]] | None = None
) -> tuple[dict[str, PublishedCluster], list[RegistryEntry]]:
    """Clusters and registry from the tables ``<stem>-clusters.csv``, ``-allocations`` and ``-registry``.

    ``read`` receives the rows of the allocations, for a caller who wants them too. A cluster's label is the one in the
    release's main language, which stands in the registry.

    Raises InputError where a table is missing or holds a row that does not belong there.
    """
    rows = list(read_table(folder / f"{stem}-clusters.csv"))
    parents = {row["id"]: row["parent"] or None for _, row in rows}
    members: dict[str, set[str]] = {identifier: set() for identifier in parents}
    allocations = folder / f"{stem}-allocations.csv"
    for line, row in read_table(allocations):
        if read is not None:
            read.append(row)
        at: str | None = row["cluster"] if row["rank"] == "primary" else None
        while at is not None:
            if at not in members:
                raise InputError(f"{allocations}:{line}", f"cluster {at} is not in the table of clusters")
            members[at].add(row["skill"])
            at = parents[at]
    registry = registry_of(folder, stem.removeprefix("esco-kg-"))
    labels = {entry.id: entry.label for entry in registry}
    clusters = {
        row["id"]: PublishedCluster(
            id=row["id"],
            depth=int(row["depth"]),
            parent=parents[row["id"]],
            label=labels[row["id"]],
            created=row["created"],
            modified=row["modified"],
            content=row["content"],
            members=frozenset(members[row["id"]]),
        )
        for _, row in rows
    }
    return clusters, registry


def registry_of(folder: Path, version: str) -> list[RegistryEntry]:
    """Every id ever minted, as the release in this folder lists them. Raises InputError where the table is damaged."""
    return [_registry_entry(row) for _, row in read_table(folder / f"esco-kg-{version}-registry.csv")]


def _registry_entry(row: dict[str, str]) -> RegistryEntry:
    return RegistryEntry(
        id=row["id"],
        depth=int(row["depth"]),
        minted_in=row["minted_in"],
        retired_in=row["retired_in"],
        replaced_by=tuple(row["replaced_by"].split()),
        label=row["label"],
    )


def read_table(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and row of a table of ours. Raises InputError where it is missing or a row is short or long."""
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            for row in reader:
                if None in row or None in row.values():
                    raise InputError(f"{path}:{reader.line_num}", "the row has another number of columns than the head")
                yield reader.line_num, row
    except FileNotFoundError:
        raise InputError(str(path), "the release lacks this table", "Take the release from its origin again.") from None
