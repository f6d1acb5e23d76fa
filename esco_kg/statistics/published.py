"""Tables that a release published, read in place of being counted again."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from esco_kg.folder.reading import read_manifest
from esco_kg.model.findings import Table, Value
from esco_kg.statistics.measures import Column, Measure, measure_named, measures

_READ: Mapping[str, Callable[[str], Value]] = {
    "integer": int,
    "decimal": float,
    "boolean": lambda cell: cell == "true",
}


def published(folder: Path, names: Sequence[str] | None = None) -> list[Table] | None:
    """The tables of some measures, or of all, as the release in ``folder`` published them; as :func:`run` gives them.

    None where one of them has to be counted: the release lacks it, it answers another query than ours, it holds hidden
    figures, or its file is not the one that was published. Raises UsageError for an unknown name.
    """
    wanted = measures() if names is None else [measure_named(name) for name in sorted(set(names))]
    manifest = read_manifest(folder)
    found = [_table(folder, manifest, measure) for measure in wanted]
    return [table for table in found if table] if all(found) else None


def _table(folder: Path, manifest: Mapping[str, Any], measure: Measure) -> Table | None:
    entry = manifest.get("measures", {}).get(measure.name, {})
    if entry.get("query_sha256") != measure.sha256:
        return None
    data = _as_published(folder, manifest, str(entry.get("file")))
    if data is None:
        return None
    head, *rows = csv.reader(io.StringIO(data.decode("utf-8"), newline=""))
    if head != [column.name for column in measure.columns]:
        return None  # a last column tells which figures are hidden
    return measure.table(
        [tuple(_value(cell, column) for cell, column in zip(row, measure.columns, strict=True)) for row in rows]
    )


def _value(cell: str, column: Column) -> Value:
    """A cell as the query gives it: only a column that may be blank has blanks, others have empty texts."""
    if not cell:
        return None if column.may_be_blank else ""
    return _READ.get(column.type, str)(cell)


def _as_published(folder: Path, manifest: Mapping[str, Any], name: str) -> bytes | None:
    """The bytes of a file of the release; None where they are not those of its manifest."""
    stated = [entry.get("sha256") for entry in manifest["files"] if entry.get("name") == name]
    try:
        data = (folder / name).read_bytes()
    except OSError:
        return None
    return data if stated == [hashlib.sha256(data).hexdigest()] else None
