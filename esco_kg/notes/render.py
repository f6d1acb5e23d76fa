"""Release notes through the templates: Markdown, and one self-contained HTML page.

Both are laid out by a template of their own and take their sentences from ``templates/prose.j2``, so that they say the
same. A value that a template asks for and nobody gave is an error.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

import jinja2
from markupsafe import Markup

from esco_kg.notes.contents import Notes
from esco_kg.notes.view import view_of
from esco_kg.pictures.charts import index, percent
from esco_kg.resources import folder

_MARKDOWN_SIGNS = re.compile(r"([\\`*_\[\]<>|~#])")
_LIST_SIGN = re.compile(r"^(\d*)([-+.)])(?=\s|$)")


def render_notes(notes: Notes) -> str:
    """The notes in Markdown (GitHub's kind, for its tables). Raises jinja2.UndefinedError where a value is missing."""
    return _render("release-notes.md.j2", notes, html=False)


def render_html(notes: Notes) -> str:
    """The notes as an HTML page that needs no other file, script or host."""
    return _render("release-notes.html.j2", notes, html=True)


def escape_markdown(text: str) -> str:
    """The text so that Markdown shows it as it is, on one line."""
    line = " ".join(text.split()).replace("&", "&amp;")
    return _LIST_SIGN.sub(r"\1\\\2", _MARKDOWN_SIGNS.sub(r"\\\1", line))


def _render(template: str, notes: Notes, *, html: bool) -> str:
    text = environment(html=html).get_template(template).render(notes=notes, view=view_of(notes))
    return re.sub(r"\n{3,}", "\n\n", text)


@functools.cache
def environment(*, html: bool) -> jinja2.Environment:
    """The templates with their filters, compiled once; ``html``: for HTML and XML, where every value is escaped."""
    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder("templates")),
        undefined=jinja2.StrictUndefined,
        autoescape=html,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    # `t` marks text of the data. HTML escapes every value by itself; Markdown has to be told.
    shown: Callable[[str], str] = (lambda text: text) if html else escape_markdown
    found.filters |= {"t": shown, "n": grouped, "percent": percent, "index": index}
    found.filters |= {"size": size, "count": count, "svg": Markup}
    return found


def grouped(number: int) -> str:
    """13896 -> 13,896."""
    return f"{number:,}"


def count(number: int, one: str, many: str = "") -> str:
    """1 -> ``1 skill``, 2 -> ``2 skills``; ``many`` where an s is not enough."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def size(number: int) -> str:
    """Bytes for people: 532 bytes, 1.2 kB, 34.0 MB (powers of 1000)."""
    if number < 1000:
        return count(number, "byte")
    for unit in ("kB", "MB"):
        number_of = number / (1e3 if unit == "kB" else 1e6)
        if number_of < 999.95:
            return f"{number_of:.1f} {unit}"
    return f"{number / 1e9:.1f} GB"
