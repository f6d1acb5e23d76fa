"""A small invented pillar of twelve trades, and its partition by hand, to try names, relations and decisions on.

Each trade has ten skills, one group, two occupations, one unit group and one NACE division; two trades share a field
(ISCO sub-major group, NACE section, group above), four fields are one area. Nothing in it is ESCO's.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from esco_kg.config import Config, read_config
from esco_kg.model.clustering import Branch
from esco_kg.model.partition import Membership, Partition
from esco_kg.model.pillar import (
    IscoGroup,
    Occupation,
    Pillar,
    Sector,
    SectorLinks,
    Skill,
    SkillGroup,
    Source,
    Texts,
)

BASE = "https://example.org/workshop"
TRADES = (
    ("bread", "bread baking"), ("cake", "cake making"), ("timber", "timber felling"), ("crop", "crop growing"),
    ("weld", "weld joining"), ("lathe", "lathe turning"), ("ward", "ward nursing"), ("tooth", "tooth care"),
    ("court", "court pleading"), ("ledger", "ledger keeping"), ("choir", "choir singing"), ("stage", "stage acting"),
)  # fmt: skip
FIELDS = ("food", "land", "metal", "health", "office", "arts")
PER_TRADE = 10


def skill(trade: int, number: int) -> str:
    """The IRI of a trade's skill."""
    return f"{BASE}/skill/{trade:02d}-{number:02d}"


def _texts(languages: tuple[str, ...], label: str) -> dict[str, Texts]:
    return {language: Texts(label if language == "en" else f"{label} {language}") for language in languages}


def pillar(languages: tuple[str, ...] = ("en", "pl"), version: str = "9.9.9") -> Pillar:
    """Every trade's skills but the last are needed by its two occupations, the first two by all of a field."""
    found = Pillar(version=version, languages=languages)
    links = set()
    for n, field in enumerate(FIELDS):
        group = SkillGroup(
            f"{BASE}/group/S{n + 1}",
            _texts(languages, f"{TRADES[2 * n][0]} and {TRADES[2 * n + 1][0]} work"),
            code=f"S{n + 1}",
        )
        isco = IscoGroup(f"{BASE}/isco/{n + 21}", _texts(languages, f"{field.capitalize()} workers"), code=str(n + 21))
        found.skill_groups[group.iri], found.isco_groups[isco.iri] = group, isco
    for n, (word, name) in enumerate(TRADES):
        code = f"S{n // 2 + 1}.{n % 2 + 1}"
        group = SkillGroup(f"{BASE}/group/{code}", _texts(languages, name), code=code)
        unit = IscoGroup(
            f"{BASE}/isco/{n // 2 + 21}{n % 2 + 1}1",
            _texts(languages, f"{word.capitalize()} people"),
            code=f"{n // 2 + 21}{n % 2 + 1}1",
        )
        found.skill_groups[group.iri], found.isco_groups[unit.iri] = group, unit
        found.skill_broader.append((group.iri, f"{BASE}/group/S{n // 2 + 1}"))
        occupations = [f"{BASE}/occupation/{n:02d}-{k}" for k in range(2)]
        for k, iri in enumerate(occupations):
            found.occupations[iri] = Occupation(
                iri, _texts(languages, f"{word} worker {k}"), isco=unit.code, code=f"{unit.code}.{k}"
            )
        for k in range(PER_TRADE):
            kind = "knowledge" if k % 3 == 0 else "skill"
            label = f"{word} theory {k}" if kind == "knowledge" else f"handle {word} tool {k}"
            iri = skill(n, k)
            found.skills[iri] = Skill(iri, _texts(languages, label), skill_type=kind, reuse_level="sector-specific")  # type: ignore[arg-type]
            found.skill_broader.append((iri, group.iri))
            if k < PER_TRADE - 1:
                links |= {(occupation, iri, "essential") for occupation in occupations}
            if k < 2:
                links |= {(f"{BASE}/occupation/{n ^ 1:02d}-{j}", iri, "optional") for j in range(2)}
    found.skill_broader.sort()
    found.occupation_skills = sorted(links)
    found.occupations = dict(sorted(found.occupations.items()))
    found.skill_skills = sorted((skill(n, 0), skill(n ^ 1, k), "optional") for n in range(12) for k in range(4))
    found.sources = [Source("workshop.csv", "ab" * 32, 1)]
    return found


def sectors() -> SectorLinks:
    """One division per trade and one section per field; the second occupation of the last trade has no sector."""
    structure = {}
    for n, field in enumerate(FIELDS):
        letter = "ABCDEF"[n]
        structure[letter] = Sector(letter, 1, "", {"en": f"The {field} industry"})
    for n, (word, _) in enumerate(TRADES):
        structure[f"{n + 1:02d}"] = Sector(f"{n + 1:02d}", 2, "ABCDEF"[n // 2], {"en": f"Trade in {word}"})
    sections, divisions = {}, {}
    for n in range(len(TRADES)):
        for k in range(2):
            if (n, k) != (11, 1):
                iri = f"{BASE}/occupation/{n:02d}-{k}"
                sections[iri] = {"ABCDEF"[n // 2]: 1.0}
                divisions[iri] = {f"{n + 1:02d}": 1.0}
    return SectorLinks(structure, sections, divisions, [], "crosswalk", "9.9.9")


def no_sectors() -> SectorLinks:
    """Without NACE data."""
    return SectorLinks({}, {}, {}, [], "none")


def partition(made: Pillar) -> Partition:
    """Trades, fields and three areas; each skill's runner-up is the other trade of its field, which uses it too."""
    skills = sorted(made.skills)
    finest = np.array([int(iri[-5:-3]) for iri in skills], dtype=np.int32)
    branches: list[Branch] = ["sector", "sector", "sector"]
    return Partition(
        skills=skills,
        finest=finest,
        parents=[np.arange(6, dtype=np.int32) // 2, np.arange(12, dtype=np.int32) // 2],
        branches=branches,
        frames=["", "", ""],
        further=[[Membership(int(trade ^ 1), "used-in", 0.25)] for trade in finest],
        margins=np.linspace(0, 0.9, len(skills)).round(4),
        runners_up=(finest ^ 1).astype(np.int32),
        methods=["data"] * len(skills),
        decisions=[""] * len(skills),
    )


def config() -> Config:
    """The default settings with levels that fit."""
    default = read_config()
    return replace(
        default, clusters=replace(default.clusters, levels=(3, 6, 12), smallest=5, largest_share=(0.6, 0.4, 0.2))
    )
