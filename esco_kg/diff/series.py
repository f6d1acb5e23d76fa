"""A user's table of counts by old clusters, carried over to the new ones."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Set
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from esco_kg.diff import scheme
from esco_kg.diff.bridge import NOWHERE, Carried, bridge, carry, shares
from esco_kg.diff.clusters import overlaps
from esco_kg.diff.compare import as_release
from esco_kg.diff.tables import Clusters, read_release
from esco_kg.errors import InputError, MissingError, UsageError

_ID = re.compile(r"(?:^|/)([\w.~-]+)$")  # alone, or at the end of an IRI
_VALUES = ("value", "count", "obs_value")
_RATE = re.compile(r"rate|share|ratio|percent|proportion|average|mean|median|index|%|\bper\b|_per_", re.IGNORECASE)
_MOST_PLACES = 12


@dataclass(frozen=True, slots=True)
class CarriedTable:
    """The new table as CSV, and what to know of it. ``share`` is the part of the total that rests on an estimate."""

    table: str
    old: str
    new: str
    total: Decimal
    share: float
    nowhere: Decimal

    def facts(self) -> dict[str, object]:
        """The report for programs."""
        return {
            "old": self.old,
            "new": self.new,
            "total": str(self.total),
            "estimated_share": round(self.share, 6),
            "without_successor": str(self.nowhere),
        }

    def sentence(self) -> str:
        """The report for people."""
        told = (
            f"{self.total} carried from release {self.old} to {self.new}; {self.share:.1%} of it rests on an estimate."
        )
        return f"{told} {self.nowhere} belongs to clusters without a successor." if self.nowhere else told


@dataclass(slots=True)
class _Table:
    """The user's table: rows as read with their line numbers, and which column is which."""

    path: Path
    head: list[str]
    rows: list[tuple[int, list[str]]]
    cluster: int
    value: int


def carry_over(
    old: Path,
    new: Path,
    series: Path,
    *,
    cluster: str | None = None,
    value: str | None = None,
    by: str = "links",
    decimals: int | None = None,
    are_counts: bool = False,
) -> CarriedTable:
    """Carry the counts of a CSV table from the clusters of one release to those of another, older or newer.

    Raises UsageError where the table seems to hold rates, or a column cannot be recognised, InputError with file and
    line for a cluster or number that cannot be read.
    """
    before, after = as_release(old), as_release(new)
    here, there = read_release(old, before.version), read_release(new, after.version)
    table = _read(series, cluster, value, here.clusters.keys() | here.registry.keys())
    places = _places(table, decimals)
    counts = [(line, row, _number(table, line, row[table.value])) for line, row in table.rows]
    if not are_counts:
        _refuse_rates(table, [count for _, _, count in counts])
    links: list[dict[str, int]] = [{}, {}]
    if by == "links":
        survey = scheme.counted(before.graph("pillar"), after.graph("pillar"))
        links = [{term[1:-1]: n for term, n in side.links.items()} for side in (survey.old, survey.new)]
    rows = bridge(here, there, overlaps(here, there), *links)
    given = [
        (_others(table, row), _cluster(table, line, row[table.cluster], here), count) for line, row, count in counts
    ]
    carried = carry(given, shares(rows, by=by), {i: c.depth for i, c in here.clusters.items()}, places)
    text = _written(
        table, carried, _before_id(table).replace(f"/release/{before.version}/", f"/release/{after.version}/")
    )
    total = sum((count for _, _, count in counts), Decimal(0))
    return CarriedTable(text, before.version, after.version, total, carried.share, carried.nowhere)


def _read(path: Path, cluster: str | None, value: str | None, known: Set[str]) -> _Table:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream)
            lines = [(reader.line_num, row) for row in reader if row]
    except FileNotFoundError:
        raise MissingError(str(path), "Give the CSV with the series.") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(str(path), f"not a CSV table: {error}", "Save it as CSV in UTF-8.") from None
    if len(lines) < 2:
        raise InputError(str(path), "holds no row", "Give a table with a head and at least one count.")
    head, rows = lines[0][1], lines[1:]
    for line, row in rows:
        if len(row) != len(head):
            raise InputError(f"{path}:{line}", f"{len(row)} columns instead of {len(head)}")
    column = _named(path, head, cluster) if cluster else _cluster_column(path, head, rows, known)
    return _Table(path, head, rows, column, _value_column(path, head, rows, value))


def _named(path: Path, head: list[str], name: str) -> int:
    if name not in head:
        raise UsageError(f"{path} has no column {name}", f"Its columns: {', '.join(head)}.")
    return head.index(name)


def _cluster_column(path: Path, head: list[str], rows: list[tuple[int, list[str]]], known: Set[str]) -> int:
    """The column that holds ids of clusters; where a row of it is wrong, the one that holds some."""
    ids = [sum(_id(row[place]) in known for _, row in rows) for place in range(len(head))]
    found = [place for place, count in enumerate(ids) if count == len(rows)]
    found = found or [place for place, count in enumerate(ids) if count]
    # Where no row has a known id, the error about the first row says more than one about columns.
    found = found or [place for place, name in enumerate(head) if name.casefold() == "cluster"]
    if len(found) != 1:
        said = f"{len(found)} columns hold ids of clusters" if found else "no column holds ids of clusters"
        raise UsageError(f"{path}: {said}", f"Name the right one with --cluster: {', '.join(head)}.")
    return found[0]


def _value_column(path: Path, head: list[str], rows: list[tuple[int, list[str]]], name: str | None) -> int:
    if name:
        return _named(path, head, name)
    found = [place for place, column in enumerate(head) if column.lower() in _VALUES]
    if not found:
        found = [p for p in range(len(head)) if all(_is_number(row[p]) for _, row in rows)]
        found = [p for p in found if not re.fullmatch(r"year|time|time_period|date", head[p], re.IGNORECASE)]
    if len(found) != 1:
        raise UsageError(f"{path}: {len(found)} columns could hold the counts", "Name the right one with --value.")
    return found[0]


def _is_number(text: str) -> bool:
    try:
        return Decimal(text.strip().removesuffix("%")).is_finite()
    except InvalidOperation:
        return False


def _number(table: _Table, line: int, text: str) -> Decimal:
    place = f"{table.path}:{line}"
    if text.strip().endswith("%"):
        raise UsageError(f"{place}: {text} is a percentage", "Carry over the counts behind it, then divide again.")
    if not _is_number(text):
        raise InputError(place, f"{text!r} is no number", "Write counts without thousands separators.")
    number = Decimal(text.strip())
    if number < 0:
        raise InputError(
            place, f"{text} is below zero", "Carry over the counts of each date, then take the difference."
        )
    return number


def _refuse_rates(table: _Table, counts: list[Decimal]) -> None:
    """A rate has no total: to share it out by weights gives a number without a meaning."""
    name = table.head[table.value]
    fractions = [count for count in counts if count != count.to_integral_value()]
    total = sum(counts, Decimal(0))
    reasons = {
        f"the column is called {name}": bool(_RATE.search(name)),
        "all its values lie between 0 and 1": bool(fractions) and max(counts) <= 1,
        "its values add up to 100": bool(fractions) and abs(total - 100) < Decimal("0.5"),
    }
    for reason, holds in reasons.items():
        if holds:
            raise UsageError(
                f"{table.path}: these seem to be rates: {reason}",
                "Carry over the counts behind them, then divide again; or say --counts if they are counts.",
            )


def _places(table: _Table, decimals: int | None) -> int:
    if decimals is not None and not 0 <= decimals <= _MOST_PLACES:
        raise UsageError(f"--decimals {decimals} is not between 0 and {_MOST_PLACES}")
    written = max((len(row[table.value].strip().partition(".")[2]) for _, row in table.rows), default=0)
    return max(written, decimals or 0)


def _cluster(table: _Table, line: int, text: str, old: Clusters) -> str:
    identifier = _id(text)
    if identifier in old.clusters:
        return identifier
    entry = old.registry.get(identifier)
    hint = (
        f"It was retired in release {entry.retired_in}." if entry and entry.retired_in else "Is OLD the right release?"
    )
    raise InputError(f"{table.path}:{line}", f"{text!r} is no cluster of release {old.version}", hint)


def _id(text: str) -> str:
    found = _ID.search(text.strip())
    return found[1] if found else text.strip()


def _others(table: _Table, row: list[str]) -> tuple[str, ...]:
    return tuple(cell for place, cell in enumerate(row) if place not in (table.cluster, table.value))


def _before_id(table: _Table) -> str:
    """What stands before the id in the table's first cluster: the rest of an IRI, or nothing."""
    cell = table.rows[0][1][table.cluster].strip()
    found = _ID.search(cell)
    return cell[: found.start(1)] if found else ""


def _written(table: _Table, carried: Carried, start: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*table.head, "estimated"])
    order = {
        dimensions: place for place, dimensions in enumerate(dict.fromkeys(_others(table, r) for _, r in table.rows))
    }
    for dimensions, target in sorted(carried.values, key=lambda key: (order[key[0]], key[1] == NOWHERE, key[1])):
        cells = list(dimensions)
        key = (dimensions, target)
        name = f"{start}{target}" if target else ""
        for place, cell in sorted(((table.cluster, name), (table.value, f"{carried.values[key]:f}"))):
            cells.insert(place, cell)
        writer.writerow([*cells, f"{carried.estimated.get(key, Decimal(0)):f}"])
    return out.getvalue()
