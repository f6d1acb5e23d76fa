"""Statistical tables as data cubes: dimensions with code lists, measures with units, and the IRIs they go by.

Made once by :mod:`esco_kg.scheme`, the only minter of IRIs, and written as RDF, as CSVW metadata and as SDMX.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from esco_kg.model.findings import Table, Value
from esco_kg.model.pillar import Language


@dataclass(frozen=True, slots=True)
class Code:
    """One code. ``iri`` is the concept it stands for, ``parent`` the code above it or ''."""

    code: str
    iri: str
    labels: dict[Language, str]
    parent: str = ""
    same_as: str = ""  # IRI of the same concept in a vocabulary of others


@dataclass(frozen=True, slots=True)
class CodeList:
    """All codes a dimension can have. ``start`` is what their IRIs begin with: IRI = start + percent-encoded code.

    ``is_own`` says whether the codes are concepts of ours; those of others (ISCO, NACE) are listed, not owned.
    ``notation`` is the list's own code where it is not its name.
    """

    name: str
    iri: str
    titles: dict[Language, str]
    start: str
    codes: tuple[Code, ...]
    is_own: bool = True
    notation: str = ""


@dataclass(frozen=True, slots=True)
class Dimension:
    """A column that tells observations apart; coded, or a number of the XSD type ``datatype``."""

    column: str
    name: str
    iri: str
    label: str
    codes: CodeList | None
    datatype: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A column that holds an observed number. ``datatype`` is ``integer`` or ``decimal``."""

    column: str
    iri: str
    meaning: str
    datatype: str
    unit: Code


@dataclass(frozen=True, slots=True)
class Cube:
    """One table as a cube. ``dataset`` is an IRI of this release, ``structure`` the same in all releases."""

    table: Table
    dataset: str
    structure: str
    dimensions: tuple[Dimension, ...]
    figures: tuple[Figure, ...]

    def observations(self) -> Iterator[tuple[tuple[Value, ...], tuple[Value, ...], str]]:
        """(key, figures, confidentiality status) per row; the status is ``F`` (free) or ``C`` (suppressed)."""
        columns = self.table.columns
        keys = [columns.index(dimension.column) for dimension in self.dimensions]
        figures = [columns.index(figure.column) for figure in self.figures]
        statuses = self.table.statuses or ["F"] * len(self.table.rows)
        for row, status in zip(self.table.rows, statuses, strict=True):
            yield tuple(row[at] for at in keys), tuple(row[at] for at in figures), status


@dataclass(frozen=True, slots=True)
class QualityMeasurement:
    """One figure about the quality of the release (W3C Data Quality Vocabulary).

    ``metric`` is a stable name (``coverage``), ``dimension`` the kind of quality (``completeness``); ``about`` the code
    of what was measured where it is not the whole release: a level's depth, a language; '' else.
    """

    metric: str
    definition: str
    dimension: str
    value: float | int | bool
    about: str = ""


Ahead = Literal["clusters", "official", "equal"]


@dataclass(frozen=True, slots=True)
class Beside:
    """One figure of a level beside that of the official level with the most similar number of groups, measured in the
    same way. ``ahead``: whose figure is better."""

    metric: str
    level: int
    official_level: int
    ours: float
    theirs: float
    ahead: Ahead
    less_is_better: bool


@dataclass(slots=True)
class Statistics:
    """Everything the graph ``statistics`` and its other forms are made from."""

    cubes: list[Cube]
    code_lists: list[CodeList]
    quality: list[QualityMeasurement] = field(default_factory=list)
