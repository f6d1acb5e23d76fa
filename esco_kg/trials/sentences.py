"""Advertisements as sentences with their places: HTML taken off, lines and list items apart, abbreviations whole."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

_TAG_NAMES = (
    "a abbr address article aside b big blockquote body br center code dd div dl dt em font footer form h1 h2 h3 h4 h5"
    " h6 head header hr html i img li link main meta nav ol p pre script section small span strong style sub sup table"
    " tbody td tfoot th thead title tr u ul"
)
_TAGS = frozenset(_TAG_NAMES.split())
_INLINE = {"a", "abbr", "b", "big", "code", "em", "font", "i", "img", "small", "span", "strong", "sub", "sup", "u"}
_UNSEEN = {"script", "style", "head", "title"}
_IS_HTML = re.compile(rf"</?(?:{'|'.join(_TAGS)})(?:\s[^<>]*)?/?>|&(?:[a-z]+|#[0-9]+|#x[0-9a-f]+);", re.IGNORECASE)
# A sentence ends at a line, at a bullet, and at . ! ? before a blank and what can begin another one.
_END = re.compile(
    r"\s*[\n\r\u2028\u2029•·●▪◦■]+\s*|(?<=[.!?…])[\"'”’)]*\s+(?=[\"'“‘(]*[^\W_a-z])|(?<=[!?])\s+|\s+[-*\u2013]\s+(?=[^\W\d_])"
)
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:\w|e\.g|i\.e|etc|incl|excl|approx|ca|vs|no|nr|dr|prof|mr|mrs|ms|st|dept|min|max|resp|esp|b\.sc|m\.sc"
    r"|ph\.d|z\.b|bzw|usw|inkl|u\.a|d\.h|ggf|evtl|mind|p\.ex|c\.-à-d|bijv|o\.a|np|m\.in|itd)\.$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """``text`` as it is read; ``places`` are, for each of its characters and its end, the place in the whole."""

    text: str
    places: tuple[int, ...]


def sentences(whole: str) -> list[Sentence]:
    """The sentences of a text or of HTML, in their order, without empty ones."""
    text, places = _without_tags(whole) if _IS_HTML.search(whole) else (whole, range(len(whole) + 1))
    found = []
    for start, end in _cuts(text):
        piece = text[start:end]
        start += len(piece) - len(piece.lstrip())
        end -= len(piece) - len(piece.rstrip())
        if start < end:
            own = [*(places[at] for at in range(start, end)), places[end - 1] + 1]
            found.append(Sentence(text[start:end], tuple(own)))
    return found


def _cuts(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for mark in _END.finditer(text):
        if _ABBREVIATION.search(text[start : mark.start()]) and "\n" not in mark[0]:
            continue
        yield start, mark.start()
        start = mark.end()
    yield start, len(text)


def _without_tags(whole: str) -> tuple[str, list[int]]:
    reader = _Reader(whole)
    reader.feed(whole)
    reader.close()
    return "".join(reader.text), [*reader.places, len(whole)]


class _Reader(HTMLParser):
    """Collects letters with their places; a tag that is no tag of HTML, such as <ORGANISATION>, is text."""

    def __init__(self, whole: str) -> None:
        super().__init__(convert_charrefs=False)
        self.text: list[str] = []
        self.places: list[int] = []
        self._unseen = 0
        self._lines = [0]
        for line in whole.split("\n")[:-1]:
            self._lines.append(self._lines[-1] + len(line) + 1)

    def _add(self, letters: str, wide: bool = True) -> None:
        line, column = self.getpos()
        at = self._lines[line - 1] + column
        if not self._unseen:
            self.text += letters
            self.places += range(at, at + len(letters)) if wide else [at] * len(letters)

    def handle_data(self, data: str) -> None:
        self._add(data)

    def handle_entityref(self, name: str) -> None:
        self._add(html.unescape(f"&{name};").replace("\u00a0", " "), wide=False)

    def handle_charref(self, name: str) -> None:
        self._add(html.unescape(f"&#{name};").replace("\u00a0", " "), wide=False)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            self._add(self.get_starttag_text() or "")
        elif tag in _UNSEEN:
            self._unseen += 1
        elif tag not in _INLINE:
            self._add("\n", wide=False)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _UNSEEN:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in _TAGS and tag not in _INLINE:
            self._add("\n", wide=False)
