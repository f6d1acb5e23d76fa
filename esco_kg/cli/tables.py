"""Tables on a terminal: aligned for people, CSV or JSON for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence

from esco_kg.model.findings import Table, Value

_WIDEST = 60  # characters of a column; what is longer would break lines on most terminals


def printed(tables: Sequence[Table], form: str) -> str:
    """The tables as text that ends with a line end. ``form`` is one of :data:`FORMS`."""
    return FORMS[form](tables)


def _json(tables: Sequence[Table]) -> str:
    found = {t.name: [dict(zip(t.columns, row, strict=True)) for row in t.rows] for t in tables}
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _csv(tables: Sequence[Table]) -> str:
    """One after the other, an empty line between."""
    return "\n".join(_as_csv(table) for table in tables)


def _table(tables: Sequence[Table]) -> str:
    return "\n".join(_aligned(table) for table in tables)


def _as_csv(table: Table) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows(["" if value is None else _cell(value) for value in row] for row in table.rows)
    return out.getvalue()


def _aligned(table: Table) -> str:
    cells = [table.columns, *([_short(_cell(value)) for value in row] for row in table.rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(table.columns))]
    numeric = [kind in ("integer", "decimal") for kind in table.types]
    lines = [f"{table.name}: {table.question}"]
    for number, row in enumerate(cells):
        parts = [c.rjust(w) if n else c.ljust(w) for c, w, n in zip(row, widths, numeric, strict=True)]
        lines.append("  ".join(parts).rstrip())
        if number == 0:
            lines.append("  ".join("-" * width for width in widths))
    return "\n".join(lines) + "\n"


def _cell(value: Value) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _short(text: str) -> str:
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"


# The values of --format, in the order in which every command offers them; a new form is one more line.
FORMS: dict[str, Callable[[Sequence[Table]], str]] = {"table": _table, "csv": _csv, "json": _json}
