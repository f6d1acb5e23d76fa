"""The method that comes with the package: experts' frames filled by occupations, texts and sectors."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from esco_kg.clusters.cache import cached, partition_key
from esco_kg.clusters.partition import make_partition
from esco_kg.config import ClusterSettings
from esco_kg.model.expertise import Expertise
from esco_kg.model.partition import Partition
from esco_kg.model.pillar import Pillar, SectorLinks
from esco_kg.model.published import Published

SHIPPED = "framed"


class FramedMethod:
    """See ``docs/clusters.md``."""

    how: Mapping[str, str] = {
        "en": "A program grouped the skills by the occupations that need them, by their texts, and by the sectors of "
        "these occupations, within frames that experts drew."
    }

    def __call__(
        self,
        pillar: Pillar,
        sectors: SectorLinks,
        settings: ClusterSettings,
        previous: Published | None,
        expertise: Expertise,
    ) -> Partition:
        """As :func:`esco_kg.clusters.partition.make_partition`, anchored in the previous release."""
        return partitioner(pillar, sectors, settings, previous, use_cache=False)(expertise)


def partitioner(
    pillar: Pillar, sectors: SectorLinks, settings: ClusterSettings, previous: Published | None, use_cache: bool
) -> Callable[[Expertise], Partition]:
    """Makes the partition with some expertise, anchored in the previous release; from the cache where it may."""
    anchor, parents = anchors(previous)

    def partitioned(expertise: Expertise) -> Partition:
        def make() -> Partition:
            return make_partition(pillar, sectors, settings, expertise, anchor, parents)

        if not use_cache:
            return make()
        return cached(partition_key(pillar, sectors, settings, expertise, {**anchor, **parents}), make)

    return partitioned


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
