"""A study's figures on a release as measurements in the W3C Data Quality Vocabulary, in a file beside the release."""

from __future__ import annotations

import math

from esco_kg import dump, scheme
from esco_kg.evaluation.metrics import metric
from esco_kg.evaluation.report import Evaluation
from esco_kg.evaluation.study import Figure
from esco_kg.model.cube import QualityMeasurement
from esco_kg.rdf.terms import in_order
from esco_kg.scheme.quality import quality_blocks

_DIMENSIONS = {"splits": "accuracy", "trials": "accuracy", "resamples": "reliability", "all": "consistency"}


def as_turtle(evaluation: Evaluation) -> str:
    """The release's own figures; an interval's limits are measurements of their own."""
    release = evaluation.release
    iris = scheme.Iris(release.published.base_iri, release.published.version)
    found: dict[tuple[str, str], QualityMeasurement] = {}
    for figure in evaluation.study.figures:
        if figure.partition == evaluation.study.subjects[evaluation.place] and figure.level:
            for measurement in _measurements(figure):
                found[measurement.metric, measurement.about] = measurement
    blocks = sorted(
        quality_blocks(iris, list(found.values()), release.published.issued), key=lambda block: block.subject
    )
    return dump.turtle_text(in_order(blocks), iris.prefixes())


def _measurements(figure: Figure) -> list[QualityMeasurement]:
    of, name = metric(figure.metric), "-".join(figure.metric.split())
    dimension, about = _DIMENSIONS[figure.basis], str(figure.level)
    found = [QualityMeasurement(name, f"{_sentence(of.meaning)} Source: {of.source}.", dimension, figure.value, about)]
    if not math.isnan(figure.low) and figure.low < figure.high:
        for end, value in (("low", figure.low), ("high", figure.high)):
            definition = f"{'Lower' if end == 'low' else 'Upper'} limit of the 95 % interval of {name}."
            found.append(QualityMeasurement(f"{name}-{end}", definition, dimension, value, about))
    return found


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
