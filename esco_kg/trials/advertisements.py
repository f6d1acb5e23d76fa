"""Sentences and whole advertisements -> the ESCO skills that they name, each with its place in the text.

A skill is named by a label or a wording (:mod:`esco_kg.matching`). Two rules keep apart what is only a word. A single
word counts where it is a preferred label, a wording, or a label whose word hardly any other skill has. Of overlapping
matches the longest counts. What the text denies ("no welding skills required") is reported as denied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from esco_kg.folder.material import Material
from esco_kg.matching.labels import Label, LabelIndex, Match, without_qualifier
from esco_kg.matching.language import language_of, small_words
from esco_kg.matching.wordings import wordings
from esco_kg.matching.words import Word, words
from esco_kg.trials.groupings import OPTIONAL_WEIGHT
from esco_kg.trials.sentences import Sentence, sentences

Status = Literal["found", "none found", "another language", "empty"]
# Of a label's words the rarest stands in labels of at most so many skills, where one word alone names a skill.
RARE = 3
# A name of so many skills' words is written with its capital letter, and a word of so many skills' labels names a skill
# only if some occupation needs that skill: "plan" is one that none needs.
NAME, COMMON = 10, 100
_REACH = 7  # words between a denial and what it denies
_BREAK = re.compile(r"[,;:()\[\]{}/|\n\"“”<>=]|\.\s|\s[-–]\s")
_KIND_SCORE = {"preferred": 1.0, "wording": 0.9, "alternative": 0.9}
_HOW_SCORE = {"exact": 1.0, "forms": 0.85, "misspelt": 0.8, "order": 0.7, "apart": 0.6}


@dataclass(frozen=True, slots=True)
class Found:
    """A skill in a text. ``start`` and ``end`` are characters of the text as it was given, tags included.

    ``score`` in (0, 1] is 1 for a preferred label as it stands, less for other labels and word forms; ``mentions``
    counts the places that name the skill, of which the first affirmative one is given.
    """

    skill: str
    start: int
    end: int
    written: str
    sentence: str
    score: float
    is_denied: bool
    mentions: int = 1


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text holds. ``language`` is asked where nothing was found: what it seems to be written in, or ''."""

    found: tuple[Found, ...]
    status: Status
    language: str = ""


class SkillFinder:
    """Finds skills in texts of one language, by an index of the skills' labels and wordings in it."""

    def __init__(self, language: str, index: LabelIndex) -> None:
        self._language, self._index = language, index
        self._small = small_words(language)

    @classmethod
    def of(cls, material: Material) -> SkillFinder:
        """The finder for a release in the material's language."""
        return cls(material.language, skill_index(material))

    def read(self, text: str) -> Reading:
        """The skills in one text, in the order of their first place; each once."""
        found: dict[str, Found] = {}
        every: list[Word] = []
        for sentence in sentences(text):
            said = words(sentence.text)
            every += said
            for one in self._in_sentence(sentence, said):
                before = found.get(one.skill)
                found[one.skill] = _joined(before, one) if before else one
        if found:
            return Reading(tuple(sorted(found.values(), key=lambda f: (f.start, f.end))), "found")
        if not every:
            return Reading((), "empty")
        language = language_of(every, self._language)
        is_other = language not in ("", self._language)
        return Reading((), "another language" if is_other else "none found", language)

    def skills(self, text: str) -> dict[str, float]:
        """The skills that a text affirms, with their scores."""
        return {one.skill: one.score for one in self.read(text).found if not one.is_denied}

    def _in_sentence(self, sentence: Sentence, said: Sequence[Word]) -> Iterator[Found]:
        between = [sentence.text[a.end : b.start] for a, b in pairwise(said)]
        breaks = [False, *(bool(_BREAK.search(part)) for part in between)]
        matches = [match for match in self._index.within(said, breaks) if self._names_a_skill(match, said, sentence)]
        taken: set[int] = set()
        for match in sorted(matches, key=self._index.rank):
            inside = range(match.first, match.last + 1)
            if not taken.isdisjoint(inside):
                continue
            taken.update(inside)
            start, end = said[match.first].start, said[match.last].end
            yield Found(
                match.target,
                sentence.places[start],
                sentence.places[end - 1] + 1,
                sentence.text[start:end],
                sentence.text,
                strength(match),
                self._is_denied(match, said, breaks),
            )

    def _names_a_skill(self, match: Match, said: Sequence[Word], sentence: Sentence) -> bool:
        """Whether so few and such words are enough; see the module's rules."""
        if match.content > 1:
            return True
        if match.how == "misspelt":
            return match.kind != "alternative"
        if match.how != "exact":
            return False
        if match.kind == "alternative":
            return match.spread <= RARE
        word = said[match.first]
        if match.spread > NAME and self._index.is_name(word.form) and sentence.text[word.start].islower():
            return False  # "polish" is not the language
        return match.kind == "wording" or match.spread <= COMMON or self._index.use(match.target) > 0

    def _is_denied(self, match: Match, said: Sequence[Word], breaks: Sequence[bool]) -> bool:
        """A denial shortly before, in the same part of the sentence; or what follows says that it is not needed."""
        small = self._small
        for number in range(match.first - 1, max(-1, match.first - 1 - _REACH), -1):
            if breaks[number + 1]:
                break
            if said[number].form in small.negation:
                return said[number + 1].form not in small.never
        after = [word.form for word in said[match.last + 1 : match.last + 1 + _REACH]]
        is_unneeded = small.negation.intersection(after) and small.unneeded.intersection(after)
        return bool(is_unneeded) and not small.bonus.intersection(word.form for word in said)


def strength(match: Match) -> float:
    """How sure a match is, in (0, 1]: 1 for a preferred label as it stands, less for other labels and word forms."""
    return round(_KIND_SCORE[match.kind] * _HOW_SCORE[match.how], 3)


def skill_index(material: Material) -> LabelIndex:
    """The labels and wordings of a release's skills, ordered by the occupations that need them."""
    uses: dict[str, float] = {}
    for needs in material.needs.values():
        for skill, necessity in needs:
            uses[skill] = uses.get(skill, 0.0) + (1.0 if necessity == "essential" else OPTIONAL_WEIGHT)
    descriptions = (
        f"{texts.description} {texts.definition}"
        for skill in material.skills.values()
        if (texts := skill.texts.get(material.language))
    )
    return LabelIndex(_labels(material), material.language, uses, descriptions)


def _labels(material: Material) -> Iterator[Label]:
    """Labels and wordings; of further labels not those that are an occupation's, as of the tool Chef."""
    occupations = {occupation.label(material.language).casefold() for occupation in material.occupations.values()}
    for iri, skill in material.skills.items():
        texts = skill.texts.get(material.language)
        if texts:
            yield Label(iri, texts.pref, "preferred")
            plain = without_qualifier(texts.pref)
            if plain and plain != texts.pref and plain.casefold() not in occupations:
                yield Label(iri, plain, "preferred")
            for text in (*texts.alt, *texts.hidden):
                if text.casefold() not in occupations:
                    yield Label(iri, text, "alternative")
    for wording, iri in wordings(material.language, material.skills):
        yield Label(iri, wording, "wording")


def _joined(before: Found, one: Found) -> Found:
    """Two places of one skill: the first that affirms it is given."""
    told = one if before.is_denied and not one.is_denied else before
    return replace(told, score=max(before.score, one.score), mentions=before.mentions + one.mentions)
