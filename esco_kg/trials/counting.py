"""Rows of skills counted by codes of classifications and by further columns, at all levels and with all totals.

Blank values are a category of their own, ``_U``, and totals are ``_T``, as in the code lists of SDMX.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import isfinite
from typing import Any, Literal

from esco_kg.confidentiality.aggregates import Cell
from esco_kg.confidentiality.tables import Coordinates
from esco_kg.errors import UsageError
from esco_kg.folder.material import Material
from esco_kg.trials.rows import Row

Counted = Literal["cluster", "isco"]
TOTAL, UNKNOWN = "_T", "_U"
Path = tuple[str, ...]  # codes from the top level down


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table that are counted: skills, the unit and its weight, occupations, further dimensions."""

    skill: str
    unit: str | None = None
    weight: str | None = None
    occupation: str | None = None
    across: tuple[str, ...] = ()


@dataclass(slots=True)
class Counts:
    """What was read. ``read`` counts rows, ``unknown`` those with a skill that the release lacks, ``no_skill`` and
    ``no_unit`` those where it is blank, ``no_occupation`` those without a known occupation: they count as unknown.
    """

    read: int = 0
    unknown: int = 0
    no_skill: int = 0
    no_unit: int = 0
    no_occupation: int = 0
    last: str = ""
    units: list[int] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    paths: dict[str, list[Path]] = field(default_factory=dict)
    values: dict[str, list[str]] = field(default_factory=dict)


def read_rows(material: Material, rows: Iterable[Row], columns: Columns, counted: Sequence[Counted]) -> Counts:
    """Read the rows that count. Raises UsageError for a column that is missing, and for a value that cannot be."""
    found = Counts(paths={by: [] for by in counted}, values={name: [] for name in columns.across})
    place = {by: _placing(material, columns, by) for by in counted}
    known, numbers, weights = material.skills_by_label(), _Numbers(), _Weights()
    for number, row in enumerate(rows, 1):
        found.read = number
        name = text(row, columns.skill)
        skills = known.get(name) or known.get(name.casefold())
        unit = text(row, columns.unit) if columns.unit else str(number)
        if not skills or not unit:
            found.no_skill += not name
            found.unknown += bool(name) and not skills
            found.no_unit += bool(skills) and not unit
            found.last = name or found.last
            continue
        found.units.append(numbers[unit])
        found.weights.append(weights.of(row, columns.weight, unit, number) if columns.weight else 1.0)
        for by in counted:
            path = place[by](skills[0], row)
            found.no_occupation += by == "isco" and path == (UNKNOWN,)
            found.paths[by].append(path)
        for column in columns.across:
            found.values[column].append(_category(row, column, number))
    return found


class _Numbers(dict[str, int]):
    def __missing__(self, key: str) -> int:
        self[key] = len(self)
        return self[key]


class _Weights:
    """The weight of each unit: one number above 0, the same in all its rows."""

    def __init__(self) -> None:
        self._of: dict[str, float] = {}

    def of(self, row: Row, column: str, unit: str, number: int) -> float:
        given = text(row, column)
        try:
            weight = float(given)
        except ValueError:
            weight = 0.0
        if not (isfinite(weight) and weight > 0):
            hint = "Give each row the weight of its unit, or take out the rows without one."
            raise UsageError(f"row {number}: {column} is {given!r}, no number above 0", hint)
        if self._of.setdefault(unit, weight) != weight:
            hint = "A weight belongs to the unit, not to the row."
            raise UsageError(f"row {number}: {column} is {given} for {unit!r}, which had {self._of[unit]:g}", hint)
        return weight


def text(row: Row, column: str) -> str:
    """The value of a column without blanks around it; '' where it has none. Raises UsageError without the column."""
    if column not in row:
        raise UsageError(f"the table has no column {column!r}", f"It has {', '.join(row)}.")
    value = row[column]
    return "" if value is None else str(value).strip()


def _category(row: Row, column: str, number: int) -> str:
    found = text(row, column)
    if found in (TOTAL, UNKNOWN):
        hint = f"The table writes {TOTAL} for totals and {UNKNOWN} for blank values: write it otherwise."
        raise UsageError(f"row {number}: {column} is {found!r}", hint)
    return found or UNKNOWN


def _placing(material: Material, columns: Columns, by: Counted) -> Callable[[str, Row], Path]:
    """A function from a skill and its row to codes from the top level down; ``_U`` where there is none."""
    if by == "cluster":
        paths = {skill: tuple(material.path(found.cluster)) for skill, found in material.primary.items()}
        return lambda skill, row: paths.get(skill, (UNKNOWN,))
    by_name = {iri: o.isco for iri, o in material.occupations.items()}
    for occupation in material.occupations.values():
        for texts in occupation.texts.values():
            by_name.setdefault(texts.pref.casefold(), occupation.isco)

    def path(skill: str, row: Row) -> Path:
        given = text(row, columns.occupation or "")
        code = given if given in material.isco else by_name.get(given) or by_name.get(given.casefold(), "")
        return tuple(code[:digits] for digits in range(1, len(code) + 1)) or (UNKNOWN,)

    return path


def count(counts: Counts, dimensions: Iterable[tuple[str | None, frozenset[str]]]) -> dict[Coordinates, Cell]:
    """A cell for each combination of codes that occurs, for each of ``dimensions``: a classification or None, further
    columns.
    """
    import polars as pl

    frame = pl.DataFrame({"unit": counts.units, "weight": counts.weights}, schema={"unit": int, "weight": float})
    data: dict[str, Any] = {f"across {name}": values for name, values in counts.values.items()}
    depths = {by: max(map(len, paths), default=0) for by, paths in counts.paths.items()}
    for by, paths in counts.paths.items():
        for level in range(depths[by]):
            data[f"{by} {level}"] = [path[level] if level < len(path) else None for path in paths]
    frame = frame.with_columns(pl.Series(name, values, dtype=pl.String) for name, values in data.items())
    found: dict[Coordinates, Cell] = {}
    for kind, across in sorted(set(dimensions), key=lambda pair: (pair[0] or "", sorted(pair[1]))):
        named = {f"across {name}": name for name in sorted(across)}
        levels = [{f"{kind} {level}": kind} for level in range(depths[kind])] if kind else [{}]
        for code in levels:
            _count(frame, named | code, found)
    return found


def _count(frame: Any, columns: Mapping[str, str], found: dict[Coordinates, Cell]) -> None:
    """Add the cells by some columns -> dimensions of the frame."""
    import polars as pl

    frame = frame.drop_nulls(list(columns)).with_columns(pl.lit(TOTAL).alias("all"))
    units = frame.group_by(["all", *columns, "unit"], maintain_order=True).agg(pl.col("weight").first(), pl.len())
    cells = units.group_by(["all", *columns], maintain_order=True).agg(
        pl.len().alias("units"), pl.col("weight").sum().alias("weighted"),
        (pl.col("weight") * pl.col("len")).sum().alias("mentions"),
    )  # fmt: skip
    for row in cells.sort(list(columns) or "all").iter_rows(named=True):
        place = frozenset((dimension, row[column]) for column, dimension in columns.items())
        found[place] = Cell(row["units"], row["weighted"], row["mentions"])


def subsets(names: Iterable[str]) -> list[frozenset[str]]:
    """All combinations of some columns, none and all among them."""
    given = sorted(set(names))
    return [frozenset(some) for size in range(len(given) + 1) for some in combinations(given, size)]


def additive(counts: Counts) -> set[str]:
    """The further columns that have one value for each unit, so that numbers of units add up over them."""
    found = set()
    for name, values in counts.values.items():
        if len(set(zip(counts.units, values, strict=True))) == len(set(counts.units)):
            found.add(name)
    return found
