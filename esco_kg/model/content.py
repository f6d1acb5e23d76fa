"""What makes a cluster's content: ``modified`` moves when this changes, and for no other reason."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from esco_kg.model.clustering import Cluster


def content_sha256(cluster: Cluster, members: Iterable[str]) -> str:
    """SHA-256 in hex of a cluster's place, labels, notes and members (IRIs of primary skills, at any depth)."""
    content = {
        "depth": cluster.depth,
        "parent": cluster.parent,
        "labels": cluster.labels,
        "alt_labels": {language: sorted(labels) for language, labels in cluster.alt_labels.items()},
        "definitions": cluster.definitions,
        "scope_notes": cluster.scope_notes,
        "exclusion_notes": cluster.exclusion_notes,
        "members": sorted(members),
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
