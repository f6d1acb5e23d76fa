"""Names of NACE 2.1 sections and divisions."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping

from esco_kg.resources import folder
from esco_kg.web.releases.model import Sector, Texts


def sector_names(languages: Iterable[str], named: Mapping[str, Texts]) -> dict[str, Sector]:
    """Code -> section or division. ``named`` are the release's own names, which win over those of the program."""
    wanted = {"en", *languages}
    found = {}
    with (folder("esco") / "nace21.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            names = {tag: row[tag] for tag in sorted(wanted & set(row)) if row[tag]}
            found[row["code"]] = Sector(row["code"], row["parent"], names | dict(named.get(row["code"], {})))
    return found
