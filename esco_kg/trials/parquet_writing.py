"""Parquet from rows whose types the last one may change: written in parts, each typed by its values, and joined.

Whole numbers and fractions become fractions, days and moments moments, numbers or moments among texts texts. Lists and
objects keep their type; beside anything else they are refused. A sink that is fed row by row could not be interrupted
before it has all.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from esco_kg.errors import OutputError, UsageError
from esco_kg.trials.cells import text_cell
from esco_kg.trials.table_kinds import Row

if TYPE_CHECKING:
    import polars as pl

_PART = 20_000  # rows
_HINT = "Write .csv or .ndjson, or mend the values."


def write_parquet(path: Path, columns: Mapping[str, Any], batches: Iterable[list[Row]]) -> None:
    """Write the rows. Raises UsageError for a column that has no one type, OutputError where the disk is full."""
    import polars as pl

    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        parts: list[Path] = []
        schemas: list[dict[str, Any]] = [{name: _declared(of) for name, of in columns.items()}]
        number = 0
        for batch in _joined(batches, _PART):
            frame = _frame(path, columns, batch, number)
            number += len(batch)
            content = BytesIO()
            frame.write_parquet(content)
            parts.append(Path(folder) / f"{len(parts)}.parquet")
            parts[-1].write_bytes(content.getbuffer())  # polars would tell a full disk in many ways
            schemas.append(dict(frame.schema))
        schema: dict[str, Any] = {name: _common(path, name, [of[name] for of in schemas]) for name in columns}
        try:
            frames = [pl.LazyFrame(schema=schema), *(pl.scan_parquet(part).cast(pl.Schema(schema)) for part in parts)]
            pl.concat(frames).sink_parquet(path)
        except pl.exceptions.PolarsError as error:
            raise OutputError(f"{path.name} cannot be written: {error}", "Is there room on the disk?") from error


def _declared(of: Any) -> Any:
    import polars as pl

    return {str: pl.String, float: pl.Float64, int: pl.Int64, None: pl.Null}.get(of, of)


def _joined(batches: Iterable[list[Row]], size: int) -> Iterator[list[Row]]:
    """The same rows in batches of at least ``size``; the last may be smaller."""
    found: list[Row] = []
    for batch in batches:
        found += batch
        if len(found) >= size:
            yield found
            found = []
    if found:
        yield found


def _frame(path: Path, columns: Mapping[str, Any], batch: list[Row], before: int) -> pl.DataFrame:
    import polars as pl

    series = []
    for name, of in columns.items():
        values = [row.get(name) for row in batch]
        try:
            series.append(
                pl.Series(name, _of_one_type(values) if of is None else values, dtype=_declared(of) if of else None)
            )
        except (ValueError, TypeError, OverflowError, pl.exceptions.PolarsError) as error:
            at = next((n for n, value in enumerate(values) if _is_odd(value, values)), 0)
            place = f"{path.name}: record {before + at + 1}, column {name!r}"
            raise UsageError(f"{place}: {error}".replace("\n", " "), _HINT) from None
    return pl.DataFrame(series)


def _of_one_type(values: list[Any]) -> list[Any]:
    """The values as one type that holds them all. Raises ValueError where there is none."""
    kinds = {type(value) for value in values if value is not None}
    if len(kinds) < 2 and not (kinds == {int} and any(v is not None and abs(v) >= 2**63 for v in values)):
        return values
    if kinds == {int, float}:
        return [None if value is None else float(value) for value in values]
    if kinds <= {date, datetime}:
        return [datetime(v.year, v.month, v.day) if type(v) is date else v for v in values]
    if kinds & {list, dict}:
        raise ValueError("lists or objects among other values")
    return [_text(value) for value in values]


def _text(value: Any) -> str | None:
    return None if value is None else str(text_cell(value))


def _is_odd(value: Any, values: list[Any]) -> bool:
    first = next(type(one) for one in values if one is not None)
    return value is not None and type(value) is not first


def _common(path: Path, name: str, types: list[Any]) -> Any:
    import polars as pl

    found = list(dict.fromkeys(of for of in types if of != pl.Null))
    if len(found) < 2:
        return found[0] if found else pl.String
    if all(of.is_numeric() for of in found):
        return pl.Float64
    if set(found) <= {pl.Date, pl.Datetime("us")}:
        return pl.Datetime("us")
    if any(of.is_nested() for of in found):
        raise UsageError(f"{path.name}: column {name!r} holds lists or objects among other values", _HINT)
    return pl.String
