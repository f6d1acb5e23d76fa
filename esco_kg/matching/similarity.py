"""Texts compared with the labels and descriptions of ESCO skills by sparse features; nothing is downloaded.

A text and a label are compared by the cosine of TF-IDF features: character 4- and 5-grams inside word boundaries (they
forgive word forms and compounds) beside whole words, in equal parts. A skill's similarity is that of its best label, a
preferred label counting 2 per cent more, plus 0.3 times the cosine between the text and the skill's description.
The weights were chosen once on the two validation sets of Decorte et al. (2022, "Design of negative sampling strategies
for distantly supervised skill extraction"); docs/testing.md says what they gave.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from esco_kg.model.pillar import Skill

DESCRIPTION_WEIGHT = 0.3
PREFERRED_BONUS = 1.02
_LABELS_KEPT = 30
_SEPARATORS = re.compile(r"[^\w+#.]+|\.(?!\w)")


@dataclass(frozen=True, slots=True)
class Similar:
    """For n texts the best k skills: ``skills`` (n, k) positions, -1 for none; ``scores`` (n, k), falling."""

    skills: NDArray[np.int64]
    scores: NDArray[np.float64]


class TextModel(Protocol):
    """Anything that ranks skills for texts; ``iris`` are the skills that positions refer to."""

    iris: list[str]

    def similar(self, texts: Sequence[str], keep: int) -> Similar:
        """The ``keep`` most similar skills of each text, best first; ties go to the smaller IRI."""


def normalised(text: str) -> str:
    """NFKC, case folded, words apart by one space; ``c++``, ``c#`` and ``node.js`` stay as they are."""
    return _SEPARATORS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


class NGramModel:
    """The default model. ``skills`` are compared in one language, falling back as labels do."""

    def __init__(self, skills: dict[str, Skill], language: str, threads: int = 2) -> None:
        self.iris = sorted(skills)
        self._threads = threads
        labels, owners, preferred, descriptions = _labels([skills[iri] for iri in self.iris], language)
        self._owners = np.array(owners, dtype=np.int64)
        self._bonus = np.where(preferred, PREFERRED_BONUS, 1.0)
        self._letters = _vectorizer(analyzer="char_wb", ngram_range=(4, 5), max_df=max(0.05, 20 / len(labels)))
        self._words = _vectorizer(analyzer="word", token_pattern=r"\S+")
        parts = [self._letters.fit_transform(labels), self._words.fit_transform(labels)]
        self._labels = (sp.hstack(parts).T.tocsr() * 0.5).astype(np.float32)  # two parts, each of length 1
        self._description_words = _vectorizer(
            analyzer="word", token_pattern=r"\S+", max_df=0.1 if len(labels) > 500 else 1.0
        )
        self._descriptions = self._description_words.fit_transform(descriptions).tocsr()

    def similar(self, texts: Sequence[str], keep: int) -> Similar:
        """See :class:`TextModel`."""
        from sparse_dot_topn import sp_matmul_topn

        clean = [normalised(text) for text in texts]
        features = sp.hstack([self._letters.transform(clean), self._words.transform(clean)]).tocsr()
        best = sp_matmul_topn(features, self._labels, top_n=_LABELS_KEPT, n_threads=self._threads)
        rows = np.repeat(np.arange(len(clean)), np.diff(best.indptr))
        rows, skills, scores = _best_label(rows, self._owners[best.indices], best.data * self._bonus[best.indices])
        described = self._description_words.transform(clean)
        scores = scores + DESCRIPTION_WEIGHT * _row_cosines(described, rows, self._descriptions, skills)
        return _ranked(len(clean), rows, skills, scores, keep)


def _vectorizer(**options: Any) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(sublinear_tf=True, dtype=np.float32, lowercase=False, **options)


def _labels(skills: list[Skill], language: str) -> tuple[list[str], list[int], list[bool], list[str]]:
    """Labels with the skill each belongs to and whether it is preferred; and per skill its description's text."""
    labels: list[str] = []
    owners: list[int] = []
    preferred: list[bool] = []
    descriptions: list[str] = []
    for position, skill in enumerate(skills):
        texts = skill.texts.get(language) or skill.texts.get("en") or next(iter(skill.texts.values()))
        own = dict.fromkeys(normalised(label) for label in (texts.pref, *texts.alt, *texts.hidden))
        labels += own
        owners += [position] * len(own)
        preferred += [number == 0 for number in range(len(own))]
        descriptions.append(normalised(f"{texts.pref} {texts.description} {texts.definition}"))
    return labels, owners, preferred, descriptions


def _best_label(
    rows: NDArray[np.int64], skills: NDArray[np.int64], scores: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """One entry per (text, skill): its best label's."""
    order = np.lexsort((-scores, skills, rows))
    rows, skills, scores = rows[order], skills[order], scores[order]
    first = np.ones(len(rows), dtype=bool)
    first[1:] = (rows[1:] != rows[:-1]) | (skills[1:] != skills[:-1])
    return rows[first], skills[first], scores[first].astype(np.float64)


def _row_cosines(left: Any, rows: NDArray[np.int64], right: Any, columns: NDArray[np.int64]) -> NDArray[np.float64]:
    """The inner products of pairs of rows; both sides have rows of length 1 (or 0)."""
    if not len(rows):
        return np.zeros(0)
    return np.asarray(left[rows].multiply(right[columns]).sum(axis=1), dtype=np.float64).ravel()


def _ranked(
    count: int, rows: NDArray[np.int64], skills: NDArray[np.int64], scores: NDArray[np.float64], keep: int
) -> Similar:
    # Rounding makes equal what differs by the order of additions alone.
    scores = np.round(scores, 6)
    order = np.lexsort((skills, -scores, rows))
    rows, skills, scores = rows[order], skills[order], scores[order]
    starts = np.searchsorted(rows, np.arange(count))
    rank = np.arange(len(rows)) - starts[rows] if len(rows) else np.zeros(0, dtype=np.int64)
    inside = rank < keep
    found = Similar(np.full((count, keep), -1, dtype=np.int64), np.zeros((count, keep)))
    found.skills[rows[inside], rank[inside]] = skills[inside]
    found.scores[rows[inside], rank[inside]] = scores[inside]
    return found
