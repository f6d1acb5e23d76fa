"""A picture of what moved from where to where: two columns of bars and the bands between them (Sankey), as SVG."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import escape

from esco_kg.pictures.charts import clipped, language_of, number, skills, svg, width_of, writing
from esco_kg.pictures.colours import ACCENT

_ROOM, _BAR, _GAP, _LEAST = 260.0, 12.0, 8.0, 16.0
_WIDEST_LABEL = 310.0
_HEIGHT_PER_BAR = 26.0


@dataclass(frozen=True, slots=True)
class Band:
    """What goes from the bar at one position on the left to one on the right."""

    source: int
    target: int
    size: int
    title: str


def flows(
    left: Sequence[tuple[str, int]],
    right: Sequence[tuple[str, int]],
    bands: Sequence[Band],
    *,
    name: str,
    title: str,
    counted: Callable[[int], str] = skills,
) -> str:
    """Bars of (label, size) on either side, in the order given, and bands as thick as what goes from one to another.

    Raises ValueError where one side has no bar.
    """
    if not left or not right:
        raise ValueError("a picture of flows needs bars on both sides")
    scale = _HEIGHT_PER_BAR * max(len(left), len(right)) / max(sum(n for _, n in left), sum(n for _, n in right), 1)
    edge = 14 + max(width_of(clipped(label, _WIDEST_LABEL)) for label, _ in left)
    far = edge + _BAR + _ROOM
    tops = [_tops(side, scale) for side in (left, right)]
    parts = _bands(bands, tops, scale, edge + _BAR, far)
    for side, bars, x in ((0, left, edge), (1, right, far)):
        for (label, size), top in zip(bars, tops[side], strict=True):
            high = max(size * scale, 1.0)
            at = (x - 8, "end") if side == 0 else (x + _BAR + 8, "start")
            parts += [
                f"<g><title>{escape(label)}: {escape(counted(size))}</title>",
                f'<rect class="mark" x="{number(x)}" y="{number(top)}" width="{number(_BAR)}" height="{number(high)}"'
                f' fill="{ACCENT}"/>',
                writing(
                    at[0], top + high / 2 + 4, clipped(label, _WIDEST_LABEL), anchor=at[1], language=language_of(label)
                ),
                "</g>",
            ]
    height = max(top[-1] + max(bars[-1][1] * scale, _LEAST) for top, bars in zip(tops, (left, right), strict=True))
    wide = far + _BAR + 14 + max(width_of(clipped(label, _WIDEST_LABEL)) for label, _ in right)
    return svg(wide, height + 8, name, title, parts)


def _tops(bars: Sequence[tuple[str, int]], scale: float) -> list[float]:
    """Where each bar begins; a thin one gets the room its label needs."""
    tops, at = [], 4.0
    for _, size in bars:
        high = size * scale
        tops.append(at + max(_LEAST - high, 0) / 2)
        at += max(high, _LEAST) + _GAP
    return tops


def _bands(bands: Sequence[Band], tops: list[list[float]], scale: float, start: float, end: float) -> list[str]:
    """The bands, the thick below the thin; on a bar they lie in the order of their other end."""
    leaves = {band: 0.0 for band in bands}
    arrives = dict(leaves)
    for side, places in ((0, leaves), (1, arrives)):
        next_at = list(tops[side])
        for band in sorted(bands, key=lambda b: (b.source, b.target) if side == 0 else (b.target, b.source)):
            bar = band.source if side == 0 else band.target
            places[band] = next_at[bar]
            next_at[bar] += band.size * scale
    return [
        _band(band, leaves[band], arrives[band], max(band.size * scale, 0.6), start, end)
        for band in sorted(bands, key=lambda b: (-b.size, b.source, b.target))
    ]


def _band(band: Band, leaves: float, arrives: float, high: float, start: float, end: float) -> str:
    middle = number((start + end) / 2)
    x, y = (
        (number(start), number(end)),
        (number(leaves), number(arrives), number(leaves + high), number(arrives + high)),
    )
    path = (
        f"M {x[0]} {y[0]} C {middle} {y[0]} {middle} {y[1]} {x[1]} {y[1]} L {x[1]} {y[3]}"
        f" C {middle} {y[3]} {middle} {y[2]} {x[0]} {y[2]} Z"
    )
    look = f'class="mark" fill="{ACCENT}" fill-opacity="0.55"'
    return f'<path {look} d="{path}"><title>{escape(band.title)}</title></path>'
