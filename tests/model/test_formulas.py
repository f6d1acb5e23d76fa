"""A text that a spreadsheet would compute stays a text, and comes back as it was."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from esco_kg.model.formulas import escaped, keep_as_text, unescaped

TEXTS = st.one_of(st.text(max_size=20), st.text("'=+-@\t\r\na", max_size=6))


@given(TEXTS)
def test_every_text_comes_back_as_it_was(text: str) -> None:
    assert unescaped(escaped(text)) == text


@given(TEXTS)
def test_nothing_that_is_written_begins_a_formula(text: str) -> None:
    assert not re.match(r"[=+\-@\t\r\n]", escaped(text))


@pytest.mark.parametrize("text", ["", "weld", "'90s music", "’=x", "c00042 welding", "1-2"])
def test_other_texts_are_left_alone(text: str) -> None:
    assert escaped(text) == unescaped(text) == text


def test_what_somebody_types_without_an_apostrophe_is_left_alone() -> None:
    assert unescaped("- not here: too broad") == "- not here: too broad"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_a_workbook_marks_it_as_text_that_stays_text_when_it_is_edited(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("book") / "b.xlsx"
    book = Workbook()
    cell = book.active.cell(1, 1)
    cell.value = text
    keep_as_text(cell)
    book.save(path)
    read = load_workbook(path).active["A1"]
    assert (read.value, read.data_type, bool(read.quotePrefix)) == (text, "s", True)
