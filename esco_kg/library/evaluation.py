"""Measure clusters, beside the official hierarchy and other baselines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from esco_kg.memory import collecting_rarely

if TYPE_CHECKING:
    from esco_kg.evaluation.report import Evaluation
    from esco_kg.library.files import AnyPath


@collecting_rarely()
def evaluate(
    *paths: AnyPath,
    against: Sequence[str] = ("official", "random", "popularity", "knn"),
    nace: AnyPath | None = None,
    terms: AnyPath | None = None,
    curation: AnyPath | None = None,
    models: Sequence[str] | None = None,
    splits: int = 5,
    seed: int = 0,
    jobs: int = 1,
    listener: Callable[[str], None] = lambda name: None,
) -> Evaluation:
    """What ``esco-kg evaluate`` measures, with the same options: releases, and CSV tables of anybody's clusters.

    ESCO is that of the first release. The study is written by ``as_text()``, ``as_json()``, ``as_csv()``,
    ``as_markdown()``, ``as_html()`` and, as quality measurements, ``as_turtle()``. Raises UsageError for an unknown
    rival or model, or without a release.
    """
    from esco_kg.evaluation.report import Request
    from esco_kg.evaluation.report import evaluate as run

    def path(given: AnyPath | None) -> Path | None:
        return None if given is None else Path(given)

    request = Request(
        tuple(map(Path, paths)), tuple(against), path(nace), path(curation), path(terms),
        None if models is None else tuple(models), splits, seed, jobs,
    )  # fmt: skip
    return run(request, listener)
