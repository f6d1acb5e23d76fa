"""What stands beside the releases for readers: a page of their history, and a feed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from esco_kg.config import Config
from esco_kg.folder.reading import source_of
from esco_kg.notes.records import in_english
from esco_kg.notes.render import environment

_TOLD = (
    ("cluster", "added"), ("cluster", "deprecated"), ("cluster", "split"), ("cluster", "merged"),
    ("cluster", "moved"), ("cluster", "renamed"), ("allocation", "moved"), ("skill", "added"), ("skill", "removed"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moved:
    """How much of a level changed, as shares of the links; ``broken`` are the clusters whose series are broken."""

    depth: int
    broken: tuple[str, ...]
    leaving: float
    arriving: float
    estimated: float


@dataclass(frozen=True, slots=True)
class Entry:
    """One release as history tells it. ``counts`` are (what changed, how many things), those that are not zero."""

    version: str
    issued: str
    source: str
    previous: str
    part: str
    reasons: tuple[str, ...]
    counts: tuple[tuple[str, int], ...]
    similarity: tuple[tuple[str, float], ...]
    levels: tuple[Moved, ...]
    iri: str


@dataclass(frozen=True, slots=True)
class History:
    """What the templates of the page and the feed receive: releases, newest first."""

    title: str
    publisher: str
    homepage: str
    base_iri: str
    updated: str
    entries: tuple[Entry, ...]


def history_of(config: Config, manifests: Sequence[Mapping[str, Any]]) -> History:
    """Bring the manifests of all releases, oldest first, into the order in which they are told."""
    entries = [_entry(config.base_iri, manifest) for manifest in manifests]
    return History(
        title=in_english(config.titles),
        publisher=config.publisher,
        homepage=config.homepage,
        base_iri=config.base_iri,
        updated=max((entry.issued for entry in entries), default=""),
        entries=tuple(reversed(entries)),
    )


def render_history(history: History) -> str:
    """The page, which needs no other file, script or host; its links lead to the folders of the releases beside it."""
    return environment(html=True).get_template("history.html.j2").render(history=history)


def render_feed(history: History) -> str:
    """The releases as an Atom feed (RFC 4287)."""
    return environment(html=True).get_template("feed.xml.j2").render(history=history)


def _entry(base_iri: str, manifest: Mapping[str, Any]) -> Entry:
    changes = manifest.get("changes", {})
    verdict = changes.get("verdict", {})
    counted = {(row["about"], row["kind"]): int(row["things"]) for row in changes.get("counts", ())}
    return Entry(
        version=str(manifest["version"]),
        issued=str(manifest["issued"]),
        source=source_of(manifest),
        previous=str(manifest["previous"]),
        part=str(verdict.get("part", "")),
        reasons=tuple(verdict.get("reasons", ())),
        counts=tuple((f"{about} {kind}", counted[about, kind]) for about, kind in _TOLD if counted.get((about, kind))),
        similarity=tuple(sorted((str(k), float(v)) for k, v in changes.get("similarity", {}).items())),
        levels=tuple(
            Moved(
                int(row["depth"]),
                tuple(f"{one['label']} ({one['cluster']})" for one in row["broken"]),
                *(float(row[name]) for name in ("leaving", "arriving", "estimated")),
            )
            for row in changes.get("levels", ())
        ),
        iri=f"{base_iri}release/{manifest['version']}",
    )
