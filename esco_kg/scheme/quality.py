"""Figures about the quality of a release, in the W3C Data Quality Vocabulary (DQV), themselves a small data cube."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from esco_kg.model.cube import QualityMeasurement
from esco_kg.model.findings import Table, Value
from esco_kg.rdf.namespaces import DQV, QB, RDFS
from esco_kg.rdf.terms import RDF_TYPE, Block, decimal, lexical, text, typed
from esco_kg.scheme import properties as p
from esco_kg.scheme.cubes import (
    COMPONENT,
    DSD,
    PROPERTY,
    STRUCTURE,
    release_component_blocks,
    release_components,
    released,
)
from esco_kg.scheme.iris import Iris

_METRIC, _ON, _VALUE = f"<{DQV}isMeasurementOf>", f"<{DQV}computedOn>", f"<{DQV}value>"
# metric -> kind of quality, definition
_METRICS = {
    "coverage": ("completeness", "Skills with exactly one primary cluster, as a share of all skills."),
    "label-coverage": (
        "completeness",
        "Share of the skills that have a preferred label, in the language with the fewest.",
    ),
    "sector-reach": (
        "completeness",
        "Share of the links to occupations that reach a sector, in the top-level cluster with the least.",
    ),
    "size-balance": ("consistency", "One minus the Gini coefficient of the sizes of a level's clusters."),
}
_COMPONENTS = {"metric": ("dimension", _METRIC), "on": ("dimension", _ON), "value": ("measure", _VALUE)}


def from_tables(tables: Sequence[Table]) -> list[QualityMeasurement]:
    """What the statistics say about quality: coverage, labels, reach of the sectors, balance of sizes."""
    by_name = {table.name: _records(table) for table in tables}
    labels = [_number(row["share"]) for row in by_name.get("label-coverage", []) if row["kind"] == "skill"]
    reach = [1 - _number(row["unreached"]) for row in by_name.get("sector-concentration", []) if row["depth"] == 1]
    found = [_measured("coverage", row["allocated_share"]) for row in by_name.get("allocation-coverage", [])]
    found += [
        _measured(name, min(shares)) for name, shares in (("label-coverage", labels), ("sector-reach", reach)) if shares
    ]
    sizes = by_name.get("cluster-sizes", [])
    return found + [_measured("size-balance", 1 - _number(row["gini"]), lexical(row["depth"])) for row in sizes]


def _measured(metric: str, value: Value, about: str = "") -> QualityMeasurement:
    dimension, definition = _METRICS[metric]
    return QualityMeasurement(metric, definition, dimension, round(_number(value), 4), about)


def quality_blocks(iris: Iris, measurements: Sequence[QualityMeasurement], issued: str) -> Iterator[Block]:
    """Metrics, the kinds of quality they belong to, measurements, and the cube these make; in no order."""
    if not measurements:
        return
    dataset = iris.released_quality()
    about = (
        Block(dataset)
        .add(RDF_TYPE, f"<{DQV}QualityMeasurementDataset>", p.DATA_SET)
        .add(p.TITLE, text("Quality of the skill clusters", "en"))
        .add(STRUCTURE, iris.structure("quality"))
    )
    yield released(about, iris, issued)
    for m in measurements:
        value = decimal(m.value) if isinstance(m.value, float) else _whole(m.value)
        yield (
            Block(iris.released_quality(m.metric, *([m.about] if m.about else [])))
            .add(RDF_TYPE, f"<{DQV}QualityMeasurement>", p.OBSERVATION)
            .add(p.OF_DATA_SET, dataset)
            .add(_METRIC, iris.quality(m.metric))
            .add(_ON, iris.code_list("level", m.about) if m.about else iris.release())
            .add(_VALUE, value)
        )
    for metric in {m.metric: m for m in measurements}.values():
        yield (
            Block(iris.quality(metric.metric))
            .add(RDF_TYPE, f"<{DQV}Metric>")
            .add(p.PREF, text(metric.metric.replace("-", " "), "en"))
            .add(p.DEFINITION, text(metric.definition, "en"))
            .add(f"<{DQV}inDimension>", iris.quality("dimension", metric.dimension))
        )
    for name in {m.dimension for m in measurements}:
        yield (Block(iris.quality("dimension", name)).add(RDF_TYPE, f"<{DQV}Dimension>").add(p.PREF, text(name, "en")))
    yield from _structure(iris)


def _structure(iris: Iris) -> Iterator[Block]:
    parts = {name: iris.structure("quality", "component", name) for name in _COMPONENTS}
    of_release = release_components(iris, ("quality", "component"))
    yield (
        Block(iris.structure("quality"))
        .add(RDF_TYPE, DSD)
        .add(p.LABEL, text("Structure of the quality measurements", "en"))
        .add(f"<{QB}component>", *parts.values(), *of_release.values())
    )
    for name, (kind, iri) in _COMPONENTS.items():
        yield Block(parts[name]).add(RDF_TYPE, COMPONENT).add(f"<{QB}{kind}>", iri)
        type_of = f"<{QB}{kind.capitalize()}Property>"
        yield Block(iri).add(RDF_TYPE, PROPERTY, type_of).add(p.RANGE, _range(iri))
    yield from release_component_blocks(iris, of_release)


def _range(iri: str) -> str:
    return f"<{DQV}Metric>" if iri == _METRIC else f"<{RDFS}Resource>"


def _records(table: Table) -> list[Mapping[str, Value]]:
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def _number(value: Value) -> float:
    if not isinstance(value, int | float):
        raise ValueError(f"no number: {value!r}")
    return float(value)


def _whole(value: float | int | bool) -> str:
    return typed(value, "boolean" if isinstance(value, bool) else "integer")
