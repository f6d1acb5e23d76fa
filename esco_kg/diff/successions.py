"""Splits, mergers and replacements that a file states itself, by ``dct:isReplacedBy`` or ``dct:replaces``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from esco_kg.diff.values import REPLACED_BY
from esco_kg.diff.walk import Difference
from esco_kg.model.changes import About, Change


def successions(differences: Sequence[Difference], labels: Mapping[str, str]) -> Iterator[Change]:
    """One change for each thing that got successors, or that several things were merged into."""
    after: dict[str, list[str]] = defaultdict(list)
    about: dict[str, tuple[About, str]] = {}
    for d in differences:
        side = d.new or d.old
        assert side is not None, "a difference has at least one side"
        subject = d.subject[1:-1]
        about[subject] = side.about, side.label or (d.old.label if d.old else "")
        # A successor that stays counts with one that comes: together they are a split.
        if any(line.startswith(f"{REPLACED_BY} <") for line in d.added):
            after[subject].extend(side.successors)
    before: dict[str, list[str]] = defaultdict(list)
    for subject, successors in after.items():
        if len(successors) == 1:
            before[successors[0]].append(subject)
    for subject, successors in sorted(after.items()):
        kind, name = about[subject]
        if len(successors) > 1:
            yield Change(kind, "split", subject, name, others=tuple(successors))
        elif len(before[successors[0]]) == 1:
            yield Change(kind, "replaced", subject, name, others=tuple(successors))
    for successor, sources in sorted(before.items()):
        if len(sources) > 1:
            kind, name = about.get(successor, (about[sources[0]][0], labels.get(successor, "")))
            yield Change(kind, "merged", successor, name, others=tuple(sorted(sources)))
