"""The release command: the only list of steps, from the download to the published folder."""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import metadata
from pathlib import Path
from typing import Any, TypeVar

from esco_kg.clusters import cluster
from esco_kg.clusters.expertise import files_about_skills, read_ledger
from esco_kg.clusters.given import read_given
from esco_kg.clusters.given.iris import with_their_path
from esco_kg.config import Config, read_config, settings_beside
from esco_kg.config_checks import check_sizes
from esco_kg.errors import Interrupted, UsageError
from esco_kg.esco.pillar import read_pillar
from esco_kg.esco.sectors import read_sectors
from esco_kg.evaluation.quick import quick
from esco_kg.evaluation.reviewed import reviewed
from esco_kg.folder.find import published_releases
from esco_kg.folder.manifest import fingerprint, sources_below, sources_of
from esco_kg.folder.reading import ReleaseFolder, cluster_path, read_manifest, refuse_in_release
from esco_kg.folder.staging import staging
from esco_kg.folder.tables import read_published
from esco_kg.folder.verify import refuse_altered, refuse_edited
from esco_kg.memory import collecting_rarely
from esco_kg.model.clustering import Clustering
from esco_kg.model.given import GivenClusters
from esco_kg.model.pillar import Pillar, SectorLinks, Source
from esco_kg.model.published import Published, ReleaseInfo
from esco_kg.release import index, number
from esco_kg.release.build import Build
from esco_kg.release.request import Request, check_issued, check_request, check_version, day_of_issue
from esco_kg.resources import folder

T = TypeVar("T")
# Stands in for the version in the registry until the verdict on the clusters has decided it.
_UNDECIDED = "0.0.0"


@dataclass(frozen=True, slots=True)
class Stage:
    """One finished step: wall-clock and CPU seconds, and the process's peak memory so far in MB."""

    name: str
    seconds: float
    cpu_seconds: float
    peak_mb: float


@dataclass(slots=True)
class Outcome:
    """A release: its folder and version, whether it was made now, and what a user should hear; ``details`` are on
    single lines of ``curation/``."""

    folder: Path
    version: str
    is_new: bool
    statements: list[str] = field(default_factory=list)
    details: list[str] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)

    def published(self) -> str:
        """What is there, for messages."""
        return f"release {self.version} is published, whole, in {self.folder}"

    @property
    def triples(self) -> dict[str, int]:
        """Number of triples of each graph, by the graph's name."""
        return {name: graph["triples"] for name, graph in read_manifest(self.folder)["graphs"].items()}


class _Steps:
    """Runs the steps, tells the listener their names, keeps their times."""

    def __init__(self, listener: Callable[[str], None]) -> None:
        self.stages: list[Stage] = []
        self._listener = listener

    def run(self, name: str, step: Callable[[], T]) -> T:
        self._listener(name)
        wall, cpu = time.perf_counter(), time.process_time()
        result = step()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        self.stages.append(Stage(name, time.perf_counter() - wall, time.process_time() - cpu, peak))
        return result


@collecting_rarely()
def make_release(request: Request, listener: Callable[[str], None] = lambda name: None) -> Outcome:
    """Read, cluster, check, measure, describe, serialise and publish; ``listener`` hears each step's name.

    A re-run with nothing changed makes nothing. Raises EscoKgError (see :mod:`esco_kg.errors`); then ``request.out`` is
    as it was.
    """
    steps = _Steps(listener)
    demonstration = not request.paths
    paths = list(request.paths) or [folder("demonstration") / "v1.0.0"]
    check_request(request)
    config = read_config(settings_beside(paths), request.config)
    out = request.out / "demonstration" if demonstration else request.out
    refuse_in_release(out)
    issued = day_of_issue(request.issued)
    earlier = published_releases(out, config.base_iri)
    refuse_edited(earlier)
    pillar = steps.run("read ESCO", lambda: _read(paths, request, config, demonstration))
    if request.clusters:
        config = config.without_method()  # sizes of clusters of others are theirs
    else:
        check_sizes(config.as_read["clusters"], len(pillar.skills), config.place)
    sectors = steps.run("read sectors", lambda: read_sectors(pillar, request.nace))
    curation = request.curation or folder("curation")
    given = steps.run("read clusters", lambda: _given_clusters(request, pillar, config)) if request.clusters else None
    if given:
        config = with_their_path(config, given)
    decisions = sources_below(curation) if given is None else sources_of(files_about_skills(curation), curation)
    mark = _mark(pillar, sectors, config, decisions, request, given)
    if same := same_as_newest(earlier, mark):
        steps.run("verify the previous release", lambda: refuse_altered(same.folder))
        return _unchanged(same, out, config, steps)
    previous = steps.run("verify the previous release", lambda: _previous(request, earlier, config))
    check_version(request.version, earlier, previous)
    check_issued(issued, earlier, previous)
    clustering = steps.run(
        "cluster skills",
        lambda: cluster(
            pillar, sectors, config, previous=previous, expertise_folder=curation, version=_UNDECIDED, issued=issued,
            use_cache=request.use_cache, given=given, complete=request.complete,
        ),
    )  # fmt: skip
    if previous:
        decided = {entry.skill for entry in read_ledger(curation / "ledger.csv") if entry.skill}
        clustering.statements += reviewed(clustering, pillar, previous, decided)
    version = steps.run(
        "decide the number", lambda: number.version_for(clustering, previous, request.version, pillar, config)
    )
    _name_version(clustering, version)
    info = _info(pillar, version, issued, previous)
    build = Build(
        config, info, pillar, sectors, clustering, mark, decisions, request.engine, steps.run,
        previous.folder if previous else None, steps.run("measure quality", lambda: quick(clustering, pillar, sectors)),
    )  # fmt: skip
    outcome = Outcome(out / version, version, True, clustering.statements, clustering.details, steps.stages)
    _publish(build, outcome, out, config)
    return outcome


def _publish(build: Build, outcome: Outcome, out: Path, config: Config) -> None:
    """Write the release aside; then it and what stands beside the releases appear together, or nothing does."""
    placed: list[Path] = []

    def beside(aside: Path) -> dict[Path, bytes]:
        return index.files(out, config, ReleaseFolder(aside, outcome.version, read_manifest(aside)))

    try:
        with staging(outcome.folder, beside, lambda: placed.append(outcome.folder)) as aside:
            build.write(aside)
    except KeyboardInterrupt:
        if placed:
            raise Interrupted(outcome.published()) from None
        raise


def same_as_newest(earlier: Sequence[ReleaseFolder], mark: str) -> ReleaseFolder | None:
    """The newest release (the last of ``earlier``), where it has this fingerprint; to go back to the input of an older
    one is a change since the newest."""
    return earlier[-1] if earlier and earlier[-1].manifest["fingerprint"] == mark else None


def _unchanged(same: ReleaseFolder, out: Path, config: Config, steps: _Steps) -> Outcome:
    # Where an earlier run was interrupted between the release and this, it is made up for now.
    index.update(out, config)
    said = [f"Nothing changed since release {same.version}: nothing was written."]
    return Outcome(same.folder, same.version, False, said, stages=steps.stages)


def _info(pillar: Pillar, version: str, issued: str, previous: Published | None) -> ReleaseInfo:
    return ReleaseInfo(
        version=version,
        esco_version=pillar.version,
        issued=issued,
        languages=pillar.languages,
        software=f"esco-kg {metadata.version('esco-kg')}",
        previous=previous.version if previous else "",
        is_extract=pillar.is_extract,
    )


def _read(paths: Sequence[Path], request: Request, config: Config, demonstration: bool) -> Pillar:
    return read_pillar(
        paths,
        version=request.esco_version,
        languages=list(request.languages) if request.languages else None,
        is_demonstration=demonstration,
        dangling_share=config.dangling_share,
        extract=request.extract,
        repair=request.repair,
    )


def _given_clusters(request: Request, pillar: Pillar, config: Config) -> GivenClusters:
    return read_given(request.clusters, pillar, config.main_language)


def _mark(
    pillar: Pillar,
    sectors: SectorLinks,
    config: Config,
    decisions: list[Source],
    request: Request,
    given: GivenClusters | None,
) -> str:
    sources = [*pillar.sources, *sectors.sources, *(given.sources if given else ())]
    return fingerprint(sources, config, decisions, _given(pillar, request))


def _given(pillar: Pillar, request: Request) -> dict[str, object]:
    """The options that decide the content, as resolved. The date of issue is not one: a new day is no change."""
    return {
        "esco_version": pillar.version,
        "languages": list(pillar.languages),
        "nace": request.nace is not None,
        "clusters": [name for name in request.clusters if str(name).startswith("official:")],
        "complete": request.complete,
        **{name: True for name, is_asked in (("extract", request.extract), ("repair", request.repair)) if is_asked},
    }


def _previous(request: Request, earlier: list[ReleaseFolder], config: Config) -> Published | None:
    """The release that this one follows, verified: what it says goes into the new release and, for ever, the log."""
    if request.previous is None:
        if not earlier:
            return None
        _check_cluster_path(earlier[-1].manifest, config)
        refuse_altered(earlier[-1].folder)
        return read_published(earlier[-1].folder)
    found = read_manifest(request.previous)
    if found["base_iri"] != config.base_iri:
        raise UsageError(
            f"{request.previous} has the base IRI {found['base_iri']}, this release {config.base_iri}",
            "Give a previous release of the same scheme, or none.",
        )
    _check_cluster_path(found, config)
    refuse_altered(request.previous)
    return read_published(request.previous)


def _check_cluster_path(previous: Mapping[str, Any], config: Config) -> None:
    """A cluster keeps its IRI: raise UsageError where this release would give it another one."""
    path = cluster_path(previous)
    if path != config.cluster_path:
        problem = f"IRIs of clusters are {config.base_iri}{config.cluster_path}<id>, in release {previous['version']}"
        hint = f"Write cluster_path = {json.dumps(path)} under [scheme] in release.toml: a published IRI never changes."
        raise UsageError(f"{problem} {config.base_iri}{path}<id>", hint)


def _name_version(clustering: Clustering, version: str) -> None:
    clustering.registry = [
        replace(
            entry,
            minted_in=version if entry.minted_in == _UNDECIDED else entry.minted_in,
            retired_in=version if entry.retired_in == _UNDECIDED else entry.retired_in,
        )
        for entry in clustering.registry
    ]
