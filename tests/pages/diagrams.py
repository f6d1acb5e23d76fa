"""``make docs``: the three drawings of docs/how-it-works.md; tests/test_docs.py fails while they are stale."""

from __future__ import annotations

from html import escape
from pathlib import Path

from esco_kg.pictures.charts import width_of
from esco_kg.pictures.colours import ACCENT, OF_HIERARCHIES
from tests.support.places import ROOT

PICTURES = ROOT / "docs" / "pictures"
_FONT, _LINE = 14, 19
_STYLE = {
    "plain": ("#ffffff", "#5b6b73"),
    "ours": ("#d7e8ee", ACCENT),
    "other": ("#f7e4d8", OF_HIERARCHIES["official"]),
}


def _text(x: float, y: float, words: str, more: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}" font-size="{_FONT}" {more}>{escape(words)}</text>'


def box(x: float, y: float, wide: float, high: float, lines: str, kind: str = "plain") -> str:
    """A box with lines of text in its middle; the first is bold."""
    fill, edge = _STYLE[kind]
    said = lines.split("\n")
    for line in said:
        assert width_of(line, _FONT) < wide - 8, f"{line!r} is wider than its box"
    assert len(said) * _LINE < high, f"{lines!r} is higher than its box"
    top = y + high / 2 - (len(said) - 1) * _LINE / 2 + 5
    written = [
        _text(x + wide / 2, top + number * _LINE, line, f'text-anchor="middle"{"" if number else BOLD}')
        for number, line in enumerate(said)
    ]
    frame = (
        f'<rect x="{x:g}" y="{y:g}" width="{wide:g}" height="{high:g}" rx="7" '
        f'fill="{fill}" stroke="{edge}" stroke-width="1.5"/>'
    )
    return "\n".join([frame, *written])


BOLD = ' font-weight="bold"'


def arrow(*points: tuple[float, float]) -> str:
    way = " ".join(f"{x:g},{y:g}" for x, y in points)
    return f'<polyline points="{way}" fill="none" stroke="#39464d" stroke-width="1.5" marker-end="url(#end)"/>'


def drawing(width: int, height: int, title: str, parts: list[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="system-ui, sans-serif" fill="#1b2327" role="img">'
    )
    end = (
        '<marker id="end" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0,0 L8,4 L0,8 z" fill="#39464d"/></marker>'
    )
    paper = f'<rect width="{width}" height="{height}" fill="#ffffff"/>'
    return "\n".join([head, f"<title>{escape(title)}</title>", f"<defs>{end}</defs>", paper, *parts, "</svg>", ""])


def placed() -> str:
    """How one skill finds its cluster."""
    return drawing(
        820,
        300,
        "How one skill finds its cluster: by occupations, texts and sectors, in places that people drew",
        [
            box(20, 20, 230, 62, "Occupations\nwelder, welding inspector", "plain"),
            box(20, 102, 230, 62, "Texts\n“weld aluminium”"),
            box(20, 184, 230, 62, "Sectors\nmanufacturing"),
            arrow((250, 51), (320, 108)),
            arrow((250, 133), (320, 133)),
            arrow((250, 215), (320, 158)),
            box(320, 92, 190, 82, "Score of each place\nvotes and likeness,\nthe best place wins", "ours"),
            arrow((510, 133), (580, 133)),
            box(580, 102, 220, 62, "Cluster\nWelding and brazing", "ours"),
            box(320, 220, 190, 62, "Frames by people:\nareas and groups"),
            arrow((415, 220), (415, 174)),
            box(580, 220, 220, 62, "Decisions of experts\nabout single skills"),
            arrow((690, 220), (690, 164)),
            _text(580, 60, "One primary cluster,"),
            _text(580, 79, "others where it is used, too"),
        ],
    )  # fmt: skip


def two_orders() -> str:
    """The same skill in the official hierarchy and in the clusters."""
    left = ["Skills", "Working with machinery", "Operating machines"]
    right = ["Area: Metalworking", "Group: Welding, forging", "Cluster: Welding"]
    parts = [
        _text(130, 24, "Official hierarchy: what it is", f'text-anchor="middle"{BOLD}'),
        _text(690, 24, "Clusters: where it is used", f'text-anchor="middle"{BOLD}'),
    ]
    for number in range(3):
        y = 40 + 70 * number
        parts += [box(20, y, 220, 46, left[number], "other"), box(580, y, 220, 46, right[number], "ours")]
        if number:
            parts += [arrow((130, y - 24), (130, y)), arrow((690, y - 24), (690, y))]
    parts += [
        box(310, 262, 200, 46, "weld aluminium"),
        arrow((130, 226), (130, 285), (310, 285)),
        arrow((690, 226), (690, 285), (510, 285)),
        _text(410, 130, "The skill keeps its identifier,", 'text-anchor="middle"'),
        _text(410, 149, "its names and its official place.", 'text-anchor="middle"'),
    ]
    return drawing(
        820,
        330,
        "One skill in two orders: the official hierarchy says what it is, the clusters where it is used",
        parts,
    )


def objection() -> str:
    """From an objection to the next release."""
    steps = [
        "A release\nyou find a skill",
        "You object\nplace and reason",
        "Reviewers\ndecide",
        "One line in\ncuration/",
        "Next release\nits notes tell it",
    ]
    parts = []
    for number, step in enumerate(steps):
        x = 12 + 162 * number
        parts.append(box(x, 40, 148, 62, step, "ours" if number in (0, 4) else "plain"))
        if number:
            parts.append(arrow((x - 14, 71), (x, 71)))
    parts += [
        arrow((734, 102), (734, 150), (86, 150), (86, 102)),
        _text(410, 143, "and again: every decision can be taken back", 'text-anchor="middle"'),
    ]
    return drawing(820, 170, "From an objection to the next release: object, review, decide, release, and again", parts)


def drawings() -> dict[Path, str]:
    return {
        PICTURES / "how-skill-placed.svg": placed(),
        PICTURES / "how-two-orders.svg": two_orders(),
        PICTURES / "how-objection.svg": objection(),
    }


if __name__ == "__main__":
    for path, text in drawings().items():
        path.write_text(text, encoding="utf-8", newline="\n")
