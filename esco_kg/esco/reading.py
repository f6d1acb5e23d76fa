"""What the steps of reading a download share: the pillar in the making."""

from __future__ import annotations

from dataclasses import dataclass, field

from esco_kg.esco.defects import Tally
from esco_kg.esco.download import Download
from esco_kg.model.pillar import Pillar


@dataclass(slots=True)
class Reading:
    """A pillar in the making. ``framework``: IRIs of ESCO's framework that columns name and no table is about."""

    download: Download
    tally: Tally
    pillar: Pillar
    read: set[str] = field(default_factory=set)  # tables read so far
    framework: set[str] = field(default_factory=set)

    def known(self, *tables: str) -> bool:
        """Whether all these tables were read, so that ends of relations can be looked up in them."""
        return self.read.issuperset(tables)
