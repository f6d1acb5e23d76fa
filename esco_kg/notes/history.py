"""What stands beside the releases for readers, in every language: a page of their history, and a feed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from esco_kg.config import Config
from esco_kg.folder.reading import source_of
from esco_kg.notes.contents import PLAIN_HISTORY, history_files, notes_files
from esco_kg.notes.render import fill
from esco_kg.notes.texts import in_language
from esco_kg.words import wording

_TOLD = (
    ("cluster", "added"), ("cluster", "deprecated"), ("cluster", "split"), ("cluster", "merged"),
    ("cluster", "moved"), ("cluster", "renamed"), ("allocation", "moved"), ("skill", "added"), ("skill", "removed"),
)  # fmt: skip
_MOST_BROKEN = 10


@dataclass(frozen=True, slots=True)
class Moved:
    """How much of a level changed, as shares of the links. ``broken`` is the number of clusters whose series are
    broken, ``largest`` names the first of them."""

    depth: int
    broken: int
    largest: tuple[str, ...]
    leaving: float
    arriving: float
    estimated: float


@dataclass(frozen=True, slots=True)
class Entry:
    """One release as history tells it. ``counts`` are (about, kind, how many things), those that are not zero."""

    version: str
    issued: str
    source: str
    previous: str
    part: str
    counts: tuple[tuple[str, str, int], ...]
    similarity: tuple[str, ...]
    levels: tuple[Moved, ...]
    iri: str
    notes: str
    holds: str = ""


def render_histories(
    config: Config, manifests: Sequence[Mapping[str, Any]], sizes: Mapping[str, Sequence[Mapping[str, str]]]
) -> dict[str, str]:
    """File name -> page or feed (Atom, RFC 4287), in every language; ``manifests`` are of all releases, oldest first.
    ``sizes`` are the rows of the measure ``levels`` by version.

    The page needs no other file, script or host; its links lead to the folders of the releases beside it.
    """
    found = {}
    files = history_files(config.main_language)
    for language, (page, feed) in files.items():
        told = [_entry(config, one, language, sizes.get(str(one["version"]), ())) for one in manifests]
        entries = tuple(reversed(told))
        title = in_language(config.titles, language, config.main_language)
        values: dict[str, Any] = {
            "title": title,
            "publisher": in_language({config.main_language: config.publisher}, language, config.main_language),
            "homepage": config.homepage,
            "base_iri": config.base_iri,
            "updated": max((entry.issued for entry in entries), default=""),
            "entries": entries,
            "page": page,
            "feed": feed,
            "is_main": (page, feed) == PLAIN_HISTORY,
            "others": [(one, wording(one).name_of(one), names[0]) for one, names in files.items() if one != language],
        }
        found[page] = fill("notes/history.html.j2", config, language, html=True, **values)
        found[feed] = fill(
            "notes/feed.xml.j2", config, language, html=True, is_own=False, **values | {"title": str(title)}
        )
    return found


def _entry(config: Config, manifest: Mapping[str, Any], language: str, sizes: Sequence[Mapping[str, str]]) -> Entry:
    changes = manifest.get("changes", {})
    counted = {(row["about"], row["kind"]): int(row["things"]) for row in changes.get("counts", ())}
    version = str(manifest["version"])
    return Entry(
        version=version,
        issued=str(manifest["issued"]),
        source=source_of(manifest),
        previous=str(manifest["previous"]),
        part=str(changes.get("verdict", {}).get("part", "")),
        counts=tuple(
            (about.replace(" ", "_"), kind.replace(" ", "_"), counted[about, kind])
            for about, kind in _TOLD
            if counted.get((about, kind))
        ),
        similarity=tuple(
            wording(language)("history_level_of", depth=int(depth), value=wording(language).index(float(value)))
            for depth, value in sorted(changes.get("similarity", {}).items())
        ),
        levels=tuple(map(_level, changes.get("levels", ()))),
        iri=f"{config.base_iri}release/{version}",
        notes=_notes(config, manifest, language),
        holds=_holds(manifest, language, sizes),
    )


def _holds(manifest: Mapping[str, Any], language: str, sizes: Sequence[Mapping[str, str]]) -> str:
    """How many skills and clusters a release has; '' where nobody counted."""
    if not sizes:
        return ""
    names = manifest.get("settings", {}).get("clusters", {}).get("level_names", {}).get(language, {})
    say = wording(language)
    levels = [f"{names.get(row['depth'], row['level'])} {say.number(int(row['clusters']))}" for row in sizes]
    return say("history_holds", skills=int(sizes[-1]["skills"]), levels=", ".join(levels))


def _notes(config: Config, manifest: Mapping[str, Any], language: str) -> str:
    """The address of a release's notes in the language, where it has them: an older one may have one language alone."""
    wanted = notes_files(config.main_language)[language][1]
    there = {file["name"] for file in manifest.get("files", ())}
    return f"{manifest['version']}/{wanted if wanted in there else 'RELEASE-NOTES.html'}"


def _level(row: Mapping[str, Any]) -> Moved:
    return Moved(
        int(row["depth"]),
        len(row["broken"]),
        tuple(f"{one['label']} ({one['cluster']})" for one in row["broken"][:_MOST_BROKEN]),
        *(float(row[name]) for name in ("leaving", "arriving", "estimated")),
    )
