"""Columns of IRIs are closed: what they name is described by a table of the download, or part of ESCO's framework.

Relations and thematic lists are closed where they are read, for too many dangling ones stop the run. The columns here
stop nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from esco_kg.esco.reading import Reading
from esco_kg.model.pillar import Concept

C = TypeVar("C", bound=Concept)
FRAMEWORK = re.compile(r".+/(label-role|regulated-professions|relationship-type|skill-type|skill-reuse-level)/[^/]+")
"""IRIs of label roles, regulated professions, types of relations and of skills, and reuse levels: parts of ESCO's model
that have an IRI and no table."""
_TABLES = ("skills", "skillGroups", "occupations", "ISCOGroups", "conceptSchemes")


def close_columns(reading: Reading) -> None:
    """Drop, count and list what ``hasTopConcept``, ``inScheme`` and ``regulatedProfessionNote`` name and no table
    describes. Nothing is dropped where a table is missing, for then it may be the one."""
    if not reading.known(*_TABLES):
        return
    pillar = reading.pillar
    described = {iri for iri in (*pillar.skills, *pillar.skill_groups, *pillar.occupations, *pillar.isco_groups)}
    closing = _Closing(reading, described | pillar.schemes.keys())
    pillar.schemes = {
        iri: replace(scheme, top_concepts=closing.kept("conceptSchemes", scheme.top_concepts))
        for iri, scheme in pillar.schemes.items()
    }
    closing.schemes("skills", pillar.skills)
    closing.schemes("skillGroups", pillar.skill_groups)
    closing.schemes("occupations", pillar.occupations)
    closing.schemes("ISCOGroups", pillar.isco_groups)
    for iri, occupation in pillar.occupations.items():
        if "://" in occupation.regulated and not closing.kept("occupations", [occupation.regulated]):
            pillar.occupations[iri] = replace(occupation, regulated="")


class _Closing:
    def __init__(self, reading: Reading, described: set[str]) -> None:
        self._reading = reading
        self._described = described

    def schemes(self, table: str, concepts: dict[str, C]) -> None:
        """Close the column ``inScheme`` of a table."""
        for iri, concept in concepts.items():
            if not self._described.issuperset(concept.in_scheme):
                concepts[iri] = replace(concept, in_scheme=self.kept(table, concept.in_scheme))

    def kept(self, table: str, iris: Iterable[str]) -> tuple[str, ...]:
        """What is described, or part of the framework."""
        found = []
        tally, place = self._reading.tally, self._reading.download.of(table)[0].place
        for iri in iris:
            if iri in self._described:
                found.append(iri)
            elif FRAMEWORK.fullmatch(iri):
                found.append(iri)
                self._reading.framework.add(iri)
            else:
                tally.add("undescribed-iri", place, example=iri, is_listed=True)
        return tuple(found)
