"""``datapackage.json``: the tables of a release as a Data Package (Frictionless, version 2 of the specification)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from esco_kg.model.relational import RelationalColumn, RelationalTable
from esco_kg.model.sheet import Sheet

NAME = "datapackage.json"
_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_TYPES = {"string": "string", "integer": "integer", "decimal": "number", "date": "date"}
_PARQUET, _CSV = ("parquet", "application/vnd.apache.parquet"), ("csv", "text/csv")


def write_datapackage(
    folder: Path, tables: Sequence[RelationalTable], sheets: Mapping[str, Sequence[Sheet]], facts: Mapping[str, object]
) -> None:
    """Describe ``parquet/<table>.parquet`` of each table and the CSV files of each folder ('' is the top).

    ``facts`` are what the package says of itself: name, title, version, created, licences. Sizes and checksums are in
    the manifest; here frictionless takes those of Parquet files for wrong, for it does not compute them.
    """
    resources = [_of_table(table) for table in tables]
    for place, found in sheets.items():
        resources += [_of_sheet(place, sheet) for sheet in found]
    content = {"$schema": _PROFILE, **facts, "resources": resources}
    text = json.dumps(content, ensure_ascii=False, indent=1)
    (folder / NAME).write_text(text + "\n", encoding="utf-8", newline="\n")


def _resource(path: str, name: str, title: str, form: tuple[str, str]) -> dict[str, object]:
    return {
        "name": name,
        "type": "table",
        "path": path,
        "title": title,
        "format": form[0],
        "mediatype": form[1],
        **({"encoding": "utf-8"} if form is _CSV else {}),
    }


def _of_table(table: RelationalTable) -> dict[str, object]:
    schema: dict[str, object] = {"fields": [_field(column) for column in table.columns]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    references = [
        {"fields": [column.name], "reference": {"resource": "" if other == table.name else other, "fields": [name]}}
        for column in table.columns
        for other, _, name in [column.refers_to.partition(".")]
        if other
    ]
    if references:
        schema["foreignKeys"] = references
    return _resource(f"parquet/{table.name}.parquet", table.name, table.title, _PARQUET) | {"schema": schema}


def _field(column: RelationalColumn) -> dict[str, object]:
    said = f"{column.meaning} (unit: {column.unit})" if column.unit else column.meaning
    return {"name": column.name, "type": _TYPES[column.type], "description": said}


def _of_sheet(place: str, sheet: Sheet) -> dict[str, object]:
    name = "csv-" + f"{place}{sheet.file}".lower().replace("/", "-").removesuffix(".csv")
    fields = [{"name": c.name, "type": _TYPES[c.datatype], "description": c.meaning} for c in sheet.columns]
    resource = _resource(f"{place}{sheet.file}", name, sheet.title, _CSV)
    return resource | {"schema": {"fields": fields}}
