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

from esco_kg.clusters.anchored import BARRED, Anchor, anchored, converged, scores_of
from esco_kg.clusters.arrays import Matrix
from esco_kg.clusters.branches import branches, ruled_branches, with_widely_used
from esco_kg.clusters.decisions import Decided, decided
from esco_kg.clusters.features import Wording, make_features, read_wording
from esco_kg.clusters.frame import make_cells
from esco_kg.clusters.from_scratch import DataPartition, from_scratch
from esco_kg.clusters.memberships import memberships
from esco_kg.clusters.placement import Places, place
from esco_kg.clusters.scores import SWITCHING, ScoreInputs
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
        inputs = _score_inputs(pillar, sectors, settings, expertise, wording or read_wording(pillar, settings.seed))
        partition = anchored(inputs, settings, previous, switching=switching)
        if partition is None:
            partition = converged(from_scratch(inputs, settings, expertise.frames), inputs, settings)
        features, scores = inputs.features, scores_of(partition, inputs)
        placed = decided(
            features.skills, partition.finest, partition.parents, scores, expertise, previous.finest, previous.parents,
            partition.frames,
        )  # fmt: skip
        by_data = partition.finest
        is_ruled = np.array([partition.branches[top] in RULED for top in partition.chain()[0]], dtype=bool)
        scores = _with_opened(scores, len(placed.beside))
        partition.open(placed.beside)
        kept = partition.take(placed.finest)
        places = place(scores[:, kept], partition.finest)
        methods = _methods(inputs, partition, placed, places)
        is_placed = np.array([method in PLACED for method in methods], dtype=bool)
        further = memberships(features, by_data, is_ruled, kept, places, is_placed)
    return Partition(
        skills=features.skills,
        finest=partition.finest,
        parents=partition.parents,
        branches=partition.branches,
        frames=partition.frames,
        groups=partition.groups,
        further=[
            [m for m in listed if m.cluster != own]
            for own, listed in zip(partition.finest.tolist(), further, strict=True)
        ],
        margins=places.margins,
        runners_up=places.runners_up,
        methods=methods,
        decisions=placed.decisions,
        parameters={"method": partition.method},
    )


def _with_opened(scores: Matrix, opened: int) -> Matrix:
    """``scores`` (n, K) with columns for the clusters that decisions opened, which are open to no other skill: a
    decision changes nothing about those."""
    barred = np.full((len(scores), opened), BARRED, dtype=scores.dtype)
    return np.hstack([scores, barred])


def _methods(inputs: ScoreInputs, partition: DataPartition, placed: Decided, places: Places) -> list[str]:
    """What placed each skill; by rule, too, what a bound on sizes moved and what another cluster fits better."""
    by_rule = (inputs.ruled != "") | partition.by_size | ~places.is_best
    data = np.where(by_rule, "rule", np.where(inputs.features.is_used, "data", "text"))
    return [method or str(other) for method, other in zip(placed.methods, data, strict=True)]


def _score_inputs(
    pillar: Pillar, sectors: SectorLinks, settings: ClusterSettings, expertise: Expertise, wording: Wording
) -> ScoreInputs:
    occupations = sorted(pillar.occupations)
    cells = make_cells(pillar, occupations, sectors, expertise.frames)
    features = make_features(pillar, sectors, occupations, cells, wording)
    known = branches(pillar, expertise.frames)
    ruled = np.array(with_widely_used(known, pillar, features, sectors, cells.named), dtype=str)
    by_rule = ruled_branches(pillar, features.skills, ruled, settings.smallest)
    bonus = seed_bonus(pillar, features.skills, features.is_used, cells.keys, expertise.frames)
    return ScoreInputs(features, cells, ruled, by_rule, bonus)
