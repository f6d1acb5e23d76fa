"""Proposals of reviewers about clusters: a new one, a new name, a merge. The ledger keeps them; nothing applies them.

Whoever edits ``curation/`` takes a proposal up or not, and then closes it: a line of the ledger that revokes it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from esco_kg.clusters.expertise import PROPOSALS
from esco_kg.folder.material import Material
from esco_kg.trials.review.clusters import ClusterNames, choice, folded
from esco_kg.trials.review.ledger import Entry, Ledger

NEW, RENAME, MERGE = "new cluster", "new name", "merge"
WORDS = dict(zip((NEW, RENAME, MERGE), PROPOSALS, strict=True))
FILLED = ("proposal", "cluster", "other cluster", "name", "reason")
COLUMNS = (*FILLED, "reviewer", "release")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal with its line in the ledger. ``status``: open, or closed on a day for a reason."""

    entry: Entry
    status: str
    closed: str = ""
    why: str = ""

    def record(self) -> dict[str, str]:
        """For programs."""
        entry, closing = self.entry, {"closed": self.closed, "why": self.why}
        about = {"id": entry.id, "date": entry.date, "reviewer": entry.reviewer, "release": entry.release}
        return about | {"proposal": entry.decision, "target": entry.target, "reason": entry.reason} | {
            "status": self.status, **closing
        }  # fmt: skip

    def line(self, material: Material) -> str:
        """For people."""
        entry = self.entry
        kind = next(words for words, word in WORDS.items() if word == entry.decision)
        why = f" ({entry.reason})" if entry.reason else ""
        end = f", closed on {self.closed[:10]}{self.why and f': {self.why}'}" if self.status == "closed" else ""
        return (
            f"{entry.id} {self.status}: {entry.reviewer} proposes a {kind}: {_told(material, entry.target)}{why}{end}"
        )


def is_proposal(columns: Collection[str]) -> bool:
    """Whether these are the columns of proposals, and not of decisions about skills."""
    return FILLED[0] in columns


def entry_of(cells: Mapping[str, str], names: ClusterNames, material: Material, date: str) -> Entry | str:
    """The line for the ledger, or what is wrong with the row, in one clause."""
    plain = {column: " ".join(text.split()) for column, text in cells.items()}
    kind, name = folded(plain["proposal"]), plain["name"]
    if plain["release"] != material.version:
        return f"the row belongs to release {plain['release']!r}, this is {material.version}: it is stale"
    if kind not in WORDS:
        return f"{plain['proposal']!r} is no proposal; known are: {', '.join(WORDS)}"
    clusters: list[str] = []
    for column in ("cluster", "other cluster"):
        found = names.find(plain[column])
        if plain[column] and len(found) != 1:
            several = f"the name of several clusters: {', '.join(found)}" if found else "no cluster of the release"
            return f"{plain[column]!r} is {several}"
        clusters += found
    problem = _problem(kind, clusters, name, names, material)
    target = ": ".join(part for part in (" ".join(clusters), name) if part)
    return problem or Entry(date, plain["reviewer"], material.version, "", WORDS[kind], target, plain["reason"])


def _problem(kind: str, clusters: list[str], name: str, names: ClusterNames, material: Material) -> str:
    if kind == MERGE:
        if len(set(clusters)) != 2:
            return f"{MERGE!r} needs two clusters"
        depths = {material.clusters[cluster].depth for cluster in clusters}
        return "" if len(depths) == 1 else f"{MERGE!r} names clusters of two levels"
    if not name:
        return f"{kind!r} needs a name"
    if kind == RENAME and len(clusters) != 1:
        return f"{RENAME!r} needs one cluster"
    taken = names.find(name)
    return f"{name!r} is the name of {taken[0]} already" if taken else ""


def proposals(ledger: Ledger) -> list[Proposal]:
    """The proposals among the lines of a ledger, in its order, each with its status."""
    found = []
    for entry in ledger.lines:
        if entry.decision in PROPOSALS:
            out = ledger.taken_out_by(entry)
            found.append(Proposal(entry, "closed", out.date, out.reason) if out else Proposal(entry, "open"))
    return found


def _told(material: Material, target: str) -> str:
    """The target with the names of the clusters whose ids begin it."""
    ids, _, name = target.partition(": ")
    if not all(cluster in material.clusters for cluster in ids.split()):
        return target
    told = " and ".join(choice(material, cluster) for cluster in ids.split())
    return f"{told}: {name}" if name else told
