"""From skills to clusters: partition, expert knowledge, identity, names, relations, sector profiles."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from esco_kg.clusters.assembly import Assembly
from esco_kg.clusters.cache import cached, partition_key
from esco_kg.clusters.effects import remember_data, without_decisions
from esco_kg.clusters.expertise import read_expertise
from esco_kg.clusters.identity import identify
from esco_kg.clusters.nested import Nested
from esco_kg.clusters.partition import make_partition
from esco_kg.clusters.verification import verified
from esco_kg.config import Config
from esco_kg.errors import InputError
from esco_kg.model.clustering import Clustering
from esco_kg.model.expertise import Expertise
from esco_kg.model.partition import Partition
from esco_kg.model.pillar import Pillar, SectorLinks
from esco_kg.model.published import Published


def cluster(
    pillar: Pillar,
    sectors: SectorLinks,
    config: Config,
    *,
    previous: Published | None = None,
    expertise_folder: Path,
    version: str,
    issued: str,
    use_cache: bool = True,
) -> Clustering:
    """Cluster the skills of a pillar.

    ``version`` stands in the registry beside ids minted now, ``issued`` (ISO date) at clusters whose content is new.
    Where there are decisions about skills, the partition is made without them, too, to tell what they changed.
    Raises InputError where a line in ``expertise_folder`` is malformed or two lines contradict one another, and where
    nothing was read in the main language.
    """
    _check_language(pillar, config)
    expertise = read_expertise(expertise_folder, pillar, previous)
    partitioned = _partitioner(pillar, sectors, config, previous, use_cache)
    partition = partitioned(expertise)
    without = partitioned(without_decisions(expertise)) if expertise.decisions else None
    if without:
        remember_data(partition, without)
    nested = Nested(partition, pillar)
    identities = identify(nested, previous, config.identity_kept, version)
    found = Assembly(nested, sectors, config, identities, expertise, without, previous, issued).clustering()
    frames = {identities.ids[1, number]: key for number, key in enumerate(partition.frames) if key}
    found.details += verified(found, expertise, frames)
    return found


def _check_language(pillar: Pillar, config: Config) -> None:
    if config.main_language not in pillar.languages:
        read = ", ".join(pillar.languages)
        said = f"scheme.main_language {config.main_language!r} is none of the languages that were read ({read})"
        raise InputError("release.toml", said, "Set it to one of these, or add the tables in that language.")


def anchors(previous: Published | None) -> tuple[dict[str, str], dict[str, str]]:
    """Skill -> its finest cluster in the previous release, and cluster -> the one above; both empty without one.

    What an expert placed is anchored where the data alone had it, so that a decision that is taken out again takes its
    effect out.
    """
    clusters = previous.clusters if previous else {}
    parents = {cluster.id: cluster.parent for cluster in clusters.values() if cluster.parent}
    finest = set(clusters) - set(parents.values())
    found = {skill: i for i in sorted(finest) for skill in sorted(clusters[i].members)}
    return found | (previous.decided if previous else {}), parents


def _partitioner(
    pillar: Pillar, sectors: SectorLinks, config: Config, previous: Published | None, use_cache: bool
) -> Callable[[Expertise], Partition]:
    """Makes the partition with some expertise, anchored in the previous release; from the cache where it may."""
    anchor, parents = anchors(previous)

    def partitioned(expertise: Expertise) -> Partition:
        def make() -> Partition:
            return make_partition(pillar, sectors, config.clusters, expertise, anchor, parents)

        if not use_cache:
            return make()
        return cached(partition_key(pillar, sectors, config.clusters, expertise, {**anchor, **parents}), make)

    return partitioned
