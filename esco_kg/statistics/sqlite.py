"""A release as one SQLite file, with the metadata file that datasette reads.

The file holds foreign keys, a full-text index over names and descriptions, and a table ``columns`` that says what each
column means. The same tables give the same bytes under one version of SQLite.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from esco_kg.model.relational import RelationalColumn, RelationalTable

_TYPES = {"string": "TEXT", "integer": "INTEGER", "decimal": "REAL", "date": "TEXT"}
_DICTIONARY = RelationalTable(
    "columns",
    "What each column means",
    tuple(
        RelationalColumn(name, "string", meaning)
        for name, meaning in (
            ("table", "name of the table"),
            ("column", "name of the column"),
            ("type", "string, integer, decimal or date (an ISO text)"),
            ("unit", "what a number counts"),
            ("refers_to", "table and column that its values stand in"),
            ("meaning", "what it is"),
        )
    ),
    ("table", "column"),
)


def write_sqlite(tables: Sequence[RelationalTable], path: Path) -> None:
    """Write the tables, each after those that it refers to. Raises ValueError where a reference leads nowhere."""
    dictionary = _dictionary(tables)
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        # Nobody else sees the file before it is whole, so nothing has to survive a crash.
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.execute("BEGIN")
        for table in (*tables, dictionary):
            _write(database, table)
        if broken := database.execute("PRAGMA foreign_key_check").fetchone():
            raise ValueError(f"table {broken[0]} refers to a row of {broken[2]} that is not there")
        database.execute("COMMIT")
        database.execute("VACUUM")


def _dictionary(tables: Sequence[RelationalTable]) -> RelationalTable:
    found = RelationalTable(_DICTIONARY.name, _DICTIONARY.title, _DICTIONARY.columns, _DICTIONARY.key)
    for table in tables:
        found.rows.extend(
            (table.name, c.name, c.type, c.unit or None, c.refers_to or None, c.meaning) for c in table.columns
        )
    return found


def _write(database: sqlite3.Connection, table: RelationalTable) -> None:
    lines = [_column(column) for column in table.columns]
    if table.key:
        lines.append(f"PRIMARY KEY ({_names(table.key)})")
    for column in table.columns:
        if column.refers_to:
            other, name = column.refers_to.split(".")
            lines.append(f'FOREIGN KEY ("{column.name}") REFERENCES "{other}" ("{name}")')
    # A table of links alone is its own index; one that is searched needs numbers of rows.
    is_links = len(table.key) > 1
    database.execute(
        f'CREATE TABLE "{table.name}" (\n  ' + ",\n  ".join(lines) + ("\n) WITHOUT ROWID" if is_links else "\n)")
    )
    marks = ", ".join("?" * len(table.columns))
    database.executemany(f'INSERT INTO "{table.name}" VALUES ({marks})', table.rows)
    if table.searched:
        search = f'"{table.name}_fts"'
        database.execute(
            f'CREATE VIRTUAL TABLE {search} USING fts5 ({_names(table.searched)}, content="{table.name}", '
            "tokenize='unicode61 remove_diacritics 2')"
        )
        database.execute(f"INSERT INTO {search} ({search}) VALUES ('rebuild')")
        database.execute(f"INSERT INTO {search} ({search}) VALUES ('optimize')")


def _column(column: RelationalColumn) -> str:
    return f'"{column.name}" {_TYPES[column.type]}'


def _names(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def write_datasette(tables: Sequence[RelationalTable], path: Path, *, database: str, facts: Mapping[str, str]) -> None:
    """Write the metadata file for ``datasette --metadata``; ``facts`` has title, licence, its IRI, source and the like,
    ``database`` is the SQLite file's name without its ending."""
    described = {
        table.name: {
            "title": table.title,
            "columns": {column.name: column.meaning for column in table.columns},
            **({"label_column": "label"} if any(column.name == "label" for column in table.columns) else {}),
            **({"fts_table": f"{table.name}_fts"} if table.searched else {}),
        }
        for table in (*tables, _DICTIONARY)
    }
    content = {**facts, "databases": {database: {"tables": described}}}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
