"""Measures of the groups themselves, over all skills: sizes, paths, tables, likeness to the official levels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from esco_kg.evaluation.groups import Groups
from esco_kg.evaluation.navigation import options_scanned
from esco_kg.evaluation.sizes import empty_cells, isco_links, sizes
from esco_kg.evaluation.stability import adjusted_information
from esco_kg.evaluation.subjects import Levels
from esco_kg.model.pillar import Pillar


def structure(levels: Levels, pillar: Pillar) -> Iterator[tuple[int, str, float]]:
    """(level, metric, value) of sizes, empty cells and options scanned; the options of a level are those of the path
    that ends there."""
    links = isco_links(levels.hard[0].skills, pillar)
    for level, groups in enumerate(levels.hard, 1):
        found = sizes(groups)
        yield level, "groups", found.count
        yield level, "gini", found.gini
        yield level, "smallest", found.smallest
        yield level, "largest", found.largest
        yield level, "largest-share", found.largest_share
        yield level, "small-share", found.small
        yield level, "empty-cells", empty_cells(groups, links)
        options = options_scanned(levels.hard[:level])
        yield level, "options", options.mean
        yield level, "options-p90", options.p90


def likeness(levels: Levels, official: Sequence[Groups]) -> Iterator[tuple[int, str, float]]:
    """(level, metric, value) of the mutual information with each official level, by the groups of largest share."""
    theirs = [groups.labels() for groups in official]
    for level, groups in enumerate(levels.hard, 1):
        ours = groups.labels()
        for number, labels in enumerate(theirs, 1):
            yield level, f"ami-official-{number}", adjusted_information(ours, labels)
