"""The verdict on a release's number: what changed since the previous one decides how far it must move.

The reading of semantic versioning is that of SDMX (Semantic Versioning, SDMX 3.0 Technical Notes): an incompatible
change is major, an added code minor, a change of text patch.
"""

from __future__ import annotations

from dataclasses import dataclass

from esco_kg.errors import UsageError
from esco_kg.model.clustering import Clustering
from esco_kg.model.published import Published
from esco_kg.published import version_key

FIRST = "1.0.0"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``part``: ``major``, ``minor`` or ``patch``; ``reasons``: the changes that force it, in plain words."""

    part: str
    reasons: tuple[str, ...]

    def next_version(self, previous: str) -> str:
        """The smallest version number that says enough."""
        major, minor, patch = version_key(previous)
        return {
            "major": f"{major + 1}.0.0",
            "minor": f"{major}.{minor + 1}.0",
            "patch": f"{major}.{minor}.{patch + 1}",
        }[self.part]


def verdict(clustering: Clustering, previous: Published) -> Verdict:
    """Compare the new clusters with the previous release's.

    Major: a cluster was retired, or a skill of both versions left its cluster or the classification. Minor: clusters
    or skills were added. Patch: anything else.
    """
    members = {identifier: set(skills) for identifier, skills in clustering.members().items()}
    retired = sorted(set(previous.clusters) - set(members))
    allocated = set().union(*members.values()) if members else set()
    before = set().union(*(c.members for c in previous.clusters.values())) if previous.clusters else set()
    gone = before - allocated
    kept = set(previous.clusters) & set(members)
    left = {
        skill for identifier in kept for skill in (previous.clusters[identifier].members - members[identifier]) - gone
    }
    breaking = [
        f"{len(retired)} clusters were retired" if retired else "",
        f"{len(left)} skills left a cluster for another" if left else "",
        f"{len(gone)} skills are no longer in ESCO" if gone else "",
    ]
    new = sorted(set(members) - set(previous.clusters))
    adding = [
        f"{len(new)} clusters are new" if new else "",
        f"{len(allocated - before)} skills are new" if allocated - before else "",
    ]
    for part, reasons in (("major", breaking), ("minor", adding)):
        said = tuple(reason for reason in reasons if reason)
        if said:
            return Verdict(part, said)
    return Verdict("patch", ("texts, weights or relations changed",))


def version_for(clustering: Clustering, previous: Published | None, wanted: str | None) -> str:
    """The version this release gets: the one wanted, if it says enough, else the verdict's.

    Raises UsageError where the wanted number understates the changes; the message lists them.
    """
    if previous is None:
        return wanted or FIRST
    found = verdict(clustering, previous)
    least = found.next_version(previous.version)
    if wanted is None:
        return least
    if version_key(wanted) < version_key(least):
        raise UsageError(
            f"version {wanted} understates the changes since {previous.version}: {'; '.join(found.reasons)}",
            f"The changes are {found.part}: give {least} or higher, or no version.",
        )
    return wanted
