"""Names of clusters: those that somebody gave, and else the concept that covers and words the members best."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from esco_kg.clusters.candidates import PREFERENCE, Candidate, Candidates, label_of, wide_candidates
from esco_kg.clusters.concept_labels import ConceptLabels
from esco_kg.clusters.evidence import Evidence, LevelEvidence, stems
from esco_kg.clusters.given_names import GivenNames
from esco_kg.clusters.nested import Node
from esco_kg.clusters.phrases import capitalised, inside, phrase
from esco_kg.model.clustering import NameStatus
from esco_kg.model.pillar import Language, SectorLinks

Labels = dict[Language, str]
# A name this much worse than the best, which another cluster has, is replaced by the best with a detail added.
_GOOD_ENOUGH = 0.6
# A name of the previous release counts this much more than another one.
_LOYALTY = 1.25
_DETAILS = ("knowledge", "skill")  # members of the cluster, so narrower than its name
_WORDS, _TOO_LONG = 5, 0.04
_WIDE, _SKILLS = 30, 40


@dataclass(slots=True)
class Naming:
    """Per cluster its ``labels``, who gave them (``status``), the IRI of the ``concepts`` that lent one, and its
    ``alternatives``; each per language. ``refused`` are alternative labels that the rules keep out."""

    language: Language  # the main one, in which every cluster has a label
    labels: dict[Node, Labels] = field(default_factory=dict)
    status: dict[Node, dict[Language, NameStatus]] = field(default_factory=dict)
    concepts: dict[Node, dict[Language, str]] = field(default_factory=dict)
    alternatives: dict[Node, dict[Language, tuple[str, ...]]] = field(default_factory=dict)
    refused: list[tuple[Node, Language, str]] = field(default_factory=list)

    def label(self, node: Node) -> str:
        """The label in the main language."""
        return self.labels[node][self.language]


@dataclass(frozen=True, slots=True)
class _Ranked:
    score: float
    candidate: Candidate


def name_clusters(
    evidence: Evidence, sectors: SectorLinks, given: GivenNames | None = None, earlier: Mapping[Node, str] | None = None
) -> Naming:
    """Name every cluster in the main language; ``given`` names win, and the name that a cluster had in the previous
    release (``earlier``) stays as long as it fits nearly as well as the best.

    In another language a cluster has the label that somebody gave it, or that of the one concept whose label its main
    name is; otherwise none. No two clusters share a label in any language. The best matches are given out first,
    whatever their level; a cluster whose best name is taken gets its next best, or, where that is much worse, the best
    one with a detail after a colon. Alternative labels are those that somebody gave, if none names a concept of ESCO.
    """
    given = given or GivenNames()
    namer = _Namer(evidence, given)
    wide = wide_candidates(evidence, sectors)
    ranked: dict[Node, list[_Ranked]] = {}
    nested = evidence.nested
    for level in evidence.levels:
        ranked |= _ranked(evidence, level, wide)
    repeated = [node for node in nested.nodes if nested.is_repeated(node)]
    for node in repeated:  # it has one name at all levels
        del ranked[node]
    favoured = {
        node: namer.favoured(ranked[node], label)
        for node, label in (earlier or {}).items()
        if node in ranked
        and evidence.language not in given.labels.get(node, {})  # else somebody gave it its name, as before
    }
    names = namer.names(ranked | favoured)
    for node in repeated:
        names[node] = names[nested.above(node)]
    return _translated(evidence, given, names)


def _translated(evidence: Evidence, given: GivenNames, names: Mapping[Node, str]) -> Naming:
    """The names in all languages, given ones first, and alternative labels."""
    found = Naming(evidence.language)
    concepts = ConceptLabels(evidence.nested.pillar, evidence.language)
    taken = {
        language: {labels[language].casefold() for labels in given.labels.values() if language in labels}
        for language in evidence.nested.pillar.languages
    }
    for node in evidence.nested.nodes:
        if evidence.nested.is_repeated(node):
            above = evidence.nested.above(node)
            found.labels[node], found.status[node] = found.labels[above], found.status[above]
            found.concepts[node] = found.concepts[above]
            continue
        found.labels[node], found.status[node], found.concepts[node] = {}, {}, {}
        for language in evidence.nested.pillar.languages:
            own = given.labels.get(node, {}).get(language, "")
            status: NameStatus = given.status[node][language] if own else "made"
            if not own and language == evidence.language:
                own = names[node]
            elif not own:
                lent, iri = concepts.in_language(names[node], language) or ("", "")
                if lent and lent.casefold() not in taken[language]:
                    own, status = capitalised(lent), "concept"
                    found.concepts[node][language] = iri
            if own:
                taken[language].add(own.casefold())
                found.labels[node][language], found.status[node][language] = own, status
    _add_alternatives(found, given, concepts, taken)
    return found


def _add_alternatives(
    found: Naming, given: GivenNames, concepts: ConceptLabels, taken: Mapping[Language, set[str]]
) -> None:
    """Given ones. None is the label of a cluster (SKOS S13) or of a concept, has a colon, or says "skills of"."""
    for node, labels in found.labels.items():
        found.alternatives[node] = {}
        for language in labels:
            kept = []
            for label in given.alternatives.get(node, {}).get(language, ()):
                people = phrase(language, "people", people="").strip().casefold()
                is_made = ":" in label or (people and label.casefold().startswith(people))
                if is_made or label.casefold() in taken[language] or concepts.is_preferred(label, language):
                    found.refused.append((node, language, label))
                else:
                    kept.append(label)
            found.alternatives[node][language] = tuple(kept)


def _ranked(evidence: Evidence, found: LevelEvidence, wide: Candidates) -> dict[Node, list[_Ranked]]:
    """Per cluster the best concepts, best first.

    A wide concept scores coverage plus wording. A member of the cluster scores its centrality: coverage says nothing
    about a single skill. Both are weighted by how well their kind serves as a name, and less for every word too many.
    """
    coverage = evidence.coverage(found.level, wide.extensions)
    wording = np.asarray((found.wording @ wide.wording.T).toarray())
    weight = np.array([PREFERENCE[c.kind] * _brevity(c.label) for c in wide.concepts])
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
        once = {r.candidate.label: r for r in reversed(best)}
        ranked[found.level.depth, number] = sorted(once.values(), key=lambda r: (-r.score, r.candidate.key))
    return ranked


def _skills(evidence: Evidence, found: LevelEvidence, node: Node) -> Iterator[_Ranked]:
    nested = evidence.nested
    for row in central(evidence, found, node)[:_SKILLS]:
        skill = nested.pillar.skills[nested.skills[row]]
        kind = "knowledge" if skill.skill_type == "knowledge" else "skill"
        label = label_of(skill, evidence.language)
        if "(" in label:  # a label told apart from another one names no group of skills
            continue
        score = PREFERENCE[kind] * _brevity(label) * float(found.centrality[row])
        yield _Ranked(round(score, 9), Candidate(skill.iri, kind, label))


def central(evidence: Evidence, found: LevelEvidence, node: Node) -> list[int]:
    """Rows of a cluster's skills, the most typical first."""
    rows = evidence.nested.members[node]
    keys = -np.round(found.centrality[rows], 9)
    return [int(row) for row in rows[np.lexsort((rows, -np.round(found.overlap[rows], 9), keys))]]


def _brevity(label: str) -> float:
    return 1 - _TOO_LONG * min(max(0, len(label.split()) - _WORDS), 12)


class _Namer:
    """Gives names in the main language out and remembers which are taken."""

    def __init__(self, evidence: Evidence, given: GivenNames) -> None:
        self.evidence = evidence
        self.language = evidence.language
        self._given = {node: labels[self.language] for node, labels in given.labels.items() if self.language in labels}
        self._taken = {label.casefold() for label in self._given.values()}

    def favoured(self, ranked: Sequence[_Ranked], label: str) -> list[_Ranked]:
        """With the candidate of this label moved up."""
        weighed = [_Ranked(r.score * _LOYALTY, r.candidate) if self._named(r.candidate) == label else r for r in ranked]
        return sorted(weighed, key=lambda r: (-r.score, r.candidate.key))

    def names(self, ranked: Mapping[Node, list[_Ranked]]) -> dict[Node, str]:
        """A cluster that somebody named takes its own best name off the others all the same: a line of ``curation/``
        then changes one name and no other."""
        members = self.evidence.nested.members
        order = {node: (-(r[0].score if r else 0.0), node[0], int(members[node][0])) for node, r in ranked.items()}
        found = {}
        for node in sorted(ranked, key=order.__getitem__):
            own = self._given.get(node, "")
            chosen = self._chosen(ranked[node], own) or self._numbered(node)
            found[node] = own or chosen
            self._taken.add(chosen.casefold())
        return found

    def _chosen(self, ranked: Sequence[_Ranked], own: str) -> str:
        """The best name that is free, or the best one with a detail."""
        free = next((r for r in ranked if self._is_free(self._named(r.candidate), own)), None)
        if free and free.score >= _GOOD_ENOUGH * ranked[0].score:
            return self._named(free.candidate)
        details = (r.candidate for r in ranked[1:] if r.candidate.kind in _DETAILS)
        qualified = (self._qualified(ranked[0].candidate, detail) for detail in details)
        found = next((label for label in qualified if self._is_free(label, own)), "")
        return found or (self._named(free.candidate) if free else "")

    def _named(self, candidate: Candidate) -> str:
        label = candidate.label
        if label and candidate.kind == "people":
            label = phrase(self.language, "people", people=inside(self.language, label))
        return capitalised(label)

    def _qualified(self, candidate: Candidate, detail: Candidate) -> str:
        name, added = self._named(candidate), detail.label
        if not name or stems(added) <= stems(name):
            return ""  # the detail would say nothing new
        return phrase(self.language, "qualified", name=name, detail=added)

    def _numbered(self, node: Node) -> str:
        """Where every name is taken, as in data without texts: the most typical skill with the cluster's number."""
        nested = self.evidence.nested
        skill = nested.pillar.skills[nested.skills[central(self.evidence, self.evidence.levels[node[0] - 1], node)[0]]]
        return f"{capitalised(label_of(skill, self.language)) or 'Cluster'} ({'.'.join(str(part) for part in node)})"

    def _is_free(self, label: str, own: str) -> bool:
        """Whether no other cluster has the label; ``own`` is what somebody calls this one."""
        return bool(label) and (label.casefold() not in self._taken or label == own)
