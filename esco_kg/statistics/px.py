"""Tables as PC-Axis files (PX-file format, AXIS-VERSION 2013).

``"."`` stands where the table has no row, ``".."`` where a figure is suppressed; a note in each file says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import prod
from pathlib import Path

from esco_kg.config import Config
from esco_kg.model.cube import Cube
from esco_kg.model.findings import Value
from esco_kg.model.published import ReleaseInfo
from esco_kg.rdf.terms import lexical
from esco_kg.statistics.axes import INDICATOR, Axis, axes_of, cells_of

_NO_ROW, _SUPPRESSED = '"."', '".."'
_LONGEST = 256
_NOTE = "One dot: the table has no row for this combination. Two dots: the figure is suppressed."


def write_px(cube: Cube, path: Path, config: Config, info: ReleaseInfo) -> None:
    """Write one table; lines end with CR LF, texts are UTF-8 without quotation marks."""
    axes = axes_of(cube, info)
    lines = [*_head(cube, axes, config, info), *_data(axes, cells_of(cube, axes))]
    path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8", newline="")


def _head(cube: Cube, axes: list[Axis], config: Config, info: ReleaseInfo) -> Iterable[str]:
    day = info.issued.replace("-", "")
    stub, heading = [axis for axis in axes[:-3]], axes[-3:]
    figures = {figure.column: figure for figure in cube.figures}
    names = {axis.id: _values(axis) for axis in axes}
    decimals = sorted(_decimals(figure.datatype) for figure in cube.figures)
    yield from (_said("CHARSET", ["ANSI"]), _said("AXIS-VERSION", ["2013"]), _said("CODEPAGE", ["utf-8"]))
    yield from (_said("LANGUAGE", ["en"]), _said("CREATION-DATE", [f"{day} 00:00"]))
    # PRECISION has an effect only where it is above SHOWDECIMALS, and is never 0.
    yield from (f"DECIMALS={decimals[-1]};", f"SHOWDECIMALS={decimals[0]};", _said("MATRIX", [cube.table.name]))
    yield from (_said("SUBJECT-CODE", [config.notation[:20]]), _said("SUBJECT-AREA", [config.titles["en"]]))
    yield _said("COPYRIGHT", ["NO"]).replace('"NO"', "NO")
    yield _said("DESCRIPTION", [f"{cube.table.question} {config.source} {info.esco_version}, release {info.version}"])
    by = ", ".join(axis.label for axis in axes)
    yield from (_said("TITLE", [f"{cube.table.question} By {by}"]), _said("CONTENTS", [cube.table.question]))
    yield _said("UNITS", ["see the indicator"])
    if stub:
        yield _said("STUB", [axis.label for axis in stub])
    yield _said("HEADING", [axis.label for axis in heading])
    yield _said("CONTVARIABLE", [heading[0].label])
    for axis in axes:
        yield _said("VALUES", names[axis.id], [axis.label])
    for axis in axes:
        yield _said("CODES", list(axis.labels), [axis.label])
    for column, name in zip(figures, names[INDICATOR], strict=True):
        yield _said("LAST-UPDATED", [f"{day} 00:00"], [name])
        yield _said("UNITS", [next(iter(figures[column].unit.labels.values()))], [name])
        if (own := _decimals(figures[column].datatype)) > decimals[0]:
            yield f'PRECISION("{heading[0].label}","{name}")={own};'
    yield _said("SOURCE", [config.publisher])
    yield _said("NOTE", [_NOTE + " " + config.acknowledgement])


def _data(axes: list[Axis], cells: dict[int, Value]) -> Iterable[str]:
    """One line for each row of the stub, a blank at its end, as the format recommends."""
    yield "DATA="
    width = len(axes[-3].labels)
    for row in range(prod(len(axis.labels) for axis in axes[:-3])):
        yield " ".join(_cell(cells, row * width + at) for at in range(width)) + " "
    yield ";"


def _cell(cells: dict[int, Value], at: int) -> str:
    if at not in cells:
        return _NO_ROW
    return _SUPPRESSED if cells[at] is None else lexical(cells[at])


def _values(axis: Axis) -> list[str]:
    """The names on an axis, each once: where two codes have one name, the code follows it."""
    names = list(axis.labels.values())
    return [name if names.count(name) == 1 else f"{name} ({code})" for code, name in axis.labels.items()]


def _said(keyword: str, values: list[str], of: list[str] | None = None) -> str:
    """``KEYWORD("variable")="value","value";``, long lists and texts over several lines."""
    start = f"{keyword}({','.join(map(_quoted, of))})=" if of else f"{keyword}="
    if len(values) == 1:
        text = _clean(values[0])
        parts = [text[at : at + _LONGEST - 2] for at in range(0, max(len(text), 1), _LONGEST - 2)]
        return start + "\r\n".join(f'"{part}"' for part in parts) + ";"
    lines, line = [], start
    for value in values:
        if len(line) + len(value) > _LONGEST and line != start:
            lines.append(line)
            line = ""
        line += f"{_quoted(value)},"
    return "\r\n".join([*lines, line.removesuffix(",") + ";"])


def _quoted(text: str) -> str:
    return f'"{_clean(text)}"'


def _clean(text: str) -> str:
    """Inside quotation marks no quotation mark may stand, and no line end."""
    return " ".join(text.replace('"', "'").split())


def _decimals(datatype: str) -> int:
    return 0 if datatype == "integer" else 4
