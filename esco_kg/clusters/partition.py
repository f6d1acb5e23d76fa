"""The partition: three nested levels of bounded clusters, an expert frame on top, data below it, decisions last.

1. Transversal and language skills get branches of their own (:mod:`esco_kg.clusters.branches`), divided by their texts.
2. Every other skill scores for cells of the experts' frame (:mod:`esco_kg.clusters.frame`,
:mod:`esco_kg.clusters.features`).
3. Cells become clusters of bounded size (:mod:`esco_kg.clusters.assignment`); where there is a previous release,
its clusters are kept and skills move for a clear reason only (:mod:`esco_kg.clusters.anchored`).
4. The groups and frames of the experts make the levels above (:mod:`esco_kg.clusters.hierarchy`).
5. Decisions about single skills have the last word (:mod:`esco_kg.clusters.decisions`).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from threadpoolctl import threadpool_limits

from esco_kg.clusters.anchored import Anchor, anchored, settled
from esco_kg.clusters.branches import branches
from esco_kg.clusters.decisions import decided
from esco_kg.clusters.features import Features, make_features
from esco_kg.clusters.frame import Cells, make_cells
from esco_kg.clusters.fresh import Draft, fresh
from esco_kg.clusters.placement import place
from esco_kg.clusters.seeds import seed_bonus
from esco_kg.config import ClusterSettings
from esco_kg.model.expertise import Expertise
from esco_kg.model.partition import Partition
from esco_kg.model.pillar import Pillar, SectorLinks


def make_partition(
    pillar: Pillar,
    sectors: SectorLinks,
    settings: ClusterSettings,
    expertise: Expertise,
    anchor: Mapping[str, str] | None = None,
    anchor_parents: Mapping[str, str] | None = None,
) -> Partition:
    """Skills -> nested clusters. The same bytes come out for a seed, on any number of threads.

    ``anchor`` maps a skill's IRI to the id of its finest cluster in the previous release, ``anchor_parents`` an id to
    that of the cluster above: a skill then moves only where the data say so clearly, and decisions may name these ids.
    Where the levels wanted now are not those of the previous release, the clusters are made afresh.
    """
    previous = Anchor(dict(anchor or {}), dict(anchor_parents or {}))
    with threadpool_limits(1):  # sums in another order would differ in the last bit
        draft, features, by_rule = _draft(pillar, sectors, settings, expertise, previous)
        placed = decided(
            features.skills,
            draft.finest,
            draft.parents,
            draft.scores,
            expertise,
            previous.finest,
            previous.parents,
            draft.frames,
        )
        draft.without_empty(placed.finest)
        memberships = place(features.vectors, draft.scores, draft.finest, settings.secondary)
    data = np.where(by_rule, "rule", np.where(features.is_used, "data", "text"))
    return Partition(
        skills=features.skills,
        finest=draft.finest,
        parents=draft.parents,
        branches=draft.branches,
        frames=draft.frames,
        groups=draft.groups,
        secondary=memberships.secondary,
        weights=memberships.weights,
        margins=memberships.margins,
        runners_up=memberships.runners_up,
        methods=[method or str(other) for method, other in zip(placed.methods, data, strict=True)],
        decisions=placed.decisions,
        parameters={"method": draft.method},
        statements=[*draft.statements, *placed.statements],
    )


def _draft(
    pillar: Pillar, sectors: SectorLinks, settings: ClusterSettings, expertise: Expertise, previous: Anchor
) -> tuple[Draft, Features, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """The partition before decisions, and which skills stand in a branch by rule."""
    occupations = sorted(pillar.occupations)
    cells: Cells = make_cells(pillar, occupations, sectors, expertise.frames)
    features = make_features(pillar, sectors, occupations, cells, settings.seed)
    branch_of = branches(pillar)
    ruled = np.array([branch_of.get(iri, "") for iri in features.skills], dtype=str)
    bonus = seed_bonus(pillar, features.skills, features.is_used, cells.keys, expertise.frames)
    draft = anchored(features, cells, ruled, bonus, settings, previous)
    if draft is None:
        made = fresh(features, cells, ruled, bonus, settings, expertise.frames)
        draft = settled(made, features, cells, ruled, bonus, settings)
    return draft, features, ruled != ""
