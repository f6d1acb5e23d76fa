"""How far a version number must move for what changed.

Semantic versioning as SDMX reads it (SDMX 3.0, technical notes: versioning): an incompatible change is major, an added
code minor, a change of text patch. Beside it the reading of ESCO: major where concepts were added, removed or
re-scoped, or the model changed, else minor.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from esco_kg.model.changes import About, Count, Kind, Verdict
from esco_kg.model.published import PublishedCluster

_CONCEPTS: tuple[About, ...] = ("skill", "skill group", "occupation", "ISCO group", "concept", "concept scheme")
_INCOMPATIBLE: tuple[Kind, ...] = ("removed", "re-identified", "moved", "re-coded", "re-typed")
_ADDING: tuple[Kind, ...] = ("added", "deprecated")
_RESCOPING: tuple[Kind, ...] = ("added", "removed", "deprecated", "split", "merged", "re-scoped")


def of_clusters(old: Mapping[str, PublishedCluster], new: Mapping[str, PublishedCluster]) -> Verdict:
    """The verdict on a release of clusters.

    Major: a cluster was retired, the levels are others, or a skill of both versions left its cluster or the
    classification. Minor: clusters or skills were added. Patch: anything else.
    """
    allocated, before = (
        frozenset().union(*(c.members for c in side.values())) if side else frozenset() for side in (new, old)
    )
    retired, added = len(old.keys() - new.keys()), len(new.keys() - old.keys())
    gone, come = before - allocated, allocated - before
    kept = sorted(old.keys() & new.keys())
    left = {skill for identifier in kept for skill in (old[identifier].members - new[identifier].members) - gone}
    levels = [len({c.depth for c in side.values()}) for side in (old, new)]
    breaking = _said(
        (retired, "cluster was retired", "clusters were retired"),
        (len(left), "skill left a cluster for another", "skills left a cluster for another"),
        (len(gone), "skill is no longer in ESCO", "skills are no longer in ESCO"),
    )
    if levels[0] != levels[1]:
        breaking = (*breaking, f"there are {levels[1]} levels instead of {levels[0]}")
    adding = _said(
        (added, "cluster is new", "clusters are new"),
        (len(come), "skill is new", "skills are new"),
    )
    esco = breaking + adding
    part = "major" if breaking else "minor" if adding else "patch"
    reasons = {"major": breaking, "minor": adding, "patch": ("texts, weights or relations changed",)}[part]
    return Verdict(part, reasons, "major" if esco else "minor", esco or ("no cluster was added, removed or re-scoped",))


def of_scheme(counts: Iterable[Count]) -> Verdict:
    """The verdict on a new version of any scheme, or of ESCO, by the changes of its concepts."""
    rows = [count for count in counts if count.about in _CONCEPTS]
    breaking, adding = _listed(rows, _INCOMPATIBLE), _listed(rows, _ADDING)
    rescoped = _listed(rows, _RESCOPING)
    part = "major" if breaking else "minor" if adding else "patch"
    reasons = {"major": breaking, "minor": adding, "patch": ("texts or links changed",) if rows else ()}[part]
    said = rescoped or ("no concept was added, removed or re-scoped",)
    return Verdict(part, reasons, "major" if rescoped else "minor", said)


def _listed(rows: Iterable[Count], kinds: tuple[Kind, ...]) -> tuple[str, ...]:
    return tuple(f"{row.about}: {row.concepts:,} {row.kind}" for row in rows if row.kind in kinds)


def _said(*facts: tuple[int, str, str]) -> tuple[str, ...]:
    return tuple(f"{number:,} {one if number == 1 else many}" for number, one, many in facts if number)
