"""From skills to clusters: partition, expert knowledge, identity, names, relations, sector profiles."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from esco_kg.clusters.assembly import Assembly
from esco_kg.clusters.effects import remember_data, without_decisions
from esco_kg.clusters.expertise import read_expertise
from esco_kg.clusters.given.clustering import given_clustering
from esco_kg.clusters.identity import identify
from esco_kg.clusters.methods import find_method
from esco_kg.clusters.nested import Nested
from esco_kg.clusters.regrouped import with_decisions
from esco_kg.clusters.shipped import SHIPPED, anchors, partitioner
from esco_kg.clusters.verification import verified
from esco_kg.config import Config
from esco_kg.errors import InputError
from esco_kg.model.clustering import Clustering, Origin
from esco_kg.model.expertise import Expertise
from esco_kg.model.given import GivenClusters
from esco_kg.model.partition import Partition
from esco_kg.model.pillar import Pillar, SectorLinks
from esco_kg.model.published import Published

__all__ = ["anchors", "cluster"]


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
    given: GivenClusters | None = None,
    complete: bool = False,
) -> Clustering:
    """Cluster the skills of a pillar by the method that ``config`` names, or take the ``given`` clusters.

    ``version`` stands in the registry beside ids minted now, ``issued`` (ISO date) at clusters whose content is new.
    Where there are decisions about skills, the partition is made without them, too, to tell what they changed.
    ``complete`` places the skills that given clusters leave out.
    Raises InputError where a line in ``expertise_folder`` is malformed or does not hold, lines contradict one another,
    or nothing was read in the main language.
    """
    _check_language(pillar, config)
    if given is not None:
        return given_clustering(
            given, pillar, sectors, config, previous=previous, expertise_folder=expertise_folder, version=version,
            issued=issued, complete=complete,
        )  # fmt: skip
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
    if config.clusters.method != SHIPPED:
        unallocated = tuple(sorted(pillar.skills.keys() - set(partition.skills)))
        how = dict(find_method(config.clusters.method).how) | config.how
        found.origin = Origin("method", config.made_by, how, unallocated=unallocated)
    return found


def _check_language(pillar: Pillar, config: Config) -> None:
    if config.main_language not in pillar.languages:
        read = ", ".join(pillar.languages)
        said = f"scheme.main_language {config.main_language!r} is none of the languages that were read ({read})"
        raise InputError(
            config.place or "release.toml", said, "Set it to one of these, or add the tables in that language."
        )


def _partitioner(
    pillar: Pillar, sectors: SectorLinks, config: Config, previous: Published | None, use_cache: bool
) -> Callable[[Expertise], Partition]:
    """Makes the partition with some expertise, by the method that the settings name."""
    if config.clusters.method == SHIPPED:
        return partitioner(pillar, sectors, config.clusters, previous, use_cache)
    method = find_method(config.clusters.method)

    def partitioned(expertise: Expertise) -> Partition:
        partition = method(pillar, sectors, config.clusters, previous, expertise)
        if any(partition.decisions):
            return partition
        return with_decisions(partition, expertise, pillar, *anchors(previous))

    return partitioned
