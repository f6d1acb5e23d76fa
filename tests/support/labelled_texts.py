"""Sentences whose skills people have labelled: two published sets, and one of our own that nothing was tuned on."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from esco_kg.esco.pillar import read_pillar
from esco_kg.folder.material import Material
from esco_kg.trials.advertisements import SkillFinder
from tests.support.places import TESTS

TUNED_ON = ("house", "tech")
KEPT = TESTS / "trials" / "advertisements" / "kept-en.csv"
_NONE = ("LABEL NOT PRESENT", "UNDERSPECIFIED")
Labelled = dict[str, list[set[str]]]
"""Sentence -> for each labelled place the skills that are right there."""


def real_material(shared: Path) -> Material:
    """ESCO 1.1.1 in English as read from the download: skills and needs, without clusters."""
    pillar = read_pillar([shared / "data" / "esco-1.1.1-en"])
    found = Material(
        shared, "", pillar.version, "", "en", ("en",), skills=pillar.skills, occupations=pillar.occupations
    )
    for occupation, skill, necessity in pillar.occupation_skills:
        found.needs.setdefault(occupation, []).append((skill, necessity))
    return found


def published(material: Material, shared: Path, name: str) -> Labelled:
    """One of the two sets: every sentence, those without a skill too."""
    known = material.skills_by_label()
    found: dict[str, dict[str, None]] = {}
    path = shared / "data" / "benchmark" / f"{name}_validation_annotations.csv"
    with path.open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            of = found.setdefault(row["sentence"], {})
            if row["label"] not in _NONE:
                of[known[row["label"].strip().casefold()][0]] = None
    return {sentence: [{skill} for skill in of] for sentence, of in found.items()}


def kept(material: Material) -> Labelled:
    """Our own set. A place may have several right skills, since ESCO often has several for one thing."""
    known = material.skills_by_label()
    found: Labelled = {}
    with KEPT.open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            places = found.setdefault(row["sentence"], [])
            if row["span"]:
                places.append({known[label.strip().casefold()][0] for label in row["skills"].split("|")})
    return found


@dataclass(frozen=True, slots=True)
class Measured:
    """``precision``: share of the skills found that are labelled; ``recall``: share of the labelled places found."""

    precision: float
    recall: float
    found: int
    places: int
    sentences: int


def measured(finder: SkillFinder, labelled: Mapping[str, list[set[str]]]) -> Measured:
    """Over all sentences, those without a labelled skill too; what a sentence denies counts as not found."""
    found = right = places = met = 0
    for sentence, wanted in labelled.items():
        skills = set(finder.skills(sentence))
        found += len(skills)
        right += len(skills & set().union(*wanted))
        places += len(wanted)
        met += sum(bool(skills & one) for one in wanted)
    return Measured(right / found, met / places, found, places, len(labelled))
