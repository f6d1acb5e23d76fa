"""Clusters of a release that this toolkit made, of whatever publisher."""

from __future__ import annotations

from pathlib import Path

from esco_kg.clusters.given.skills import SkillFinder
from esco_kg.folder.reading import read_manifest, read_table
from esco_kg.model.given import GivenCluster, GivenClusters, GivenMembership

_TEXTS = ("label", "definition")


def from_release(folder: Path, skills: SkillFinder) -> GivenClusters:
    """Clusters, names, definitions and memberships as published; the IRIs are those of the release.

    Raises InputError where a table is missing or damaged.
    """
    manifest = read_manifest(folder)
    stem = f"esco-kg-{manifest['version']}"
    clusters = {}
    for line, row in read_table(folder / f"{stem}-clusters.csv"):
        cluster = GivenCluster(row["id"], row["parent"], place=f"{stem}-clusters.csv:{line}")
        cluster.iri = f"{manifest['base_iri']}cluster/{row['id']}"
        for column, text in row.items():
            kind, _, language = column.partition("_")
            if text and kind in _TEXTS and language:
                (cluster.labels if kind == "label" else cluster.definitions)[language] = text
        clusters[cluster.id] = cluster
    memberships = []
    for line, row in read_table(folder / f"{stem}-allocations.csv"):
        place = f"{stem}-allocations.csv:{line}"
        if skill := skills.find(row["skill"], place):
            rank = 1 if row["rank"] == "primary" else 2
            memberships.append(GivenMembership(skill, row["cluster"], float(row["weight"]), rank, place))
    settings = manifest.get("settings", {})
    given = GivenClusters("release", clusters, memberships)
    given.by = settings.get("publisher", {}).get("name", "")
    title = next(iter(settings.get("scheme", {}).get("title", {}).values()), manifest["base_iri"])
    given.how = f"The clusters are those of release {manifest['version']} of “{title}” ({manifest['base_iri']})."
    return given
