"""An index over labels that answers two questions: what a whole query names, and what is named inside a text.

A label is compared as it is (folded), by the forms of its words, and with one letter wrong in a word that nobody knows.
What compares equal is ordered by use. Targets are any identifiers: skills, occupations, clusters.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from esco_kg.matching.edits import is_one_edit
from esco_kg.matching.language import small_words
from esco_kg.matching.words import Stemmer, Word, forms, words

Kind = Literal["preferred", "wording", "alternative"]
How = Literal["exact", "forms", "misspelt", "order", "apart"]
KINDS: tuple[Kind, ...] = ("preferred", "wording", "alternative")
HOWS: tuple[How, ...] = ("exact", "forms", "misspelt", "order", "apart")
_QUALIFIER = re.compile(r"\s*\([^()]*\)\s*$")
_SHORTEST = 5  # letters of a word that may be misspelt
_WINDOW = 8  # content words that a label has at most
_APART = 3  # content words of a label, from which on another word may stand among them ("weld simple steel parts")
Stems = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """A text that names a target."""

    target: str
    text: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Match:
    """``first`` and ``last`` number the words matched; ``content`` counts those that carry a subject.

    ``spread`` is in how many targets' labels the rarest of them stands: a word of many names little alone.
    """

    target: str
    kind: Kind
    how: How
    first: int
    last: int
    content: int
    spread: int


class LabelIndex:
    """Labels of one language. ``uses`` orders what matches alike; words of the texts ``known`` are no errors."""

    def __init__(
        self, labels: Iterable[Label], language: str, uses: Mapping[str, float], known: Iterable[str] = ()
    ) -> None:
        self._small, self._stem, self._uses = small_words(language), Stemmer(language), uses
        self._exact: dict[Stems, dict[str, Kind]] = defaultdict(dict)
        self._forms: dict[frozenset[str], dict[str, tuple[Kind, Stems, bool]]] = defaultdict(dict)
        self._names: set[str] = set()
        self._others: set[str] = set()
        self._known: set[str] = {form for text in known for form in forms(text)}
        spread: dict[str, set[str]] = defaultdict(set)
        for label in labels:
            self._add(label, spread)
        self._names -= self._others
        self._spread = {stem: len(targets) for stem, targets in spread.items()}
        self._by_rarest: dict[str, list[frozenset[str]]] = defaultdict(list)
        for stems in self._forms:
            self._by_rarest[min(stems, key=lambda stem: (self._spread[stem], stem))].append(stems)

    def _add(self, label: Label, spread: dict[str, set[str]]) -> None:
        as_written = tuple(forms(label.text))
        stems = tuple(self._stem(form) for form in as_written if form not in self._small.function) or as_written
        if not 0 < len(stems) <= _WINDOW:
            return
        _keep(self._exact[as_written], label.target, label.kind)
        if len(as_written) == 1:
            (self._names if label.text[:1].isupper() else self._others).add(as_written[0])
        before = self._forms[frozenset(stems)].get(label.target)
        if before is None or KINDS.index(label.kind) < KINDS.index(before[0]):
            joins = not self._small.conjunctions.isdisjoint(as_written)
            self._forms[frozenset(stems)][label.target] = (label.kind, stems, joins)
        for stem in stems:
            spread[stem].add(label.target)
        self._known.update(as_written)

    def use(self, target: str) -> float:
        """How much a target is used; 0 where nobody does."""
        return self._uses.get(target, 0.0)

    def is_name(self, form: str) -> bool:
        """Whether the word is written with a capital letter wherever it is a label, as names are."""
        return form in self._names

    def whole(self, query: str) -> list[Match]:
        """What the query as a whole names: exact before forms before misspelt before order, then by kind and by use."""
        found = words(query)
        matches = [match for match in self.within(found) if self._is_whole(match, found)]
        return sorted({m.target: m for m in sorted(matches, key=self.rank, reverse=True)}.values(), key=self.rank)

    def rank(self, match: Match) -> tuple[int, int, int, float, str]:
        """Sorts matches, the best first: more words, how it matched, kind of label, use."""
        use = -self.use(match.target)
        return (-match.content, HOWS.index(match.how), KINDS.index(match.kind), use, match.target)

    def within(self, text: Sequence[Word], breaks: Sequence[bool] | None = None) -> list[Match]:
        """Every label in the text. ``breaks`` tells for each word whether a match may not reach over its start."""
        content: list[tuple[int, str, bool]] = []
        for number, word in enumerate(text):
            if word.form not in self._small.function:
                stem, is_misspelt = self._known_stem(word.form)
                content.append((number, stem, is_misspelt))
        places: dict[str, list[int]] = defaultdict(list)
        for at, (_, stem, _) in enumerate(content):
            places[stem].append(at)
        parted, present = _parts(len(text), breaks), set(places)
        found: list[Match] = []
        for stem in places:
            for stems in self._by_rarest.get(stem, ()):
                if stems <= present:
                    for first, last in _windows([places[one] for one in stems]):
                        found += self._matches(text, content[first : last + 1], stems, parted)
        return found

    def _matches(
        self, text: Sequence[Word], content: list[tuple[int, str, bool]], stems: frozenset[str], parted: list[int]
    ) -> Iterable[Match]:
        first, last = content[0][0], content[-1][0]
        if parted[first] != parted[last]:
            return
        as_written = tuple(word.form for word in text[first : last + 1])
        exact = self._exact.get(as_written, {})
        small = [form for form in as_written if form in self._small.function]
        order = tuple(stem for _, stem, _ in content if stem in stems)
        is_apart = len(content) > len(stems)
        spread = min(self._spread[stem] for stem in stems)
        joins = not self._small.conjunctions.isdisjoint(small)
        for target, (kind, as_label, label_joins) in self._forms[stems].items():
            how: How = "apart" if is_apart else "forms" if order == as_label else "order"
            if is_apart and order != as_label:
                continue
            if target in exact:
                yield Match(target, exact[target], "exact", first, last, len(stems), spread)
                continue
            if (joins and not label_joins) or (how == "order" and not small and not self._small.is_order_free):
                continue
            if how != "apart" and any(is_misspelt for _, _, is_misspelt in content):
                how = "misspelt"
            yield Match(target, kind, how, first, last, len(stems), spread)

    def _is_whole(self, match: Match, text: Sequence[Word]) -> bool:
        inside = range(match.first, match.last + 1)
        return all(n in inside or word.form in self._small.function for n, word in enumerate(text))

    def _known_stem(self, form: str) -> tuple[str, bool]:
        """The word's stem; of a word that nobody knows the nearest one's, and whether that was taken."""
        if form in self._known or len(form) < _SHORTEST or not form.isalpha():
            return self._stem(form), False
        stem = self._stem(form)
        if stem in self._spread:
            return stem, False
        near = {word for cut in _without_one(form) for word in self._cut.get(cut, ())}
        near = {word for word in near if word[0] == form[0] and is_one_edit(word, form)}
        if not near:
            return stem, False
        best = max(near, key=lambda word: (self._spread.get(self._stem(word), 0), word))
        return self._stem(best), True

    @cached_property
    def _cut(self) -> dict[str, list[str]]:
        """The words of labels by what is left of them when one letter is cut, or none."""
        found: dict[str, list[str]] = defaultdict(list)
        for form in sorted({form for label in self._exact for form in label}):
            if len(form) >= _SHORTEST and form.isalpha():
                for cut in _without_one(form):
                    found[cut].append(form)
        return dict(found)


def without_qualifier(text: str) -> str:
    """A label without what stands in brackets at its end: "Java" of "Java (computer programming)"."""
    return _QUALIFIER.sub("", text)


def _keep(found: dict[str, Kind], target: str, kind: Kind) -> None:
    if target not in found or KINDS.index(kind) < KINDS.index(found[target]):
        found[target] = kind


def _parts(count: int, breaks: Sequence[bool] | None) -> list[int]:
    """For each word the number of the part it stands in."""
    found, part = [], 0
    for number in range(count):
        part += bool(breaks and breaks[number])
        found.append(part)
    return found


def _windows(places: list[list[int]]) -> Iterable[tuple[int, int]]:
    """Runs of neighbouring places that hold one of each list; of three or more, a stranger may stand among them."""
    if len(places) == 1:
        return [(at, at) for at in places[0]]
    every = sorted((at, number) for number, of in enumerate(places) for at in of)
    size = len(places)
    widest = size - 1 if size < _APART else size
    return [
        (every[n][0], every[n + size - 1][0])
        for n in range(len(every) - size + 1)
        if every[n + size - 1][0] - every[n][0] <= widest and len({k for _, k in every[n : n + size]}) == size
    ]


def _without_one(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}
