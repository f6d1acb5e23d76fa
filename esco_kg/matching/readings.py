"""What each word of a query may mean among the words that names are made of: itself, a form, a beginning, a slip.

A word that no name has is looked for with one letter wrong; with two, from eight letters on. Two words that make one
(``data base``), and one that is made of two (``Staplerfahrer``), are known by their parts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from esco_kg.matching.edits import edits, is_one_edit
from esco_kg.matching.initials import are_initials
from esco_kg.matching.names import squeezed, stem_token, stemmer

_SHORTEST_SLIP, _TWO_SLIPS = 4, 8  # letters of a word that may have one letter wrong, or two
_ENDING, _LEAST = 3, 4  # letters cut from a word's end, letters that must be left
_SHORT = 2  # letters of a word that stands for the most used words beginning with it
_PART = 4  # letters of a part of a compound
_MOST_FORMS = 40
_LAST = "\U0010ffff"
# What a word is worth that stands in a name in another form.
EXACT, STEM, SQUEEZED, ENDS, SLIP, CUT, INSIDE, TWO_SLIPS = 1.0, 0.93, 0.95, 0.9, 0.85, 0.72, 0.62, 0.6
# A form that begins with the same letters is nearer: "nurses" to "nurse" than to "nursing".
SAME, FAR = 0.03, 0.18
FORM = 0.79  # the least that a form is worth
# Endings of nouns and of the verbs that they are made of: "Leitung" is what one does who "leitet".
DERIVED = {"de": ("ung", "en"), "nl": ("ing", "en")}
OF_VERB = 0.85
# Languages that write compounds as one word, the head last: a Grundschullehrer is a Lehrer.
COMPOUNDING = {"da", "de", "et", "fi", "hu", "is", "nl", "no", "sv"}
_HEAD = 5  # letters of the head of a compound


@dataclass(slots=True)
class Reading:
    """A word of the query. ``worth``: word of names -> what it is worth; ``stems`` and ``starts`` likewise.

    ``spread``: in how many names the word stands in any form. ``corrected``: the word meant, where it was a slip.
    """

    word: str
    worth: dict[str, float] = field(default_factory=dict)
    stems: dict[str, float] = field(default_factory=dict)
    starts: str = ""
    spread: int = 0
    corrected: str = ""
    is_known: bool = False

    def expression(self) -> str:
        """The query for FTS5: any form of the word."""
        wanted = [f'"{word}"' for word in self.worth]
        wanted += [f'"{token}"' for stem in self.stems for token in (stem, stem_token(stem))]
        wanted += [f'"{self.starts}"*'] if self.starts else []
        return " OR ".join(dict.fromkeys(wanted))

    def quality(self, word: str, stem: str) -> float:
        """What a word of a name, with its stem, is worth as this word; 0 where it is another one."""
        best = self.worth.get(word, 0.0)
        if stem in self.stems and best < EXACT:
            best = max(best, self.stems[stem] * (1 + SAME - FAR * (1 - _in_common(word, self.word))))
        if self.starts and best < EXACT and word.startswith(self.starts):
            typed = len(self.word) if word.startswith(self.word) else len(self.starts)
            share = typed / len(word)
            best = max(best, (0.55 + 0.35 * share) if typed == len(self.word) else CUT * (0.5 + 0.5 * share))
        return best


def _in_common(left: str, right: str) -> float:
    """The part of the longer word that both begin with."""
    count = next((n for n, (one, other) in enumerate(zip(left, right, strict=False)) if one != other), None)
    return (min(len(left), len(right)) if count is None else count) / max(len(left), len(right))


class Vocabulary:
    """The words of all names in a language."""

    def __init__(self, connection: sqlite3.Connection, language: str) -> None:
        self._connection, self._language = connection, language
        self.stem = stemmer(language)

    def spread(self, word: str) -> int:
        """In how many names a word stands."""
        row = self._connection.execute(
            "SELECT spread FROM find_words WHERE language = ? AND word = ?", (self._language, word)
        ).fetchone()
        return int(row[0]) if row else 0

    def written_out(self, words: Sequence[str]) -> tuple[list[str], dict[str, str]]:
        """The words with initials written out, and what each of these stands for, as one would write it."""
        found: dict[str, str] = {}
        for short in are_initials(words):
            row = self._connection.execute(
                "SELECT words FROM find_initials WHERE language = ? AND initials = ?", (self._language, short)
            ).fetchone()
            if row:
                found[short] = row[0]
        said = [part for word in words for part in found.get(word, word).split()]
        return said, {short: meant.replace(" ", " & ") for short, meant in found.items()}

    def read(self, words: Sequence[str]) -> list[Reading]:
        """A reading of each word; two words that make one that names have are read as that one."""
        found: list[Reading] = []
        at = 0
        while at < len(words):
            joined = words[at] + words[at + 1] if at + 1 < len(words) else ""
            if joined and self._is_one_word(joined, words[at : at + 2]):
                found.append(self._of_word(joined))
                at += 2
                continue
            found.append(self._of_word(words[at]))
            at += 1
        return found

    def _is_one_word(self, joined: str, parts: Sequence[str]) -> bool:
        """Whether two words are rather one: names have it, and one of the two stands in fewer of them."""
        if not joined.replace("'", "").isalnum() or len(joined) < _LEAST:
            return False
        together = self.spread(joined) or self._spread_from(joined)
        return together > 0 and (len(joined) >= 6) and together >= min(self.spread(part) for part in parts)

    def _spread_from(self, start: str) -> int:
        row = self._connection.execute(
            "SELECT sum(spread) FROM find_words WHERE language = ? AND word >= ? AND word < ?",
            (self._language, start, start + _LAST),
        ).fetchone()
        return int(row[0] or 0)

    def _of_word(self, word: str) -> Reading:
        reading = Reading(word)
        whole = self.spread(word)
        stem = self.stem(word)
        by_stem = max(self.spread(stem_token(stem)), self.spread(stem) if stem != word else 0)
        if whole:
            reading.worth[word] = EXACT
        if by_stem:
            reading.stems[stem] = STEM
        noun, verb = DERIVED.get(self._language, ("", ""))
        if noun and word.endswith(noun) and len(word) >= _LEAST + len(noun):
            derived = self.stem(word.removesuffix(noun) + verb)
            if self.spread(stem_token(derived)) or self.spread(derived):
                reading.stems.setdefault(derived, OF_VERB)
        for one in squeezed(word)[:1]:
            if self.spread(one):
                reading.worth.setdefault(one, SQUEEZED)
        if self._language in COMPOUNDING and len(word) >= _HEAD:
            for one, _ in self._ending(word):
                reading.worth.setdefault(one, ENDS)
        reading.is_known = bool(reading.worth or reading.stems)
        from_start = self._spread_from(word) if len(word) > _SHORT else 0
        if from_start:
            reading.starts = word
        elif len(word) <= _SHORT:
            self._begin(reading)
        reading.spread = max(whole, by_stem, 0 if reading.is_known else from_start)
        if not reading.is_known:
            self._guess(reading)
        return reading

    def _begin(self, reading: Reading) -> None:
        """Fill the reading of a letter or two with the most used words that begin with them."""
        word = reading.word
        rows = self._connection.execute(
            "SELECT word, spread FROM find_words WHERE language = ? AND word >= ? AND word < ?"
            " ORDER BY spread DESC, word LIMIT ?",
            (self._language, word, word + _LAST, _MOST_FORMS),
        )
        for one, spread in rows.fetchall():
            reading.worth.setdefault(one, 0.5 + 0.3 * len(word) / len(one))
            reading.spread = max(reading.spread, 0 if reading.is_known else spread)

    def _guess(self, reading: Reading) -> None:
        """Fill the reading of a word that no name has as it stands."""
        word = reading.word
        slips = self._slips(word, 1) if len(word) >= _SHORTEST_SLIP else []
        self._take(reading, slips, SLIP)
        if slips and not reading.starts:
            reading.corrected = slips[0][0]
        if not reading.starts and not slips:
            cut = word[: max(_LEAST, len(word) - _ENDING)]
            if cut != word and self._spread_from(cut):
                reading.starts = cut
                reading.spread = max(reading.spread, 1)
        if not slips and len(word) >= _TWO_SLIPS and not reading.starts:
            far = self._slips(word, 2)
            self._take(reading, far, TWO_SLIPS)
            reading.corrected = far[0][0] if far else ""
        if not reading.worth and not reading.stems:
            self.look_inside(reading)

    def forgiven(self, readings: Iterable[Reading]) -> list[Reading]:
        """The readings once more, wider; a word that no name has may be two."""
        found: list[Reading] = []
        for reading in readings:
            parts = self.parts(reading.word)
            if parts and not reading.is_known:
                found += self.read(parts)
                for one in found[-len(parts) :]:
                    self.look_inside(one)
            else:
                wide = replace(reading, worth=dict(reading.worth), stems=dict(reading.stems))
                self.forgive(wide)
                found.append(wide)
        return found

    def forgive(self, reading: Reading) -> None:
        """Read a word more widely: without its ending, with slips, as a part of longer words."""
        word = reading.word
        cut = word[: max(_LEAST, len(word) - _ENDING)]
        if len(word) > _LEAST and cut.isalpha():
            reading.starts = cut
        if len(word) >= _SHORTEST_SLIP:
            self._take(reading, self._slips(word, 1), SLIP * 0.9)
        self.look_inside(reading)

    def _take(self, reading: Reading, found: Iterable[tuple[str, int]], worth: float) -> None:
        for word, spread in found:
            reading.worth.setdefault(word, worth)
            reading.stems.setdefault(self.stem(word), worth * STEM)
            reading.spread = max(reading.spread, spread)

    def _slips(self, word: str, most: int) -> list[tuple[str, int]]:
        """(word of names, spread) at most so many slips away, the nearest and most used first."""
        if not word.isalpha():
            return []
        half = len(word) // 2 if most == 1 else max(3, len(word) // 3)
        near: dict[str, int] = {}
        for column, part in (
            ("word", word[:half]),
            ("backwards", word[::-1][: len(word) - half if most == 1 else half]),
        ):
            rows = self._connection.execute(
                f"SELECT word, spread FROM find_words WHERE language = ? AND {column} >= ? AND {column} < ?"
                " AND length(word) BETWEEN ? AND ?",
                (self._language, part, part + _LAST, len(word) - most, len(word) + most),
            )
            near.update(rows)
        # Two letters that were swapped in the middle leave neither half right.
        half = len(word) // 2
        swapped = word[: half - 1] + word[half - 1 : half + 1][::-1] + word[half + 1 :]
        if self.spread(swapped):
            near[swapped] = self.spread(swapped)
        if most == 1:
            found = [(one, count) for one, count in near.items() if is_one_edit(one, word)]
        else:
            found = [(one, count) for one, count in near.items() if edits(one, word, most) <= most]
        first = word[0]
        return sorted(found, key=lambda pair: (pair[0][0] != first, -pair[1], pair[0]))[:_MOST_FORMS]

    def look_inside(self, reading: Reading) -> None:
        """Longer words that hold the word, and the two words that it is made of."""
        word = reading.word
        if len(word) < _PART or not word.isalpha():
            return
        rows = self._connection.execute(
            "SELECT word, spread FROM find_words WHERE language = ? AND word LIKE ? AND word NOT LIKE '~%'"
            " ORDER BY spread DESC, word LIMIT ?",
            (self._language, f"%{word}%", _MOST_FORMS),
        ).fetchall()
        for one, spread in rows:
            reading.worth.setdefault(one, INSIDE * (0.6 + 0.4 * len(word) / len(one)))
            reading.spread = max(reading.spread, spread)

    def parts(self, word: str) -> list[str]:
        """The two words that a compound is made of, or []: both known, the longer first part wins."""
        if not word.isalpha():
            return []
        for at in range(len(word) - _PART, _PART - 1, -1):
            for linked in (word[:at], word[:at].removesuffix("s")):
                if len(linked) >= _PART and self._is_part(linked) and self._is_part(word[at:]):
                    return [linked, word[at:]]
        return []

    def _is_part(self, word: str) -> bool:
        stem = self.stem(word)
        return bool(self.spread(word) or self.spread(stem_token(stem)) or self.spread(stem) or self._ending(word, 1))

    def _ending(self, word: str, most: int = _MOST_FORMS) -> list[tuple[str, int]]:
        """(word of names, spread) that end with a word."""
        back = word[::-1]
        return self._connection.execute(
            "SELECT word, spread FROM find_words WHERE language = ? AND backwards >= ? AND backwards < ?"
            " AND substr(word, 1, 1) <> '~' LIMIT ?",
            (self._language, back, back + _LAST, most),
        ).fetchall()
