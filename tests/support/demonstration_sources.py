"""What ``tests/demonstration/*.toml`` holds, and the IRIs of the demonstration data."""

from __future__ import annotations

import hashlib
import tomllib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from esco_kg.rdf.namespaces import NACE
from tests.support.places import TESTS

BASE = "https://example.org/esco-kg-demonstration/pillar/"
LANGUAGES = ("en", "de", "fr")
SOURCES = TESTS / "demonstration"

# Thematic list -> the table that holds it and the last part of its scheme's IRI, as ESCO names them.
LISTS = {
    "green": ("greenSkillsCollection", "green"),
    "digital": ("digitalSkillsCollection", "digital"),
    "transversal": ("transversalSkillsCollection", "skill-transversal-groups"),
    "language": ("languageSkillsCollection", "skill-language-groups"),
    "research": ("researchSkillsCollection", "research"),
    "digcomp": ("digCompSkillsCollection", "digcomp"),
}
TYPES = {"skill": "skill/competence", "knowledge": "knowledge"}
_REUSE = ("sector-specific", "occupation-specific", "cross-sector", "transversal")

Entry = dict[str, Any]


def scheme(name: str) -> str:
    """The IRI of a concept scheme."""
    return f"{BASE}concept-scheme/{name}"


def skill(key: str) -> str:
    """The IRI of the skill with this key; groups S, T and L have IRIs of the same form, made from their code."""
    return f"{BASE}skill/{uuid.uuid5(uuid.NAMESPACE_URL, f'{BASE}skill/{key}')}"


def group(code: str) -> str:
    """The IRI of a skill group: ``S8.1``, ``K``, or ``0715`` of ISCED-F."""
    return f"{BASE}isced-f/{code}" if code[0].isdigit() else skill(code)


def occupation(key: str) -> str:
    """The IRI of an occupation."""
    return f"{BASE}occupation/{uuid.uuid5(uuid.NAMESPACE_URL, f'{BASE}occupation/{key}')}"


def isco(code: str) -> str:
    """The IRI of an ISCO-08 group."""
    return f"{BASE}isco/C{code}"


def nace(code: str) -> str:
    """``25.10`` -> ``.../nace2.1/251``: ESCO's tables lost the trailing zero of a class."""
    digits = code.replace(".", "")
    return NACE + (digits.removesuffix("0") if len(digits) == 4 else digits)


def modified(key: str) -> str:
    """A date of modification that depends on the key alone."""
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big")
    return (
        f"202{number % 3 + 2}-{number // 3 % 12 + 1:02d}-{number // 36 % 28 + 1:02d}T{number // 1008 % 24:02d}:00:00Z"
    )


@dataclass(slots=True)
class Sources:
    """What the TOML files hold, by code or key; sorted where the tables are."""

    groups: dict[str, Entry] = field(default_factory=dict)
    skills: dict[str, Entry] = field(default_factory=dict)
    occupations: dict[str, Entry] = field(default_factory=dict)
    isco: dict[str, Entry] = field(default_factory=dict)
    schemes: dict[str, Entry] = field(default_factory=dict)

    def parent_of(self, name: str) -> tuple[str, str, str]:
        """IRI, conceptType and English label of a skill's parent: a group's code or another skill's key."""
        if name in self.groups:
            return group(name), "SkillGroup", self.groups[name]["en"][0]
        return skill(name), "KnowledgeSkillCompetence", self.skills[name]["en"][0]


def read_sources(top: Path = SOURCES) -> Sources:
    """All areas, the common file first. Raises ValueError, naming the entry, for a slip of the writer's."""
    found = Sources()
    for path in sorted(top.glob("*.toml"), key=lambda path: (path.stem != "common", path.stem)):
        area = tomllib.loads(path.read_text(encoding="utf-8"))
        tables = (("group", "code", found.groups), ("skill", "key", found.skills),
                  ("occupation", "key", found.occupations), ("scheme", "key", found.schemes))  # fmt: skip
        for kind, key, entries in tables:
            for entry in area.get(kind, []):
                if entry[key] in entries:
                    raise ValueError(f"{path.name}: {kind} {entry[key]} stands twice")
                entries[entry[key]] = entry
        for code, labels in area.get("isco", {}).items():
            found.isco[code] = dict(zip(LANGUAGES, labels, strict=True))
    _check(found)
    return found


def _check(found: Sources) -> None:
    skills = found.skills.keys()
    for code, entry in found.groups.items():
        _known(code, [entry.get("parent", "K")], found.groups)
    for key, entry in found.skills.items():
        if entry["type"] not in TYPES or entry["reuse"] not in _REUSE:
            raise ValueError(f"{key}: unknown type {entry['type']} or reuse level {entry['reuse']}")
        _known(key, entry["groups"], [*found.groups, *skills])
        _known(key, entry.get("lists", []), LISTS)
        _known(key, [*entry.get("essential_for", []), *entry.get("optional_for", [])], skills)
    for key, entry in found.occupations.items():
        _known(key, [*entry["essential"], *entry["optional"]], skills)
        _known(key, [entry["isco"][:digits] for digits in (1, 2, 3, 4)], found.isco)
        if both := {*entry["essential"]} & {*entry["optional"]}:
            raise ValueError(f"{key}: {sorted(both)} both essential and optional")


def _known(name: str, wanted: Iterable[str], known: Iterable[str]) -> None:
    if missing := sorted({*wanted} - {*known}):
        raise ValueError(f"{name}: unknown {missing}")
