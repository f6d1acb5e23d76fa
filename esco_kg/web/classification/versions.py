"""Releases as versions of a classification: from which day to which each is valid."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from esco_kg.web.releases.site import Site
from esco_kg.web.releases.view import ReleaseView

Cell = str | int | float | None
Row = dict[str, Cell]
"""Name of a column -> its value. Names are those that Statistics Norway's KLASS gives them, where it has them."""


@dataclass(frozen=True, slots=True)
class Version:
    """A release and its days: from ``valid_from`` on, up to the day before ``valid_to``, which is '' for the newest.

    Both are one day where the next release was issued on the same day: such a version was valid on none.
    """

    view: ReleaseView
    valid_from: str
    valid_to: str

    def is_valid_at(self, day: str) -> bool:
        return self.valid_from <= day and (not self.valid_to or day < self.valid_to)

    def is_valid_within(self, start: str, end: str) -> bool:
        """Whether it is valid on a day from ``start`` up to the day before ``end``; '' stands for no end."""
        begin, stop = self.clipped(start, end)
        return not stop or begin < stop

    def clipped(self, start: str, end: str) -> tuple[str, str]:
        """Its days within a range, '' where there is no end."""
        return max(self.valid_from, start), min((day for day in (self.valid_to, end) if day), default="")


def versions(site: Site) -> list[Version]:
    """All releases, oldest first. On each day the release with the highest number is valid of those issued by then."""
    found: list[Version] = []
    later = ""
    for view in reversed(site.views):
        found.append(Version(view, view.issued, max(view.issued, later) if later else ""))
        later = min(view.issued, later or view.issued)
    return found[::-1]


def valid_at(site: Site, day: str) -> Version | None:
    """The version that is valid on a day, None before the first release."""
    return next((version for version in versions(site) if version.is_valid_at(day)), None)


def valid_within(site: Site, start: str, end: str) -> list[Version]:
    """The versions that are valid on a day from ``start`` up to the day before ``end`` ('' for no end)."""
    return [version for version in versions(site) if version.is_valid_within(start, end)]


def spans(
    found: Iterable[Version], rows_of: Callable[[ReleaseView], Iterable[Row]], key: tuple[str, ...]
) -> Iterator[tuple[Row, Version]]:
    """Each row once for as long as what ``key`` names stays the same in versions that follow each other.

    A row has the content of the newest version; the version beside it tells the days of all of them.
    """
    ended: list[tuple[Row, Version]] = []
    open_rows: dict[tuple[Cell, ...], tuple[Row, Version]] = {}
    for version in found:
        known, open_rows = open_rows, {}
        for row in rows_of(version.view):
            name = tuple(row[column] for column in key)
            before = known.pop(name, None)
            start = before[1].valid_from if before else version.valid_from
            open_rows[name] = (row, Version(version.view, start, version.valid_to))
        ended += known.values()
    yield from (*ended, *open_rows.values())
