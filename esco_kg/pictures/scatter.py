"""Two columns of numbers as points, drawn as SVG."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

_WIDTH, _HEIGHT, _LEFT, _EDGE = 640, 300, 70, 30
_MOST = 500  # points drawn


def scatter(points: Sequence[tuple[float, float]], across: str, up: str) -> Markup:
    """The points with the smallest and largest value of each axis; '' for fewer than two points."""
    drawn = points[:_MOST]
    if len(drawn) < 2:
        return Markup()
    xs, ys = ([point[side] for point in drawn] for side in (0, 1))
    low_x, low_y = min(xs), min(ys)
    wide, high = (max(xs) - low_x) or 1.0, (max(ys) - low_y) or 1.0
    right, bottom = _WIDTH - _EDGE, _HEIGHT - _EDGE
    places = [
        (_LEFT + (x - low_x) / wide * (right - _LEFT), bottom - (y - low_y) / high * (bottom - _EDGE)) for x, y in drawn
    ]
    title = escape(f"{up} / {across}")
    axes = f'<path d="M{_LEFT} {_EDGE}V{bottom}H{right}"/>'
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in places)
    texts = (
        _text(_LEFT, _HEIGHT - 8, "start", f"{low_x:g}")
        + _text(right, _HEIGHT - 8, "end", f"{max(xs):g} {across}")
        + _text(_LEFT - 6, bottom, "end", f"{low_y:g}")
        + _text(_LEFT - 6, _EDGE, "end", f"{max(ys):g}")
        + _text(_LEFT, 16, "start", up)
    )
    return Markup(
        f'<svg class="chart" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{title}">{axes}{dots}{texts}</svg>'
    )


def _text(x: float, y: float, anchor: str, words: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" font-size="12">{escape(words)}</text>'
