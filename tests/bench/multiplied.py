"""An ESCO download made N times larger by perturbed recombination, for benchmarks of growth.

Copies would flatter every method (equal labels, equal neighbours). Here each further layer gets IRIs of its own, labels
with a word taken from another skill of the same group, descriptions joined from two skills, and occupations of which
one link in five goes to another skill of the same group in another layer.
"""

from __future__ import annotations

import csv
import io
import random
import uuid
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

Row = dict[str, str]
_SPACE = uuid.UUID("6f0f6f4e-3a52-5a0e-9d2b-6a4f5f1d7a11")
_MOVED = 0.2  # share of occupation links that go elsewhere
csv.field_size_limit(2**31 - 1)  # conceptSchemes holds all its members in one field


def multiply(source: Path, target: Path, times: int, seed: int = 1) -> Path:
    """Write the tables of ``source`` (a folder of ESCO zips), ``times`` as large, as CSV files into ``target``."""
    tables = dict(_tables(source))
    layers = _Layers(tables, times, random.Random(seed))
    target.mkdir(parents=True, exist_ok=True)
    for name, (head, rows) in sorted(tables.items()):
        with (target / name).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, head)
            writer.writeheader()
            writer.writerows(layers.grown(name.split("_")[0].removesuffix(".csv"), rows))
    return target


def _tables(source: Path) -> Iterator[tuple[str, tuple[list[str], list[Row]]]]:
    for archive in sorted(source.glob("*.zip")):
        with zipfile.ZipFile(archive) as members:
            for name in members.namelist():
                with io.TextIOWrapper(members.open(name), encoding="utf-8-sig", newline="") as stream:
                    reader = csv.DictReader(stream)
                    yield name, (list(reader.fieldnames or []), list(reader))


class _Layers:
    def __init__(self, tables: dict[str, tuple[list[str], list[Row]]], times: int, draw: random.Random) -> None:
        self.times, self.draw = times, draw
        self.skills = {row["conceptUri"]: row for row in tables["skills_en.csv"][1]}
        self.multiplied = set(self.skills) | {row["conceptUri"] for row in tables["occupations_en.csv"][1]}
        self.group: dict[str, str] = {}
        self.siblings: dict[str, list[str]] = defaultdict(list)
        for row in tables["broaderRelationsSkillPillar.csv"][1]:
            if row["conceptUri"] in self.skills and row["conceptUri"] not in self.group:
                self.group[row["conceptUri"]] = row["broaderUri"]
                self.siblings[row["broaderUri"]].append(row["conceptUri"])

    def iri(self, iri: str, layer: int) -> str:
        if layer == 0 or iri not in self.multiplied:
            return iri
        return f"{iri.rsplit('/', 1)[0]}/{uuid.uuid5(_SPACE, f'{iri} {layer}')}"

    def neighbour(self, iri: str) -> str:
        return self.draw.choice(self.siblings.get(self.group.get(iri, ""), [iri]))

    def grown(self, table: str, rows: list[Row]) -> Iterator[Row]:
        yield from rows
        if table not in {
            "skills",
            "occupations",
            "occupationSkillRelations",
            "skillSkillRelations",
        } and not table.startswith("broader"):
            return
        for layer in range(1, self.times):
            for row in rows:
                found = self.row(table, row, layer)
                if found is not None:
                    yield found

    def row(self, table: str, row: Row, layer: int) -> Row | None:
        if table == "occupationSkillRelations":
            skill, at = row["skillUri"], layer
            if self.draw.random() < _MOVED:
                skill, at = self.neighbour(skill), self.draw.randrange(self.times)
            return row | {"occupationUri": self.iri(row["occupationUri"], layer), "skillUri": self.iri(skill, at)}
        if table == "skillSkillRelations":
            ends = {key: self.iri(row[key], layer) for key in ("originalSkillUri", "relatedSkillUri")}
            return row | ends
        if row["conceptUri"] not in self.multiplied:
            return None
        moved = row | {"conceptUri": self.iri(row["conceptUri"], layer)}
        if table.startswith("broader"):
            return moved | {"broaderUri": self.iri(row["broaderUri"], layer)}
        # No two concepts have one code; an occupation's begins with the code of its unit group.
        code = {"code": f"{row['code']}.90{layer}"} if row.get("code") else {}
        return moved | code | self.texts(row, layer)

    def texts(self, row: Row, layer: int) -> Row:
        other = self.skills.get(self.neighbour(row["conceptUri"]), row)
        label = f"{self.mixed(row['preferredLabel'], other['preferredLabel'])} ({layer})"
        alternatives = [self.mixed(a, other["preferredLabel"]) for a in row["altLabels"].split("\n") if a]
        half = len(other["description"]) // 2
        return {
            "preferredLabel": label,
            "altLabels": "\n".join(dict.fromkeys(alternatives)),
            "description": f"{row['description'][: len(row['description']) // 2]} {other['description'][half:]}",
        }

    def mixed(self, label: str, other: str) -> str:
        words, others = label.split(), other.split()
        if len(words) > 1 and others:
            words[self.draw.randrange(len(words))] = self.draw.choice(others)
        return " ".join(words)
