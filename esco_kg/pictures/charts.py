"""Charts as SVG text: bars, a heat map, a picture of relations.

The same data give the same bytes. A chart names its parts by CSS classes and brings its own colours as a fallback, so a
page's style sheet can adapt it to dark mode and print; text takes the page's colour. Every mark carries a ``<title>``
with the exact figure. Positions and sizes are in CSS pixels of the view box.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations

from markupsafe import escape

from esco_kg.pictures.colours import ACCENT, ON_ACCENT

_FONT = 13
_ROW = 24
_WIDEST_LABEL = 310  # a longer label is clipped
_BARS = 360.0  # the width of a bar chart
# Lower ends of the steps of the heat map, and how strong the colour is; white text is readable on the last step alone.
_STEPS = ((0.01, 0.08), (0.05, 0.2), (0.1, 0.35), (0.2, 0.5), (0.4, 0.65), (0.6, 1.0))
_WHITE_FROM = 0.6
_MOST_SWAPS = 40
_BULGE = 1.1  # width of an arc by its height


@dataclass(frozen=True, slots=True)
class Edge:
    """A relation between the nodes at two positions; ``weight`` in [0, 1], ``title`` its words."""

    source: int
    target: int
    weight: float
    title: str


def skills(number: int) -> str:
    """``1,206 skills``."""
    return f"{number:,} skills"


def language_of(label: str) -> str:
    """The language of a label that knows it, '' where it is that of the page."""
    return getattr(label, "language", "")


def bars(items: Sequence[tuple[str, float, str]], *, name: str, title: str) -> str:
    """Horizontal bars, one per (label, value, figure in words), in the order given; the longest fills the width.

    Labels lie on the bars, so that the picture is as narrow as a phone. ``name`` makes ids unique on a page. Raises
    ValueError where there is nothing to draw.
    """
    if not items:
        raise ValueError("a bar chart needs at least one bar")
    longest = max(value for _, value, _ in items) or 1.0
    parts = []
    for row, (label, value, figure) in enumerate(items):
        top = 4 + row * _ROW
        room = _BARS - width_of(figure) - 22
        parts += [
            f"<g><title>{escape(label)}: {escape(figure)}</title>",
            f'<rect class="mark" x="1" y="{top + 1}" width="{number(max((_BARS - 2) * value / longest, 1.0))}"'
            f' height="{_ROW - 3}" fill="{ACCENT}" fill-opacity="0.25"/>',
            writing(8, top + 16, clipped(label, room), language=language_of(label)),
            writing(_BARS - 8, top + 16, figure, anchor="end", kind="figure"),
            "</g>",
        ]
    return svg(_BARS, _ROW * len(items) + 8, name, title, parts)


def heat_map(
    rows: Sequence[str],
    columns: Sequence[tuple[str, str]],
    shares: Mapping[tuple[int, int], float],
    *,
    name: str,
    title: str,
    shown: Callable[[float], str] | None = None,
    legend: str = "from {share}",
) -> str:
    """Cells coloured by share: one row per label, one column per (code, meaning), shares by (row, column) position.

    A cell below one per cent stays empty; from five per cent on its figure is written in it. ``shown`` writes a share,
    ``legend`` the least share of a step of the colour. Raises ValueError where
    there are no rows or columns.
    """
    if not rows or not columns:
        raise ValueError("a heat map needs rows and columns")
    left, wide, high, head = _column_for(rows), 28, _ROW, 24
    parts = []
    for column, (code, meaning) in enumerate(columns):
        middle = left + wide * column + wide / 2
        parts.append(
            f"<g><title>{escape(meaning)}</title>{writing(middle, 16, code, anchor='middle', kind='code')}</g>"
        )
    for row, label in enumerate(rows):
        top = head + row * high
        written = clipped(label, _WIDEST_LABEL)
        parts.append(writing(left - 8, top + 16, written, anchor="end", title=label, language=language_of(label)))
        for column, (code, meaning) in enumerate(columns):
            share = shares.get((row, column), 0.0)
            words = f"{label}, {code} {meaning}: {(shown or percent)(share)}"
            parts += _cell(left + column * wide, top, wide, high, share, words)
    bottom = head + high * len(rows)
    parts += _legend(left, bottom + 14, legend, shown or _whole)
    return svg(left + max(wide * len(columns), 100 * len(_STEPS)) + 8, bottom + 48, name, title, parts)


def relations(
    nodes: Sequence[tuple[str, int]],
    edges: Sequence[Edge],
    *,
    name: str,
    title: str,
    counted: Callable[[int], str] = skills,
) -> str:
    """An arc diagram: one line per (label, size), arcs between related ones, thicker where the relation is stronger.

    Strongly related nodes stand near each other. Raises ValueError where there is no node.
    """
    if not nodes:
        raise ValueError("a picture of relations needs nodes")
    order = near_each_other(len(nodes), edges)
    place = {node: 4 + _ROW * position + _ROW / 2 for position, node in enumerate(order)}
    largest = max(size for _, size in nodes) or 1
    heaviest = max((edge.weight for edge in edges), default=1.0) or 1.0
    labels = _column_for(label for label, _ in nodes)
    foot, left = labels + 10, labels + 12
    reach = max((abs(place[e.source] - place[e.target]) / 2 for e in edges), default=0.0)
    parts = []
    for edge in sorted(edges, key=lambda e: (e.weight, e.source, e.target)):
        high, low = sorted((place[edge.source], place[edge.target]))
        parts.append(_arc(left, high, low, edge.weight / heaviest, edge.title))
    for node in order:
        label, size = nodes[node]
        radius = number(3 + 6 * (size / largest) ** 0.5)
        parts += [
            f"<g><title>{escape(label)}: {escape(counted(size))}</title>",
            writing(
                labels - 4, place[node] + 5, clipped(label, _WIDEST_LABEL), anchor="end", language=language_of(label)
            ),
            f'<circle class="mark" cx="{number(foot)}" cy="{number(place[node])}" r="{radius}" fill="{ACCENT}"/>',
            "</g>",
        ]
    return svg(left + max(reach * _BULGE, 60) + 12, _ROW * len(nodes) + 8, name, title, parts)


def _arc(left: float, high: float, low: float, strength: float, title: str) -> str:
    radius = (low - high) / 2
    start, end = f"{number(left)} {number(high)}", f"{number(left)} {number(low)}"
    return (
        f'<path class="arc" d="M {start} A {number(radius * _BULGE)} {number(radius)} 0 0 1 {end}" fill="none"'
        f' stroke="{ACCENT}" stroke-width="{number(1 + 6 * strength)}"'
        f' stroke-opacity="{number(0.2 + 0.5 * strength)}"><title>{escape(title)}</title></path>'
    )


def near_each_other(count: int, edges: Sequence[Edge]) -> list[int]:
    """An order of the nodes 0 to count - 1 in which the sum of weight x distance cannot be lowered by one swap.

    Starts from a chain that always takes the node most strongly tied to the last three; ties go to the smaller number.
    """
    weight: dict[tuple[int, int], float] = {}
    for edge in edges:
        for pair in ((edge.source, edge.target), (edge.target, edge.source)):
            weight[pair] = weight.get(pair, 0.0) + edge.weight
    total = [sum(w for (node, _), w in weight.items() if node == n) for n in range(count)]
    order: list[int] = []
    left = set(range(count))
    while left:
        tail = order[-3:]
        order.append(
            min(left, key=lambda n: (-sum(weight.get((n, t), 0.0) for t in tail), total[n] if tail else -total[n], n))
        )
        left.remove(order[-1])
    for _ in range(_MOST_SWAPS):
        if not _swap_once(order, weight):
            break
    return order


def _swap_once(order: list[int], weight: Mapping[tuple[int, int], float]) -> bool:
    """One pass over all pairs of places, swapping where that brings related nodes nearer; whether any swap was made."""
    swapped = False
    for a, b in combinations(range(len(order)), 2):
        before = _strain(order, weight, a) + _strain(order, weight, b)
        order[a], order[b] = order[b], order[a]
        if _strain(order, weight, a) + _strain(order, weight, b) < before - 1e-9:
            swapped = True
        else:
            order[a], order[b] = order[b], order[a]
    return swapped


def _strain(order: Sequence[int], weight: Mapping[tuple[int, int], float], at: int) -> float:
    return sum(weight.get((order[at], other), 0.0) * abs(at - place) for place, other in enumerate(order))


def percent(share: float) -> str:
    """0.0436 -> ``4.4 %``, with a space that does not break; a share that is not zero never shows as 0.0 %."""
    figure = f"{100 * share:.1f}"
    return f"{'<0.1' if share > 0 and figure == '0.0' else figure}\u00a0%"


def index(value: float) -> str:
    """An index between 0 and 1 in three places: 0.99571 -> ``0.996``; one that is not 1 never shows as 1."""
    return "1" if value == 1 else f"{min(value, 0.999):.3f}"


@lru_cache(maxsize=100_000)
def width_of(text: str, size: float = _FONT) -> float:
    """About how wide a text is in a common sans-serif font, in pixels; never much less than it is."""
    return size * sum(_width_of_letter(letter) for letter in text)


@cache
def _width_of_letter(letter: str) -> float:
    """In parts of the font size, as wide as the widest of the common fonts (DejaVu Sans) has it."""
    if letter in "iljtfrI.,:;'!|() -":
        return 0.4
    if letter in "mwMW@%&":
        return 0.97
    return 0.74 if letter.isupper() else 0.64


def clipped(text: str, room: float) -> str:
    """The text, or as many of its first letters as fit into the room, and an ellipsis."""
    if width_of(text) <= room:
        return text
    while text and width_of(text + "…") > room:
        text = text[:-1]
    return text.rstrip(" ,;-") + "…"


def _column_for(labels: Iterable[str]) -> float:
    """Width of the column that the labels need, with the space between them and the marks."""
    return 14 + max(width_of(clipped(label, _WIDEST_LABEL)) for label in labels)


def _cell(left: float, top: float, wide: float, high: float, share: float, words: str) -> list[str]:
    strength = next((shade for least, shade in reversed(_STEPS) if share >= least), 0.0)
    opacity = f' fill="{ACCENT}" fill-opacity="{number(strength)}"' if strength else ' fill="none"'
    parts = [
        f'<g><title>{escape(words)}</title><rect class="cell{" mark" if strength else ""}" x="{number(left)}"'
        f' y="{number(top)}" width="{number(wide - 1)}" height="{number(high - 1)}"{opacity}'
        f' stroke="currentColor" stroke-opacity="0.12"/>'
    ]
    if share >= 0.05:
        kind = "strong" if share >= _WHITE_FROM else "figure"
        parts.append(writing(left + wide / 2, top + 16, f"{100 * share:.0f}", anchor="middle", kind=kind, size=11))
    parts.append("</g>")
    return parts


def _whole(share: float) -> str:
    return f"{100 * share:.0f}\u00a0%"


def _legend(left: float, top: float, legend: str, shown: Callable[[float], str]) -> list[str]:
    parts = []
    for step, (least, shade) in enumerate(_STEPS):
        at = left + step * 100
        parts.append(
            f'<rect class="cell mark" x="{number(at)}" y="{number(top)}" width="18" height="18" fill="{ACCENT}"'
            f' fill-opacity="{number(shade)}" stroke="currentColor" stroke-opacity="0.12"/>'
        )
        parts.append(writing(at + 24, top + 14, legend.format(share=shown(least)), kind="figure", size=12))
    return parts


def writing(
    x: float,
    y: float,
    content: str,
    *,
    anchor: str = "start",
    kind: str = "label",
    size: int = _FONT,
    title: str = "",
    language: str = "",
) -> str:
    fill = ON_ACCENT if kind == "strong" else "currentColor"
    tip = f"<title>{escape(title)}</title>" if title else ""
    tag = f' lang="{escape(language)}"' if language else ""
    return (
        f'<text class="{kind}"{tag} x="{number(x)}" y="{number(y)}" text-anchor="{anchor}" font-size="{size}"'
        f' fill="{fill}">{tip}{escape(content)}</text>'
    )


def svg(width: float, height: float, name: str, title: str, parts: Sequence[str]) -> str:
    size = f'viewBox="0 0 {number(width)} {number(height)}" width="{number(width)}" height="{number(height)}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="{escape(name)}-title"'
            ' font-family="system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif">',
            f'<title id="{escape(name)}-title">{escape(title)}</title>',
            *parts,
            "</svg>",
        ]
    )


def number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
