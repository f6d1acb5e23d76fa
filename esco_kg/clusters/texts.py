"""Definitions and notes: what a cluster holds, what is near but elsewhere, who needs it and where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from esco_kg.clusters.candidates import label_of
from esco_kg.clusters.evidence import Evidence
from esco_kg.clusters.given_names import GivenNames
from esco_kg.clusters.naming import Labels, Naming
from esco_kg.clusters.nested import Node
from esco_kg.clusters.phrases import listed, phrase, quoted
from esco_kg.model.clustering import PLACED, SectorProfile
from esco_kg.model.pillar import Language, SectorLinks

_EXAMPLES, _INCLUDED, _OCCUPATIONS = 3, 8, 3
_NEIGHBOURS, _NEAR_SKILLS = 3, 2
_NEAR = 0.67  # margin below which the runner-up of a skill that data placed is near

Occupations = Mapping[Node, tuple[tuple[str, float], ...]]


@dataclass(slots=True)
class NodeTexts:
    """One cluster's texts per language."""

    definitions: Labels = field(default_factory=dict)
    scope_notes: Labels = field(default_factory=dict)
    exclusion_notes: Labels = field(default_factory=dict)
    given: dict[tuple[str, Language], str] = field(default_factory=dict)


class TextWriter:
    """Writes the texts of all clusters of one partition; ``skills`` and ``occupations`` are the typical ones, first."""

    def __init__(
        self,
        evidence: Evidence,
        naming: Naming,
        given: GivenNames,
        skills: Mapping[Node, list[int]],
        occupations: Occupations,
        profiles: Mapping[Node, SectorProfile],
        sectors: SectorLinks,
    ) -> None:
        self.evidence = evidence
        self.nested = evidence.nested
        self.naming = naming
        self.given = given
        self.skills = skills
        self.occupations = occupations
        self.profiles = profiles
        self.sectors = sectors
        self._near = self._elsewhere()
        self._children: dict[Node, list[Node]] = defaultdict(list)
        for node in self.nested.nodes:
            above = self.nested.parent(node)
            if above and not self.nested.is_repeated(node):
                self._children[above].append(node)

    def texts(self, node: Node) -> NodeTexts:
        """What people wrote goes first.

        A text holds labels in its own language alone; where it would be empty there is none. The definition is one
        sentence. The scope note lists the clusters below, or skills at the finest level, then
        typical occupations and leading sectors. The exclusion note names skills of other clusters that had this one as
        their runner-up, with the cluster they are in; a language without phrases has none. Lists are in alphabetical
        order: by rank they would change with every release.
        """
        rows = self.skills[node]
        found = NodeTexts()
        for language in self.nested.pillar.languages:
            said = self.given.definitions.get(node, {}).get(language)
            scope = self.given.scope.get(node, {}).get(language, "")
            exclusions = self.given.exclusions.get(node, {}).get(language, "")
            given = (("definition", said), ("scopeNote", scope), ("exclusionNote", exclusions))
            found.given |= {(name, language): text for name, text in given if text}
            for texts, text in (
                (found.definitions, said or self._definition(node, rows, language)),
                (found.scope_notes, f"{scope} {self._scope(node, rows, language)}".strip()),
                (found.exclusion_notes, f"{exclusions} {self._exclusion(node, language)}".strip()),
            ):
                if text:
                    texts[language] = text
        return found

    def _skills(self, rows: Sequence[int], language: Language, most: int) -> str:
        pillar = self.nested.pillar
        labels = [label_of(pillar.skills[self.nested.skills[row]], language) for row in rows]
        return quoted(language, sorted([label for label in labels if label][:most]))

    def _typical(self, node: Node, language: Language, most: int) -> str:
        pillar = self.nested.pillar
        labels = [label_of(pillar.occupations[iri], language) for iri, _ in self.occupations[node]]
        return listed(language, sorted([label for label in labels if label][:most]))

    def _definition(self, node: Node, rows: Sequence[int], language: Language) -> str:
        skills = self._skills(rows, language, _EXAMPLES)
        if not skills:
            return ""
        occupations = self._typical(node, language, _OCCUPATIONS)
        if occupations:
            return phrase(language, "definition", occupations=occupations, skills=skills)
        if self.nested.is_everywhere(node):
            return phrase(language, "definition-anywhere", skills=skills)
        # Occupations may have no labels in the language: then there is nothing to say of them.
        return phrase(language, "includes-skills" if self.occupations[node] else "definition-unlinked", skills=skills)

    def _scope(self, node: Node, rows: Sequence[int], language: Language) -> str:
        """Skills stand in for the clusters below where one of these has no name in the language."""
        below = self._children.get(node, [])
        largest = sorted(below, key=lambda child: (-len(self.nested.members[child]), child))
        names = [self.naming.labels[child].get(language, "") for child in largest]
        skills = self._skills(rows, language, _INCLUDED)
        if names and all(names):
            parts = [phrase(language, "includes-clusters", clusters="; ".join(names))]
        else:
            parts = [phrase(language, "includes-skills", skills=skills)] if skills else []
        occupations = self._typical(node, language, 2 * _OCCUPATIONS)
        if occupations:
            parts.append(phrase(language, "occupations", occupations=occupations))
        leading = self.profiles[node].leading if node in self.profiles else ()
        if leading:
            titles = [self.sectors.structure[code].labels.get(language, "") for code in leading]
            if all(titles):
                parts.append(phrase(language, "sectors", sectors="; ".join(titles)))
        return " ".join(part for part in parts if part)

    def _exclusion(self, node: Node, language: Language) -> str:
        near = [
            (self._skills(rows, language, _NEAR_SKILLS), self.naming.labels[other].get(language, ""))
            for other, rows in self._near[node]
        ]
        parts = [f"{skills} ({name})" for skills, name in near if skills and name]
        return phrase(language, "excludes", elsewhere="; ".join(parts)) if parts else ""

    def _elsewhere(self) -> dict[Node, list[tuple[Node, list[int]]]]:
        """Per cluster the neighbours that hold most of the skills that nearly were its own, with those that most
        occupations need: readers know them, and they change little from one release to the next."""
        partition, finest = self.nested.partition, self.nested.levels[-1]
        links = np.asarray(self.nested.links.sum(axis=1)).ravel()
        order = np.lexsort((np.arange(len(links)), -links))
        placed = np.array([method in PLACED for method in partition.methods], dtype=bool)
        order = order[(placed & (np.asarray(partition.margins) < _NEAR))[order]]
        found: dict[Node, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        for level in self.nested.levels:
            upward = np.zeros(finest.size, dtype=np.int64)
            upward[finest.of] = level.of
            for row in order:
                runner_up = int(partition.runners_up[row])
                if runner_up >= 0 and upward[runner_up] != level.of[row]:
                    found[level.depth, int(upward[runner_up])][int(level.of[row])].append(int(row))
        return defaultdict(
            list,
            {
                node: [
                    ((node[0], other), rows)
                    for other, rows in sorted(
                        sorted(near.items(), key=lambda item: (-len(item[1]), item[0]))[:_NEIGHBOURS]
                    )
                ]
                for node, near in found.items()
            },
        )
