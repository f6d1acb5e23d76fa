"""From skills to clusters: partition, expert knowledge, identity, names, relations, sector profiles."""

from __future__ import annotations

from pathlib import Path

from esco_kg.clusters.assembly import assemble
from esco_kg.clusters.expertise import read_expertise
from esco_kg.clusters.identity import identify
from esco_kg.clusters.nested import Nested
from esco_kg.clusters.partition import make_partition
from esco_kg.config import Config
from esco_kg.model.clustering import Clustering
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
    Raises InputError where a line in ``expertise_folder`` is malformed or two lines contradict one another.
    """
    expertise = read_expertise(expertise_folder, pillar, previous)
    partition = make_partition(pillar, sectors, config.clusters, expertise, None)
    nested = Nested(partition, pillar)
    identities = identify(nested, previous, config.identity_kept, version)
    return assemble(nested, sectors, config, identities, expertise, previous, issued)
