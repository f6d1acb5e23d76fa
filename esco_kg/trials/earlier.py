"""Tables that were published before, of the same data: which cells they show and hide."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from esco_kg.confidentiality.aggregates import Cell
from esco_kg.confidentiality.tables import Coordinates
from esco_kg.errors import InputError, UsageError
from esco_kg.trials.counting import TOTAL
from esco_kg.trials.rows import reading

HEAD, FIGURES = ("by", "level", "code", "label"), ("units", "mentions", "status")
ESTIMATED, SUPPRESSED = "E", "C"
_HINT = "Give tables as esco-kg aggregate wrote them."


@dataclass(frozen=True, slots=True)
class Published:
    """One table. ``shown`` are cells with their (units, mentions), ``lines`` where each stands in the file."""

    path: Path
    across: tuple[str, ...]
    shown: dict[Coordinates, tuple[float, float]] = field(default_factory=dict)
    hidden: set[Coordinates] = field(default_factory=set)
    lines: dict[Coordinates, int] = field(default_factory=dict)

    def classifications(self) -> set[str]:
        """Those whose codes the table has."""
        return {name for place in self.lines for name, _ in place} - set(self.across)


def read_published(path: Path) -> Published:
    """Read a table that ``aggregate`` wrote. Raises InputError with file and line for anything else."""
    with reading(path) as table:
        names = tuple(table.columns)
        if names[: len(HEAD)] != HEAD or names[-len(FIGURES) :] != FIGURES:
            raise InputError(f"{path}:1", f"the columns are {', '.join(names)}", _HINT)
        found = Published(path, names[len(HEAD) : -len(FIGURES)])
        for line, row in enumerate(table.rows, 2):
            if row["status"] == ESTIMATED:
                continue  # made from the other rows
            codes = {str(row["by"]): str(row["code"])} | {name: str(row[name]) for name in found.across}
            place = frozenset((name, code) for name, code in codes.items() if code != TOTAL)
            found.lines[place] = line
            if row["status"] == SUPPRESSED:
                found.hidden.add(place)
                continue
            try:
                found.shown[place] = float(row["units"]), float(row["mentions"])
            except (TypeError, ValueError):
                raise InputError(f"{path}:{line}", f"units are {row['units']!r} without a status", _HINT) from None
    return found


def check(tables: Iterable[Published], cells: Mapping[Coordinates, Cell], smallest: int) -> None:
    """Refuse tables that are not of these data, or show cells of too few units: nothing could protect them."""
    for table in tables:
        for place, line in table.lines.items():
            at = f"{table.path}:{line}"
            cell = cells.get(place)
            if cell is None:
                raise UsageError(f"{at}: these data have no such cell", "Give tables of the same data and release.")
            if place in table.hidden:
                continue
            units, mentions = table.shown[place]
            if abs(units - round(cell.weighted, 1)) > 0.051 or abs(mentions - round(cell.mentions, 1)) > 0.051:
                problem = f"{units:g} units and {mentions:g} mentions; these data have"
                hint = "Two tables of data that differ a little give away what differs. Give tables of the same data."
                raise UsageError(f"{at}: {problem} {cell.weighted:.1f} and {cell.mentions:.1f}", hint)
            if cell.units < smallest:
                problem = f"the published cell is of {cell.units} units, fewer than {smallest}"
                raise UsageError(f"{at}: {problem}", "Give the --smallest that it was published with.")


def columns_of(tables: Sequence[Published], columns: Collection[str]) -> list[str]:
    """The further columns of all tables. Raises UsageError where the data lack one."""
    found: dict[str, None] = {}
    for table in tables:
        for name in table.across:
            if name not in columns:
                hint = "Give the data that the table was made from."
                raise UsageError(f"{table.path} is by {name!r}; the data have no such column", hint)
            found[name] = None
    return list(found)
