"""Things whose IRIs only begin otherwise than before, as where a publisher moved from http to https."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from esco_kg.diff.walk import Difference

_SHARE = 0.5  # of what is gone, at least so much must have come back
_FEWEST = 2


def rebased(differences: Sequence[Difference]) -> tuple[dict[str, str], tuple[str, str, int] | None]:
    """Old IRI -> new IRI of what is gone and came under another start, and both starts with the number of things.

    A start is what stands before the longest common end of two IRIs. The most frequent pair of starts counts, where it
    holds for half of what is gone.
    """
    gone = {d.subject for d in differences if d.new is None and d.subject.startswith("<")}
    come = {d.subject for d in differences if d.old is None and d.subject.startswith("<")}
    by_local: dict[str, list[str]] = {}
    for iri in come:
        by_local.setdefault(_local(iri), []).append(iri)
    starts: Counter[tuple[str, str]] = Counter()
    for iri in gone:
        others = by_local.get(_local(iri), [])
        if len(others) == 1:
            starts[_starts(iri, others[0])] += 1
    for (old, new), _ in starts.most_common(3):
        same = {iri: other for iri in gone if iri.startswith(old) and (other := new + iri[len(old) :]) in come}
        if len(same) >= max(_FEWEST, _SHARE * len(gone)):
            return same, (old[1:], new[1:], len(same))
    return {}, None


def _local(iri: str) -> str:
    body = iri[:-1].rstrip("/#")
    return iri[max(body.rfind("#"), body.rfind("/")) + 1 :]


def _starts(one: str, other: str) -> tuple[str, str]:
    """What is left of two IRIs without the end that they share, back to a place where a name may begin."""
    length = 0
    while length < min(len(one), len(other)) and one[-1 - length] == other[-1 - length]:
        length += 1
    end = one[len(one) - length :]
    # "://example.org/" is shared by http and https; a shared end begins after a colon, a slash or a hash.
    cut = next((place + 1 for place, sign in enumerate(end) if sign in "/#:"), len(end))
    keep = length - cut
    return one[: len(one) - keep], other[: len(other) - keep]
