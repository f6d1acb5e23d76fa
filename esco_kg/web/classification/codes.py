"""The codes of a version: order, level, code of the parent, name and notes."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from esco_kg.web.classification.versions import Row, Version, spans
from esco_kg.web.releases.model import Cluster, in_language
from esco_kg.web.releases.view import ReleaseView

COLUMNS = ("order", "code", "parentCode", "level", "name", "notes", "validFrom", "validTo")
RANGE_COLUMNS = (*COLUMNS, "validFromInRequestedRange", "validToInRequestedRange")
_SAME = ("code", "parentCode", "level", "name")


def codes_of(version: Version, language: str, level: int = 0, pattern: str = "") -> list[Row]:
    """The codes of one version, each parent before its children, children by code."""
    days: Row = {"validFrom": version.valid_from, "validTo": version.valid_to or None}
    rows = [row | days for _, row in sorted(_rows(version.view, language), key=lambda pair: pair[0])]
    return selected(numbered(rows), level, pattern)


def codes_within(
    found: list[Version], language: str, start: str, end: str, level: int = 0, pattern: str = ""
) -> list[Row]:
    """The codes that are valid in a range: one row for as long as parent, level and name stay the same."""
    paths = {(one["code"], one["parentCode"]): path for version in found for path, one in _rows(version.view, language)}
    rows = []
    for row, days in spans(found, lambda view: (one for _, one in _rows(view, language)), _SAME):
        begin, stop = days.clipped(start, end)
        rows.append(
            row
            | {"validFrom": days.valid_from, "validTo": days.valid_to or None}
            | {"validFromInRequestedRange": begin, "validToInRequestedRange": stop or None}
        )
    rows.sort(key=lambda row: (paths[row["code"], row["parentCode"]], str(row["validFrom"])))
    return selected(numbered(rows), level, pattern)


def numbered(rows: list[Row]) -> list[Row]:
    """The rows with their place in the list, from 1 on."""
    return [{"order": place, **row} for place, row in enumerate(rows, start=1)]


def selected(rows: list[Row], level: int, pattern: str) -> list[Row]:
    """The rows of a level (0 for all) whose code is in a list with commas; ``*`` stands for any signs."""
    wanted = [part.strip() for part in pattern.split(",") if part.strip()]
    return [
        row
        for row in rows
        if (not level or row["level"] == str(level))
        and (not wanted or any(fnmatchcase(str(row["code"]), one) for one in wanted))
    ]


def _rows(view: ReleaseView, language: str) -> Iterator[tuple[tuple[str, ...], Row]]:
    """Each code in use with the codes from the top level down to it."""
    for cluster in view.current():
        path = (*(above.id for above in view.ancestors(cluster.id)), cluster.id)
        yield (
            path,
            {
                "code": cluster.id,
                "parentCode": cluster.parent or None,
                # KLASS gives levels as text.
                "level": str(cluster.depth),
                "name": cluster.label(language),
                "notes": notes(cluster, language),
            },
        )


def notes(cluster: Cluster, language: str) -> str:
    """Definition, scope and what is not here, a line each."""
    texts = (cluster.definitions, cluster.scope_notes, cluster.exclusion_notes)
    return "\n".join(text for text in (in_language(one, language) for one in texts) if text)
