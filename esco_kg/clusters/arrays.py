"""Rows of matrices brought to a length or a sum of 1."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Matrix = NDArray[np.float32]


def mean_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Rows with a sum of 1; an empty row stays."""
    sums = np.asarray(matrix.sum(axis=1)).ravel()
    return sparse.csr_matrix(sparse.diags(1.0 / np.where(sums > 0, sums, 1.0)) @ matrix).astype(np.float32)


def row_shares(weights: Matrix) -> Matrix:
    """Rows with a sum of 1; a row of zeros stays."""
    sums = weights.sum(axis=1, keepdims=True)
    return np.asarray(weights / np.where(sums > 0, sums, 1.0), dtype=np.float32)


def unit_rows(vectors: Matrix) -> Matrix:
    """Rows of length 1; a row of zeros stays."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(length > 0, length, 1.0), dtype=np.float32)
