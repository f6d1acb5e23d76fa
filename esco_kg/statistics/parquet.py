"""The tables of a release as Parquet files, typed, for data frames and DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from esco_kg.model.findings import Value
from esco_kg.model.relational import RelationalTable


def write_parquet(tables: Sequence[RelationalTable], folder: Path) -> None:
    """Write ``<table>.parquet`` for each into ``folder``, which is made."""
    import polars as pl  # a third of a second, and nothing else in a release needs it

    types = {"string": pl.String, "integer": pl.Int64, "decimal": pl.Float64, "date": pl.Date}
    folder.mkdir()
    for table in tables:
        cells = list(zip(*table.rows, strict=True)) or [()] * len(table.columns)
        columns = [
            pl.Series(
                column.name, [_date(value) for value in values] if column.type == "date" else values, types[column.type]
            )
            for column, values in zip(table.columns, cells, strict=True)
        ]
        pl.DataFrame(columns).write_parquet(folder / f"{table.name}.parquet", compression="zstd")


def _date(value: Value) -> date | None:
    return date.fromisoformat(str(value)) if value else None
