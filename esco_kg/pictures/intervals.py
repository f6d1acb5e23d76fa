"""Points with intervals as SVG text; the same data give the same bytes, text takes the page's colour."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import escape

from esco_kg.pictures.charts import clipped, width_of
from esco_kg.pictures.colours import OF_HIERARCHIES

_ROW, _ROOM, _FONT, _WIDEST = 24, 360, 13, 260


def intervals(items: Sequence[tuple[str, float, float, float]], *, name: str, title: str) -> str:
    """One row per (label, value, low, high): a point and a line, on an axis from 0 or below to the highest limit.

    Raises ValueError where there is nothing to draw.
    """
    if not items:
        raise ValueError("a plot needs a point")
    left = 14 + max(width_of(clipped(label, _WIDEST)) for label, *_ in items)
    start = min(0.0, min(low for _, _, low, _ in items))
    end = max(high for *_, high in items)
    scale = _ROOM / ((end - start) or 1.0)
    width, height = left + _ROOM + 80, _ROW * len(items) + 40
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}"'
        f' height="{height}" role="img" aria-labelledby="{escape(name)}" font-family="system-ui, sans-serif">',
        f'<title id="{escape(name)}">{escape(title)}</title>',
    ]
    for row, (label, value, low, high) in enumerate(items):
        middle = 14 + row * _ROW
        x, x_low, x_high = (left + scale * (number - start) for number in (value, low, high))
        colour = OF_HIERARCHIES.get(label.split(" ", 1)[0], "currentColor")
        parts += [
            f"<g><title>{escape(label)}: {value:.3f} ({low:.3f} to {high:.3f})</title>",
            _text(left - 8, middle + 4, clipped(label, _WIDEST), "end"),
            f'<line x1="{x_low:.1f}" x2="{x_high:.1f}" y1="{middle}" y2="{middle}" stroke="{colour}"'
            ' stroke-width="3"/>',
            f'<circle cx="{x:.1f}" cy="{middle}" r="5" fill="{colour}"/>',
            _text(x_high + 10, middle + 4, f"{value:.3f}", "start"),
            "</g>",
        ]
    axis = 14 + _ROW * len(items)
    parts.append(
        f'<line x1="{left:.1f}" x2="{left + _ROOM:.1f}" y1="{axis - 8}" y2="{axis - 8}" stroke="currentColor"/>'
    )
    parts += [_text(left, axis + 8, f"{start:g}", "middle"), _text(left + _ROOM, axis + 8, f"{end:.3g}", "middle")]
    return "\n".join([*parts, "</svg>"])


def _text(x: float, y: float, content: str, anchor: str) -> str:
    place = f'x="{x:.1f}" y="{y}" font-size="{_FONT}" text-anchor="{anchor}"'
    return f'<text {place} fill="currentColor">{escape(content)}</text>'
