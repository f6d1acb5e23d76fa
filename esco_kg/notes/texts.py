"""What the cells and sentences of the notes hold, and how Markdown and HTML show it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape

from esco_kg.words import Wording

_MARKDOWN_SIGNS = re.compile(r"([\\`*_\[\]<>|~#])")
_SPACE = re.compile(r"[^\S\u00a0\u202f]+")  # a space that keeps a number and its unit together stays
_LIST_SIGN = re.compile(r"^([0-9]*)([-+.)])(?=\s|$)")
# What the word files mark as Markdown does; addresses are values in braces, or anchors.
_MARKS = (
    (re.compile(r"`([^`]+)`"), r"<code>\1</code>"),
    (re.compile(r"\*\*([^*]+)\*\*"), r"<strong>\1</strong>"),
    (re.compile(r"\*([^*]+)\*"), r"<em>\1</em>"),
    (re.compile(r"\[([^\]]+)\]\(([^)]+)\)"), r'<a href="\2">\1</a>'),
    (re.compile(r"&lt;([^&]+)&gt;"), r'<a href="\1">\1</a>'),
)


class Text(str):
    """Text of the data in a language of its own."""

    language: str

    def __new__(cls, text: str, language: str) -> Text:
        found = super().__new__(cls, text)
        found.language = language
        return found


class Code(str):
    """A name of a file, a checksum, a setting: shown as it is typed."""


class Numeral(str):
    """A number that is written already."""


class Address(str):
    """An address of a link, never escaped as text."""


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads somewhere, or nowhere where the address is ''; ``more`` stands behind it."""

    text: str
    address: str
    more: object = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the word file with its values."""

    key: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Table:
    """Cells are texts, numbers, shares, links, or tuples of these, which are set with dots between them."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]

    def numeric(self) -> list[bool]:
        """Of each column, whether it holds numbers alone, so that it is set right."""
        kinds = (int, float, Numeral, type(None))
        return [
            bool(self.rows) and all(isinstance(row[column], kinds) for row in self.rows)
            for column in range(len(self.heads))
        ]


class Layout:
    """Shows values and sentences in one language, as Markdown or as HTML."""

    def __init__(self, wording: Wording, *, html: bool) -> None:
        self.words, self.html = wording, html

    def __call__(self, key: str, **values: object) -> str:
        """A sentence of the word file with its values."""
        pattern = self.words.pattern(key, values.get("n"))
        shown = {name: self.show(value, starts=False) for name, value in values.items()}
        if not self.html:
            return pattern.format_map(shown)
        marked = str(escape(pattern))
        for signs, element in _MARKS:
            marked = signs.sub(element, marked)
        return Markup(marked.format_map(shown))

    def show(self, value: object, *, starts: bool = True) -> str:
        """A value, escaped. ``starts``: it can stand at the start of a line, where Markdown reads "1." as a list."""
        if value is None:
            return ""
        if isinstance(value, tuple):
            return self._join(value)
        if isinstance(value, Link):
            return self._link(value)
        if isinstance(value, Sentence):
            return self(value.key, **value.values)
        if isinstance(value, Markup):
            return value
        if isinstance(value, Address):
            return escape(value) if self.html else str(value)
        if isinstance(value, Code):
            return self._code(value)
        if isinstance(value, Text):
            return self.text(value)
        plain = self.words.plain(value)
        return escape(plain) if self.html else escape_markdown(plain, starts=starts)

    def text(self, value: Text) -> str:
        """Text of the data: HTML says in which language it is, where that is not the page's."""
        if not self.html:
            return escape_markdown(value)
        if value.language in ("", self.words.language):
            return escape(value)
        return Markup('<span lang="{}">{}</span>').format(value.language, str(value))

    def _code(self, value: Code) -> str:
        if self.html:
            return Markup("<code>{}</code>").format(str(value))
        return f"`{value}`" if value and "`" not in value and "|" not in value else escape_markdown(value)

    def _link(self, link: Link) -> str:
        text, more = self.show(link.text), f" ({self.show(link.more)})" if link.more != "" else ""
        if self.html:
            marked = Markup('<a href="{}">{}</a>').format(link.address, text) if link.address else Markup(text)
            return marked + Markup(more)
        return f"[{text}]({link.address}){more}" if link.address else f"{text}{more}"

    def _join(self, values: tuple[object, ...]) -> str:
        shown = [self.show(value) for value in values]
        mark = " · "  # names of sectors have commas and semicolons of their own
        return Markup(mark).join(shown) if self.html else mark.join(shown)


@lru_cache(maxsize=1 << 15)
def escape_markdown(text: str, *, starts: bool = True) -> str:
    """The text so that Markdown shows it as it is, on one line, and at the start of one if it ``starts`` it."""
    line = _MARKDOWN_SIGNS.sub(r"\\\1", _SPACE.sub(" ", text).strip().replace("&", "&amp;"))
    return _LIST_SIGN.sub(r"\1\\\2", line) if starts else line


def in_language(texts: Mapping[str, str], *wanted: str) -> Text:
    """The text in the first of these languages that there is, otherwise in English, otherwise in the first there is;
    otherwise ''.

    The first of ``wanted`` is the language of the page, whose texts need no tag.
    """
    for language in (*wanted, "en", *sorted(texts)):
        if texts.get(language):
            return Text(texts[language], "" if language == wanted[0] else language)
    return Text("", "")
