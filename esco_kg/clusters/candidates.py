"""Concepts that can lend a cluster their name: skill groups, ISCO groups, NACE sectors, and skills themselves."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, hstack

from esco_kg.clusters.evidence import Evidence
from esco_kg.model.pillar import Concept, Language, SectorLinks

# Classes that hold what their neighbours leave: a last 9 in ISCO-08 and the groups that it calls "other"; in NACE 2.1
# the divisions of other or not elsewhere classified activities, of households and of international bodies.
_RESIDUAL_ISCO = re.compile(r"9$|^(143|226|235|325|3435|44|441|4419|516|524|75|754|818|962)$")
_RESIDUAL_SECTORS = frozenset(("08", "28", "30", "32", "74", "97", "98", "99", "T", "U", "V"))

# How readily a kind of concept serves as a name: occupation groups name people, skills single acts.
PREFERENCE = {"group": 1.0, "sector": 1.0, "knowledge": 1.3, "people": 0.55, "skill": 0.6}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A concept as a name. ``kind``: group, sector, people, knowledge or skill. ``label`` is in the main
    language, '' where there is none."""

    key: str
    kind: str
    label: str


@dataclass(slots=True)
class Candidates:
    """Concepts for many skills: ``extensions`` (skills, concepts) in [0, 1] and ``wording`` (concepts, words)."""

    concepts: list[Candidate]
    extensions: csr_matrix
    wording: csr_matrix


def wide_candidates(evidence: Evidence, sectors: SectorLinks) -> Candidates:
    """Skill groups with the skills below them; ISCO groups and NACE sectors with the share of each skill's links that
    lead to their occupations. Residual classes (not elsewhere classified, other, unknown) are no names."""
    parts = [_groups(evidence), _people(evidence), _sectors(evidence, sectors)]
    concepts = [candidate for found, _ in parts for candidate in found]
    extensions = csr_matrix(hstack([matrix for _, matrix in parts]))
    return Candidates(concepts, extensions, evidence.weighted(c.label for c in concepts))


def label_of(concept: Concept, language: Language) -> str:
    """The concept's own label in this language, without stray spaces; '' where it has none."""
    return " ".join(concept.texts[language].pref.split()) if language in concept.texts else ""


def is_residual_group(code: str) -> bool:
    """Whether a group of the skills pillar has no subject of its own.

    ISCED-F (UNESCO 2014): 0 ends a code that is not further defined, 8 an inter-disciplinary, 9 a residual one, and 00
    and 99 begin the generic and unknown fields. In the skills hierarchy a part 0 repeats the group above.
    """
    if not code or code in ("S", "K", "T", "L"):
        return True
    if not code[0].isdigit():
        return "0" in code[1:].split(".")
    if code[:2] in ("00", "99"):
        return True
    return (len(code) == 3 and code[-1] in "089") or (len(code) == 4 and (code[-1] in "09" or code.endswith("88")))


def _groups(evidence: Evidence) -> tuple[list[Candidate], csr_matrix]:
    nested, pillar = evidence.nested, evidence.nested.pillar
    plain = _plain_for(evidence)
    chosen = [g for iri, g in sorted(pillar.skill_groups.items()) if not is_residual_group(g.code)]
    column = {group.iri: n for n, group in enumerate(chosen)}
    parents: dict[str, list[str]] = defaultdict(list)
    for child, parent in pillar.skill_broader:
        parents[child].append(parent)
    above: dict[str, frozenset[str]] = {}
    cells = [
        (row, column[a])
        for row, iri in enumerate(nested.skills)
        for a in sorted(_above(iri, parents, above))
        if a in column
    ]
    rows, columns = zip(*cells, strict=True) if cells else ((), ())
    matrix = csr_matrix((np.ones(len(cells)), (rows, columns)), shape=(len(nested.skills), len(chosen)))
    return [Candidate(g.iri, "group", plain(label_of(g, evidence.language))) for g in chosen], matrix


def _above(iri: str, parents: Mapping[str, list[str]], known: dict[str, frozenset[str]]) -> frozenset[str]:
    """Everything above a concept; a circle, should there be one, is walked once."""
    if iri not in known:
        known[iri] = frozenset()
        known[iri] = frozenset(parents.get(iri, ())).union(
            *(_above(parent, parents, known) for parent in parents.get(iri, ()))
        )
    return known[iri]


def _people(evidence: Evidence) -> tuple[list[Candidate], csr_matrix]:
    """ISCO groups from two digits on, but not the residual ones."""
    nested, pillar = evidence.nested, evidence.nested.pillar
    plain = _plain_for(evidence)
    groups = sorted(pillar.isco_groups.values(), key=lambda group: group.code)
    chosen = [group for group in groups if len(group.code) > 1 and not _RESIDUAL_ISCO.search(group.code)]
    codes = {group.code: {group.code: 1.0} for group in chosen}
    needs: dict[str, dict[str, float]] = {}
    for iri in nested.occupations:
        isco = pillar.occupations[iri].isco
        needs[iri] = {isco[:n]: 1.0 for n in (2, 3, 4) if isco[:n] in codes}
    candidates = [Candidate(group.iri, "people", plain(label_of(group, evidence.language))) for group in chosen]
    return candidates, _through_occupations(evidence, needs.__getitem__, [group.code for group in chosen])


def _sectors(evidence: Evidence, sectors: SectorLinks) -> tuple[list[Candidate], csr_matrix]:
    """NACE sections and divisions, by the first part of their titles; not the residual ones."""
    structure = sectors.structure if sectors.known else {}
    codes = [code for code in sorted(structure) if code not in _RESIDUAL_SECTORS]
    titles = [structure[code].labels.get(evidence.language, "") for code in codes]
    candidates = [Candidate(c, "sector", title.split(";")[0].strip()) for c, title in zip(codes, titles, strict=True)]
    return candidates, _through_occupations(
        evidence, lambda iri: {**sectors.sections.get(iri, {}), **sectors.divisions.get(iri, {})}, codes
    )


def _plain_for(evidence: Evidence) -> Callable[[str], str]:
    """Takes remarks in brackets off a label and gives abbreviations the capitals they have in labels of skills."""
    capitals = _abbreviations(evidence, evidence.language)
    return lambda label: _restored(_REMARK.sub("", label), capitals)


def _restored(label: str, capitals: Mapping[str, str]) -> str:
    return _WORD.sub(lambda word: capitals.get(word[0], word[0]), label)


def _abbreviations(evidence: Evidence, language: Language) -> dict[str, str]:
    """``ict`` -> ``ICT``: words that labels of skills write in capitals more often than not."""
    skills = evidence.nested.pillar.skills.values()
    words = Counter(word for skill in skills for word in _WORD.findall(label_of(skill, language)))
    upper = {word for word in words if len(word) > 1 and word.isupper()}
    return {word.lower(): word for word in sorted(upper) if words[word] > words[word.lower()]}


_WORD = re.compile(r"[^\W\d_]+")
_REMARK = re.compile(r"\s*\([^()]*\)$")


def _through_occupations(
    evidence: Evidence, weights: Callable[[str], Mapping[str, float]], codes: list[str]
) -> csr_matrix:
    """(skills, codes) the share of each skill's links that lead to occupations with the code, by their weights."""
    column = {code: n for n, code in enumerate(codes)}
    cells = [
        (row, column[code], weight)
        for row, iri in enumerate(evidence.nested.occupations)
        for code, weight in sorted(weights(iri).items())
        if code in column
    ]
    rows, columns, values = zip(*cells, strict=True) if cells else ((), (), ())
    shape = (len(evidence.nested.occupations), len(codes))
    return csr_matrix(evidence.shares @ csr_matrix((values, (rows, columns)), shape=shape))
