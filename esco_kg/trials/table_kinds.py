"""What a table is: a stream of rows, each a dictionary from column to value; its kind follows from its file's
ending."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from esco_kg.errors import UsageError

Row = dict[str, Any]
KINDS = {".csv": "csv", ".xlsx": "xlsx", ".ndjson": "ndjson", ".jsonl": "ndjson", ".parquet": "parquet", "": "csv"}


@dataclass(slots=True)
class Rows:
    """A table being read: ``columns``, ``types`` where the file tells them, and the rows, once.

    ``share()`` tells how much of the file was read, in [0, 1], or None where nobody knows. ``told`` says how the file
    was read where that had to be recognised, or ''.
    """

    columns: list[str]
    rows: Iterator[Row]
    share: Callable[[], float | None]
    types: Mapping[str, Any]
    told: str = ""


def kind_of(path: Path) -> str:
    """``csv``, ``xlsx``, ``ndjson`` or ``parquet``. Raises UsageError for another ending."""
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise UsageError(f"{path}: unknown kind of file", "Known endings: .csv, .xlsx, .ndjson, .parquet.")
    return kind
