"""How far a version number must move for what changed.

Of clusters: **major** where more than a stated share of all links changes cluster at some level, or a cluster is
retired or keeps less than half of its links; **minor** where skills or clusters are added, skills are gone from ESCO,
or fewer links move; **patch** for texts, weights and relations. Of any scheme: an incompatible change is major, an
added code minor, a change of text patch (semantic versioning as SDMX 3.0 reads it, technical notes: versioning). A
successor that a concept gets is news as a withdrawal is: minor, and major only where the concept is gone as well.

Beside it stands the reading of ESCO, which decides nothing: major where concepts were added, removed or re-scoped, or
the model changed, otherwise minor.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from esco_kg.model.changes import About, Amount, Count, Kind, LevelAmount, Verdict
from esco_kg.model.published import PublishedCluster
from esco_kg.words import Share, said

_CONCEPTS: tuple[About, ...] = (
    *("skill", "skill group", "occupation", "ISCO group", "concept", "collection", "concept scheme"),
)
_INCOMPATIBLE: tuple[Kind, ...] = (
    *("removed", "re-identified", "re-based", "moved", "parent gained", "parent lost", "parent replaced"),
    *("re-coded", "typed", "re-typed"),
)
_ADDING: tuple[Kind, ...] = ("added", "deprecated", "reinstated", "split", "merged", "replaced")
_RESCOPING: tuple[Kind, ...] = ("added", "removed", "deprecated", "reinstated", "split", "merged", "re-scoped")


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
        *_reasons(("retired", len(old.keys() - new.keys())), ("lost", lost)),
        *(
            said("reason_links", share=Share(level.leaving), depth=level.depth, limit=Share(major_share))
            for level in levels
            if level.leaving > major_share
        ),
    ]
    depths = [len({c.depth for c in side.values()}) for side in (old, new)]
    if depths[0] != depths[1]:
        breaking.append(said("reason_levels", old=depths[0], new=depths[1]))
    gone, come, moved = _skills(old, new)
    most = Share(max((level.leaving for level in levels), default=0.0))
    adding = _reasons(
        ("clusters", len(new.keys() - old.keys())), ("come", come), ("gone", gone), ("moved", moved), share=most
    )
    esco = (*breaking, *adding)
    reasons = tuple(breaking) or adding or (said("reason_texts"),)
    part = "major" if breaking else "minor" if adding else "patch"
    return Verdict(part, reasons, "major" if esco else "minor", esco or (said("reason_none"),))


def _skills(old: Mapping[str, PublishedCluster], new: Mapping[str, PublishedCluster]) -> tuple[int, int, int]:
    """How many skills are gone, have come, and left a cluster of some level for another."""
    before, after = (frozenset[str]().union(*(c.members for c in side.values())) for side in (old, new))
    nothing = frozenset[str]()
    left = {s for i, c in old.items() for s in c.members - (new[i].members if i in new else nothing)}
    return len(before - after), len(after - before), len(left & after)


def of_scheme(counts: Iterable[Count], *, esco: bool) -> Verdict:
    """The verdict on a new version of any scheme, or of ESCO, by the changes of its concepts.

    ``esco``: ESCO's own reading stands beside it. It means nothing for a scheme that is not ESCO.
    """
    told = list(counts)
    rows = [count for count in told if count.about in _CONCEPTS]
    breaking, adding = _listed(rows, _INCOMPATIBLE), _listed(rows, _ADDING)
    rescoped = _listed(rows, _RESCOPING)
    part = "major" if breaking else "minor" if adding else "patch"
    # Whatever else changed makes a patch, and is named: nothing that changed may be passed over.
    reasons = breaking or adding or tuple(map(_counted, told))
    if not esco:
        return Verdict(part, reasons)
    sentences = rescoped or ("no concept was added, removed or re-scoped",)
    return Verdict(part, reasons, "major" if rescoped else "minor", sentences)


def _listed(rows: Iterable[Count], kinds: tuple[Kind, ...]) -> tuple[str, ...]:
    return tuple(_counted(row) for row in rows if row.kind in kinds)


def _counted(row: Count) -> str:
    return f"{row.about}: {row.concepts:,} {row.kind}"


def _reasons(*facts: tuple[str, int], **values: object) -> tuple[str, ...]:
    return tuple(said(f"reason_{what}", n=number, **values) for what, number in facts if number)
