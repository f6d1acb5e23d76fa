"""Definitions and notes: what a cluster holds, what is near but elsewhere, who needs it and where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from esco_kg.clusters.evidence import Evidence
from esco_kg.clusters.expert_names import GivenNames
from esco_kg.clusters.naming import Labels, Naming, central
from esco_kg.clusters.nested import Node
from esco_kg.clusters.phrases import listed, phrase, quoted
from esco_kg.model.clustering import SectorProfile
from esco_kg.model.pillar import Language, SectorLinks

_EXAMPLES, _INCLUDED, _OCCUPATIONS = 3, 8, 3
_NEIGHBOURS, _NEAR_SKILLS = 3, 2
_NEAR = 0.5  # margin below which a skill's runner-up is near

Occupations = Mapping[Node, tuple[tuple[str, float], ...]]


@dataclass(slots=True)
class NodeTexts:
    """One cluster's texts per language."""

    definitions: Labels = field(default_factory=dict)
    scope_notes: Labels = field(default_factory=dict)
    exclusion_notes: Labels = field(default_factory=dict)


class TextWriter:
    """Writes the texts of all clusters of one partition."""

    def __init__(
        self,
        evidence: Evidence,
        naming: Naming,
        given: GivenNames,
        occupations: Occupations,
        profiles: Mapping[Node, SectorProfile],
        sectors: SectorLinks,
    ) -> None:
        self.evidence = evidence
        self.nested = evidence.nested
        self.naming = naming
        self.given = given
        self.occupations = occupations
        self.profiles = profiles
        self.sectors = sectors
        self._near = self._elsewhere()
        self._children: dict[Node, list[Node]] = defaultdict(list)
        for node in self.nested.nodes:
            above = self.nested.parent(node)
            if above:
                self._children[above].append(node)

    def texts(self, node: Node) -> NodeTexts:
        """What experts wrote goes first.

        The definition is one sentence. The scope note lists the clusters below, or skills at the finest level, then
        typical occupations and leading sectors. The exclusion note names skills of other clusters that had this one as
        their runner-up, with the cluster they are in; a language without phrases has none. Lists are in alphabetical
        order: by rank they would change with every release.
        """
        rows = central(self.evidence, self.evidence.levels[node[0] - 1], node)
        found = NodeTexts()
        for language in self.nested.pillar.languages:
            said = self.given.definitions.get(node, {}).get(language)
            found.definitions[language] = said or self._definition(node, rows, language)
            scope = self.given.scope.get(node, {}).get(language, "")
            found.scope_notes[language] = f"{scope} {self._scope(node, rows, language)}".strip()
            exclusions = self.given.exclusions.get(node, {}).get(language, "")
            if excluded := f"{exclusions} {self._exclusion(node, language)}".strip():
                found.exclusion_notes[language] = excluded
        return found

    def _skills(self, rows: Sequence[int], language: Language) -> str:
        pillar = self.nested.pillar
        return quoted(language, sorted(pillar.skills[self.nested.skills[row]].label(language) for row in rows))

    def _typical(self, node: Node, language: Language, most: int) -> str:
        pillar = self.nested.pillar
        labels = sorted(pillar.occupations[iri].label(language) for iri, _ in self.occupations[node][:most])
        return listed(language, labels)

    def _definition(self, node: Node, rows: Sequence[int], language: Language) -> str:
        skills = self._skills(rows[:_EXAMPLES], language)
        occupations = self._typical(node, language, _OCCUPATIONS)
        if occupations:
            return phrase(language, "definition", occupations=occupations, skills=skills)
        return phrase(language, "definition-anywhere", skills=skills)

    def _scope(self, node: Node, rows: Sequence[int], language: Language) -> str:
        below = self._children.get(node)
        if below:
            largest = sorted(below, key=lambda child: (-len(self.nested.members[child]), child))
            names = "; ".join(self.naming.labels[child][language] for child in largest)
            parts = [phrase(language, "includes-clusters", clusters=names)]
        else:
            parts = [phrase(language, "includes-skills", skills=self._skills(rows[:_INCLUDED], language))]
        occupations = self._typical(node, language, 2 * _OCCUPATIONS)
        if occupations:
            parts.append(phrase(language, "occupations", occupations=occupations))
        leading = self.profiles[node].leading if node in self.profiles else ()
        if leading:
            labels = [self.sectors.structure[code].labels for code in leading]
            names = "; ".join(label.get(language) or label["en"] for label in labels)
            parts.append(phrase(language, "sectors", sectors=names))
        return " ".join(part for part in parts if part)

    def _exclusion(self, node: Node, language: Language) -> str:
        labels = self.naming.labels
        parts = [f"{self._skills(rows, language)} ({labels[other][language]})" for other, rows in self._near[node]]
        return phrase(language, "excludes", elsewhere="; ".join(parts)) if parts else ""

    def _elsewhere(self) -> dict[Node, list[tuple[Node, list[int]]]]:
        """Per cluster the neighbours that hold most of the skills that nearly were its own, with those that most
        occupations need: readers know them, and they change little from one release to the next."""
        partition, finest = self.nested.partition, self.nested.levels[-1]
        links = np.asarray(self.nested.links.sum(axis=1)).ravel()
        order = np.lexsort((np.arange(len(links)), -links))
        order = order[np.asarray(partition.margins)[order] < _NEAR]
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
                    ((node[0], other), rows[:_NEAR_SKILLS])
                    for other, rows in sorted(
                        sorted(near.items(), key=lambda item: (-len(item[1]), item[0]))[:_NEIGHBOURS]
                    )
                ]
                for node, near in found.items()
            },
        )
