"""Evidence for names is looked up in the row of a skill's own cluster, not copied for every skill."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from esco_kg.clusters.evidence import _of_own

SHARES = st.lists(st.lists(st.sampled_from([0.0, 0.0, 0.25, 1.0]), min_size=5, max_size=5), min_size=1, max_size=6)


@given(SHARES, SHARES, st.randoms(use_true_random=False))
def test_looked_up_as_if_every_skill_had_its_clusters_row(
    table: list[list[float]], places: list[list[float]], draw: random.Random
) -> None:
    """Sixteen times ESCO had more cells in such copies than scipy can count."""
    own = np.array([draw.choice(range(len(table))) for _ in places], dtype=np.int32)
    sparse, filled = csr_matrix(np.array(table)), csr_matrix(np.array(places))
    rows = np.array(table)[own]
    assert _of_own(sparse, filled, own).tolist() == rows[filled.nonzero()].tolist()
