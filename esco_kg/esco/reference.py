"""What the known versions of ESCO hold: counts of tables and their newest change, with where each figure is from."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ESCO = "http://data.europa.eu/esco/"
"""What the IRIs of ESCO's own concepts start with; the counts say nothing about other data."""
NEWEST = "newest modifiedDate"


@dataclass(frozen=True, slots=True)
class Reference:
    """One figure: of a table (or of a property of the RDF dump) of one version."""

    version: str
    what: str
    value: str
    source: str


@cache
def references() -> tuple[Reference, ...]:
    """All lines of ``reference-counts.csv``."""
    with (Path(__file__).parent / "reference-counts.csv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        return tuple(Reference(row["version"], row["what"], row["value"], row["source"]) for row in rows)


@cache
def counts_of(version: str) -> dict[str, int]:
    """Table (or property of the dump) -> distinct rows (or triples) in this version; empty where it is unknown."""
    return {r.what: int(r.value) for r in references() if r.version == version and r.value.isdecimal()}


def known_versions() -> list[str]:
    """The versions that there are figures of, oldest first."""
    return list(dict.fromkeys(reference.version for reference in references()))
