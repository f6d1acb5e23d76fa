"""Pillar and clusters as RDF; the only place where IRIs of ours are minted."""

from esco_kg.scheme.catalogue import catalogue_blocks, releases_catalogue_blocks
from esco_kg.scheme.changes import change_blocks
from esco_kg.scheme.clusters import cluster_blocks
from esco_kg.scheme.codes import code_blocks
from esco_kg.scheme.iris import Iris
from esco_kg.scheme.mappings import mapping_sets
from esco_kg.scheme.pillar import pillar_blocks
from esco_kg.scheme.sheets import cluster_sheets, plain_sheet, statistics_sheets
from esco_kg.scheme.statistics import statistics_blocks, statistics_of

__all__ = [
    "Iris",
    "catalogue_blocks",
    "change_blocks",
    "cluster_blocks",
    "cluster_sheets",
    "code_blocks",
    "mapping_sets",
    "pillar_blocks",
    "plain_sheet",
    "releases_catalogue_blocks",
    "statistics_blocks",
    "statistics_of",
    "statistics_sheets",
]
