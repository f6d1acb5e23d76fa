"""Clusters made again without some of the occupations, by the method that is installed and a release's own settings."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from esco_kg.clusters import anchors
from esco_kg.clusters.expertise import read_expertise
from esco_kg.clusters.partition import make_partition
from esco_kg.clusters.scores import SWITCHING
from esco_kg.config import ClusterSettings, config_of
from esco_kg.evaluation.report.reading import Release
from esco_kg.evaluation.splits import hidden_skills, restricted, without_links
from esco_kg.evaluation.subjects import Job, Levels, of_partition
from esco_kg.model.expertise import Expertise
from esco_kg.model.pillar import Pillar, SectorLinks

Anchor = tuple[dict[str, str], dict[str, str]]


@dataclass(slots=True)
class Remaker:
    """Does :class:`Job`s, ``processes`` at a time. ``start`` is what the release started from, ``own`` the release."""

    pillar: Pillar
    sectors: SectorLinks
    settings: ClusterSettings
    expertise: Expertise
    start: Anchor
    own: Anchor
    processes: int = 1

    @property
    def is_framed(self) -> bool:
        """Whether experts gave a frame, so that making clusters without it is something else."""
        return bool(self.expertise.frames)

    def __call__(self, jobs: Sequence[Job]) -> list[Levels]:
        """Levels for each job, in the order of the jobs."""
        if self.processes < 2 or len(jobs) < 2:
            return [self.make(job) for job in jobs]
        # Started again rather than forked: libraries for linear algebra have threads of their own.
        context = multiprocessing.get_context("spawn")
        workers = min(self.processes, len(jobs))
        with ProcessPoolExecutor(workers, context, initializer=_take, initargs=(replace(self, processes=1),)) as pool:
            return list(pool.map(_make, jobs))

    def make(self, job: Job) -> Levels:
        """The clusters that the job's occupations alone give. No skill leaves: all partitions have the same skills."""
        if job.mode == "hidden":
            return self._without_links(hidden_skills(self.pillar))
        expertise = replace(self.expertise, frames=[]) if job.mode == "unframed" else self.expertise
        anchor, parents = {"versioned": self.own, "anchored": self.own, "release": self.start}.get(job.mode, ({}, {}))
        pillar = restricted(self.pillar, job.occupations)
        sectors = _restricted(self.sectors, frozenset(job.occupations))
        switching = 0.0 if job.mode == "versioned" else SWITCHING
        return of_partition(
            make_partition(pillar, sectors, self.settings, expertise, anchor, parents, switching=switching)
        )

    def _without_links(self, hidden: frozenset[str]) -> Levels:
        """The release's clusters with these skills as new ones, which no occupation needs."""
        anchor, parents = self.own
        known = {skill: cluster for skill, cluster in anchor.items() if skill not in hidden}
        pillar = without_links(self.pillar, hidden)
        return of_partition(make_partition(pillar, self.sectors, self.settings, self.expertise, known, parents))


_worker: Remaker | None = None


def _take(remaker: Remaker) -> None:
    global _worker
    _worker = remaker


def _make(job: Job) -> Levels:
    assert _worker is not None, "the pool was started with _take"
    return _worker.make(job)


def remaker_of(release: Release, pillar: Pillar, sectors: SectorLinks, curation: Path, processes: int) -> Remaker:
    """How the release was made: settings from its manifest, decisions from ``curation``, start from the one before.

    Raises InputError where settings or decisions cannot be read.
    """
    config = config_of(release.manifest["settings"], str(release.folder / "manifest.json"))
    expertise = read_expertise(curation, pillar, release.previous)
    start, own = anchors(release.previous), anchors(release.published)
    return Remaker(pillar, sectors, config.clusters, expertise, start, own, processes)


def _restricted(sectors: SectorLinks, occupations: frozenset[str]) -> SectorLinks:
    """Not even the sectors of a held-out occupation are seen."""
    return replace(
        sectors,
        sections={iri: shares for iri, shares in sectors.sections.items() if iri in occupations},
        divisions={iri: shares for iri, shares in sectors.divisions.items() if iri in occupations},
        raw=[(iri, code) for iri, code in sectors.raw if iri in occupations],
    )
