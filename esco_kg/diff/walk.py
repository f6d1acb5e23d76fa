"""Walk through two versions side by side and stop where they differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from esco_kg.diff.sources import Blocks, Lines
from esco_kg.diff.values import REPLACED_BY, about, is_deprecated, label, label_nodes, objects, text_of
from esco_kg.model.changes import About


@dataclass(frozen=True, slots=True)
class Side:
    """What one version's block of a subject says of it: ``text`` and its language where it is a node that holds one.

    ``label_nodes`` are the XL labels that hold its names, where no literal does.
    """

    about: About
    label: str
    text: tuple[str, str] | None
    is_deprecated: bool
    successors: tuple[str, ...]
    label_nodes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """A subject whose triples are not the same.

    ``subject`` is its N-Triples term in the new version (in the old one where it is gone), ``was`` that in the old.
    ``removed`` and ``added`` are lines ``predicate object``; ``old`` and ``new`` are None where the version has none.
    ``kept`` are the predicates under which IRIs stayed: what went and what came beside these need not belong together.
    """

    subject: str
    was: str
    removed: frozenset[str]
    added: frozenset[str]
    old: Side | None
    new: Side | None
    kept: frozenset[str] = frozenset()


def differences(old: Blocks, new: Blocks, *, esco: bool = False) -> Iterator[Difference]:
    """Every subject that differs, in one pass; what is held is one block of each version."""
    for subject, before, after in side_by_side(old, new):
        if before != after:
            yield difference(subject, before, after, esco=esco)


def difference(subject: str, before: Lines | None, after: Lines | None, *, esco: bool) -> Difference:
    """Two blocks of one subject that differ."""
    here, there = frozenset(before or ()), frozenset(after or ())
    old, new = (None if lines is None else _side(lines, esco) for lines in (before, after))
    return Difference(subject, subject, here - there, there - here, old, new, _with_iris(here & there))


def _with_iris(lines: Iterable[str]) -> frozenset[str]:
    return frozenset(predicate for predicate, term in (line.split(" ", 1) for line in lines) if term[0] == "<")


def _side(lines: Lines, esco: bool) -> Side:
    successors = tuple(sorted(objects(lines, REPLACED_BY)))
    name = label(lines)
    nodes = () if name else tuple(label_nodes(lines))
    return Side(about(lines, esco), name, text_of(lines), is_deprecated(lines), successors, nodes)


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


def reidentified(found: Iterable[Difference], same: Mapping[str, str]) -> Iterator[Difference]:
    """The differences that are left where ``same`` maps old IRIs to new ones of the same things.

    Such a thing is compared with itself, and a link to it counts as the same link.
    """
    come = {d.subject: d for d in found if d.subject in set(same.values())}
    for d in found:
        if d.subject in come:
            continue
        mapped = frozenset(_mapped(line, same) for line in d.removed)
        if d.subject in same:
            other = come[same[d.subject]]
            removed, added = mapped - other.added, other.added - mapped
            kept = _with_iris(mapped & other.added)
            yield replace(other, was=d.subject, removed=removed, added=added, old=d.old, kept=kept)
        elif (d.old is None) != (d.new is None) or mapped != d.added:
            yield replace(d, removed=mapped - d.added, added=d.added - mapped)


def _mapped(line: str, same: Mapping[str, str]) -> str:
    predicate, term = line.split(" ", 1)
    return f"{predicate} {same[term]}" if term in same else line


def patch(old: Blocks, new: Blocks) -> Iterator[str]:
    """The way from one version to the other as an RDF Patch (https://afs.github.io/rdf-patch/), line by line.

    Applied to the old version it gives the new one, to the last triple.
    """
    yield "TX ."
    for found in differences(old, new):
        for sign, lines in (("D", found.removed), ("A", found.added)):
            yield from (f"{sign} {found.subject} {line} ." for line in sorted(lines))
    yield "TC ."
