"""Skills as vectors of what their texts say: near ones have words in common, directly or by the words of others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from esco_kg.folder.material import Material
from esco_kg.matching.similarity import normalised

_DIMENSIONS = 100


def skill_vectors(
    material: Material, skills: Sequence[str], texts: Sequence[str] = ()
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Unit vectors of skills (n, d) and of further texts: a singular value decomposition of the words of labels and
    descriptions."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    documents = []
    for iri in skills:
        of = material.skills[iri].texts
        own = of.get(material.language) or next(iter(of.values()))
        documents.append(normalised(" ".join([own.pref, *own.alt, own.description])))
    words = TfidfVectorizer(sublinear_tf=True, lowercase=False, token_pattern=r"\S+")
    matrix = words.fit_transform(documents)
    dimensions = min(_DIMENSIONS, min(matrix.shape) - 1)
    reduced = TruncatedSVD(dimensions, random_state=1).fit(matrix)
    if not texts:
        return _unit(reduced.transform(matrix)), np.empty((0, dimensions))
    clean = sp.csr_matrix(words.transform([normalised(text) for text in texts]))
    return _unit(reduced.transform(matrix)), _unit(reduced.transform(clean))


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1.0))
