"""The one matcher of what people type with the names of things: for pages, interfaces, tables and the command line.

A name is compared word by word. It stands the higher, the more of the query's subject it has, the nearer its words are
to those typed (as they are, another form, a beginning, a slip), the less else it says, and the more what it names is
used. Words of the query that no name has beside the others are left out. Identifiers and codes are found too.
"""

from __future__ import annotations

import math
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from esco_kg.matching.initials import closed
from esco_kg.matching.language import small_words
from esco_kg.matching.names import KINDS, checksum, squeezed, stemmer, table
from esco_kg.matching.readings import EXACT, FORM, SLIP, Reading, Vocabulary
from esco_kg.matching.words import Word, forms, words

How = Literal["code", "exact", "forms", "start", "slip", "part"]
_MOST_WORDS = 12
_CANDIDATES, _FEWER = 250, 120  # names that are compared: of those with all words, and with each single one
_TELLING = 4  # words of a query, the rarest, that are looked for without the others
_KIND_WORTH = (1.0, 0.98, 0.97, 0.95)
_FEW = 5  # where so few hits were found, words are read more widely
_ENOUGH = 0.55  # a language with a hit of this score makes the later ones unneeded
# A phrase says at its end what it is about ("registered nurse"), and in these languages at its beginning.
HEAD_FIRST = {"ca", "es", "fr", "it", "pl", "pt", "ro"}
_HEAD_WEIGHT = 1.5
_OTHERWISE_PARTED = 0.985  # what a name is worth that is the query but for a space: "cyber security"
_MANY = 0.01  # what each doubling of the names by which a thing is found adds to its score
_ADDED = re.compile(r"\((?:[mwfdxhv]/)+[a-z]+\)", re.IGNORECASE)  # "(m/f/d)", which job titles carry
_PREFIX = re.compile(r"^\s*(?:isco(?:-?\s?08)?|esco|nace(?:\s?2(?:\.1)?)?|isced(?:-f)?)\s*:?\s+", re.IGNORECASE)
_CANDIDATE = "SELECT n.label, t.target, t.type, n.kind, t.use"
_QUALIFIER = re.compile(r"\s*\([^()]*\)\s*$")


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing found by a name: ``label`` is the name that matched, ``marks`` the characters of it that did.

    ``score`` in (0, 1] is 1 where a preferred name is what was typed. ``kind`` is one of ``KINDS``.
    """

    type: str
    target: str
    label: str
    kind: str
    language: str
    score: float
    how: How
    marks: tuple[tuple[int, int], ...] = ()
    use: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """The hits, best first; ``meant`` is the query with its slips corrected, '' where there were none."""

    hits: tuple[Hit, ...]
    meant: str = ""


def find(
    connection: sqlite3.Connection, query: str, languages: Iterable[str], types: Sequence[str], limit: int = 20
) -> Answer:
    """The best hits, one for each thing. A later language is asked only where those before it found little."""
    codes = _by_code(connection, query, types)
    asked = closed(_ADDED.sub(" ", query))
    found: dict[str, Hit] = {hit.target: hit for hit in codes}
    meant = ""
    for place, language in enumerate(dict.fromkeys(languages)):
        best = max((hit.score for hit in found.values()), default=0.0)
        if place and (best >= _ENOUGH or (codes and place > 1)):
            break
        hits, mended = _in_language(connection, asked, language, types, limit, is_first=place == 0)
        meant = meant or (mended if place == 0 else "")
        for hit in hits:
            if hit.target not in found or hit.score > found[hit.target].score:
                found[hit.target] = hit
    order = {name: place for place, name in enumerate(types)}

    def place_of(hit: Hit) -> tuple[object, ...]:
        # A cluster is often named like its best known skill, which is what was typed.
        return (-hit.score, hit.type == "cluster", -hit.use, order[hit.type], len(hit.label), hit.target)

    ranked = sorted(found.values(), key=place_of)
    return Answer(tuple(ranked[:limit]), meant if not codes else "")


def _by_code(connection: sqlite3.Connection, query: str, types: Sequence[str]) -> list[Hit]:
    """What an IRI, the last part of one, a code or a notation names."""
    text = query.strip()
    if "://" in text:
        text = re.split(r"[/#]", text.rstrip("/#"))[-1]
    code = _PREFIX.sub("", text).strip().casefold()
    if not code or len(code) > 80 or " " in code:
        return []
    rows = connection.execute(
        "SELECT t.type, t.target, coalesce((SELECT label FROM find_names WHERE target = t.id AND kind = 0"
        " ORDER BY language <> 'en', id LIMIT 1), code), t.use"
        " FROM find_codes c JOIN find_targets t ON t.id = c.target WHERE code = ? ORDER BY t.id",
        (code,),
    ).fetchall()
    is_plain = code.isalpha()
    worth = 0.6 if is_plain and len(code) < 3 and _PREFIX.match(query.strip()) is None else 1.0
    return [
        Hit(kind, target, label, "pref", "", worth, "code", (), use)
        for kind, target, label, use in rows
        if kind in types
    ]


@dataclass(slots=True)
class _Candidate:
    label: str
    target: str
    type: str
    kind: int
    use: float


def _in_language(
    connection: sqlite3.Connection, query: str, language: str, types: Sequence[str], limit: int, *, is_first: bool
) -> tuple[list[Hit], str]:
    asked = forms(query)[:_MOST_WORDS]
    small = small_words(language).function
    content = [word for word in asked if word not in small] or asked
    if not content:
        return [], ""
    vocabulary = Vocabulary(connection, language)
    content, stands_for = vocabulary.written_out(content)
    readings = vocabulary.read(content)
    scorer = _Scorer(connection, language, asked, readings, types)
    hits = scorer.hits(scorer.whole())
    hits |= scorer.hits(scorer.holding(all_words=True), known=hits)
    if is_first and (len(hits) < limit or max((h.score for h in hits.values()), default=0) < _ENOUGH):
        hits |= scorer.hits(scorer.holding(all_words=False), known=hits)
        if len(hits) < _FEW or max((h.score for h in hits.values()), default=0) < _ENOUGH:
            wider = _Scorer(connection, language, asked, vocabulary.forgiven(readings), types)
            hits |= wider.hits(wider.holding(all_words=False), known=hits)
    return list(hits.values()), _meant(asked, readings, stands_for)


def _meant(asked: Sequence[str], readings: Sequence[Reading], stands_for: dict[str, str]) -> str:
    mended = {reading.word: reading.corrected for reading in readings if reading.corrected} | stands_for
    return " ".join(mended.get(word, word) for word in asked) if mended else ""


class _Scorer:
    """Finds and scores the names in one language for one query."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        language: str,
        asked: Sequence[str],
        readings: Sequence[Reading],
        types: Sequence[str],
    ) -> None:
        self._connection, self._language, self._asked, self._types = connection, language, list(asked), types
        self._readings = readings
        self._small, self._stem = small_words(language).function, stemmer(language)
        count = max(1, connection.execute("SELECT count(*) FROM find_targets").fetchone()[0])
        # A word of many names says little; one that no name has counts as much as a rare one, but for a half.
        self._weights = [
            math.log1p(count / (1 + one.spread)) if one.spread else 0.5 * math.log1p(count) for one in readings
        ]
        self._weights[0 if language in HEAD_FIRST else -1] *= _HEAD_WEIGHT

    def whole(self) -> list[_Candidate]:
        """Names that are the query."""
        return self._rows("n.whole = ? AND n.language = ?", (checksum(self._asked), self._language), _CANDIDATES)

    def holding(self, *, all_words: bool) -> list[_Candidate]:
        """Names that have all words of the query in some form, or any of the telling ones."""
        parts = [
            (weight, part)
            for weight, one in zip(self._weights, self._readings, strict=True)
            if (part := one.expression())
        ]
        if not parts or (all_words and len(parts) < len(self._readings)):
            return []
        if all_words:
            match = " AND ".join(f"({part})" for _, part in parts)
            return self._matching(match, _CANDIDATES)
        telling = [part for _, part in sorted(parts, key=lambda pair: -pair[0])[:_TELLING]]
        found: list[_Candidate] = []
        if len(telling) > 2:
            for without in range(len(telling)):
                rest = telling[:without] + telling[without + 1 :]
                found += self._matching(" AND ".join(f"({part})" for part in rest), _FEWER)
        for part in [] if found else telling:
            found += self._matching(part, _FEWER)
        return found

    def _matching(self, expression: str, most: int) -> list[_Candidate]:
        index = table(self._language)
        marks = ", ".join("?" for _ in self._types)
        rows = self._connection.execute(
            f"{_CANDIDATE} FROM {index} CROSS JOIN find_names n ON n.id = {index}.rowid CROSS JOIN find_targets t"
            f" ON t.id = n.target WHERE {index} MATCH ? AND t.type IN ({marks}) ORDER BY {index}.rowid LIMIT ?",
            (expression, *self._types, most),
        )
        return [_Candidate(*row) for row in rows]

    def _rows(self, condition: str, values: tuple[object, ...], most: int) -> list[_Candidate]:
        marks = ", ".join("?" for _ in self._types)
        rows = self._connection.execute(
            f"{_CANDIDATE} FROM find_names n JOIN find_targets t ON t.id = n.target WHERE {condition}"
            f" AND t.type IN ({marks}) ORDER BY n.id LIMIT ?",
            (*values, *self._types, most),
        )
        return [_Candidate(*row) for row in rows]

    def hits(self, candidates: Iterable[_Candidate], known: Mapping[str, Hit] | None = None) -> dict[str, Hit]:
        """The best hit of each target; ``known`` are those found before."""
        found: dict[str, Hit] = {}
        names: Counter[str] = Counter()
        for candidate in candidates:
            hit = self._scored(candidate)
            if hit is None:
                continue
            names[hit.target] += 1
            before = found.get(hit.target) or (known or {}).get(hit.target)
            if before is None or hit.score > before.score:
                found[hit.target] = hit
        return {
            target: replace(hit, score=min(0.97, round(hit.score + _MANY * math.log2(names[target]), 4)))
            if hit.how != "exact"
            else hit
            for target, hit in found.items()
        }

    def _scored(self, one: _Candidate) -> Hit | None:
        said = words(one.label)
        plain = [word.form for word in said]
        if (whole := self._as_whole(plain, one.label)) > 0:
            score = whole * _KIND_WORTH[one.kind]
            # What names a skill and an occupation alike, "lorry driver", is a person: the occupation comes first.
            use = 1.0 if one.type == "occupation" else one.use
            score = round(score - 0.02 * (1 - use) * (one.kind > 0), 4)
            return self._hit(one, score, "exact", tuple((w.start, w.end) for w in said[: len(self._asked)]))
        content = [word for word in said if word.form not in self._small] or said
        matched, qualities, marks = self._compared(content)
        total = sum(self._weights)
        asked = sum(w * q for w, q in zip(self._weights, qualities, strict=True)) / total if total else 0.0
        if not matched or asked <= 0.2:
            return None
        label = sum(matched.values()) / len(content)
        worst = min(qualities)
        score = asked**1.5 * (0.5 + 0.28 * label + 0.2 * one.use) * _KIND_WORTH[one.kind]
        how: How = "part" if worst == 0 else "slip" if worst == SLIP else "forms" if worst >= FORM else "start"
        return self._hit(one, round(min(score, 0.97), 4), how, tuple(marks))

    def _as_whole(self, plain: list[str], label: str) -> float:
        """What a name is worth that is the query, without what it adds in brackets or however it parts its words."""
        if plain == self._asked:
            return 1.0
        if forms(_QUALIFIER.sub("", label)) == self._asked:
            return 0.99
        return _OTHERWISE_PARTED if "".join(plain) == "".join(self._asked) else 0.0

    def _compared(self, content: Sequence[Word]) -> tuple[dict[int, float], list[float], list[tuple[int, int]]]:
        """(worth of each word of the name that matched, what each word of the query found, characters that matched)."""
        matched: dict[int, float] = {}
        qualities, marks = [], []
        forms_of = [self._alternatives(word.form) for word in content]
        for reading in self._readings:
            best, at = 0.0, -1
            for place, alternatives in enumerate(forms_of):
                worth = max(reading.quality(form, stem) for form, stem in alternatives)
                if worth > best:
                    best, at = worth, place
            qualities.append(best)
            if at >= 0:
                matched[at] = max(matched.get(at, 0.0), best)
                end = content[at].end
                if best < EXACT and content[at].form.startswith(reading.word):
                    end = min(end, content[at].start + len(reading.word))
                marks.append((content[at].start, end))
        return matched, qualities, sorted(set(marks))

    def _alternatives(self, form: str) -> list[tuple[str, str]]:
        """A word of a name and its parts, each with its stem: ``l'aluminium`` is ``aluminium`` too."""
        return [(one, self._stem(one)) for one in (form, *squeezed(form))]

    def _hit(self, one: _Candidate, score: float, how: How, marks: tuple[tuple[int, int], ...]) -> Hit:
        return Hit(
            one.type, one.target, one.label, KINDS[one.kind], self._language, max(score, 0.0001), how, marks, one.use
        )
