"""Clusters that somebody else made: read from tables, SKOS files, releases or the official hierarchy, and checked."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from esco_kg.clusters.given.hierarchy import check_hierarchy
from esco_kg.clusters.given.mistakes import Mistakes
from esco_kg.clusters.given.official import from_official, is_official
from esco_kg.clusters.given.released import from_release
from esco_kg.clusters.given.sheets import SUFFIXES, Sheet, of_frame, read_sheets
from esco_kg.clusters.given.skills import SkillLookup
from esco_kg.clusters.given.skos import FORMATS, from_skos
from esco_kg.clusters.given.tables import from_tables
from esco_kg.errors import InputError, UsageError
from esco_kg.folder.reading import MANIFEST
from esco_kg.model.given import GivenClusters
from esco_kg.model.pillar import Pillar, Source

__all__ = ["check_named", "read_given"]

_KINDS = (
    f"Give tables ({', '.join(SUFFIXES)}), SKOS files ({', '.join(FORMATS)}), the folder of a release, or official:2."
)


def check_named(named: Sequence[Any]) -> None:
    """Raise UsageError or InputError where a thing that is named does not exist or is of no known kind."""
    kinds = {_kind(name) for name in named}
    if len(kinds) > 1 or (kinds & {"official", "release"} and len(named) > 1):
        raise UsageError(f"clusters of several kinds at once: {', '.join(sorted(kinds))}", _KINDS)


def read_given(named: Sequence[Any], pillar: Pillar, main_language: str = "en") -> GivenClusters:
    """Read the clusters that are named: paths, ``official:1`` to ``official:3``, or data frames.

    Tables may come in any order, several at once. Raises InputError for mistakes in them, with file, sheet, row and
    value; all mistakes are in the message, up to ten in words.
    """
    check_named(named)
    mistakes = Mistakes()
    finder, kind = SkillLookup(pillar, mistakes), _kind(named[0])
    if kind == "official":
        given = from_official(named[0], pillar)
    elif kind == "release":
        given = from_release(Path(named[0]), finder)
    elif kind == "SKOS":
        given = from_skos([Path(name) for name in named], main_language, finder, mistakes)
    else:
        given = from_tables(_sheets(named), finder, mistakes)
    mistakes.stop()
    check_hierarchy(given, mistakes)
    mistakes.stop()
    given.sources = [source for name in named for source in _sources(name)]
    return given


def _kind(name: Any) -> str:
    if not isinstance(name, (str, Path)):
        return "table"
    if is_official(str(name)):
        return "official"
    path = Path(name)
    if (path / MANIFEST).is_file():
        return "release"
    if not path.is_file():
        raise InputError(str(path), "there is no such file, nor a release there", _KINDS)
    if path.suffix.lower() in SUFFIXES:
        return "table"
    if path.suffix.lower() in FORMATS:
        return "SKOS"
    raise UsageError(f"{path}: unknown kind of file", _KINDS)


def _sheets(named: Sequence[Any]) -> list[Sheet]:
    sheets: list[Sheet] = []
    for number, name in enumerate(named, start=1):
        if isinstance(name, (str, Path)):
            sheets += read_sheets(Path(name))
        else:
            sheets.append(of_frame(name, f"data frame {number}"))
    return sheets


def _sources(name: Any) -> list[Source]:
    """Every file that was read, with its SHA-256; a data frame by its content as CSV."""
    if not isinstance(name, (str, Path)):
        content = repr(of_frame(name).rows).encode()
        return [Source("data frame", hashlib.sha256(content).hexdigest(), len(content))]
    if is_official(str(name)):
        return []
    path = Path(name)
    file, called = (path / MANIFEST, f"{path.resolve().name}/{MANIFEST}") if path.is_dir() else (path, path.name)
    return [Source(called, hashlib.sha256(file.read_bytes()).hexdigest(), file.stat().st_size)]
