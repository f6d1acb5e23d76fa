"""What each file of a release is, in a line: for notes, catalogue and manifest."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from esco_kg import notes
from esco_kg.model.findings import Table
from esco_kg.store.published import titles as query_titles

_FORMS = (("jsonstat", "json", "JSON-stat"), ("px", "px", "PC-Axis"), ("sdmx", "xml.gz", "SDMX-ML"))


def file_titles(folder: Path, tables: Sequence[Table], main_language: str) -> dict[str, str]:
    """File name -> title, of all files that a release may have; ``folder`` is where its Parquet files lie."""
    found = notes.FILE_TITLES | notes.notes_titles(main_language) | query_titles()
    found |= {f"statistics/{table.name}.csv": table.question for table in tables}
    cubes = [table for table in tables if table.units]
    found |= {f"sdmx/{table.name}.csv": f"{table.question} SDMX-CSV" for table in cubes}
    for name, ending, form in _FORMS:
        found |= {f"{name}/{table.name}.{ending}": f"{table.question} {form}" for table in cubes}
    stems = (path.stem for path in sorted((folder / "parquet").glob("*.parquet")))
    return found | {f"parquet/{stem}.parquet": f"Table {stem}, Parquet" for stem in stems}
