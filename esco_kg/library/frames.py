"""A published CSV as a data frame of polars: typed columns, blanks as nulls."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from esco_kg.errors import InputError

if TYPE_CHECKING:
    import polars as pl


def read_csv(path: Path, numbers: Mapping[str, str]) -> pl.DataFrame:
    """A published CSV. ``numbers`` maps a column to ``integer`` or ``decimal``; all others are strings.

    Raises InputError where the file is missing or a cell is no number.
    """
    import polars as pl

    kinds: dict[str, Any] = {"integer": pl.Int64, "decimal": pl.Float64}
    try:
        found = pl.read_csv(path, infer_schema=False, encoding="utf8")
        return found.with_columns(pl.col(name).cast(kinds[kind]) for name, kind in numbers.items())
    except FileNotFoundError:
        raise InputError(str(path), "the release lacks this table", "Take the release from its origin again.") from None
    except (pl.exceptions.PolarsError, OSError) as error:
        first = str(error).partition("\n")[0]
        raise InputError(str(path), f"cannot be read: {first}", "Take the release from its origin again.") from None
