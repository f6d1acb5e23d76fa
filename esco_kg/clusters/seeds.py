"""What the seeds of a frame add: skills and groups of the skills pillar that experts see in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from esco_kg.clusters.arrays import Matrix
from esco_kg.model.expertise import Frame
from esco_kg.model.pillar import Pillar

_SKILL, _GROUP = 4.0, 0.25
"""What a seed adds to the score of its frame: a named skill as much as all votes together; a group a little, and
only to its skills that no occupation needs, for which nothing but words speaks otherwise."""


def seed_bonus(
    pillar: Pillar, skills: Sequence[str], is_used: NDArray[np.bool_], keys: Sequence[str], frames: Sequence[Frame]
) -> Matrix:
    """(n, frames) for the frames in ``keys``. A skill of several groups has the bonus by the share of them that are
    seeds."""
    bonus = np.zeros((len(skills), len(keys)), dtype=np.float32)
    codes = {iri: group.code for iri, group in pillar.skill_groups.items()}
    direct: dict[str, list[str]] = {}
    for child, parent in pillar.skill_broader:
        if child in pillar.skills and parent in codes:
            direct.setdefault(child, []).append(codes[parent])
    for frame in frames:
        if frame.key not in keys or not frame.seeds:
            continue
        seeds, at = set(frame.seeds), list(keys).index(frame.key)
        for i, iri in enumerate(skills):
            groups = direct.get(iri, [])
            if groups and not is_used[i]:
                bonus[i, at] += _GROUP * sum(code in seeds for code in groups) / len(groups)
            if iri in seeds:
                bonus[i, at] += _SKILL
    return bonus
