"""What can be measured with every release in seconds: over all data, nothing made again, nothing drawn.

Sector information is *in-sample* here: the occupations it is measured on are those the clusters were made from, which
flatters the clusters. ``esco-kg evaluate`` measures it on occupations that they were made without.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from esco_kg.evaluation.intervals import exact
from esco_kg.evaluation.metrics import metric
from esco_kg.evaluation.sector_information import sector_information, sector_mass
from esco_kg.evaluation.splits import Split
from esco_kg.evaluation.structure import likeness, structure
from esco_kg.evaluation.study import Figure, Study, figure_of
from esco_kg.evaluation.subjects import Levels, levels_among, of_clustering, official_levels
from esco_kg.evaluation.verdicts import BETTER, WORSE, compare, nearest_official
from esco_kg.model.clustering import Clustering
from esco_kg.model.cube import Ahead, Beside, QualityMeasurement
from esco_kg.model.pillar import Pillar, SectorLinks

_OURS, _THEIRS = "clusters", "official"
_COMPARED = ("u-sec-in-sample", "purity-in-sample", "options", "empty-cells", "gini", "largest-share", "small-share")
_DIMENSIONS = {"u-sec-in-sample": "accuracy", "purity-in-sample": "accuracy"}
_PLACES = 4


@dataclass(frozen=True, slots=True)
class Quick:
    """``measurements`` for the graph ``statistics``; ``beside`` has each figure that the official hierarchy has."""

    measurements: list[QualityMeasurement]
    beside: list[Beside]


def quick(clustering: Clustering, pillar: Pillar, sectors: SectorLinks) -> Quick:
    """Measure a release in the making and the official hierarchy, both over the skills that the release has in a
    cluster. Where no sector is known, sectors are left out."""
    study = Study([_OURS])
    placed = {allocation.skill for allocation in clustering.allocations if allocation.rank == "primary"}
    ours, theirs = (
        levels_among(levels, placed) for levels in (of_clustering(pillar, clustering), official_levels(pillar).levels)
    )
    study.figures += _figures(_OURS, ours, pillar, sectors)
    study.figures += [figure_of(_OURS, d, m, exact(v), "all") for d, m, v in likeness(ours, theirs.hard)]
    study.figures += _figures(_THEIRS, theirs, pillar, sectors)
    beside = []
    for level in study.levels(_OURS):
        rival = nearest_official(study, _OURS, level)
        for name in _COMPARED:
            own, other = study.find(_OURS, level, name), study.find(_THEIRS, rival, name)
            if own and other:
                beside.append(_beside(own, other))
    return Quick([_measurement(f) for f in study.figures if f.partition == _OURS], beside)


def _figures(name: str, levels: Levels, pillar: Pillar, sectors: SectorLinks) -> Iterator[Figure]:
    for level, metric_name, value in structure(levels, pillar):
        yield figure_of(name, level, metric_name, exact(value), "all")
    everything = Split(0, (), tuple(sorted(pillar.occupations)))
    mass = sector_mass(levels.hard[0].skills, pillar, sectors, everything)
    for level, groups in enumerate(levels.hard, 1):
        found = sector_information(groups, mass)
        for metric_name, value in (("u-sec-in-sample", found.u_sec), ("purity-in-sample", found.purity)):
            if not math.isnan(value):
                yield figure_of(name, level, metric_name, exact(value), "all")


def _measurement(figure: Figure) -> QualityMeasurement:
    meaning = metric(figure.metric).meaning
    return QualityMeasurement(
        figure.metric,
        f"{meaning[:1].upper()}{meaning[1:]}.",
        _DIMENSIONS.get(figure.metric, "consistency"),
        round(figure.value, _PLACES),
        str(figure.level),
    )


def _beside(ours: Figure, theirs: Figure) -> Beside:
    ahead: dict[str, Ahead] = {BETTER: "clusters", WORSE: "official"}
    return Beside(
        ours.metric,
        ours.level,
        theirs.level,
        ours.value,
        theirs.value,
        ahead.get(compare(ours, theirs).verdict, "equal"),
        metric(ours.metric).less_is_better,
    )
