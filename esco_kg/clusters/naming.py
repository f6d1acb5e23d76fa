"""Names of clusters."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from esco_kg.clusters.nested import Nested, Node
from esco_kg.model.pillar import Language


def names(nested: Nested) -> dict[Node, dict[Language, str]]:
    found: dict[Node, dict[Language, str]] = defaultdict(dict)
    for language in nested.pillar.languages:
        taken: set[str] = set()
        for node in nested.nodes:
            rows = nested.members[node]
            degree = np.asarray(nested.links[rows].sum(axis=1)).ravel()
            order = rows[np.argsort(-degree, kind="stable")]
            labels = [nested.pillar.skills[nested.skills[row]].label(language) for row in order]
            label = next((l for l in labels if l not in taken), f"{labels[0]} ({node[0]}.{node[1]})")
            taken.add(label)
            found[node][language] = label
    return found
