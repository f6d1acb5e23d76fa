"""What the notes say of names: which clusters want one, and which lines of ``curation/`` named nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from esco_kg.clusters.given_names import GivenNames
from esco_kg.clusters.naming import Naming
from esco_kg.clusters.nested import Node

_LISTED = 20  # of one kind; the tables and files of curation/ have them all


def names_told(given: GivenNames, naming: Naming, ids: Mapping[Node, str], floor: float) -> list[str]:
    """Sentences for the notes; lines and ids in order."""
    return [*_wanted(naming, ids), *_unused(given, floor), *_refused(naming, ids)]


def _wanted(naming: Naming, ids: Mapping[Node, str]) -> Iterator[str]:
    made = sorted(ids[node] for node, status in naming.status.items() if status[naming.language] == "made")
    if made:
        yield (
            f"Clusters that want a name, because the program made the one they have in {naming.language}: "
            f"{len(made)}. They are {_listed(made)}. The column name_status of the table of clusters marks them."
        )


def _unused(given: GivenNames, floor: float) -> Iterator[str]:
    reasons = {
        "changed": f"no cluster has the content they were written for (overlap below {floor:g})",
        "outdone": "another line fits their cluster better",
        "taken": "another cluster has their label",
    }
    for why, reason in reasons.items():
        lines = [f"{u.name.place} ({u.overlap:.2f})" for u in given.unused if u.why == why]
        if lines:
            yield f"Lines of curation/names that were not used, because {reason}: {len(lines)}. {_listed(lines)}."
    if given.foreign:
        yield (
            f"Lines of curation/names for another ESCO, whose skills are not in this one: {given.foreign}. "
            "They were not used."
        )


def _refused(naming: Naming, ids: Mapping[Node, str]) -> Iterator[str]:
    labels = sorted(f"“{label}” ({ids[node]}, {language})" for node, language, label in naming.refused)
    if labels:
        yield (
            "Alternative labels that were not published, because they are the label of a concept of ESCO or of a "
            f"cluster, list a detail after a colon, or name people: {len(labels)}. {_listed(labels)}."
        )


def _listed(items: Sequence[str]) -> str:
    more = f" and {len(items) - _LISTED} more" if len(items) > _LISTED else ""
    return ", ".join(items[:_LISTED]) + more
