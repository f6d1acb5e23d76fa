"""Tables with keys that refer to one another, as databases and data frames hold them."""

from __future__ import annotations

from dataclasses import dataclass, field

from esco_kg.model.findings import Value

TYPES = ("string", "integer", "decimal", "date")


@dataclass(frozen=True, slots=True)
class RelationalColumn:
    """One column. ``type`` is one of :data:`TYPES`, a date an ISO text; ``refers_to`` is the ``table.column`` that its
    values stand in, or ''. ``unit`` is what a number counts, or ''."""

    name: str
    type: str
    meaning: str
    refers_to: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class RelationalTable:
    """One table. ``key`` names the columns that tell its rows apart, ``searched`` those whose words are looked for.

    A blank cell is None, never an empty text.
    """

    name: str
    title: str
    columns: tuple[RelationalColumn, ...]
    key: tuple[str, ...] = ()
    searched: tuple[str, ...] = ()
    rows: list[tuple[Value, ...]] = field(default_factory=list)
