"""Pillar and clusters as RDF; the only place where IRIs of ours are minted."""

from esco_kg.scheme.catalogue import catalogue_blocks, shelf_catalogue_blocks
from esco_kg.scheme.changes import change_blocks
from esco_kg.scheme.clusters import cluster_blocks
from esco_kg.scheme.iris import Iris
from esco_kg.scheme.pillar import code_blocks, pillar_blocks

__all__ = [
    "Iris",
    "catalogue_blocks",
    "change_blocks",
    "cluster_blocks",
    "code_blocks",
    "pillar_blocks",
    "shelf_catalogue_blocks",
]
