"""How far a version number must move for what changed.

Of clusters: **major** where more than a stated share of all links changes cluster at some level, or a cluster is
retired or keeps less than half of its links; **minor** where skills or clusters are added, skills are gone from ESCO,
or fewer links move; **patch** for texts, weights and relations. Of any scheme: an incompatible change is major, an
added code minor, a change of text patch (semantic versioning as SDMX 3.0 reads it, technical notes: versioning).

Beside it stands the reading of ESCO, which decides nothing: major where concepts were added, removed or re-scoped, or
the model changed, else minor.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from esco_kg.model.changes import About, Amount, Count, Kind, LevelAmount, Verdict
from esco_kg.model.published import PublishedCluster

_CONCEPTS: tuple[About, ...] = ("skill", "skill group", "occupation", "ISCO group", "concept", "concept scheme")
_INCOMPATIBLE: tuple[Kind, ...] = (
    *("removed", "re-identified", "re-based", "moved", "parent gained", "parent lost", "parent replaced"),
    *("re-coded", "typed", "re-typed"),
)
_ADDING: tuple[Kind, ...] = ("added", "deprecated")
_RESCOPING: tuple[Kind, ...] = ("added", "removed", "deprecated", "split", "merged", "re-scoped")


# A cluster that keeps less of its links than this is another one under the same id.
_KEPT = 0.5


def of_clusters(
    old: Mapping[str, PublishedCluster],
    new: Mapping[str, PublishedCluster],
    amounts: Sequence[Amount],
    levels: Sequence[LevelAmount],
    major_share: float,
) -> Verdict:
    """The verdict on a release of clusters; ``amounts`` and ``levels`` are those of the bridge between the two.

    ``major_share`` is the share of all links that may change cluster at a level in a minor release.
    """
    kept = old.keys() & new.keys()
    lost = sum(amount.leaving > 1 - _KEPT for amount in amounts if amount.cluster in kept)
    breaking = [
        *_said(
            (len(old.keys() - new.keys()), "cluster was retired", "clusters were retired"),
            (lost, "cluster keeps less than half of its links", "clusters keep less than half of their links"),
        ),
        *(
            f"{_percent(level.leaving)} of the links change cluster at level {level.depth}, the limit is "
            f"{_percent(major_share)}"
            for level in levels
            if level.leaving > major_share
        ),
    ]
    depths = [len({c.depth for c in side.values()}) for side in (old, new)]
    if depths[0] != depths[1]:
        breaking.append(f"there are {depths[1]} levels instead of {depths[0]}")
    gone, come, moved = _skills(old, new)
    most = _percent(max((level.leaving for level in levels), default=0.0))
    adding = _said(
        (len(new.keys() - old.keys()), "cluster is new", "clusters are new"),
        (come, "skill is new", "skills are new"),
        (gone, "skill is no longer in ESCO", "skills are no longer in ESCO"),
        (moved, f"skill changed cluster ({most} of the links)", f"skills changed cluster ({most} of the links)"),
    )
    esco = (*breaking, *adding)
    reasons = tuple(breaking) or adding or ("texts, weights or relations changed",)
    part = "major" if breaking else "minor" if adding else "patch"
    return Verdict(part, reasons, "major" if esco else "minor", esco or ("no cluster was added, removed or re-scoped",))


def _skills(old: Mapping[str, PublishedCluster], new: Mapping[str, PublishedCluster]) -> tuple[int, int, int]:
    """How many skills are gone, have come, and left a cluster of some level for another."""
    before, after = (frozenset[str]().union(*(c.members for c in side.values())) for side in (old, new))
    nothing = frozenset[str]()
    left = {s for i, c in old.items() for s in c.members - (new[i].members if i in new else nothing)}
    return len(before - after), len(after - before), len(left & after)


def _percent(share: float) -> str:
    """A share in per cent, with as many places as it takes to tell a small one from none."""
    return f"{100 * share:.1f} %" if share >= 0.001 or not share else f"{100 * share:.2g} %"


def of_scheme(counts: Iterable[Count], *, esco: bool) -> Verdict:
    """The verdict on a new version of any scheme, or of ESCO, by the changes of its concepts.

    ``esco``: ESCO's own reading stands beside it. It means nothing for a scheme that is not ESCO.
    """
    rows = [count for count in counts if count.about in _CONCEPTS]
    breaking, adding = _listed(rows, _INCOMPATIBLE), _listed(rows, _ADDING)
    rescoped = _listed(rows, _RESCOPING)
    part = "major" if breaking else "minor" if adding else "patch"
    reasons = {"major": breaking, "minor": adding, "patch": ("texts or links changed",) if rows else ()}[part]
    if not esco:
        return Verdict(part, reasons)
    said = rescoped or ("no concept was added, removed or re-scoped",)
    return Verdict(part, reasons, "major" if rescoped else "minor", said)


def _listed(rows: Iterable[Count], kinds: tuple[Kind, ...]) -> tuple[str, ...]:
    return tuple(f"{row.about}: {row.concepts:,} {row.kind}" for row in rows if row.kind in kinds)


def _said(*facts: tuple[int, str, str]) -> tuple[str, ...]:
    return tuple(f"{number:,} {one if number == 1 else many}" for number, one, many in facts if number)
