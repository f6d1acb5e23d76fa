"""A random pillar for invariants: skills with words, groups, and occupations with ISCO and NACE codes."""

from __future__ import annotations

from random import Random

from esco_kg.esco.sectors import nace_structure
from esco_kg.model.pillar import Necessity, Occupation, Pillar, SectorLinks, Skill, SkillGroup, Texts

BASE = "https://example.org/random/"
WORDS = [
    "weld",
    "steel",
    "pipe",
    "frame",
    "cut",
    "wood",
    "board",
    "oak",
    "saw",
    "nurse",
    "patient",
    "ward",
    "care",
    "dose",
    "code",
    "test",
    "server",
    "data",
    "query",
    "teach",
    "class",
    "pupil",
    "lesson",
    "grade",
    "sell",
    "shop",
    "stock",
    "price",
    "till",
    "bake",
    "bread",
    "dough",
    "oven",
    "crust",
    "drive",
    "truck",
    "load",
    "road",
]
ISCO = ("7212", "7522", "2221", "2512", "2341", "5223", "7512", "8332")
NACE = (("C", "25"), ("C", "31"), ("Q", "86"), ("K", "62"), ("P", "85"), ("G", "47"), ("C", "10"), ("H", "49"))


def skill_iri(number: int) -> str:
    """IRI of a skill."""
    return f"{BASE}skill/{number:04d}"


def random_pillar(
    seed: int, skills: int = 160, occupations: int = 48, per_occupation: int = 9
) -> tuple[Pillar, SectorLinks]:
    """Eight fields of work with five words each; most skills of an occupation are of its field, some of any.

    One skill in twelve is transversal, one in twelve a language, one in ten belongs to no occupation.
    """
    draw = Random(seed)
    groups = {code: SkillGroup(f"{BASE}group/{code}", _texts(code), code=code) for code in ("S1", "T1", "L1", "0110")}
    made: dict[str, Skill] = {}
    broader: list[tuple[str, str]] = []
    for i in range(skills):
        field = i % 8
        words = [draw.choice(WORDS[field * 5 : field * 5 + 5]) for _ in range(3)]
        made[skill_iri(i)] = Skill(skill_iri(i), _texts(f"{' '.join(words)} {i}"))
        code = "T1" if i % 12 == 5 else "L1" if i % 12 == 11 else draw.choice(("S1", "0110"))
        broader.append((skill_iri(i), groups[code].iri))
    links: set[tuple[str, str, Necessity]] = set()
    people: dict[str, Occupation] = {}
    for j in range(occupations):
        field, iri = j % 8, f"{BASE}occupation/{j:04d}"
        people[iri] = Occupation(iri, _texts(f"worker {j}"), isco=ISCO[field])
        for _ in range(per_occupation):
            i = draw.randrange(skills // 8) * 8 + field if draw.random() < 0.85 else draw.randrange(skills)
            if i % 10:
                links.add((iri, skill_iri(i), draw.choice(("essential", "essential", "optional"))))
    pillar = Pillar("1.2.1", ("en",), made, {g.iri: g for g in groups.values()}, people)
    pillar.skill_broader = sorted(broader)
    pillar.occupation_skills = sorted({(o, s): (o, s, n) for o, s, n in sorted(links, reverse=True)}.values())
    pillar.lists = {"transversal": frozenset(), "language": frozenset()}
    sections = {iri: {NACE[j % 8][0]: 1.0} for j, iri in enumerate(people)}
    divisions = {iri: {NACE[j % 8][1]: 1.0} for j, iri in enumerate(people)}
    return pillar, SectorLinks(nace_structure(), sections, divisions, [], "crosswalk")


def _texts(label: str) -> dict[str, Texts]:
    return {"en": Texts(label, (f"{label} again",), description=f"About {label}.")}
