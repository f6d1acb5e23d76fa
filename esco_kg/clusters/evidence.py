"""What speaks for a concept as the name of a cluster: the words of the members' labels, the occupations that need them.

Every figure is between 0 and 1 and is one of two kinds. *Coverage* is the F1 measure (van Rijsbergen 1979) between the
members of a cluster and the skills that a concept stands for. *Wording* is the mean over a label's words of the F1
measure between the members and the skills that have the word, weighted by the words' inverse document frequency: a
class-based TF-IDF (after Grootendorst 2022, BERTopic) that punishes words of other clusters, too.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags

from esco_kg.clusters.nested import Members, Nested
from esco_kg.model.pillar import Language

Vector = NDArray[np.float64]
_WORD = re.compile(r"[^\W\d_]{2,}")
# Cutting words short is the one stemmer that needs no language (McNamee and Mayfield 2004).
_STEM = 6
# A word in more of the labels than this is a function word in any language.
_TOO_COMMON = 0.08


def stems(text: str) -> set[str]:
    """The words of a text, cut to six letters."""
    return {word[:_STEM] for word in _WORD.findall(text.casefold())}


@dataclass(slots=True)
class LevelEvidence:
    """``wording`` (clusters, words) is F1 per word; ``overlap`` (n,) how far each skill's occupations are those of its
    own cluster (the sum over occupations of the smaller share); ``centrality`` (n,) the harmonic mean of overlap and
    wording of the skill's label."""

    level: Members
    wording: csr_matrix
    overlap: Vector
    centrality: Vector


class Evidence:
    """The words and occupations of all skills, in the main language."""

    def __init__(self, nested: Nested, language: Language = "en") -> None:
        self.nested = nested
        self.language = language
        texts = [nested.pillar.skills[iri].texts.get(self.language) for iri in nested.skills]
        all_words = [stems(" ".join([t.pref, *t.alt])) if t else set() for t in texts]
        counts: dict[str, int] = {}
        for words in all_words:
            for word in words:
                counts[word] = counts.get(word, 0) + 1
        most = max(_TOO_COMMON * len(texts), 10)
        self._column = {word: n for n, word in enumerate(sorted(w for w, count in counts.items() if count <= most))}
        self._frequency = np.array([counts[word] for word in self._column], dtype=float)
        self._rarity = np.array([math.log(1 + len(texts) / count) for count in self._frequency])
        self._words = self._matrix(all_words)
        self._labels = self.weighted(t.pref if t else "" for t in texts)
        needed = np.asarray(nested.links.sum(axis=1)).ravel()
        self.shares = csr_matrix(diags(1 / np.maximum(needed, 1)) @ nested.links)
        self.levels = [self._of(level) for level in nested.levels]

    def _matrix(self, texts: Sequence[set[str]]) -> csr_matrix:
        cells = [(n, self._column[w]) for n, words in enumerate(texts) for w in sorted(words) if w in self._column]
        rows, columns = zip(*cells, strict=True) if cells else ((), ())
        return csr_matrix((np.ones(len(cells)), (rows, columns)), shape=(len(texts), len(self._column)))

    def weighted(self, labels: Iterable[str]) -> csr_matrix:
        """(labels, words) each label's words by their rarity; the weights of a label add up to 1."""
        found = self._matrix([stems(label) for label in labels]) @ diags(self._rarity)
        total = np.asarray(found.sum(axis=1)).ravel()
        return csr_matrix(diags(1 / np.where(total > 0, total, 1)) @ found)

    def coverage(self, level: Members, extensions: csr_matrix) -> NDArray[np.float64]:
        """(clusters, concepts) F1 of members and ``extensions`` (skills, concepts) in [0, 1]."""
        return np.asarray(_f1(level, extensions).toarray())

    def _of(self, level: Members) -> LevelEvidence:
        wording = _f1(level, self._words)
        worded = _sums(self._labels, self._labels.data * _of_own(wording, self._labels, level.of))
        needs = self.nested.per_occupation(level)
        total = np.asarray(needs.sum(axis=1)).ravel()
        usual = csr_matrix(diags(1 / np.maximum(total, 1)) @ needs)
        overlap = _sums(self.shares, np.minimum(self.shares.data, _of_own(usual, self.shares, level.of)))
        centrality = 2 * overlap * worded / np.maximum(overlap + worded, 1e-12)
        return LevelEvidence(level, wording, overlap, centrality)


def _of_own(table: csr_matrix, places: csr_matrix, own: NDArray[np.int32]) -> Vector:
    """The cells of ``table`` (clusters, m) at the filled cells of ``places`` (n, m), each row's in the row of its own
    cluster. Looked up: a row of the table for every skill would grow with the square of the data."""
    table.sort_indices()
    width = table.shape[1]
    filled = np.repeat(np.arange(table.shape[0], dtype=np.int64), np.diff(table.indptr)) * width + table.indices
    wanted = np.repeat(own.astype(np.int64), np.diff(places.indptr)) * width + places.indices
    if not len(filled):
        return np.zeros(len(wanted))
    at = np.minimum(np.searchsorted(filled, wanted), len(filled) - 1)
    return np.where(filled[at] == wanted, table.data[at], 0.0)


def _sums(places: csr_matrix, values: Vector) -> Vector:
    """(n,) the sum of each row of a matrix with these values in the filled cells of ``places``."""
    found = csr_matrix((values, places.indices, places.indptr), shape=places.shape)
    return np.asarray(found.sum(axis=1)).ravel()


def _f1(level: Members, extensions: csr_matrix) -> csr_matrix:
    """2 |members and extension| / (|members| + |extension|), for every pair that meets at all."""
    common = csr_matrix(level.matrix.T @ extensions)
    sizes = np.asarray(level.matrix.sum(axis=0)).ravel()
    totals = np.asarray(extensions.sum(axis=0)).ravel()
    found = common.tocoo()
    values = 2 * found.data / (sizes[found.row] + totals[found.col])
    return csr_matrix((values, (found.row, found.col)), shape=common.shape)
