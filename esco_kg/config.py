"""``release.toml``: what a release says of itself and the parameters it is made with."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from esco_kg.errors import InputError, MissingError, unreadable
from esco_kg.resources import folder
from esco_kg.toml import read_toml


@dataclass(frozen=True, slots=True)
class ClusterSettings:
    """Sizes of the hierarchy; ``levels`` and ``largest_share`` are coarsest first. ``method`` is the name of the
    clustering method, ``options`` what a method of another package receives."""

    levels: tuple[int, ...]
    smallest: int
    largest_share: tuple[float, ...]
    seed: int
    level_names: dict[str, dict[int, str]]
    method: str = "framed"
    options: Mapping[str, Any] = field(default_factory=dict)


CLUSTER_PATH = "cluster/"
"""Between the base IRI and the id of a cluster, where ``release.toml`` says no other path."""


@dataclass(frozen=True, slots=True)
class Config:
    """One release's settings. ``base_iri`` ends with ``/``; titles and descriptions are per language."""

    base_iri: str
    notation: str
    source: str  # what the release is made from, before its version
    main_language: str
    titles: dict[str, str]
    descriptions: dict[str, str]
    publisher: str
    homepage: str
    contact: str
    licence: str
    acknowledgement: str
    clusters: ClusterSettings
    identity_kept: float
    names_overlap: float
    dangling_share: float
    threshold: int  # counts below it are suppressed in the statistics, 0: none
    major_share: float  # a release with more of its links in another cluster, at any level, is a major one
    series_break: float  # a series by cluster is broken where more of the cluster's links leave or arrive
    as_read: dict[str, Any]  # the merged file, for the manifest
    place: str  # the file, for messages; "" where all settings are the defaults
    is_unofficial: bool = True  # whether a release of ESCO says that the European Commission has not published it
    made_by: str = ""  # who made given clusters, '' for what the input says, or the publisher
    how: dict[str, str] = field(default_factory=dict)  # how they were made, per language
    notes_blocks: str = ""  # Jinja blocks of the publisher's own for notes and history in HTML
    cluster_path: str = CLUSTER_PATH  # between the base IRI and the id of a cluster, ends with "/"
    left_out: frozenset[str] = frozenset()  # forms that a release does not have
    reference_metadata: dict[str, str] = field(default_factory=dict)  # concept of ESMS -> what the publisher says

    def without_method(self) -> Config:
        """The same settings; ``as_read`` without those that only a clustering method follows: nothing is said of one
        where somebody gave the clusters."""
        read = {table: values for table, values in self.as_read.items() if table not in ("identity", "names")}
        read["clusters"] = {"level_names": self.as_read["clusters"]["level_names"]}
        return replace(self, as_read=read)


def read_config(*paths: Path | None) -> Config:
    """The default settings, with those of each of ``paths`` (TOML files, or None) laid over them in turn.

    Raises InputError where a file is not TOML, holds an unknown key, or a value of another type than the default or
    out of its bounds.
    """
    merged = tomllib.loads((folder("defaults") / "release.toml").read_text(encoding="utf-8"))
    place = ""
    for path in filter(None, paths):
        place = str(path)
        merged = _laid_over(merged, _read_toml(path), place, "")
    # An RDF library knows what an IRI is; commands that read no settings start without it.
    from esco_kg.config_checks import check_settings

    check_settings(merged, place)
    return _config(merged, place)


def config_of(settings: dict[str, Any], place: str) -> Config:
    """The settings that a release's manifest holds; what an older release did not know has its default.

    Raises InputError for an unknown key or a value of another type than the default.
    """
    defaults = tomllib.loads((folder("defaults") / "release.toml").read_text(encoding="utf-8"))
    return _config(_laid_over(defaults, settings, place, ""), place)


def settings_beside(paths: Sequence[Path]) -> Path | None:
    """The ``release.toml`` that lies in one of these folders: tables that are not ESCO's bring their own settings.

    A folder around one download is read as that download, so its one folder with settings counts, too.
    """
    for path in paths:
        if (path / "release.toml").is_file():
            return path / "release.toml"
        inside = sorted(path.glob("*/release.toml"))
        if len(inside) == 1:
            return inside[0]
    return None


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return read_toml(path)
    except FileNotFoundError:
        raise MissingError(str(path), "Give --config an existing release.toml.") from None
    except OSError as error:
        raise InputError(str(path), f"cannot be read: {error.strerror}", "Give --config a release.toml.") from None
    except Exception as error:  # whatever the parser throws: deep nesting is a RecursionError
        raise unreadable(str(path), "TOML", error, "Start from the default release.toml.") from None


# Tables whose keys are languages or depths: a user may name others than the default has.
_OPEN_TABLES = {
    "given.how",
    "clusters.options",
    "scheme.title",
    "scheme.description",
    "clusters.level_names",
    "reference_metadata",
}


def _laid_over(default: dict[str, Any], given: dict[str, Any], place: str, table: str) -> dict[str, Any]:
    merged = dict(default)
    for key, value in given.items():
        name = f"{table}.{key}".lstrip(".")
        known = default.get(key)
        if known is None and table not in _OPEN_TABLES:
            known_keys = ", ".join(sorted(default))
            raise InputError(place, f"unknown key {name}", f"Known here: {known_keys}.")
        if known is not None and not _same_type(known, value):
            raise InputError(place, f"{name} = {value!r} is of the wrong type", f"The default is {known!r}.")
        if isinstance(value, dict) and isinstance(known, dict):
            # A title in other languages replaces the default's: mixing two schemes' titles would be wrong.
            merged[key] = value if name in _OPEN_TABLES else _laid_over(known, value, place, name)
        else:
            merged[key] = value
    return merged


def _same_type(known: object, value: object) -> bool:
    if isinstance(known, bool) or isinstance(value, bool):
        return isinstance(known, bool) and isinstance(value, bool)
    numbers = (int, float)
    return isinstance(value, type(known)) or (isinstance(known, numbers) and isinstance(value, numbers))


def _config(merged: dict[str, Any], place: str) -> Config:
    scheme, publisher, licence, clusters = (merged[k] for k in ("scheme", "publisher", "licence", "clusters"))
    return Config(
        base_iri=scheme["base_iri"],
        notation=scheme["notation"],
        source=scheme["source"],
        main_language=scheme["main_language"],
        titles=dict(scheme["title"]),
        descriptions=dict(scheme["description"]),
        publisher=publisher["name"],
        homepage=publisher["homepage"],
        contact=publisher["contact"],
        licence=licence["iri"],
        acknowledgement=licence["acknowledgement"],
        clusters=ClusterSettings(
            levels=tuple(clusters["levels"]),
            smallest=clusters["smallest"],
            largest_share=tuple(clusters["largest_share"]),
            seed=clusters["seed"],
            method=clusters["method"],
            options=dict(clusters["options"]),
            level_names={
                lang: {int(d): n for d, n in names.items()} for lang, names in clusters["level_names"].items()
            },
        ),
        identity_kept=merged["identity"]["kept"],
        names_overlap=merged["names"]["overlap"],
        dangling_share=merged["checks"]["dangling_share"],
        threshold=merged["statistics"]["threshold"],
        major_share=merged["versions"]["major_share"],
        series_break=merged["versions"]["series_break"],
        as_read=merged,
        place=place,
        is_unofficial=publisher["unofficial"],
        made_by=merged["given"]["by"],
        how=dict(merged["given"]["how"]),
        notes_blocks=merged["notes"]["blocks"],
        cluster_path=scheme["cluster_path"],
        left_out=frozenset(merged["formats"]["left_out"]),
        reference_metadata=dict(merged["reference_metadata"]),
    )
