"""The picture of the top level: a tile per cluster, its area the number of skills, its colour the leading sector.

Squarified tree map (Bruls, Huizing and van Wijk, 2000). Each tile is a link; the same clusters stand below as a list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

from markupsafe import Markup, escape

from esco_kg.pictures.charts import width_of as _plain_width

# NACE 2.1 sections by the colour they share; CSS knows the names.
_FAMILIES = {
    "land": "AB", "making": "CDEF", "moving": "GHI", "knowing": "JKLMNO", "caring": "PQR", "living": "STUV",
}  # fmt: skip
FAMILY = {section: family for family, sections in _FAMILIES.items() for section in sections}
_GAP, _PAD = 3.0, 9.0
_SMALLEST = 40  # no tile is drawn smaller than this part of the whole
_SUITS = {17.0: 190, 14.0: 120, 12.0: 0, 10.5: 0}  # size of a name's letters -> extent of a tile that suits it, pixels
_SIZES = tuple(_SUITS)


@dataclass(frozen=True, slots=True)
class Tile:
    """What a tile shows: address, label, size in skills, colour family, a line of small print, what lies in it."""

    href: str
    label: str
    size: int
    family: str
    note: str
    inside: tuple[str, ...] = ()  # names of what lies in it, those shown that fit whole


def family_of(sections: dict[str, float], branch: str) -> str:
    """The colour of a cluster: that of its largest section; ``shared`` for skills of every sector."""
    if branch not in ("sector", "") or not sections:
        return "shared"
    return FAMILY.get(max(sorted(sections), key=lambda code: sections[code]), "shared")


def tree_map(tiles: Sequence[Tile], width: int, height: int, name: str, title: str) -> Markup:
    """The map as SVG; ``tiles`` largest first. ``name`` is the class that a style sheet shows or hides it by.

    The smallest tiles are drawn larger than they are, so that their names can be read.
    """
    least = fsum(tile.size for tile in tiles) / _SMALLEST
    sizes = [max(tile.size, least) for tile in tiles]
    parts = [f'<svg class="map {name}" viewBox="0 0 {width} {height}" role="group" aria-label="{escape(title)}">']
    for tile, (x, y, wide, high) in zip(tiles, _layout(sizes, width, height), strict=True):
        parts.append(_tile(tile, x + _GAP / 2, y + _GAP / 2, wide - _GAP, high - _GAP))
    parts.append("</svg>")
    return Markup("\n".join(parts))


def _tile(tile: Tile, x: float, y: float, wide: float, high: float) -> str:
    pad = _PAD if wide > 100 else _PAD / 2
    left, room, bottom = x + pad, wide - 2 * pad, y + high
    size = _size_of(tile.label, room, min(wide, high * 1.6))
    line = size * 1.25
    at = y + _PAD + size
    parts = []
    for words in wrapped(tile.label, room, size, max(1, int((high - 2 * _PAD) / line))):
        parts.append(_line(left, at, size, "name", words))
        at += line
    for words in wrapped(tile.note, room, 12, 2) if tile.note else []:
        if at + 8 < bottom:
            parts.append(_line(left, at + 2, 12, "note", words))
            at += 16
    for words in tile.inside:
        if at + 14 < bottom and width_of(words, 12) <= room:
            parts.append(_line(left, at + 8, 12, "inside", words))
            at += 17
    title = escape(f"{tile.label} – {tile.note}" if tile.note else tile.label)
    box = f'x="{x:.1f}" y="{y:.1f}" width="{max(wide, 1):.1f}" height="{max(high, 1):.1f}" rx="6"'
    return (
        f'<a href="{escape(tile.href)}" class="tile {tile.family}" aria-label="{title}"><title>{title}</title>'
        f"<rect {box}/>{''.join(parts)}</a>"
    )


def _line(x: float, y: float, size: float, kind: str, words: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:.0f}" class="{kind}">{escape(words)}</text>'


def width_of(text: str, size: float) -> float:
    """About how wide a text is; names are bold from 14 pixels on, and bold is wider."""
    return _plain_width(text, size) * (1.1 if size >= 14 else 1.0)


def _size_of(name: str, room: float, extent: float) -> float:
    """The largest size of letters that suits the tile and in which no word of the name has to be cut."""
    fitting = [size for size in _SIZES if all(width_of(word, size) <= room for word in name.split())]
    suiting = [size for size in fitting if extent > _SUITS[size]]
    return (suiting or fitting[-1:] or _SIZES[-1:])[0]


def wrapped(text: str, room: float, size: float, most: int) -> list[str]:
    """The text in lines that fit; the last one ends with a whole word and dots where there is no room for all."""
    lines: list[str] = []
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(joined, size) <= room:
            lines[-1] = joined
        else:
            lines.append(word)
    cut = len(lines) > most
    lines = lines[:most]
    return [_cut(line, room, size, cut and n == most - 1) for n, line in enumerate(lines)]


def _cut(line: str, room: float, size: float, is_cut: bool) -> str:
    if not is_cut and width_of(line, size) <= room:
        return line
    words = line.split()
    while len(words) > 1 and width_of(" ".join(words) + " …", size) > room:
        words.pop()
    line = " ".join(words).rstrip(",;:")
    if width_of(line + " …", size) <= room:
        return line + " …"
    while line and width_of(line + "…", size) > room:
        line = line[:-1]
    return line + "…"


def _layout(sizes: Sequence[float], width: float, height: float) -> list[tuple[float, float, float, float]]:
    """A rectangle (x, y, width, height) per size; sizes are positive and fall."""
    scale = width * height / max(fsum(sizes), 1)
    areas = [max(size, 1) * scale for size in sizes]
    found: list[tuple[float, float, float, float]] = []
    x = y = 0.0
    while areas:
        side = min(width, height)
        row = 1
        while row < len(areas) and _worst(areas[: row + 1], side) <= _worst(areas[:row], side):
            row += 1
        depth = fsum(areas[:row]) / side if side else 0.0
        along = 0.0
        for area in areas[:row]:
            length = area / depth if depth else 0.0
            found.append((x, y + along, depth, length) if width >= height else (x + along, y, length, depth))
            along += length
        if width >= height:
            x, width = x + depth, width - depth
        else:
            y, height = y + depth, height - depth
        del areas[:row]
    return found


def _worst(areas: Sequence[float], side: float) -> float:
    """The worst aspect ratio in a row of these areas along a side."""
    total = fsum(areas)
    return max(max(side * side * area / total**2, total**2 / (side * side * area)) for area in areas)
