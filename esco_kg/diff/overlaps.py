"""Splits, mergers and replacements that no statement tells, by what old and new concepts share.

Two concepts share narrower concepts, or a label. The shares are those of clusters (:mod:`esco_kg.diff.clusters`): a
part of a split holds a fifth of what was split, and consists of it by half at least; a source of a merger gave half of
what it had, and makes up a fifth of the whole at least.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial

from esco_kg.diff.concepts import Texts
from esco_kg.diff.values import BROADER, unquoted
from esco_kg.diff.walk import Difference
from esco_kg.model.changes import Change, Kind
from esco_kg.rdf.namespaces import SKOS, SKOSXL

_LABELS = {f"<{space}{kind}Label>" for space in (SKOS, SKOSXL) for kind in ("pref", "alt", "hidden")}
_PART, _MOST = 1 / 5, 1 / 2
_FEWEST = 2  # narrower concepts that a concept had, at least, where they are to tell what became of it
_BY_NARROWER, _BY_LABEL = "by its narrower concepts", "by its labels"


def by_overlap(
    differences: Sequence[Difference], labels: Mapping[str, str], told: Collection[str], texts: Texts = ({}, {})
) -> Iterator[Change]:
    """One change for each concept that is gone or withdrawn and lives on in others; ``told`` are those known already.

    ``texts`` are those of XL labels, before and after.
    Terms of ``labels`` and ``told`` are IRIs without brackets.
    """
    gone = {d.subject: d for d in differences if _is_gone(d) and d.subject[1:-1] not in told}
    new = {d.subject for d in differences if d.old is None and d.new is not None and d.new.about == "concept"}
    names = {d.subject: side.label for d in differences if (side := d.new or d.old)}

    def change(kind: Kind, subject: str, others: Collection[str], reason: str) -> Change:
        before = gone.get(subject)
        name = (before.old.label if before and before.old else names.get(subject, "")) or labels.get(subject[1:-1], "")
        return Change(
            "concept", kind, subject[1:-1], name, others=tuple(sorted(o[1:-1] for o in others)), reason=reason
        )

    for find, reason in ((_by_narrower, _BY_NARROWER), (partial(_by_labels, texts=texts), _BY_LABEL)):
        parts, sources = find(differences, gone, new)
        for subject, others in sorted(parts.items()):
            yield change("split", subject, others, reason)
            gone.pop(subject)
        for subject, others in sorted(sources.items()):
            left = others & gone.keys()
            if len(left) > 1:
                yield change("merged", subject, left, reason)
            elif left:
                yield change("replaced", next(iter(left)), [subject], reason)
            for other in left:
                gone.pop(other)


_Label = tuple[str, str]  # text and language
_Found = tuple[dict[str, set[str]], dict[str, set[str]]]  # what was split -> its parts, a successor -> its sources


def _is_gone(d: Difference) -> bool:
    if d.old is None or d.old.about != "concept":
        return False
    if d.new is None or d.new.about == "resource":
        return True
    return d.new.is_deprecated and not d.old.is_deprecated and not d.new.successors


def _by_narrower(differences: Sequence[Difference], gone: Collection[str], new: Collection[str]) -> _Found:
    """By the concepts that stood below what is gone, and stand below something new."""
    had: dict[str, set[str]] = defaultdict(set)
    has: dict[str, set[str]] = defaultdict(set)
    for d in differences:
        if d.new is None or d.subject in gone:
            continue
        for parent in _parents(d.removed) & set(gone) if d.old is not None else ():
            had[parent].add(d.subject)
        for parent in _parents(d.added) & set(new):
            has[parent].add(d.subject)
    parts: dict[str, set[str]] = {}
    sources: dict[str, set[str]] = defaultdict(set)
    for old, before in had.items():
        if len(before) < _FEWEST:
            continue
        for other, after in has.items():
            both = len(before & after)
            if both >= _PART * len(before) and both >= _MOST * len(after):
                parts.setdefault(old, set()).add(other)
            if both >= _MOST * len(before) and both >= _PART * len(after):
                sources[other].add(old)
    parts = {old: found for old, found in parts.items() if len(found) > 1}
    return parts, {new_one: found - parts.keys() for new_one, found in sources.items()}


def _parents(lines: Collection[str]) -> set[str]:
    return {line.split(" ", 1)[1] for line in lines if line.startswith(f"{BROADER} ")}


def _by_labels(
    differences: Sequence[Difference], gone: Mapping[str, Difference], new: Collection[str], texts: Texts
) -> _Found:
    """By labels of what is gone that came to something else; one that several things had or have tells nothing."""
    had: dict[_Label, set[str]] = defaultdict(set)
    preferred: dict[_Label, str] = {}
    has: dict[_Label, set[str]] = defaultdict(set)
    names: dict[_Label, str] = {}
    for d in differences:
        here = d.subject in gone
        if not here and (d.new is None or d.new.about != "concept"):
            continue
        for is_preferred, label in _labels(d.removed if here else d.added, texts[0 if here else 1]):
            (had if here else has)[label].add(d.subject)
            if is_preferred and (here or d.subject in new):
                (preferred if here else names)[label] = d.subject
    both = {label for label in had.keys() & has.keys() if len(had[label]) == len(has[label]) == 1}
    parts: dict[str, set[str]] = defaultdict(set)
    sources: dict[str, set[str]] = defaultdict(set)
    for label in both:
        (old,), (other,) = had[label], has[label]
        if preferred.get(label) == old:
            sources[other].add(old)
        elif names.get(label) == other:
            parts[old].add(other)
    split = {old: found for old, found in parts.items() if len(found) > 1}
    return split, {other: found - split.keys() for other, found in sources.items()}


def _labels(lines: Collection[str], texts: Mapping[str, _Label]) -> Iterator[tuple[bool, _Label]]:
    """Each label, and whether it is a preferred one; capitals count for nothing."""
    for line in lines:
        predicate, term = line.split(" ", 1)
        if predicate in _LABELS and (term.startswith('"') or term in texts):
            text, language = texts.get(term) or unquoted(term)
            yield "#prefLabel" in predicate, (text.strip().casefold(), language.casefold())
