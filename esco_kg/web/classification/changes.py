"""What became of codes: changes between versions that follow each other in time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from esco_kg.web.classification.versions import Row, Version
from esco_kg.web.releases.view import ReleaseView

COLUMNS = ("oldCode", "oldName", "newCode", "newName", "change", "changeOccurred")
KINDS = ("replaced", "retired", "new", "renamed", "moved")


def changes_within(found: Iterable[Version], language: str, start: str, end: str) -> list[Row]:
    """The changes on a day from ``start`` up to the day before ``end`` ('' for no end).

    ``found`` are all versions; those that were valid on no day are left out, for nobody could use their codes.
    """
    valid = [version for version in found if version.valid_from != version.valid_to]
    return [
        row
        for old, new in pairwise(valid)
        if start <= new.valid_from and (not end or new.valid_from < end)
        for row in changes_between(old.view, new.view, language)
    ]


def changes_between(old: ReleaseView, new: ReleaseView, language: str) -> list[Row]:
    """The changes from one release to another, by old code, then by new code."""
    before, after = ({cluster.id: cluster for cluster in view.current()} for view in (old, new))
    rows: list[Row] = []

    def add(kind: str, gone: str, come: str) -> None:
        rows.append(
            {
                "oldCode": gone or None,
                "oldName": before[gone].label(language) if gone else None,
                "newCode": come or None,
                "newName": after[come].label(language) if come else None,
                "change": kind,
                "changeOccurred": new.issued,
            }
        )

    heirs: set[str] = set()
    for code in sorted(before.keys() - after.keys()):
        successors = list(_successors(new, code))
        heirs.update(successors)
        for successor in successors:
            add("replaced", code, successor)
        if not successors:
            add("retired", code, "")
    for code in sorted(before.keys() & after.keys()):
        if before[code].label(language) != after[code].label(language):
            add("renamed", code, code)
        if before[code].parent != after[code].parent:
            add("moved", code, code)
    for code in sorted(after.keys() - before.keys() - heirs):
        add("new", "", code)
    return sorted(rows, key=lambda row: (row["oldCode"] is None, row["oldCode"] or "", row["newCode"] or ""))


def _successors(view: ReleaseView, code: str) -> Iterator[str]:
    """The codes in use that follow a retired one, through those that were retired meanwhile."""
    seen, waiting = {code}, [code]
    while waiting:
        cluster = view.clusters.get(waiting.pop(0))
        for successor in sorted(cluster.replaced_by) if cluster else ():
            if successor in seen:
                continue
            seen.add(successor)
            if successor in view.clusters and not view.clusters[successor].is_retired:
                yield successor
            else:
                waiting.append(successor)
