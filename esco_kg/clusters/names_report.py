"""What the notes say of names: which clusters want one, and which lines of ``curation/`` named nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from esco_kg.clusters.given_names import GivenNames
from esco_kg.clusters.naming import Naming
from esco_kg.clusters.nested import Node


def names_report(
    given: GivenNames, naming: Naming, ids: Mapping[Node, str], floor: float
) -> tuple[list[str], list[str]]:
    """Sentences for the notes, and those for their annex, in order: it lists every cluster and line."""
    said: list[str] = []
    details: list[str] = []
    for sentence, listed in (*_wanted(naming, ids), *_unused(given, floor), *_refused(naming, ids)):
        said.append(f"{sentence}: {len(listed)}.")
        details.append(f"{sentence}: {', '.join(listed)}.")
    if given.foreign:
        details.append(f"Lines of curation/names for another ESCO, whose skills are not in this one: {given.foreign}.")
    return said, details


_Told = Iterator[tuple[str, list[str]]]


def _wanted(naming: Naming, ids: Mapping[Node, str]) -> _Told:
    made = sorted({ids[node] for node, status in naming.status.items() if status[naming.language] == "made"})
    if made:
        yield f"Clusters without a given name in {naming.language} (the program made one)", made


def _unused(given: GivenNames, floor: float) -> _Told:
    reasons = {
        "changed": f"no cluster has the content they were written for (overlap below {floor:g})",
        "outdone": "another line fits their cluster better",
        "taken": "another cluster has their label",
    }
    for why, reason in reasons.items():
        lines = [f"{u.name.place} ({u.overlap:.2f})" for u in given.unused if u.why == why]
        if lines:
            yield f"Lines of curation/names that were not used, because {reason}", lines


def _refused(naming: Naming, ids: Mapping[Node, str]) -> _Told:
    labels = sorted(f"“{label}” ({ids[node]}, {language})" for node, language, label in naming.refused)
    if labels:
        yield (
            "Alternative labels that were not published, because they are the label of a concept of ESCO or of a "
            "cluster, have a colon, or name people",
            labels,
        )
