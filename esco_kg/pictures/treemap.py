"""The picture of the top level: a tile per cluster, its area the number of skills, its colour the leading sector.

Squarified tree map (Bruls, Huizing and van Wijk, 2000). Each tile is a link; the same clusters stand below as a list.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

from markupsafe import Markup, escape

from esco_kg.model.clustering import RULED
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
_INSIDE, _BETWEEN = 13.5, 3.5  # from line to line of a name inside a tile, and further from name to name


@dataclass(frozen=True, slots=True)
class Name:
    """A name and the tag of its language; '' for that of the page."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """What a tile shows: address, label, size in skills, colour family, a line of small print, what lies in it."""

    href: str
    label: Name
    size: int
    family: str
    note: str
    inside: tuple[Name, ...] = ()  # those that fit whole are shown, of the others the number


def family_of(sections: dict[str, float], branch: str) -> str:
    """The colour of a cluster: that of its largest section; ``shared`` for skills of every sector."""
    if branch in RULED or not sections:
        return "shared"
    return FAMILY.get(max(sorted(sections), key=lambda code: sections[code]), "shared")


def tree_map(tiles: Sequence[Tile], width: int, height: int, name: str, title: str, spoken: str = "") -> Markup:
    """The map as SVG; ``tiles`` largest first. ``name`` is the class that a style sheet shows or hides it by.

    The smallest tiles are drawn larger than they are, so that their names can be read.
    ``spoken`` is the page's language.
    """
    least = fsum(tile.size for tile in tiles) / _SMALLEST
    sizes = [max(tile.size, least) for tile in tiles]
    parts = [f'<svg class="map {name}" viewBox="0 0 {width} {height}" role="group" aria-label="{escape(title)}">']
    for tile, (x, y, wide, high) in zip(tiles, _layout(sizes, width, height), strict=True):
        parts.append(_tile(tile, x + _GAP / 2, y + _GAP / 2, wide - _GAP, high - _GAP, spoken))
    parts.append("</svg>")
    return Markup("\n".join(parts))


def said_in(language: str, around: str) -> str:
    """The attribute ``lang`` of a name in a text of another language; '' where it is the same. SVG has no ``dir``."""
    return f' lang="{escape(language)}"' if language and language != around else ""


def _tile(tile: Tile, x: float, y: float, wide: float, high: float, spoken: str) -> str:
    pad = _PAD if wide > 100 else _PAD / 2
    left, room, bottom = x + pad, wide - 2 * pad, y + high
    label, own = tile.label.text, tile.label.language or spoken
    size = _size_of(label, room, min(wide, high * 1.6))
    line = size * 1.25
    at = y + _PAD + size
    parts = []
    for words in wrapped(label, room, size, max(1, int((high - 2 * _PAD) / line))):
        parts.append(_line(left, at, size, "name", words))
        at += line
    for words in wrapped(tile.note, room, 12, 2):
        if at + 8 < bottom and not words.endswith("…"):  # the number alone rather than a cut word
            parts.append(_line(left, at + 2, 12, "note", words, said_in(spoken, own)))
            at += 16
    parts += [
        _line(left, at + down, 12, "inside", words, said_in(language or spoken, own))
        for down, words, language in _inside(tile.inside, room, bottom - at)
    ]
    title = escape(f"{label} – {tile.note}" if tile.note else label)
    box = f'x="{x:.1f}" y="{y:.1f}" width="{max(wide, 1):.1f}" height="{max(high, 1):.1f}" rx="6"'
    return (
        f'<a href="{escape(tile.href)}" class="tile {tile.family}" aria-label="{title}"{said_in(own, spoken)}>'
        f"<title>{title}</title><rect {box}/>{''.join(parts)}</a>"
    )


def _inside(names: Sequence[Name], room: float, high: float) -> list[tuple[float, str, str]]:
    """(how far down, a line, its language) of the names that fit whole in two lines, and how many more there are."""
    blocks = [(name, wrapped(name.text, room, 12, 9)) for name in names]
    blocks = [(name, lines) for name, lines in blocks if len(lines) <= 2 and " ".join(lines) == name.text]

    def shown(high: float) -> list[tuple[float, str, str]]:
        found: list[tuple[float, str, str]] = []
        down, count = 8.0, 0
        for name, lines in blocks:
            if down + _INSIDE * len(lines) > high:
                continue
            found += [(down + _INSIDE * n, words, name.language) for n, words in enumerate(lines)]
            down += _INSIDE * len(lines) + _BETWEEN
            count += 1
        rest = len(names) - count
        return [*found, (down, f"+ {rest}", "")] if found and rest else found

    whole = shown(high)
    return whole if not whole or not whole[-1][1].startswith("+ ") else shown(high - _INSIDE - _BETWEEN)


def _line(x: float, y: float, size: float, kind: str, words: str, said: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:.0f}" class="{kind}"{said}>{escape(words)}</text>'


def width_of(text: str, size: float) -> float:
    """About how wide a text is; names are bold from 14 pixels on, and bold is wider."""
    return _plain_width(text, size) * (1.1 if size >= 14 else 1.0)


def _size_of(name: str, room: float, extent: float) -> float:
    """The largest size of letters that suits the tile and in which no word of the name has to be cut."""
    fitting = [size for size in _SIZES if all(width_of(word, size) <= room for _, word in _pieces(name))]
    suiting = [size for size in fitting if extent > _SUITS[size]]
    return (suiting or fitting[-1:] or _SIZES[-1:])[0]


def wrapped(text: str, room: float, size: float, most: int) -> list[str]:
    """The text in lines that fit; the last one ends with a whole word and dots where there is no room for all."""
    lines: list[str] = []
    for space, word in _pieces(text):
        joined = f"{lines[-1]}{space}{word}" if lines else word
        if lines and width_of(joined, size) <= room:
            lines[-1] = joined
        else:
            lines.append(word)
    cut = len(lines) > most
    lines = lines[:most]
    return [_cut(line, room, size, cut and n == most - 1) for n, line in enumerate(lines)]


def _pieces(text: str) -> list[tuple[str, str]]:
    """What a line may begin with: words, and what follows a hyphen; each with the space that stands before it."""
    return [(space, piece) for space, piece in re.findall(r"(\s?)([^\s-]*-+|[^\s-]+)", text)]


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
