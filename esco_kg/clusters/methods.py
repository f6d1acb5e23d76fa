"""Clustering methods: objects with one call, found by name.

A package that brings a method names it under the entry point group :data:`GROUP`; ``release.toml`` chooses one by name.
The one of this package is ``framed``. Clusters that somebody gave are a method, too
(:class:`esco_kg.clusters.given.partition.GivenMethod`). ``docs/method.md`` shows a whole method.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import entry_points
from typing import Protocol

from esco_kg.clusters.shipped import SHIPPED, FramedMethod
from esco_kg.config import ClusterSettings
from esco_kg.errors import UsageError
from esco_kg.model.expertise import Expertise
from esco_kg.model.partition import Partition
from esco_kg.model.pillar import Pillar, SectorLinks
from esco_kg.model.published import Published

GROUP = "esco_kg.clustering"


class Method(Protocol):
    """Makes clusters.

    ``how`` says in words for readers how it does so, language -> text; notes, catalogue and provenance quote it.
    Decisions about skills that the partition does not name in ``decisions`` are laid over it afterwards.
    """

    how: Mapping[str, str]

    def __call__(
        self,
        pillar: Pillar,
        sectors: SectorLinks,
        settings: ClusterSettings,
        previous: Published | None,
        expertise: Expertise,
    ) -> Partition:
        """Skills -> nested clusters, the same for the same input. Skills that it leaves out stay unallocated."""
        ...


def find_method(name: str) -> Method:
    """The method of this name. Raises UsageError where no installed package brings one."""
    if name == SHIPPED:
        return FramedMethod()
    known = {point.name: point for point in entry_points(group=GROUP)}
    if name not in known:
        hint = f"Known are: {', '.join(sorted({SHIPPED, *known}))}. Install the package that brings it."
        raise UsageError(f"clusters.method = {name!r}: there is no such clustering method", hint)
    found = known[name].load()
    method: Method = found() if isinstance(found, type) else found
    return method
