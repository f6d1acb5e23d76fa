"""A release read back for a study: its ESCO as it was when the release was made, its clusters, how it was made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from esco_kg.errors import InputError, UsageError
from esco_kg.esco.sectors import read_sectors
from esco_kg.evaluation.subjects import Levels, of_memberships, paths_to
from esco_kg.folder.find import published_releases
from esco_kg.folder.pillar_graph import read_pillar
from esco_kg.folder.reading import graph_file, read_manifest, table_file, version_key
from esco_kg.folder.tables import read_allocations, read_published, read_table
from esco_kg.model.partition import SHARES
from esco_kg.model.pillar import Pillar, SectorLinks
from esco_kg.model.published import Published


@dataclass(slots=True)
class Release:
    """A release as published, and what it was made with. ``earlier`` are the releases before it, oldest first."""

    folder: Path
    manifest: dict[str, Any]
    published: Published
    earlier: list[Published]

    @property
    def name(self) -> str:
        """How tables call it."""
        return f"release {self.published.version}"

    @property
    def previous(self) -> Published | None:
        """The release that this one started from."""
        wanted = self.manifest.get("previous") or ""
        return next((release for release in self.earlier if release.version == wanted), None)


def read_release(folder: Path, others: Sequence[Path] = ()) -> Release:
    """A release with those before it: the releases beside it, and ``others`` that have its base IRI."""
    manifest = read_manifest(folder)
    found = {
        release.version: release.folder
        for release in published_releases(folder.absolute().parent, manifest["base_iri"])
    }
    for other in others:
        told = read_manifest(other)
        if told["base_iri"] == manifest["base_iri"]:
            found.setdefault(told["version"], other)
    own = version_key(manifest["version"])
    before = sorted((v for v in found if version_key(v) < own), key=version_key)
    return Release(folder, manifest, read_published(folder), [read_published(found[v]) for v in before])


def read_esco(release: Release) -> Pillar:
    """The pillar as the release republishes it: all that clusters are made from.

    Raises InputError for a damaged file.
    """
    graph = graph_file(release.folder, release.published.version, "pillar")
    found = read_pillar(graph, release.published.esco_version, tuple(release.manifest["languages"]))
    if not found.skills:
        raise InputError(str(release.folder), "the graph of the pillar holds no skill")
    return found


def read_sector_links(release: Release, pillar: Pillar, crosswalk: Path | None) -> SectorLinks:
    """Occupations' sectors, from the crosswalk or from ESCO's own column.

    Raises UsageError where the release knows sectors and nothing given does: clusters made without would be others.
    """
    found = read_sectors(pillar, crosswalk)
    profiles = table_file(release.folder, release.published.version, "sector-profile")
    if not found.known and any(True for _ in read_table(profiles)):
        raise UsageError(
            f"{release.name} was made with a crosswalk of occupations to NACE, which it does not contain",
            "Give the same crosswalk with --nace FILE.",
        )
    return found


def read_levels(release: Release, pillar: Pillar) -> tuple[Levels, float]:
    """The release's clusters on the skills of ``pillar``, and the share of these skills that it places."""
    primary: dict[str, str] = {}
    shares: dict[str, dict[str, float]] = {}
    alike: dict[str, dict[str, float]] = {}
    for a in read_allocations(release.folder, release.published.version, release.published.clusters):
        alike.setdefault(a.skill, {})[a.cluster] = 1.0
        if a.rank == "primary":
            primary[a.skill] = a.cluster
        if a.rank == "primary" or a.rank in SHARES:
            shares.setdefault(a.skill, {})[a.cluster] = a.weight
    parents = {cluster.id: cluster.parent for cluster in release.published.clusters.values()}
    paths = paths_to({cluster for of in alike.values() for cluster in of}, parents)
    placed = len(primary.keys() & pillar.skills.keys()) / len(pillar.skills)
    levels = of_memberships(pillar, primary, shares, paths)
    levels.sought = of_memberships(pillar, primary, alike, paths).soft
    return levels, placed


def labels_of(published: Published) -> list[dict[str, str]]:
    """Skill -> cluster at each level of an earlier release, coarsest first."""
    depths = sorted({cluster.depth for cluster in published.clusters.values()})
    return [published.at_level(depth) for depth in depths]
