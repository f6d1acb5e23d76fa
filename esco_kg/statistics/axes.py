"""A table as a box of cells with labelled axes, as JSON-stat and PC-Axis hold it.

The axes are the table's dimensions, the figure, the release and its date of issue. Only codes that the table has are on
an axis.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from esco_kg.model.cube import Cube, Dimension
from esco_kg.model.findings import Value
from esco_kg.model.published import ReleaseInfo
from esco_kg.rdf.terms import lexical

INDICATOR, RELEASE, DATE = "indicator", "release", "date"
"""The ids of the axes that every table has beside its dimensions."""


@dataclass(frozen=True, slots=True)
class Axis:
    """``labels`` maps each code to its name, in order; ``parents`` a code to the one above it on this axis."""

    id: str
    label: str
    labels: dict[str, str]
    parents: dict[str, str] = field(default_factory=dict)


def axes_of(cube: Cube, info: ReleaseInfo) -> list[Axis]:
    """The axes of a table; the last three are figure, release and date."""
    keys = [key for key, _, _ in cube.observations()]
    found = [_axis(dimension, {key[at] for key in keys}) for at, dimension in enumerate(cube.dimensions)]
    found.append(Axis(INDICATOR, "Indicator", {figure.column: figure.meaning for figure in cube.figures}))
    found.append(Axis(RELEASE, "Release", {info.version: info.version}))
    found.append(Axis(DATE, "Date of issue", {info.issued: info.issued}))
    return found


def _axis(dimension: Dimension, seen: set[Value]) -> Axis:
    label = dimension.label[:1].upper() + dimension.label[1:]
    codes = dimension.codes
    if codes is None:
        numbers = [lexical(value) for value in sorted(seen, key=lambda value: float(value or 0))]
        return Axis(dimension.name, label, {number: number for number in numbers})
    used = {lexical(value) for value in seen}
    kept = [code for code in codes.codes if code.code in used]
    labels = {code.code: code.labels.get("en") or next(iter(code.labels.values()), code.code) for code in kept}
    return Axis(dimension.name, label, labels, {code.code: code.parent for code in kept if code.parent in labels})


def cells_of(cube: Cube, axes: list[Axis]) -> dict[int, Value]:
    """Place -> figure, None where it is suppressed; the last axis changes fastest. A place without a row is absent."""
    places = [{code: at for at, code in enumerate(axis.labels)} for axis in axes[: len(cube.dimensions)]]
    found: dict[int, Value] = {}
    for key, figures, status in cube.observations():
        row = 0
        for value, axis in zip(key, places, strict=True):
            row = row * len(axis) + axis[lexical(value)]
        for at, figure in enumerate(figures):
            found[row * len(cube.figures) + at] = figure if status == "F" else None
    return found
