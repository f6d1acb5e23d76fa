"""Walk through two versions side by side and stop where they differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from esco_kg.diff.sources import Blocks, Lines


@dataclass(slots=True)
class Difference:
    """A subject whose triples are not the same.

    ``subject`` is its N-Triples term in the new version (in the old one where it is gone), ``was`` that in the old.
    ``removed`` and ``added`` are lines ``predicate object``; ``old`` and ``new`` all of its lines, None where the
    version has none.
    """

    subject: str
    was: str
    removed: Lines
    added: Lines
    old: Lines | None
    new: Lines | None


def differences(old: Blocks, new: Blocks, same: Mapping[str, str] | None = None) -> Iterator[Difference]:
    """Every subject that differs, in one pass; what is held is one block of each version.

    ``same`` maps subjects that have another IRI in the new version to it; such a subject is compared with itself, and a
    link to it counts as the same link.
    """
    same = same or {}
    held: dict[str, tuple[str, Lines]] = {}  # new IRI -> (old IRI, lines), until the new version's block comes
    targets = set(same.values())
    late: dict[str, Lines] = {}
    for subject, before, after in side_by_side(old, new):
        if before is not None and subject in same:
            held[same[subject]] = (subject, before)
            before = None
        if after is not None and subject in targets:
            late[subject] = after
            after = None
        if before is not after and before != after:
            yield from _difference(subject, subject, before, after, same)
    for subject in sorted(held):
        was, before = held[subject]
        yield from _difference(subject, was, before, late.get(subject), same)


def side_by_side(old: Blocks, new: Blocks) -> Iterator[tuple[str, Lines | None, Lines | None]]:
    """Subjects of both versions in order, each with its lines before and after."""
    end: tuple[str, Lines] = ("\U0010ffff", [])
    before, after = next(old, end), next(new, end)
    while before is not end or after is not end:
        if before[0] == after[0]:
            yield before[0], before[1], after[1]
            before, after = next(old, end), next(new, end)
        elif before[0] < after[0]:
            yield before[0], before[1], None
            before = next(old, end)
        else:
            yield after[0], None, after[1]
            after = next(new, end)


def _difference(
    subject: str, was: str, before: Lines | None, after: Lines | None, same: Mapping[str, str]
) -> Iterator[Difference]:
    here, there = set(before or ()), set(after or ())
    moved = {_mapped(line, same) for line in here - there} if same else here
    removed, added = sorted(moved - there), sorted(there - here - moved)
    if removed or added or (before is None) != (after is None) or subject != was:
        yield Difference(subject, was, removed, added, before, after)


def _mapped(line: str, same: Mapping[str, str]) -> str:
    predicate, term = line.split(" ", 1)
    return f"{predicate} {same[term]}" if term in same else line


def patch(old: Blocks, new: Blocks) -> Iterator[str]:
    """The way from one version to the other as an RDF Patch (https://afs.github.io/rdf-patch/), line by line.

    Applied to the old version it gives the new one, to the last triple.
    """
    yield "TX ."
    for difference in differences(old, new):
        for sign, lines in (("D", difference.removed), ("A", difference.added)):
            yield from (f"{sign} {difference.subject} {line} ." for line in lines)
    yield "TC ."
