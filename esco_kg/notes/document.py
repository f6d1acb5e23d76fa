"""A small document (headings, paragraphs, lists, tables, plots) as Markdown and as one HTML page that stands alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import escape

_MARKDOWN_SIGNS = re.compile(r"([\\`*_\[\]<>|~#])")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; ``level`` 1 is the title."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class Table:
    """Cells are text; columns from ``numeric`` on are set right."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: int = 1


@dataclass(frozen=True, slots=True)
class Plot:
    """An SVG picture; Markdown leaves it out, since a table beside it says the same."""

    svg: str
    caption: str


Block = Heading | Paragraph | Bullets | Table | Plot


def to_markdown(blocks: Sequence[Block]) -> str:
    """GitHub's kind of Markdown; the texts show as they are."""
    return "\n\n".join(text for text in map(_markdown, blocks) if text) + "\n"


def _markdown(block: Block) -> str:
    if isinstance(block, Heading):
        return f"{'#' * block.level} {_plain(block.text)}"
    if isinstance(block, Paragraph):
        return _plain(block.text)
    if isinstance(block, Bullets):
        return "\n".join(f"- {_plain(item)}" for item in block.items)
    if isinstance(block, Table):
        marks = ["---" if number < block.numeric else "---:" for number in range(len(block.head))]
        lines = [block.head, *block.rows]
        cells = [f"| {' | '.join(_plain(cell) for cell in line)} |" for line in lines]
        return "\n".join([_plain(block.caption), "", cells[0], f"| {' | '.join(marks)} |", *cells[1:]])
    return ""


def _plain(text: str) -> str:
    return _MARKDOWN_SIGNS.sub(r"\\\1", " ".join(text.split()).replace("&", "&amp;"))


_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 0 auto; padding: 1rem; }
h1, h2, h3 { line-height: 1.2; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: .5rem 0; }
caption { text-align: left; font-weight: 600; padding: .25rem 0; }
th, td { border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent); padding: .25rem .75rem .25rem 0; text-align: left; }
.number { text-align: right; }
svg { max-width: 100%; height: auto; }
figure { margin: 1rem 0; }
"""  # noqa: E501


def to_html(blocks: Sequence[Block]) -> str:
    """One page without scripts, readable in the dark, on a phone and by a screen reader."""
    title = next((block.text for block in blocks if isinstance(block, Heading)), "")
    body = "\n".join(_html(block) for block in blocks)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _html(block: Block) -> str:
    if isinstance(block, Heading):
        return f"<h{block.level}>{escape(block.text)}</h{block.level}>"
    if isinstance(block, Paragraph):
        return f"<p>{escape(block.text)}</p>"
    if isinstance(block, Bullets):
        return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in block.items) + "</ul>"
    if isinstance(block, Table):
        return _html_table(block)
    return f"<figure>\n<div class='wide'>{block.svg}</div>\n<figcaption>{escape(block.caption)}</figcaption>\n</figure>"


def _html_table(block: Table) -> str:
    def cell(tag: str, number: int, text: str, more: str = "") -> str:
        kind = ' class="number"' if number >= block.numeric else ""
        return f"<{tag}{kind}{more}>{escape(text)}</{tag}>"

    head = "".join(cell("th", number, text, ' scope="col"') for number, text in enumerate(block.head))
    rows = "\n".join(
        f"<tr>{''.join(cell('td', number, text) for number, text in enumerate(row))}</tr>" for row in block.rows
    )
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{escape(block.caption)}">\n<table>\n'
        f"<caption>{escape(block.caption)}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n"
        "</table>\n</div>"
    )
