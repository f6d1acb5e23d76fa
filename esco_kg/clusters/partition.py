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
from esco_kg.clusters.branches import branches, ruled_branches
from esco_kg.clusters.decisions import Decided, decided
from esco_kg.clusters.features import Matrix, make_features
from esco_kg.clusters.frame import make_cells
from esco_kg.clusters.fresh import Draft, fresh
from esco_kg.clusters.placement import Memberships, cosines, place
from esco_kg.clusters.scores import SWITCHING, Standing
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
    *,
    switching: float = SWITCHING,
) -> Partition:
    """Skills -> nested clusters. The same bytes come out for a seed, on any number of threads.

    ``anchor`` maps a skill's IRI to the id of its finest cluster in the previous release, ``anchor_parents`` an id to
    that of the cluster above: a skill then moves only where another cluster is better by ``switching``, and decisions
    may name these ids. Where the levels wanted now are not those of the previous release, the clusters are made afresh.
    """
    previous = Anchor(dict(anchor or {}), dict(anchor_parents or {}))
    with threadpool_limits(1):  # sums in another order would differ in the last bit
        standing = _standing(pillar, sectors, settings, expertise)
        draft = anchored(standing, settings, previous, switching=switching)
        if draft is None:
            draft = settled(fresh(standing, settings, expertise.frames), standing, settings)
        features, scores = standing.features, scores_of(draft, standing)
        near = cosines(features.vectors, draft.finest, scores.shape[1])
        placed = decided(
            features.skills, draft.finest, draft.parents, scores, expertise, previous.finest, previous.parents,
            draft.frames,
        )  # fmt: skip
        near, scores = _with_opened(near, scores, features.vectors, placed)
        draft.open(placed.beside)
        kept = draft.take(placed.finest)
        memberships = place(near[:, kept], scores[:, kept], draft.finest, settings.secondary)
    return _partition(standing, draft, placed, memberships)


def _with_opened(near: Matrix, scores: Matrix, vectors: Matrix, placed: Decided) -> tuple[Matrix, Matrix]:
    """``near`` and ``scores`` (n, K) with columns for the clusters that decisions opened.

    Their own skills alone are near them: a decision changes nothing about other skills.
    """
    count, opened = scores.shape[1], len(placed.beside)
    if not opened:
        return near, scores
    own = placed.finest[:, None] == np.arange(count, count + opened)
    added = np.where(own, cosines(vectors, placed.finest, count + opened)[:, count:], -1.0).astype(near.dtype)
    barred = np.full((len(scores), opened), BARRED, dtype=scores.dtype)
    return np.hstack([near, added]), np.hstack([scores, barred])


def _partition(standing: Standing, draft: Draft, placed: Decided, memberships: Memberships) -> Partition:
    features = standing.features
    data = np.where(standing.ruled != "", "rule", np.where(features.is_used, "data", "text"))
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
    )


def _standing(pillar: Pillar, sectors: SectorLinks, settings: ClusterSettings, expertise: Expertise) -> Standing:
    occupations = sorted(pillar.occupations)
    cells = make_cells(pillar, occupations, sectors, expertise.frames)
    features = make_features(pillar, sectors, occupations, cells, settings.seed)
    branch_of = branches(pillar)
    ruled = np.array([branch_of.get(iri, "") for iri in features.skills], dtype=str)
    by_rule = ruled_branches(pillar, features.skills, ruled, settings.smallest)
    bonus = seed_bonus(pillar, features.skills, features.is_used, cells.keys, expertise.frames)
    return Standing(features, cells, ruled, by_rule, bonus)
