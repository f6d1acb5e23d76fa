"""Correspondence tables: clusters to skills, to sections of NACE, and to the clusters of the release before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from esco_kg.folder.reading import table_file
from esco_kg.folder.tables import read_table
from esco_kg.web.classification.versions import Row, Version, spans
from esco_kg.web.pages.words import words
from esco_kg.web.releases.model import in_language
from esco_kg.web.releases.site import Site
from esco_kg.web.releases.view import ReleaseView

CLASSIFICATION = "clusters"
COLUMNS = ("sourceCode", "sourceName", "targetCode", "targetName", "relation", "weight", "notes")
TIMED_COLUMNS = (*COLUMNS, "validFrom", "validTo")
RANKS = ("primary", "used-in", "secondary", "found-under")
_SAME = ("sourceCode", "sourceName", "targetCode", "targetName", "relation", "weight")
_LEVEL_OF_SECTIONS = "1"


@dataclass(frozen=True, slots=True)
class Correspondence:
    """A table of a release. ``source`` and ``target`` are what it compares, by name; levels are '' where there are all.

    ``is_change`` says that both sides are versions of one classification.
    """

    id: str
    name: str
    description: str
    source: str
    source_level: str
    target_id: str
    target: str
    target_level: str
    is_change: bool
    rows: Callable[[], list[Row]]


def correspondences(site: Site, view: ReleaseView, language: str) -> list[Correspondence]:
    """The tables of a release, those without a row left out."""
    say, title = words(language), in_language(view.titles, language, CLASSIFICATION)
    here = f"{title} {view.version}"
    found = [
        Correspondence(
            f"{view.version}-skills",
            say("correspondence_skills", version=view.version),
            say("correspondence_skills_note"),
            here,
            _level_of_leaves(view),
            "skills",
            f"{say('skills')} ({view.source})",
            "",
            False,
            lambda: list(skill_rows(view, language)),
        )
    ]
    if any(cluster.sections for cluster in view.current()):
        found.append(
            Correspondence(
                f"{view.version}-nace",
                say("correspondence_nace", version=view.version),
                say("share_note"),
                here,
                "",
                "nace",
                "NACE 2.1",
                _LEVEL_OF_SECTIONS,
                False,
                lambda: list(sector_rows(view, language)),
            )
        )
    previous = str(view.manifest.get("previous") or "")
    if previous and _bridge(view) in view.files:
        found.append(
            Correspondence(
                f"{previous}-{view.version}",
                say("correspondence_versions", old=previous, new=view.version),
                say("correspondence_versions_note"),
                f"{title} {previous}",
                "",
                CLASSIFICATION,
                here,
                "",
                True,
                lambda: list(bridge_rows(site, view, previous, language)),
            )
        )
    return found


def _level_of_leaves(view: ReleaseView) -> str:
    """The level of the clusters that hold skills; '' where they lie on several."""
    depths = {cluster.depth for cluster in view.current() if not cluster.children}
    return str(depths.pop()) if len(depths) == 1 else ""


def rows_within(found: list[Version], language: str, target: str) -> list[Row]:
    """The rows to a target in several versions: each once for as long as it stays the same."""

    def rows_of(view: ReleaseView) -> Iterable[Row]:
        return skill_rows(view, language) if target == "skills" else sector_rows(view, language)

    rows = [
        row | {"validFrom": days.valid_from, "validTo": days.valid_to or None}
        for row, days in spans(found, rows_of, _SAME)
    ]
    return sorted(rows, key=lambda row: tuple(str(row[name]) for name in ("sourceCode", "targetCode", "validFrom")))


@lru_cache(maxsize=4)
def skill_rows(view: ReleaseView, language: str) -> tuple[Row, ...]:
    """Each skill of a cluster of the finest level, by cluster, rank and relevance.

    A real release has 21,000, which take a second to read; the last ones are kept.
    """
    return tuple(_skill_rows(view, language))


def _skill_rows(view: ReleaseView, language: str) -> Iterator[Row]:
    say = words(language)
    for leaf in sorted(cluster.id for cluster in view.current() if not cluster.children):
        for rank in RANKS:
            for one in view.members([leaf], language, rank):
                placed = f"{say('evidence')}: {say.method(one.method, rank, view.origin)}"
                yield {
                    "sourceCode": leaf,
                    "sourceName": view.clusters[leaf].label(language),
                    "targetCode": one.skill.path.rpartition("/")[2],
                    "targetName": one.skill.label,
                    "relation": rank,
                    "weight": one.weight,
                    "notes": ", ".join(text for text in (placed, one.decision) if text),
                }


def sector_rows(view: ReleaseView, language: str) -> Iterator[Row]:
    """Each section of NACE that a cluster is used in, by cluster and section."""
    say = words(language)
    for cluster in view.current():
        for code, share in sorted(cluster.sections.items()):
            sector = view.sectors.get(code)
            yield {
                "sourceCode": cluster.id,
                "sourceName": cluster.label(language),
                "targetCode": code,
                "targetName": in_language(sector.labels, language, code) if sector else code,
                "relation": "leading" if code in cluster.leading else "other",
                "weight": share,
                "notes": say("correspondence_share", share=say.percent(share)),
            }


def bridge_rows(site: Site, view: ReleaseView, previous: str, language: str) -> Iterator[Row]:
    """The bridge from the release before: which part of the skills of an old cluster lies in a new one."""
    say, old = words(language), site.by_version.get(previous)

    def before(code: str) -> str | None:
        if old is not None and code in old.clusters:
            return old.clusters[code].label(language)
        return view.registry[code].label if code in view.registry else None

    for _, row in read_table(table_file(view.release.folder, view.version, "bridge")):
        gone, come = row["old_cluster"], row["new_cluster"]
        forward, back = float(row["forward_by_skills"] or 0), float(row["back_by_skills"] or 0)
        yield {
            "sourceCode": gone or None,
            "sourceName": before(gone),
            "targetCode": come or None,
            "targetName": view.clusters[come].label(language) if come in view.clusters else None,
            "relation": _relation(gone, come, forward, back),
            "weight": forward,
            "notes": say("correspondence_shared", n=say.number(int(row["skills"]))),
        }


def _relation(gone: str, come: str, forward: float, back: float) -> str:
    """What the old cluster is to the new one."""
    if not gone or not come:
        return "new" if come else "retired"
    if forward == back == 1:
        return "exact"
    if forward == 1:
        return "part of"
    return "contains" if back == 1 else "overlaps"


def _bridge(view: ReleaseView) -> str:
    return table_file(view.release.folder, view.version, "bridge").name
