"""Partitions already made, in a folder outside the tree, so that a second release from the same inputs is quick.

A cached file is JSON behind the SHA-256 of its bytes: one that was cut off or changed is made again.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
import platform
import tempfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from esco_kg.config import ClusterSettings
from esco_kg.folder.cache import cache_folder
from esco_kg.model.clustering import PACKAGES
from esco_kg.model.expertise import Expertise
from esco_kg.model.partition import Membership, Partition
from esco_kg.model.pillar import Pillar, SectorLinks

_FORMAT = "esco-kg partition 2"
_KEPT = 20
_ARRAYS = {"finest": np.int32, "runners_up": np.int32, "margins": np.float64}
_log = logging.getLogger(__name__)


def partition_key(
    pillar: Pillar, sectors: SectorLinks, settings: ClusterSettings, expertise: Expertise, anchor: Mapping[str, str]
) -> str:
    """SHA-256 over all that decides a partition: inputs, settings, decisions, previous clusters, code, libraries.

    '' where the pillar names no source, as one made by hand does: then nothing tells it from another.
    """
    if not pillar.sources:
        return ""
    content = {
        "format": _FORMAT,
        "inputs": sorted(source.sha256 for source in [*pillar.sources, *sectors.sources]),
        "read": [pillar.version, list(pillar.languages), sectors.origin],
        "settings": {name: value for name, value in asdict(settings).items() if name not in ("level_names", "options")},
        "frames": [asdict(frame) for frame in expertise.frames],
        "decisions": [asdict(decision) for decision in expertise.decisions],
        "anchor": sorted(anchor.items()),
        "code": _code_sha256(),
        "software": {name: metadata.version(name) for name in PACKAGES} | {"python": platform.python_version()},
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _code_sha256() -> str:
    package = Path(__file__).resolve().parent
    digest = hashlib.sha256()
    for path in sorted(
        [*package.glob("*.py"), *(package.parent / "model").glob("*.py"), *(package.parent / "esco").glob("*.py")]
    ):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def cached(key: str, make: Callable[[], Partition], folder: Path | None = None) -> Partition:
    """The partition of this key from the cache, otherwise made and kept there. No key: made, and not kept.

    A cache that cannot be written is said on the log and changes nothing else.
    """
    if not key:
        return make()
    path = (folder or cache_folder()) / f"{key}.json.gz"
    found = _read(path)
    if found is None:
        found = make()
        try:
            _write(path, found)
        except OSError as error:
            _log.warning("the clusters were not kept for the next run: %s", error)
    return found


def _read(path: Path) -> Partition | None:
    try:
        with gzip.open(path, "rb") as stream:
            digest, _, content = stream.read().partition(b"\n")
    except FileNotFoundError:
        return None
    except (OSError, EOFError, zlib.error):  # cut off, damaged, or no gzip at all
        return None
    if hashlib.sha256(content).hexdigest().encode() != digest:
        return None
    return _partition(json.loads(content))


def _partition(read: dict[str, Any]) -> Partition:
    values = dict(read)
    for name, kind in _ARRAYS.items():
        values[name] = np.array(read[name], dtype=kind)
    values["parents"] = [np.array(parent, dtype=np.int32) for parent in read["parents"]]
    values["further"] = [[Membership(*membership) for membership in listed] for listed in read["further"]]
    return Partition(**values)


def _write(path: Path, partition: Partition) -> None:
    values = {field.name: getattr(partition, field.name) for field in fields(partition)}
    content = json.dumps(values, default=lambda array: array.tolist(), sort_keys=True).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as stream:
        aside = Path(stream.name)
        try:
            stream.write(gzip.compress(hashlib.sha256(content).hexdigest().encode() + b"\n" + content, 6, mtime=0))
            stream.close()
            aside.replace(path)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise
    _forget(path.parent)


def _forget(folder: Path) -> None:
    """Keep the newest partitions only."""
    newest = sorted(folder.glob("*.json.gz"), key=lambda path: (path.stat().st_mtime_ns, path.name))
    for path in newest[:-_KEPT]:
        path.unlink(missing_ok=True)
