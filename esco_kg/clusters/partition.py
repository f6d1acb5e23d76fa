"""The partition: three nested levels of bounded clusters, an expert frame on top, data below it, decisions last.

1. Transversal and language skills get branches of their own (:mod:`esco_kg.clusters.branches`), divided as the pillar
divides them, and by their texts (:mod:`esco_kg.clusters.ruled`).
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

from esco_kg.clusters.anchored import BARRED, Anchor, anchored, scores_of, settled
from esco_kg.clusters.arrays import Matrix
from esco_kg.clusters.branches import branches, ruled_branches, with_widely_used
from esco_kg.clusters.decisions import Decided, decided
from esco_kg.clusters.features import Wording, make_features, read_wording
from esco_kg.clusters.frame import make_cells
from esco_kg.clusters.fresh import Draft, fresh
from esco_kg.clusters.memberships import memberships
from esco_kg.clusters.placement import Places, place
from esco_kg.clusters.scores import SWITCHING, Standing
from esco_kg.clusters.seeds import seed_bonus
from esco_kg.config import ClusterSettings
from esco_kg.model.clustering import PLACED, RULED
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
    *,
    switching: float = SWITCHING,
    wording: Wording | None = None,
) -> Partition:
    """Skills -> nested clusters. The same bytes come out for a seed, on any number of threads.

    ``anchor`` maps a skill's IRI to the id of its finest cluster in the previous release, ``anchor_parents`` an id to
    that of the cluster above: a skill then moves only where another cluster is better by ``switching``, and decisions
    may name these ids. Where the levels wanted now are not those of the previous release, the clusters are made afresh.
    """
    previous = Anchor(dict(anchor or {}), dict(anchor_parents or {}))
    with threadpool_limits(1):  # sums in another order would differ in the last bit
        standing = _standing(pillar, sectors, settings, expertise, wording or read_wording(pillar, settings.seed))
        draft = anchored(standing, settings, previous, switching=switching)
        if draft is None:
            draft = settled(fresh(standing, settings, expertise.frames), standing, settings)
        features, scores = standing.features, scores_of(draft, standing)
        placed = decided(
            features.skills, draft.finest, draft.parents, scores, expertise, previous.finest, previous.parents,
            draft.frames,
        )  # fmt: skip
        by_data = draft.finest
        is_ruled = np.array([draft.branches[top] in RULED for top in draft.chain()[0]], dtype=bool)
        scores = _with_opened(scores, len(placed.beside))
        draft.open(placed.beside)
        kept = draft.take(placed.finest)
        places = place(scores[:, kept], draft.finest)
        methods = _methods(standing, draft, placed, places)
        is_placed = np.array([method in PLACED for method in methods], dtype=bool)
        further = memberships(features, by_data, is_ruled, kept, places, is_placed)
    return Partition(
        skills=features.skills,
        finest=draft.finest,
        parents=draft.parents,
        branches=draft.branches,
        frames=draft.frames,
        groups=draft.groups,
        further=[
            [m for m in listed if m.cluster != own] for own, listed in zip(draft.finest.tolist(), further, strict=True)
        ],
        margins=places.margins,
        runners_up=places.runners_up,
        methods=methods,
        decisions=placed.decisions,
        parameters={"method": draft.method},
    )


def _with_opened(scores: Matrix, opened: int) -> Matrix:
    """``scores`` (n, K) with columns for the clusters that decisions opened, which are open to no other skill: a
    decision changes nothing about those."""
    barred = np.full((len(scores), opened), BARRED, dtype=scores.dtype)
    return np.hstack([scores, barred])


def _methods(standing: Standing, draft: Draft, placed: Decided, places: Places) -> list[str]:
    """What placed each skill; by rule, too, what a bound on sizes moved and what another cluster fits better."""
    by_rule = (standing.ruled != "") | draft.by_size | ~places.is_best
    data = np.where(by_rule, "rule", np.where(standing.features.is_used, "data", "text"))
    return [method or str(other) for method, other in zip(placed.methods, data, strict=True)]


def _standing(
    pillar: Pillar, sectors: SectorLinks, settings: ClusterSettings, expertise: Expertise, wording: Wording
) -> Standing:
    occupations = sorted(pillar.occupations)
    cells = make_cells(pillar, occupations, sectors, expertise.frames)
    features = make_features(pillar, sectors, occupations, cells, wording)
    known = branches(pillar, expertise.frames)
    ruled = np.array(with_widely_used(known, pillar, features, sectors, cells.named), dtype=str)
    by_rule = ruled_branches(pillar, features.skills, ruled, settings.smallest)
    bonus = seed_bonus(pillar, features.skills, features.is_used, cells.keys, expertise.frames)
    return Standing(features, cells, ruled, by_rule, bonus)
