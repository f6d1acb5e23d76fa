"""A release folder: its manifest, what that says of it, and where its files lie."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from esco_kg.config import CLUSTER_PATH
from esco_kg.errors import InputError, MissingError, UsageError, unreadable

MANIFEST = "manifest.json"
CATALOGUE = "catalogue.ttl"
"""The catalogue of all releases, beside their folders."""
TAKE_AGAIN = "Take the release from its origin again."
"""The hint where a file of a release is missing or damaged."""
_NUMBER = "(0|[1-9][0-9]{0,8})"  # more digits are no number of anybody, and Python reads no number of thousands
VERSION = rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}"
"""The number of a release, as a regular expression with a group for each part."""


@dataclass(frozen=True, slots=True)
class ReleaseFolder:
    """One release folder as its manifest describes it."""

    folder: Path
    version: str
    manifest: dict[str, Any]

    @property
    def base_iri(self) -> str:
        """The start of the IRIs of ours that it speaks of."""
        return str(self.manifest["base_iri"])


def graph_file(folder: Path, version: str, name: str) -> Path:
    """The packed N-Triples of a graph."""
    return folder / f"esco-kg-{version}-{name}.nt.gz"


def table_file(folder: Path, version: str, name: str) -> Path:
    """A table of the clusters: ``clusters``, ``allocations``, ``relations``, ``sector-profile``, ``registry``."""
    return folder / f"esco-kg-{version}-{name}.csv"


def version_key(version: str) -> tuple[int, int, int]:
    """``1.10.0`` -> (1, 10, 0), for sorting. Raises ValueError where the text is no such version."""
    found = re.fullmatch(VERSION, version)
    if not found:
        raise ValueError(f"{version!r} is no version number such as 1.2.0")
    return int(found[1]), int(found[2]), int(found[3])


def release_folder(folder: Path) -> ReleaseFolder:
    """A release folder. Raises as :func:`read_manifest`."""
    manifest = read_manifest(folder)
    return ReleaseFolder(folder, manifest["version"], manifest)


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
        raise InputError(str(path), f"not a release's manifest: it has no {error.args[0]}", TAKE_AGAIN) from None
    except Exception as error:  # whatever JSON, and what is read from it, throws: deep nesting is a RecursionError
        raise unreadable(str(path), "a release's manifest", error, TAKE_AGAIN) from None
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
