"""What the tables of a release are made from, and how their cells are written."""

from __future__ import annotations

from collections.abc import Iterable

from esco_kg.config import Config
from esco_kg.model.clustering import Clustering
from esco_kg.model.findings import Value
from esco_kg.model.pillar import Concept, Pillar, SectorLinks
from esco_kg.model.published import ReleaseInfo
from esco_kg.model.relational import RelationalColumn, RelationalTable
from esco_kg.scheme import Iris

Row = tuple[Value, ...]


def filled(value: str | None) -> str | None:
    """A text, or None for an empty one."""
    return value or None


def rounded(value: float, places: int = 4) -> float:
    """The digits that the CSV has."""
    return round(value, places) + 0.0


def links(
    name: str, title: str, columns: tuple[RelationalColumn, ...], rows: Iterable[Row], keys: int = 3
) -> RelationalTable:
    """A table whose first ``keys`` columns are its key, in the order of the key."""
    key = tuple(column.name for column in columns[:keys])
    ordered = sorted(rows, key=lambda row: tuple(map(str, row[: len(key)])))
    return RelationalTable(name, title, columns, key, rows=ordered)


class Parts:
    """The parts of a release; ``code`` has the end of the IRI of each skill and occupation, or the whole IRI where two
    ends are alike. ``skill_iris`` are sorted, those of allocations to unknown skills among them."""

    def __init__(
        self, clustering: Clustering, pillar: Pillar, sectors: SectorLinks, config: Config, info: ReleaseInfo
    ) -> None:
        self.clustering, self.pillar, self.sectors = clustering, pillar, sectors
        self.config, self.info = config, info
        self.iris = Iris.of(config, info.version)
        self.language = config.main_language
        given = {a.skill for a in clustering.allocations}
        self.skill_iris = sorted({*pillar.skills, *given})
        self.code = {iri: self.iris.key(iri)[1] for iri in (*self.skill_iris, *pillar.occupations)}
        for iris in (self.skill_iris, list(pillar.occupations)):
            if len({self.code[iri] for iri in iris}) < len(iris):  # ends that do not tell them apart
                self.code |= {iri: iri for iri in iris}

    def label(self, concept: Concept | None) -> str | None:
        """The label in the main language."""
        return filled(concept.label(self.language)) if concept else None
