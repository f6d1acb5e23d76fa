"""Which skill somebody means: by IRI, by the key at its end, or by its exact preferred label."""

from __future__ import annotations

import difflib
from collections import defaultdict
from functools import cached_property

from esco_kg.clusters.given.mistakes import TOLD, Mistakes
from esco_kg.model.pillar import Pillar, RetiredConcept

_NEAREST, _LIKE = 3, 0.6
_KIND = "KnowledgeSkillCompetence"  # as tables call skills


class SkillLookup:
    """Finds the skills of one ESCO version."""

    def __init__(self, pillar: Pillar, mistakes: Mistakes) -> None:
        self._pillar, self._mistakes = pillar, mistakes
        self._by_key = {_key(iri): iri for iri in pillar.skills}
        self._namespaces = {iri.removesuffix(_key(iri)) for iri in pillar.skills}

    def is_of_esco(self, iri: str) -> bool:
        """Whether the IRI looks like one of a skill of ESCO, of whatever version."""
        return iri.removesuffix(_key(iri)) in self._namespaces

    def find(self, named: str, place: str) -> str | None:
        """The skill's IRI; None where there is none, or several, which is a mistake then."""
        if named in self._pillar.skills:
            return named
        if "://" not in named:
            if named in self._by_key:
                return self._by_key[named]
            iris = self._by_label.get(named, [])
            if len(iris) == 1:
                return iris[0]
            if iris:
                listed = ", ".join(iris)
                self._mistakes.add(place, f"{named!r} is the label of {len(iris)} skills", f"Write an IRI: {listed}.")
                return None
        self._unknown(named, place)
        return None

    @cached_property
    def _by_label(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for iri, skill in self._pillar.skills.items():
            for label in dict.fromkeys(texts.pref for texts in skill.texts.values() if texts.pref):
                found[label].append(iri)
        return found

    @cached_property
    def _withdrawn(self) -> dict[str, RetiredConcept]:
        """IRI, key and label of each withdrawn skill, which the RDF dump alone has."""
        skills = [concept for concept in self._pillar.retired.values() if concept.kind == _KIND]
        named = {concept.label: concept for concept in skills if concept.label}
        return named | {_key(concept.iri): concept for concept in skills} | {concept.iri: concept for concept in skills}

    def _unknown(self, named: str, place: str) -> None:
        version, is_iri = self._pillar.version, "://" in named
        shown = named if is_iri else repr(named)
        if withdrawn := self._withdrawn.get(named):
            successors = [self._named(iri) for iri in self._successors(withdrawn)]
            by = f"replaced by {' and '.join(successors)}" if successors else "and ESCO names no successor"
            hint = "Name the successor." if successors else "Take the row out."
            self._mistakes.add(place, f"{shown} is withdrawn in ESCO {version}, {by}", hint)
            return
        if is_iri:
            what = "; it may be one of another version" if self.is_of_esco(named) else ""
            hint = f"Copy the conceptUri of a skill of ESCO {version}, or take the row out."
            self._mistakes.add(place, f"{named} is no skill of ESCO {version}{what}", hint)
            return
        near = difflib.get_close_matches(named, self._by_label, _NEAREST, _LIKE) if len(self._mistakes) < TOLD else []
        what = f"; the nearest labels are: {'; '.join(near)}" if near else ""
        self._mistakes.add(place, f"{shown} is no skill of ESCO {version}{what}", "Copy a label, or the conceptUri.")

    def _successors(self, withdrawn: RetiredConcept) -> list[str]:
        """The skills in its place, also through successors that are withdrawn, too."""
        found, waiting = dict.fromkeys(withdrawn.replaced_by), list(withdrawn.replaced_by)
        while waiting:
            if further := self._pillar.retired.get(waiting.pop()):
                waiting += [iri for iri in further.replaced_by if iri not in found]
                found |= dict.fromkeys(further.replaced_by)
        return [iri for iri in found if iri in self._pillar.skills]

    def _named(self, iri: str) -> str:
        return f"“{self._pillar.skills[iri].label()}” ({iri})"


def _key(iri: str) -> str:
    return iri.replace("#", "/").rsplit("/", 1)[-1]
