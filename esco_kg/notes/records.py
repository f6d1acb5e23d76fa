"""Reading the measures' tables: rows as records, checked numbers, who has most of what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from esco_kg.model.findings import Table, Value

Record = dict[str, Value]
"""One row of a measure: column -> value."""

_MOST_LEADERS = 3


@dataclass(frozen=True, slots=True)
class Leaders:
    """A group or list and the clusters that have most of it, as (id, figure), largest first."""

    code: str
    label: str
    clusters: tuple[tuple[str, float], ...]


def records(table: Table) -> list[Record]:
    """The rows of a table under the names of its columns."""
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def in_english(texts: Mapping[str, str]) -> str:
    """English where there is some, otherwise the first language there is; '' where there is none."""
    return texts.get("en") or next((texts[language] for language in sorted(texts)), "")


def leaders(rows: Sequence[Record], key: str, label: str, figure: str) -> list[Leaders]:
    """Per value of ``key`` the top-level clusters with the largest figure, in the order of the key."""
    groups: dict[str, list[Record]] = defaultdict(list)
    for row in rows:
        if row["depth"] == 1:
            groups[str(row[key])].append(row)
    found = []
    for code, members in sorted(groups.items()):
        first = sorted(members, key=lambda r: (-number(r[figure]), str(r["cluster"])))[:_MOST_LEADERS]
        found.append(
            Leaders(code, str(members[0][label]), tuple((str(r["cluster"]), number(r[figure])) for r in first))
        )
    return found


def summed(rows: Sequence[Record], key: str, figure: str) -> dict[str, int]:
    """Per value of ``key`` the sum of a column; skill, knowledge and none are always there."""
    total: dict[str, int] = {"skill": 0, "knowledge": 0, "none": 0}
    for row in rows:
        total[str(row[key])] = total.get(str(row[key]), 0) + integer(row[figure])
    return total


def integer(value: Value) -> int:
    """The value of an integer column. Raises TypeError where it is of another type."""
    if not isinstance(value, int):
        raise TypeError(f"not an integer: {value!r}")
    return value


def number(value: Value) -> float:
    """The value of a column of numbers. Raises TypeError where it is of another type."""
    if not isinstance(value, int | float):
        raise TypeError(f"not a number: {value!r}")
    return float(value)
