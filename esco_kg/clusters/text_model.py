"""The text model: what labels and descriptions mean, in numbers, and which skills are nearest to which.

A static model (`wordllama`, MIT) knows words that ESCO uses once or never; its weights lie inside its package, so that
nothing is downloaded when a release is made. It reads English. Skills without an English label are read by LSA
(Deerwester and others 1990) alone, as all are beside it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from esco_kg.clusters.arrays import Matrix, unit_rows
from esco_kg.model.pillar import Pillar

CANDIDATES = 60
"""Nearest skills that are kept for each; the ten nearest that occupations need are taken from them."""
COMMON = 0.05
"""The share of the skills from which on a word is common."""
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]+|[0-9]+")
_BOTH = np.float32(np.sqrt(2))  # rows of meaning are two parts of equal length
EXACT = 30_000
"""From so many rows on the nearest are looked for in fewer dimensions."""
_DIMENSIONS, _LOOKED = 128, 4
_CELLS = 1 << 24  # cosines in memory at once
_EVERY = 16


@cache
def _model() -> Any:
    import wordllama

    spec = find_spec("wordllama")
    # Its own folder is given as the cache, or it looks for the tokenizer on the network.
    folder = Path(str(spec.origin)).parent if spec else Path()
    return wordllama.WordLlama.load(cache_dir=folder, disable_download=True)


def encode(texts: Sequence[str]) -> Matrix:
    """(texts, 256) rows of length 1."""
    return unit_rows(np.asarray(_model().embed([text or " " for text in texts], norm=True), dtype=np.float32))


def meanings(pillar: Pillar, skills: Sequence[str], read: Matrix) -> Matrix:
    """(n, d) rows of length 1: label, other labels and description by the static model, beside ``read`` by LSA."""
    parts = [unit_rows(read)]
    texts = [pillar.skills[iri].texts.get("en") for iri in skills]
    if any(texts):
        said = [
            [text.pref if text else "" for text in texts],
            [" ".join([text.pref, *text.alt]) if text else "" for text in texts],
            [text.description if text else "" for text in texts],
        ]
        parts.append(unit_rows(np.asarray(sum(encode(part) for part in said), dtype=np.float32)))
    return unit_rows(np.hstack(parts))


def with_rare_words(pillar: Pillar, skills: Sequence[str], meaning: Matrix) -> Matrix:
    """(n, d) rows of length 1: ``meaning`` beside what the static model reads without the words that more than
    :data:`COMMON` of the skills have. Otherwise "perform" or "characteristics" outweigh the one word that tells.
    """
    texts = [pillar.skills[iri].texts.get("en") for iri in skills]
    documents = [
        _WORD.findall(" ".join([text.pref, text.pref, *text.alt, text.description])) if text else [] for text in texts
    ]
    held = Counter(word for words in documents for word in {word.lower() for word in words})
    most = COMMON * len(documents)
    rare = [" ".join(word for word in words if held[word.lower()] < most) for words in documents]
    if not any(rare):
        return meaning
    said = [some or " ".join(words) for some, words in zip(rare, documents, strict=True)]
    return unit_rows(np.hstack([_BOTH * meaning, encode(said)]))


def nearest(vectors: Matrix) -> tuple[NDArray[np.int32], Matrix]:
    """(n, k) the rows most alike each row by cosine, itself left out, nearest first, and the cosines; k is
    :data:`CANDIDATES`, or n - 1. Of more than :data:`EXACT` rows they are the best of four times as many that look
    nearest in fewer dimensions: :func:`_projected`."""
    count = len(vectors)
    kept = min(CANDIDATES, count - 1)
    is_exact = count <= EXACT
    looked = vectors if is_exact else _projected(vectors)
    rows, cosines = np.zeros((count, kept), dtype=np.int32), np.zeros((count, kept), dtype=np.float32)
    block = max(1, _CELLS // max(count, 1))
    for start in range(0, count, block):
        near = looked[start : start + block] @ looked.T
        near[np.arange(len(near)), np.arange(start, start + len(near))] = -np.inf
        best = _largest(near, kept if is_exact else _LOOKED * kept)
        if is_exact:
            values = np.take_along_axis(near, best, axis=1)
        else:
            values = np.array([vectors[found] @ vectors[start + i] for i, found in enumerate(best)])
        order = np.lexsort((best, -values), axis=1)[:, :kept]
        rows[start : start + len(near)] = np.take_along_axis(best, order, axis=1)
        cosines[start : start + len(near)] = np.take_along_axis(values, order, axis=1)
    return rows, cosines


def _projected(vectors: Matrix) -> Matrix:
    """(n, :data:`_DIMENSIONS`) the directions in which the rows differ most: every pair is looked at, so the time grows
    with the square of n, and with the dimensions. Almost all of the ten nearest are among those found so."""
    _, directions = np.linalg.eigh(vectors.T @ vectors)
    return np.ascontiguousarray(vectors @ directions[:, -_DIMENSIONS:])


def _largest(values: Matrix, kept: int) -> NDArray[np.int64]:
    """(rows, kept) the columns of each row's largest values, in no order.

    A bound read from every sixteenth column leaves a few columns of each row; only a row of which it leaves too few is
    partitioned whole.
    """
    if not kept or kept * 2 * _EVERY >= values.shape[1]:
        return np.argpartition(-values, kept - 1, axis=1)[:, :kept] if kept else np.zeros((len(values), 0), dtype=int)
    sampled = np.ascontiguousarray(values[:, ::_EVERY])
    at = sampled.shape[1] - 2 * -(-kept // _EVERY)
    is_large = values >= np.partition(sampled, at, axis=1)[:, at, None]
    enough = np.count_nonzero(is_large, axis=1) >= kept
    found = np.empty((len(values), kept), dtype=np.int64)
    for row in range(len(values)):
        columns = np.flatnonzero(is_large[row]) if enough[row] else np.arange(values.shape[1])
        found[row] = columns[np.argpartition(-values[row, columns], kept - 1)[:kept]]
    return found
