"""Texts of a concept by language: kept small, read as they were put."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esco_kg.model.pillar import LanguageTexts, Texts
from esco_kg.rdf.terms import unpublishable

# What a table may hold: the reader refuses every character that XML cannot carry.
written = st.text().filter(lambda text: not unpublishable(text))
labels = st.lists(written.filter(bool), max_size=3).map(tuple)
texts = st.builds(Texts, written, labels, labels, written, written, written)


@given(st.dictionaries(st.sampled_from(["en", "de", "el", "mt"]), texts))
def test_every_text_comes_back(said: dict[str, Texts]) -> None:
    found = LanguageTexts(said)
    assert dict(found) == said and list(found) == list(said) and len(found) == len(said)
    assert found == LanguageTexts(said) and found == said
    assert found.get("xx") is None


def test_a_language_that_is_not_there_is_an_error() -> None:
    found = LanguageTexts({"en": Texts("baking"), "de": Texts("backen")})
    assert "de" in found and "fr" not in found
    with pytest.raises(KeyError):
        found["fr"]


@pytest.mark.parametrize("separator", ["\x1c", "\x1d"])
def test_what_stands_between_texts_is_refused_where_they_are_read(separator: str) -> None:
    assert unpublishable(separator)
