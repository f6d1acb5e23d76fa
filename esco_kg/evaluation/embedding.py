"""Short texts in numbers, for the measures that ask how well words lead to a group."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion

from esco_kg.evaluation.groups import Matrix
from esco_kg.model.pillar import Pillar


@dataclass(frozen=True, slots=True)
class Embedding:
    """``encode`` turns texts into unit rows (n, d); ``name`` is quoted beside every figure that depends on it."""

    name: str
    encode: Callable[[Sequence[str]], Matrix]


def lsa_embedding(pillar: Pillar, dimensions: int = 300, seed: int = 0) -> Embedding:
    """LSA over words and character 3- to 5-grams of labels and descriptions in English (or the first language).

    Nothing is downloaded. It knows only words that ESCO uses; a text model of the extras knows more.
    """
    language = "en" if "en" in pillar.languages else pillar.languages[0]
    documents = []
    for iri in sorted(pillar.skills):
        texts = pillar.skills[iri].texts.get(language)
        documents.append(" ".join([texts.pref, *texts.alt, texts.description]) if texts else "")
    words = TfidfVectorizer(sublinear_tf=True, stop_words="english")
    pieces = TfidfVectorizer(sublinear_tf=True, analyzer="char_wb", ngram_range=(3, 5), min_df=3, max_features=60_000)
    union = FeatureUnion([("words", words), ("pieces", pieces)])
    counts = sparse.csr_matrix(union.fit_transform(documents))
    model = TruncatedSVD(min(dimensions, min(counts.shape) - 1), random_state=seed).fit(counts)
    return Embedding("LSA of words and character n-grams", lambda texts: unit(model.transform(union.transform(texts))))


def unit(vectors: Matrix) -> Matrix:
    """Rows of length 1; a row of zeros stays."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1.0))
