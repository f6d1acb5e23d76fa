"""Damage that one cell does not show, but its column does: texts cut at one length, labels run together, a column
that was sorted without the others.

Each rule compares a column with itself, so that it holds for every language and version. The limits were read off the
tables of ESCO 1.1.0 and 1.1.1: there at most three texts of a column share its greatest length, at most three hold a
sign written as in HTML, and neighbours are in the order of the alphabet half of the time.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from esco_kg.esco.tables import Row

LABELS = ("altLabels", "hiddenLabels")
_TEXTS = ("preferredLabel", *LABELS, "scopeNote", "definition", "description")
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#[0-9]{1,6}|#x[0-9a-fA-F]{1,5});")
_NO_BREAK_SPACE = "\u00a0"
_SHORT = 50  # characters; names that are no longer may well share their length
_ALIKE = 10  # cells
_MANY = 100  # cells, from which on the order of a column tells something
_SEPARATORS = (";", ",", "/")


@dataclass(frozen=True, slots=True)
class DamagedCell:
    """A cell, and what it would be if corrected; ``truth`` is what tells that it is damaged."""

    kind: str
    line: int
    column: str
    was: str
    now: str = ""
    truth: str = ""


def damaged_columns(columns: Sequence[str], rows: Sequence[Row]) -> Iterator[DamagedCell]:
    """Every damaged cell of the columns of texts; of a column that is damaged as a whole, its first cell."""
    iris = [cells[columns.index("conceptUri")] for _, cells in rows]
    in_order = all(before <= after for before, after in pairwise(iris))
    for column in _TEXTS:
        if column not in columns:
            continue
        at = columns.index(column)
        texts = [(line, cells[at]) for line, cells in rows if cells[at]]
        yield from _cut(column, texts)
        yield from _as_in_html(column, texts)
        yield from _with_no_break_spaces(column, texts)
        if column in LABELS:
            yield from _run_together(column, texts)
        if in_order and len(set(iris)) > 1:
            yield from _sorted_apart(column, texts)


def decoded_html(cell: str) -> str:
    """The cell with ``&amp;`` and its like as the signs they stand for."""
    return html.unescape(cell)


def with_spaces(cell: str) -> str:
    """The cell with spaces in place of no-break spaces."""
    return cell.replace(_NO_BREAK_SPACE, " ")


def _cut(column: str, texts: list[tuple[int, str]]) -> Iterator[DamagedCell]:
    """Long texts that all end at the greatest length of their column, and not in the same words, as made ones do."""
    longest = max((len(text) for _, text in texts), default=0)
    found = [(line, text) for line, text in texts if len(text) == longest]
    endings = Counter(text[-5:] for _, text in found)
    if longest >= _SHORT and len(found) >= _ALIKE and 2 * max(endings.values()) <= len(found):
        for line, text in found:
            yield DamagedCell("cut-text", line, column, text, truth=f"{longest:,}")


def _as_in_html(column: str, texts: list[tuple[int, str]]) -> Iterator[DamagedCell]:
    found = [(line, text) for line, text in texts if "&" in text and _ENTITY.search(text)]
    if len(found) >= _ALIKE and len(found) * 500 > len(texts):
        for line, text in found:
            yield DamagedCell("html", line, column, text, decoded_html(text))


def _with_no_break_spaces(column: str, texts: list[tuple[int, str]]) -> Iterator[DamagedCell]:
    """Columns with more texts that hold a no-break space than texts that hold a space."""
    found = [(line, text) for line, text in texts if _NO_BREAK_SPACE in text]
    if len(found) >= _ALIKE and len(found) > sum(" " in text for _, text in texts):
        for line, text in found:
            yield DamagedCell("no-break-space", line, column, text, with_spaces(text))


def _run_together(column: str, texts: list[tuple[int, str]]) -> Iterator[DamagedCell]:
    """Labels of which none has a line of its own, in a column of many: something else parts them, or nothing."""
    if len(texts) < _MANY or any("\n" in text or "|" in text or "\\n" in text for _, text in texts):
        return
    for separator in _SEPARATORS:
        if 2 * sum(separator in text for _, text in texts) > len(texts):
            line, text = next(pair for pair in texts if separator in pair[1])
            yield DamagedCell("labels-in-a-line", line, column, text, truth=f"parted by {separator!r}")
            return
    words = sorted(text.count(" ") + 1 for _, text in texts)
    if words[len(words) // 2] > 8:  # half of ESCO's labels have three words or fewer
        yield DamagedCell("labels-in-a-line", *texts[0][:1], column, texts[0][1], truth="with nothing between them")


def _sorted_apart(column: str, texts: list[tuple[int, str]]) -> Iterator[DamagedCell]:
    """Texts in the order of the alphabet, while the IRIs of the same rows are in theirs."""
    folded = [text.casefold() for _, text in texts]
    if len(set(folded)) < _MANY:
        return
    ordered = sum(before <= after for before, after in pairwise(folded))
    if ordered >= 0.99 * (len(folded) - 1):
        yield DamagedCell("sorted-apart", texts[0][0], column, texts[0][1])
