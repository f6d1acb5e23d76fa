"""Tables as JSON-stat 2.0, one dataset a file (json-stat.org/format)."""

from __future__ import annotations

import json
from math import prod
from pathlib import Path

from esco_kg.config import Config
from esco_kg.model.cube import Cube
from esco_kg.model.published import ReleaseInfo
from esco_kg.statistics.axes import DATE, INDICATOR, Axis, axes_of, cells_of

_SUPPRESSED = "C"


def write_jsonstat(cube: Cube, path: Path, config: Config, info: ReleaseInfo) -> None:
    """Write one table. Values are a list, or an object where more than half of the cells have no row."""
    axes = axes_of(cube, info)
    cells = cells_of(cube, axes)
    size = [len(axis.labels) for axis in axes]
    hidden = {str(at): _SUPPRESSED for at, value in cells.items() if value is None}
    is_sparse = 2 * len(cells) < prod(size)
    content = {
        "version": "2.0",
        "class": "dataset",
        "href": cube.dataset,
        "label": cube.table.question,
        "source": f"{config.publisher}: {config.titles['en']}",
        "updated": info.issued,
        "note": [config.acknowledgement],
        "id": [axis.id for axis in axes],
        "size": size,
        "role": {"time": [DATE], "metric": [INDICATOR]},
        "dimension": {axis.id: _dimension(axis, cube) for axis in axes},
        "value": {str(at): value for at, value in cells.items() if value is not None}
        if is_sparse
        else [cells.get(at) for at in range(prod(size))],
        **({"status": hidden} if hidden else {}),
        "extension": {"status": {_SUPPRESSED: "suppressed"}} if hidden else {},
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _dimension(axis: Axis, cube: Cube) -> dict[str, object]:
    category: dict[str, object] = {"index": list(axis.labels), "label": axis.labels}
    if axis.id == INDICATOR:
        category["unit"] = {
            figure.column: {"label": next(iter(figure.unit.labels.values())), "decimals": _decimals(figure.datatype)}
            for figure in cube.figures
        }
    children: dict[str, list[str]] = {}
    for code, parent in axis.parents.items():
        children.setdefault(parent, []).append(code)
    return {"label": axis.label, "category": category | ({"child": children} if children else {})}


def _decimals(datatype: str) -> int:
    return 0 if datatype == "integer" else 4
