"""``release.toml``: what a release says of itself and the parameters it is made with."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from esco_kg.errors import InputError
from esco_kg.resources import folder


@dataclass(frozen=True, slots=True)
class ClusterSettings:
    """Sizes of the hierarchy; ``levels`` and ``largest_share`` are coarsest first."""

    levels: tuple[int, ...]
    smallest: int
    largest_share: tuple[float, ...]
    secondary: int
    seed: int
    level_names: dict[str, dict[int, str]]


@dataclass(frozen=True, slots=True)
class Config:
    """One release's settings. ``base_iri`` ends with ``/``; titles and descriptions are per language."""

    base_iri: str
    notation: str
    source: str  # what the release is made from, before its version
    titles: dict[str, str]
    descriptions: dict[str, str]
    publisher: str
    homepage: str
    contact: str
    licence: str
    acknowledgement: str
    clusters: ClusterSettings
    identity_kept: float
    dangling_share: float
    threshold: int  # counts below it are suppressed in the statistics, 0: none
    major_share: float  # a release with more of its links in another cluster, at any level, is a major one
    series_break: float  # a series by cluster is broken where more of the cluster's links leave or arrive
    as_read: dict[str, Any]  # the merged file, for the manifest


def read_config(path: Path | None = None) -> Config:
    """The default settings, with those of ``path`` (a TOML file) laid over them.

    Raises InputError where the file is not TOML, holds an unknown key, or a value of another type than the default or
    out of its bounds.
    """
    defaults = tomllib.loads((folder("defaults") / "release.toml").read_text(encoding="utf-8"))
    merged = _laid_over(defaults, _read_toml(path), str(path), "") if path else defaults
    base = merged["scheme"]["base_iri"]
    if not base.startswith(("http://", "https://")) or not base.endswith("/"):
        raise InputError(str(path), f"scheme.base_iri {base!r} is no base IRI", "Give an http(s) IRI that ends in '/'.")
    _check_texts(merged, str(path))
    _check_numbers(merged, str(path))
    return _config(merged)


def config_of(settings: dict[str, Any], place: str) -> Config:
    """The settings that a release's manifest holds; what an older release did not know has its default.

    Raises InputError for an unknown key or a value of another type than the default.
    """
    defaults = tomllib.loads((folder("defaults") / "release.toml").read_text(encoding="utf-8"))
    return _config(_laid_over(defaults, settings, place, ""))


def settings_beside(paths: Sequence[Path]) -> Path | None:
    """The ``release.toml`` that lies in one of these folders: tables that are not ESCO's bring their own settings."""
    return next((path / "release.toml" for path in paths if (path / "release.toml").is_file()), None)


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(str(path), "there is no such file", "Give --config an existing release.toml.") from None
    except OSError as error:
        raise InputError(str(path), f"cannot be read: {error.strerror}", "Give --config a release.toml.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(str(path), f"not TOML: {error}", "Start from the default release.toml.") from None


# The form of a language tag in Turtle (RDF 1.1, LANGTAG).
_LANGUAGE_TAG = re.compile(r"[a-zA-Z]+(-[a-zA-Z0-9]+)*")


def _check_texts(merged: dict[str, Any], place: str) -> None:
    """Names and titles are not empty; the keys of titles are language tags, those of names of levels depths as well."""
    for table, key in (("scheme", "notation"), ("scheme", "source"), ("publisher", "name")):
        if not merged[table][key].strip():
            raise InputError(place, f"{table}.{key} is empty", "Fill it, or leave the key out.")
    if "en" not in merged["scheme"]["title"]:
        raise InputError(place, "scheme.title has no English title", "Add en; XKOS asks for it.")
    tables = {"scheme.title": merged["scheme"]["title"], "scheme.description": merged["scheme"]["description"]}
    for language, names in merged["clusters"]["level_names"].items():
        name = f"clusters.level_names.{language}"
        if not isinstance(names, dict) or not _LANGUAGE_TAG.fullmatch(language):
            raise InputError(place, f"{name} is no table of names in a language", "Write [clusters.level_names.en].")
        if wrong := sorted(depth for depth in names if not re.fullmatch("[1-9]", depth)):
            raise InputError(place, f"{name}.{wrong[0]} names no level", "Name the levels by depth: 1, 2, 3.")
        _check_filled(names, name, place)
    for name, texts in tables.items():
        if wrong := sorted(language for language in texts if not _LANGUAGE_TAG.fullmatch(language)):
            raise InputError(
                place, f"{name}.{wrong[0]} is in no language", "Write a language tag, such as en or pt-BR."
            )
        _check_filled(texts, name, place)


def _check_filled(texts: dict[str, Any], name: str, place: str) -> None:
    for key, text in texts.items():
        if not isinstance(text, str) or not text.strip():
            raise InputError(place, f"{name}.{key} = {text!r} is no text", "Write a text, or leave the key out.")


def _check_numbers(merged: dict[str, Any], place: str) -> None:
    """Every number lies within its bounds, and each level has its size and its largest share."""
    clusters = merged["clusters"]
    levels, shares = clusters["levels"], clusters["largest_share"]
    if not levels or not all(_is_whole(n, 1) for n in levels) or levels != sorted(levels):
        raise InputError(
            place, f"clusters.levels = {levels} are no sizes of levels", "Write whole numbers, coarsest first."
        )
    if len(shares) != len(levels) or not all(_is_share(share) and share > 0 for share in shares):
        hint = "Write one share above 0 and at most 1 for each level, coarsest first."
        raise InputError(place, f"clusters.largest_share = {shares} does not fit {len(levels)} levels", hint)
    whole = (
        ("clusters", "smallest", 1),
        ("clusters", "secondary", 0),
        ("clusters", "seed", 0),
        ("statistics", "threshold", 0),
    )
    for table, key, least in whole:
        if not _is_whole(merged[table][key], least):
            raise InputError(
                place, f"{table}.{key} = {merged[table][key]}", f"Write a whole number of at least {least}."
            )
    of_one = (
        ("identity", "kept"),
        ("checks", "dangling_share"),
        ("versions", "major_share"),
        ("versions", "series_break"),
    )
    for table, key in of_one:
        if not _is_share(merged[table][key]):
            raise InputError(place, f"{table}.{key} = {merged[table][key]}", "Write a share from 0 to 1.")


def _is_whole(value: object, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _is_share(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1


# Tables whose keys are languages or depths: a user may name others than the default has.
_OPEN_TABLES = {"scheme.title", "scheme.description", "clusters.level_names", "clusters.level_names.en"}


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


def _config(merged: dict[str, Any]) -> Config:
    scheme, publisher, licence, clusters = (merged[k] for k in ("scheme", "publisher", "licence", "clusters"))
    return Config(
        base_iri=scheme["base_iri"],
        notation=scheme["notation"],
        source=scheme["source"],
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
            secondary=clusters["secondary"],
            seed=clusters["seed"],
            level_names={
                lang: {int(d): n for d, n in names.items()} for lang, names in clusters["level_names"].items()
            },
        ),
        identity_kept=merged["identity"]["kept"],
        dangling_share=merged["checks"]["dangling_share"],
        threshold=merged["statistics"]["threshold"],
        major_share=merged["versions"]["major_share"],
        series_break=merged["versions"]["series_break"],
        as_read=merged,
    )
