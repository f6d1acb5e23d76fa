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
    ordered = sorted(rows, key=lambda row: row[: len(key)])
    return RelationalTable(name, title, columns, key, rows=ordered)


class Parts:
    """The parts of a release. ``number`` has the id of each skill and occupation, from 1 on in the order of their IRIs:
    126,000 links of long codes would make the half of a database. ``code`` is the end of an IRI. ``skill_iris`` are
    sorted, those of allocations to unknown skills among them."""

    def __init__(
        self, clustering: Clustering, pillar: Pillar, sectors: SectorLinks, config: Config, info: ReleaseInfo
    ) -> None:
        self.clustering, self.pillar, self.sectors = clustering, pillar, sectors
        self.config, self.info = config, info
        self.iris = Iris.of(config, info.version)
        self.language = config.main_language
        given = {a.skill for a in clustering.allocations}
        self.skill_iris = sorted({*pillar.skills, *given})
        self.occupation_iris = sorted(pillar.occupations)
        listed = (self.skill_iris, self.occupation_iris)
        self.number = {iri: number for iris in listed for number, iri in enumerate(iris, start=1)}
        self.code = {iri: self.iris.key(iri)[1] for iris in listed for iri in iris}

    def label(self, concept: Concept | None) -> str | None:
        """The label in the main language."""
        return filled(concept.label(self.language)) if concept else None
