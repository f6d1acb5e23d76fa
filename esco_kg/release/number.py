"""The version a release gets: the smallest number that says enough of what changed since the previous one."""

from __future__ import annotations

from collections import Counter

from esco_kg.config import Config
from esco_kg.diff.amounts import amounts, level_amounts
from esco_kg.diff.bridge import bridge
from esco_kg.diff.clusters import overlaps
from esco_kg.diff.compare import as_release
from esco_kg.diff.survey import occupation_links
from esco_kg.diff.tables import Clusters
from esco_kg.diff.version_part import of_clusters
from esco_kg.errors import UsageError
from esco_kg.folder.reading import version_key
from esco_kg.model.changes import Verdict
from esco_kg.model.clustering import Clustering
from esco_kg.model.pillar import Pillar
from esco_kg.model.published import Published, PublishedCluster

FIRST = "1.0.0"


def next_version(part: str, previous: str) -> str:
    """The smallest version number above ``previous`` that says ``major``, ``minor`` or ``patch``."""
    major, minor, patch = version_key(previous)
    return {
        "major": f"{major + 1}.0.0",
        "minor": f"{major}.{minor + 1}.0",
        "patch": f"{major}.{minor}.{patch + 1}",
    }[part]


def verdict(clustering: Clustering, previous: Published, pillar: Pillar, config: Config) -> Verdict:
    """Compare the new clusters with the previous release's; see :func:`esco_kg.diff.version_part.of_clusters`."""
    members = clustering.members()
    new = {
        c.id: PublishedCluster(c.id, c.depth, c.parent, "", c.created, c.modified, "", frozenset(members[c.id]))
        for c in clustering.clusters.values()
    }
    before = Clusters(previous.version, previous.clusters, {entry.id: entry for entry in previous.registry})
    after = Clusters("", new, {entry.id: entry for entry in clustering.registry})
    links = (
        occupation_links(as_release(previous.folder).graph("pillar")),
        Counter(skill for _, skill, _ in pillar.occupation_skills),
    )
    rows = bridge(before, after, overlaps(before, after), *links)
    changed = amounts(rows, config.series_break)
    return of_clusters(previous.clusters, new, changed, level_amounts(rows, changed), config.major_share)


def version_for(
    clustering: Clustering, previous: Published | None, wanted: str | None, pillar: Pillar, config: Config
) -> str:
    """The version this release gets: the one wanted, if it says enough, otherwise the verdict's.

    Raises UsageError where the wanted number understates the changes; the message lists them.
    """
    if previous is None:
        return wanted or FIRST
    found = verdict(clustering, previous, pillar, config)
    least = next_version(found.part, previous.version)
    if wanted is None:
        return least
    if version_key(wanted) < version_key(least):
        raise UsageError(
            f"version {wanted} understates the changes since {previous.version}: {'; '.join(found.reasons)}",
            f"The changes are {found.part}: give {least} or higher, or no version.",
        )
    return wanted
