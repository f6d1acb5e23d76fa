"""What the notes say of names: which clusters want one, and which lines of ``curation/`` named nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from esco_kg.clusters.given_names import GivenNames
from esco_kg.clusters.naming import Naming
from esco_kg.clusters.nested import Node
from esco_kg.words import Said, said


def names_report(
    given: GivenNames, naming: Naming, ids: Mapping[Node, str], floor: float
) -> tuple[list[str], list[str]]:
    """Sentences for the notes, and those for their annex, in order: it lists every cluster and line."""
    told: list[str] = []
    details: list[str] = []
    for sentence, listed in (*_wanted(naming, ids), *_unused(given, floor), *_refused(naming, ids)):
        told.append(sentence)
        details.append(f"{sentence.removesuffix(f'{len(listed)}.')}{', '.join(listed)}.")
    if given.foreign:
        details.append(f"Lines of curation/names for another ESCO, whose skills are not in this one: {given.foreign}.")
    return told, details


_Told = Iterator[tuple[Said, list[str]]]


def _wanted(naming: Naming, ids: Mapping[Node, str]) -> _Told:
    made = sorted({ids[node] for node, status in naming.status.items() if status[naming.language] == "made"})
    if made:
        yield said("said_wanted", language=naming.language, n=len(made)), made


def _unused(given: GivenNames, floor: float) -> _Told:
    for why in ("changed", "outdone", "taken"):
        lines = [f"{u.name.place} ({u.overlap:.2f})" for u in given.unused if u.why == why]
        if lines:
            yield said(f"said_unused_{why}", n=len(lines), floor=floor), lines


def _refused(naming: Naming, ids: Mapping[Node, str]) -> _Told:
    labels = sorted(f"“{label}” ({ids[node]}, {language})" for node, language, label in naming.refused)
    if labels:
        yield said("said_refused", n=len(labels)), labels
