"""Metadata of CSV files for CSV on the Web (W3C CSVW): a processor in minimal mode makes the RDF we publish of them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from esco_kg.model.sheet import Sheet, SheetColumn
from esco_kg.rdf.namespaces import PREFIXES

_NO_NAME = re.compile(r"[^A-Za-z0-9_]")  # what may not stand in a column's name; its title keeps it
# Prefixes of CSVW's own context that our tables use.
_KNOWN = ("prov", "qb", "rdf", "skos")

NAME = "csv-metadata.json"
"""Where a processor that is given a CSV file looks for the metadata of its folder (Tabular Data Model, section 5.3)."""


def write_csvw(sheets: Sequence[Sheet], folder: Path, *, licence: str) -> None:
    """Write ``csv-metadata.json`` for the CSV files of one folder: one table group, its tables in the order given."""
    group = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:license": {"@id": licence},
        "tables": [_table(sheet) for sheet in sheets],
    }
    text = json.dumps(group, ensure_ascii=False, indent=1)
    (folder / NAME).write_text(text + "\n", encoding="utf-8", newline="\n")


def _table(sheet: Sheet) -> dict[str, object]:
    columns = [_column(column) for column in sheet.columns]
    for number, (predicate, value) in enumerate(sheet.facts, start=1):
        columns.append(
            {
                "name": f"fact{number}",
                "virtual": True,
                "propertyUrl": _compact(predicate),
                "valueUrl": value,
            }
        )
    return {
        "url": sheet.file,
        "dc:title": sheet.title,
        "tableSchema": {**({"aboutUrl": sheet.about} if sheet.about else {}), "columns": columns},
    }


def _compact(predicate: str) -> str:
    """``rdf:type``: some processors know virtual columns' properties by the prefixes of CSVW alone."""
    for prefix in _KNOWN:
        if predicate.startswith(PREFIXES[prefix]):
            return f"{prefix}:{predicate.removeprefix(PREFIXES[prefix])}"
    return predicate


def _column(column: SheetColumn) -> dict[str, object]:
    described: dict[str, object] = {
        "name": _NO_NAME.sub("_", column.name),
        "titles": column.name,
        "dc:description": column.meaning,
    }
    if not column.property:
        return described | {"suppressOutput": True}
    described["propertyUrl"] = column.property
    if column.value:
        described["valueUrl"] = column.value
    elif column.language:
        described["lang"] = column.language
    if not column.language:
        described["datatype"] = column.datatype
    return described
