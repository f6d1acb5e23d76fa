"""Names of clusters: expert names, frames, and else the concept that covers and words the members best."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from esco_kg.clusters.candidates import PREFERENCE, Candidate, Candidates, labels_of, wide_candidates
from esco_kg.clusters.evidence import Evidence, LevelEvidence, stems
from esco_kg.clusters.expert_names import GivenNames
from esco_kg.clusters.nested import Node
from esco_kg.clusters.phrases import capitalised, inside, phrase
from esco_kg.model.pillar import Language, SectorLinks

Labels = dict[Language, str]
# A name this much worse than the best, which another cluster has, is replaced by the best with a detail added.
_GOOD_ENOUGH = 0.6
# A name of the previous release counts this much more than another one.
_LOYALTY = 1.25
_DETAILS = ("knowledge", "skill")  # members of the cluster, so narrower than its name
_WORDS, _TOO_LONG = 5, 0.04
_WIDE, _SKILLS, _ALTERNATIVES = 30, 40, 4


@dataclass(slots=True)
class Naming:
    """``labels`` and ``alternatives`` per cluster and language."""

    labels: dict[Node, Labels] = field(default_factory=dict)
    alternatives: dict[Node, dict[Language, tuple[str, ...]]] = field(default_factory=dict)

    def label(self, node: Node) -> str:
        """The English label, or that of the first language."""
        labels = self.labels[node]
        return labels.get("en") or next(iter(labels.values()))


@dataclass(frozen=True, slots=True)
class _Ranked:
    score: float
    candidate: Candidate


def name_clusters(
    evidence: Evidence, sectors: SectorLinks, given: GivenNames | None = None, earlier: Mapping[Node, str] | None = None
) -> Naming:
    """Name every cluster in every language; ``given`` names (of experts and frames) win, and the name that a cluster
    had in the previous release (``earlier``) stays as long as it fits nearly as well as the best.

    No two clusters share a label in any language. The best matches are given out first, whatever their level; a cluster
    whose best name is taken gets its next best, or, where that is much worse, the best one with a detail after a colon.
    Runners-up become alternative labels.
    """
    given = given or GivenNames()
    namer = _Namer(evidence, given)
    wide = wide_candidates(evidence, sectors)
    ranked: dict[Node, list[_Ranked]] = {}
    for level in evidence.levels:
        ranked |= _ranked(evidence, level, wide)
    favoured = {
        node: namer.favoured(ranked[node], label)
        for node, label in (earlier or {}).items()
        if node not in given.labels  # else its name comes from experts, as it did before
    }
    namer.name_all(ranked | favoured)
    # By the plain scores: loyalty to a name says nothing about the others.
    return Naming(namer.labels, {node: namer.others(node, ranked[node]) for node in evidence.nested.nodes})


def _ranked(evidence: Evidence, found: LevelEvidence, wide: Candidates) -> dict[Node, list[_Ranked]]:
    """Per cluster the best concepts, best first.

    A wide concept scores coverage plus wording. A member of the cluster scores its centrality: coverage says nothing
    about a single skill. Both are weighted by how well their kind serves as a name, and less for every word too many.
    """
    coverage = evidence.coverage(found.level, wide.extensions)
    wording = np.asarray((found.wording @ wide.wording.T).toarray())
    names = [c.labels.get(evidence.language, "") for c in wide.concepts]
    weight = np.array([PREFERENCE[c.kind] * _brevity(n) for c, n in zip(wide.concepts, names, strict=True)])
    scores = (coverage + wording) * weight
    ranked = {}
    for number in range(found.level.size):
        best = [
            _Ranked(round(float(scores[number, n]), 9), wide.concepts[n])
            for n in np.argsort(-scores[number], kind="stable")[:_WIDE]
            if coverage[number, n] > 0
        ]
        best += _skills(evidence, found, (found.level.depth, number))
        best.sort(key=lambda r: (-r.score, r.candidate.key))
        once = {tuple(r.candidate.labels.items()): r for r in reversed(best)}
        ranked[found.level.depth, number] = sorted(once.values(), key=lambda r: (-r.score, r.candidate.key))
    return ranked


def _skills(evidence: Evidence, found: LevelEvidence, node: Node) -> Iterator[_Ranked]:
    nested = evidence.nested
    for row in central(evidence, found, node)[:_SKILLS]:
        skill = nested.pillar.skills[nested.skills[row]]
        kind = "knowledge" if skill.skill_type == "knowledge" else "skill"
        label = skill.label(evidence.language)
        if "(" in label:  # a label told apart from another one names no group of skills
            continue
        score = PREFERENCE[kind] * _brevity(label) * float(found.centrality[row])
        yield _Ranked(round(score, 9), Candidate(skill.iri, kind, labels_of(skill, nested.pillar.languages)))


def central(evidence: Evidence, found: LevelEvidence, node: Node) -> list[int]:
    """Rows of a cluster's skills, the most typical first."""
    rows = evidence.nested.members[node]
    keys = -np.round(found.centrality[rows], 9)
    return [int(row) for row in rows[np.lexsort((rows, -np.round(found.overlap[rows], 9), keys))]]


def _brevity(label: str) -> float:
    return 1 - _TOO_LONG * min(max(0, len(label.split()) - _WORDS), 12)


class _Namer:
    """Gives names out and remembers which are taken."""

    def __init__(self, evidence: Evidence, given: GivenNames) -> None:
        self.evidence = evidence
        self.languages: Sequence[Language] = evidence.nested.pillar.languages
        self.labels: dict[Node, Labels] = {}
        self._suggested: dict[Node, Labels] = {}
        self._given = given
        self._taken: dict[Language, set[str]] = {language: set() for language in self.languages}
        for labels in given.labels.values():
            self._take(labels)

    def favoured(self, ranked: Sequence[_Ranked], label: str) -> list[_Ranked]:
        """With the candidate of this label moved up."""
        language = self.evidence.language
        weighed = [
            _Ranked(r.score * _LOYALTY, r.candidate) if self._named(r.candidate).get(language) == label else r
            for r in ranked
        ]
        return sorted(weighed, key=lambda r: (-r.score, r.candidate.key))

    def name_all(self, ranked: Mapping[Node, list[_Ranked]]) -> None:
        """A cluster that experts named takes its own best name off the others all the same: a line of theirs then
        changes one name and no other."""
        members = self.evidence.nested.members
        order = {node: (-(r[0].score if r else 0.0), node[0], int(members[node][0])) for node, r in ranked.items()}
        for node in sorted(ranked, key=order.__getitem__):
            given = self._given.labels.get(node, {})
            chosen = self._chosen(ranked[node], given) or self._numbered(node)
            self.labels[node] = {language: given.get(language) or chosen[language] for language in self.languages}
            self._suggested[node] = chosen
            self._take(chosen)

    def _chosen(self, ranked: Sequence[_Ranked], given: Labels) -> Labels:
        """The best name that is free in every language, or the best one with a detail."""
        free = next((r for r in ranked if self._is_free(self._named(r.candidate), given)), None)
        if free and free.score >= _GOOD_ENOUGH * ranked[0].score:
            return self._named(free.candidate)
        details = (r.candidate for r in ranked[1:] if r.candidate.kind in _DETAILS)
        qualified = (self._qualified(ranked[0].candidate, detail) for detail in details)
        found = next((labels for labels in qualified if self._is_free(labels, given)), None)
        return found or (self._named(free.candidate) if free else {})

    def _named(self, candidate: Candidate) -> Labels:
        if candidate.kind != "people":
            return {language: capitalised(label) for language, label in candidate.labels.items()}
        return {
            language: capitalised(phrase(language, "people", people=inside(language, label)))
            for language, label in candidate.labels.items()
        }

    def _qualified(self, candidate: Candidate, detail: Candidate) -> Labels:
        names = self._named(candidate)
        language = self.evidence.language
        if stems(detail.labels.get(language, "")) <= stems(names.get(language, "")):
            return {}  # the detail would say nothing new
        return {
            language: phrase(language, "qualified", name=name, detail=detail.labels[language])
            for language, name in names.items()
            if language in detail.labels
        }

    def _numbered(self, node: Node) -> Labels:
        """Where every name is taken, as in data without texts: the most typical skill with the cluster's number."""
        nested = self.evidence.nested
        skill = nested.pillar.skills[nested.skills[central(self.evidence, self.evidence.levels[node[0] - 1], node)[0]]]
        number = ".".join(str(part) for part in node)
        return {lang: f"{capitalised(skill.label(lang)) or 'Cluster'} ({number})" for lang in self.languages}

    def _is_free(self, labels: Labels, own: Labels) -> bool:
        """Whether no other cluster has the label in any language; ``own`` is what experts call this one."""
        return all(
            label and (label.casefold() not in self._taken[language] or label == own.get(language))
            for language in self.languages
            for label in [labels.get(language, "")]
        )

    def _take(self, labels: Labels) -> None:
        for language, label in labels.items():
            if language in self._taken:
                self._taken[language].add(label.casefold())

    def others(self, node: Node, ranked: Sequence[_Ranked]) -> dict[Language, tuple[str, ...]]:
        """Alternative labels: those of experts, the name that theirs replaced, and runners-up that fit nearly as well
        and name no other cluster. SKOS S13: none is the cluster's preferred label."""
        near = [self._named(r.candidate) for r in ranked if r.score >= _GOOD_ENOUGH * ranked[0].score]
        found = {}
        for language in self.languages:
            expert = self._given.alternatives.get(node, {}).get(language, ())
            free = [names.get(language, "") for names in near]
            free = [label for label in free if label.casefold() not in self._taken[language]]
            first = [*expert, self._suggested[node][language]]
            labels = {label.casefold(): label for label in reversed([*first, *free]) if label}
            labels.pop(self.labels[node][language].casefold(), None)
            found[language] = tuple(list(reversed(labels.values()))[: max(_ALTERNATIVES, len(expert))])
        return found
