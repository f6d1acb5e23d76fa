"""Release notes through the templates, in every language: Markdown, and one self-contained HTML page.

One template, ``templates/notes/release-notes.j2``, tells them; the word files say them, a layout gives them their
looks. A value that a template asks for and nobody gave is an error.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import Any

import jinja2
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from esco_kg.config import Config
from esco_kg.errors import InputError
from esco_kg.notes import sentences
from esco_kg.notes.annex import Annex
from esco_kg.notes.changes import Changes
from esco_kg.notes.contents import Notes, history_files, notes_files
from esco_kg.notes.quality import Quality
from esco_kg.notes.teller import Teller
from esco_kg.notes.texts import Address, Layout, Text, escape_markdown, in_language
from esco_kg.notes.view import Body
from esco_kg.pictures.charts import percent
from esco_kg.pictures.colours import ACCENT
from esco_kg.resources import folder
from esco_kg.words import ENGLISH, Share, wording

_ACKNOWLEDGEMENT = "This service uses the ESCO classification of the European Commission."


def render_all(notes: Notes) -> dict[str, str]:
    """File name -> the notes, in every language that has words, in Markdown and HTML.

    Raises jinja2.UndefinedError where a value is missing, InputError where a template of the publisher fails.
    """
    found = {}
    for language, names in notes_files(notes.config.main_language).items():
        for name, html in zip(names, (False, True), strict=True):
            found[name] = render_notes(notes, language, html=html)
    return found


def render_notes(notes: Notes, language: str = ENGLISH, *, html: bool) -> str:
    """The notes in one language and form."""
    words = wording(language)
    teller = Teller(notes, words)
    body = Body(teller)
    changes = Changes(teller, notes.delta) if notes.delta else None
    annex = Annex(teller, body.top)
    config, files = notes.config, notes_files(notes.config.main_language)
    lay = Layout(words, html=html)

    def told(found: Iterable[object]) -> list[str]:
        return [lay.show(sentence) for sentence in found]

    history = history_files(config.main_language)[language][0]
    made = told(sentences.how(body))
    values: dict[str, Any] = {
        "notes": notes, "body": body, "quality": Quality(teller), "changes": changes, "annex": annex, "file": body.file,
        "title": teller.text(config.titles), "publisher": teller.text({config.main_language: config.publisher}),
        "source": teller.source,
        "who": lay.show(body.who()),
        "others": [(one, wording(one).name_of(one), names[html]) for one, names in files.items() if one != language],
        "english_notes": files[ENGLISH][html],
        "news": told(sentences.news(body, changes)), "top": told(sentences.top(body)), "how": made,
        "where": told(sentences.where(body, history, has_changes=changes is not None)),
        "mind": told(body.mind()), "glossary": told(sentences.words(body, changes)),
        "figures": told(sentences.figures(body, annex)),
        "statements": told(sentences.statements(body)),
        "spoken": [words.name_of(one) for one in notes.release.languages],
        "acknowledgement": _acknowledgement(notes, teller),
    }  # fmt: skip
    return fill("notes/release-notes.j2", config, language, html=html, **values)


def fill(template: str, config: Config, language: str, *, html: bool, is_own: bool = True, **values: Any) -> str:
    """A template of ``templates/`` with these values; ``[notes] blocks`` of the settings override its blocks in HTML,
    unless not ``is_own``."""
    templates = environment(html=html)
    words = wording(language)
    values |= {"w": Layout(words, html=html), "words": words}
    form = "html" if html else "md"
    values |= {"frame": f"notes/page.{form}.j2", "layout": f"notes/layout.{form}.j2", "html": html}
    if not (html and is_own and config.notes_blocks):
        text = templates.get_template(template).render(**values)
        return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"
    try:
        own = templates.from_string(f'{{% extends "{template}" %}}{config.notes_blocks}')
        text = own.render(**values)
    except jinja2.TemplateError as error:
        raise InputError(
            config.place or "release.toml", f"notes.blocks fails: {error}", "docs/publish.md shows one."
        ) from None
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"


def _acknowledgement(notes: Notes, teller: Teller) -> Text:
    """What the source asks for: the European Commission's sentence in the language, another one as it is given."""
    given = notes.config.acknowledgement
    if given == _ACKNOWLEDGEMENT and teller.usual("acknowledgement"):
        return Text(teller.usual("acknowledgement"), "")
    return in_language({ENGLISH: given}, teller.words.language)


@jinja2.pass_context
def _show(context: jinja2.runtime.Context, value: object) -> str:
    shown: str = context["w"].show(value)
    return shown


def _english(text: str) -> Text:
    return Text(text, ENGLISH)


@functools.cache
def environment(*, html: bool) -> jinja2.Environment:
    """The templates with their filters, compiled once for all languages; in HTML every value is escaped.

    Sandboxed: a publisher's blocks come from settings.
    """
    found = SandboxedEnvironment(
        loader=jinja2.FileSystemLoader(folder("templates")),
        undefined=jinja2.StrictUndefined,
        autoescape=html,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.filters |= {"show": _show, "svg": Markup}
    # For pages in English alone: `t` marks text of the data, which HTML escapes by itself and Markdown has to be told.
    found.filters |= {"t": str if html else escape_markdown, "n": "{:,}".format, "percent": percent}
    found.globals |= {"share": Share, "address": Address, "english": _english, "accent": ACCENT}
    return found
