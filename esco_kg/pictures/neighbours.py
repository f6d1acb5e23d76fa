"""A small map of a cluster and those related to it: the cluster in the middle, a line to each; the thicker, the nearer.

Nine places in three rows, so that names can be read on a phone. The same clusters stand beside it as a list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from esco_kg.pictures.treemap import Name, said_in, wrapped

_WIDE, _HIGH, _GAP_X, _GAP_Y, _PAD, _LETTERS = 124.0, 66.0, 14.0, 30.0, 6.0, 11.5
# Row and column of each place, the strongest first: beside the middle, then in the corners. Empty rows are not drawn.
_PLACES = ((1, 2), (1, 0), (0, 1), (2, 1), (0, 2), (2, 2), (2, 0), (0, 0))
MOST = len(_PLACES)
_THINNEST, _THICKEST = 1.5, 9.0


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A related cluster: address, name, colour family, strength in (0, 1]."""

    href: str
    label: Name
    family: str
    weight: float


def neighbour_map(label: Name, family: str, neighbours: Sequence[Neighbour], title: str, spoken: str = "") -> Markup:
    """The map as SVG; ``neighbours`` strongest first, at most eight are drawn. '' where there are none.

    ``spoken`` is the page's language.
    """
    shown = neighbours[:MOST]
    if not shown:
        return Markup()
    strongest = max(one.weight for one in shown)
    lines, boxes = [], [_box(1, 1, label, family, "self", spoken)]
    for one, (row, column) in zip(shown, _PLACES, strict=False):
        width = _THINNEST + (_THICKEST - _THINNEST) * one.weight / strongest
        (x1, y1), (x2, y2) = _middle(1, 1), _middle(row, column)
        ends = f'x1="{x1:.0f}" y1="{y1:.0f}" x2="{x2:.0f}" y2="{y2:.0f}"'
        lines.append(f'<line {ends} stroke-width="{width:.1f}"/>')
        box = _box(row, column, one.label, one.family, "", spoken)
        name, said = escape(one.label.text), said_in(one.label.language, spoken)
        boxes.append(f'<a href="{escape(one.href)}" aria-label="{name}"{said}><title>{name}</title>{box}</a>')
    rows = {1, *(row for row, _ in _PLACES[: len(shown)])}
    top, high = min(rows) * (_HIGH + _GAP_Y), len(rows) * (_HIGH + _GAP_Y) - _GAP_Y
    wide = 3 * _WIDE + 2 * _GAP_X
    head = f'<svg class="neighbours" viewBox="-1 {top - 1:.0f} {wide + 2:.0f} {high + 2:.0f}" role="group"'
    return Markup("\n".join([f'{head} aria-label="{escape(title)}">', *lines, *boxes, "</svg>"]))


def _middle(row: int, column: int) -> tuple[float, float]:
    return column * (_WIDE + _GAP_X) + _WIDE / 2, row * (_HIGH + _GAP_Y) + _HIGH / 2


def _box(row: int, column: int, label: Name, family: str, kind: str, spoken: str) -> str:
    x, y = column * (_WIDE + _GAP_X), row * (_HIGH + _GAP_Y)
    line = _LETTERS * 1.22
    words = wrapped(label.text, _WIDE - 2 * _PAD, _LETTERS, int((_HIGH - 2 * _PAD) / line))
    top = y + (_HIGH - len(words) * line) / 2 + _LETTERS * 0.92
    texts = "".join(
        f'<text x="{x + _WIDE / 2:.0f}" y="{top + n * line:.1f}" font-size="{_LETTERS}">{escape(one)}</text>'
        for n, one in enumerate(words)
    )
    sides = f'x="{x:.0f}" y="{y:.0f}" width="{_WIDE:.0f}" height="{_HIGH:.0f}" rx="7"'
    return f'<g class="tile {family} {kind}"{said_in(label.language, spoken)}><rect {sides}/>{texts}</g>'
