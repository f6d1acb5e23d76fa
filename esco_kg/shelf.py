"""What stands beside the releases under ``releases/`` and is rewritten with each: the catalogue of all of them."""

from __future__ import annotations

from pathlib import Path

from esco_kg.config import Config
from esco_kg.dump import turtle_text
from esco_kg.published import shelved
from esco_kg.scheme import shelf_catalogue_blocks
from esco_kg.staging import write_atomically

CATALOGUE = "catalogue.ttl"


def update(out: Path, config: Config) -> None:
    """Rewrite ``catalogue.ttl`` as a whole from the manifests of the releases in ``out``."""
    releases = [release.manifest for release in shelved(out, config.base_iri)]
    write_atomically(out / CATALOGUE, turtle_text(shelf_catalogue_blocks(config, releases)))
