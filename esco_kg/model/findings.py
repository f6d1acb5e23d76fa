"""What a check finds and what a measure counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import polars

Severity = Literal["violation", "warning", "info"]
Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing wrong at one place. ``focus``, ``path`` and ``value`` are N-Triples terms or empty strings."""

    severity: Severity
    rule: str  # "skos:S14", "ekg:one-primary-allocation", "xkos:..."
    focus: str
    path: str
    value: str
    message: str
    graph: str = ""  # clusters, pillar, codes, catalogue
    component: str = ""  # IRI of the SHACL constraint component; empty for a rule that is no shape
    withdrawn: bool = False  # about a concept that its publisher has withdrawn
    own_severity: str = ""  # IRI of a severity that the author of a shape made up; ``severity`` is then a violation
    # As literals, where they are known: the messages of the author of a shape, otherwise the engine's.
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sum:
    """What a column counts: a ``statistic`` that adds up over its dimensions, and the fixed ``codes`` of the column.

    ``Sum("links", {"necessity": "essential"})``: counts of links, here the essential ones.
    """

    statistic: str
    codes: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Table:
    """The answer to one measure.

    ``types`` holds one of ``string``, ``integer``, ``decimal``, ``boolean``, ``iri``, ``date`` per column; ``rows`` are
    tuples of Python values in the order the query gives. ``dimensions`` maps a column to the name of the dimension it
    is, ``units`` a column of numbers to its unit, ``sums`` a column of counts to what adds up. ``statuses`` has one of
    ``F`` (free) and ``C`` (suppressed) per row, or nothing: all free.
    """

    name: str
    question: str
    columns: list[str]
    types: list[str]
    rows: list[tuple[Value, ...]] = field(default_factory=list)
    query_sha256: str = ""
    meanings: list[str] = field(default_factory=list)
    dimensions: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    sums: dict[str, Sum] = field(default_factory=dict)
    statuses: list[str] = field(default_factory=list)

    def to_polars(self) -> polars.DataFrame:
        """The rows as a data frame: integers, floats, booleans and dates as such, IRIs as strings, blanks as nulls."""
        import polars

        kinds: dict[str, Any] = {
            "integer": polars.Int64, "decimal": polars.Float64, "boolean": polars.Boolean, "date": polars.Date,
        }  # fmt: skip
        of = dict(zip(self.columns, self.types, strict=True))
        values = {name: [_typed(row[n], kind) for row in self.rows] for n, (name, kind) in enumerate(of.items())}
        return polars.DataFrame(values, schema={name: kinds.get(kind, polars.String) for name, kind in of.items()})


def _typed(value: Value, kind: str) -> Value | date:
    return date.fromisoformat(value) if kind == "date" and isinstance(value, str) else value
