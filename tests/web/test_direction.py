"""Texts say in which direction they are written, where one on the page is written from right to left."""

from __future__ import annotations

from dataclasses import replace

import pytest

from esco_kg.web.pages.links import Links
from esco_kg.web.pages.render import environment
from esco_kg.web.pages.words import direction, words
from esco_kg.web.releases.model import Concept


@pytest.mark.parametrize(
    ("language", "page", "told"),
    [("ar", "ar", ' dir="rtl"'), ("ar", "en", ' dir="rtl"'), ("en", "ar", ' dir="ltr"'), ("mt", "en", "")],
)
def test_an_arabic_text_and_what_stands_on_its_page_say_their_direction(language: str, page: str, told: str) -> None:
    assert direction(language, page) == told
    template = environment().from_string('<p lang="{{ tag }}"{{ tag | direction }}>')
    assert template.render(tag=language, lang=page) == f'<p lang="{language}"{told}>'


def test_a_page_whose_words_are_english_is_english_and_its_arabic_names_say_so() -> None:
    """The whole page was called Arabic, and its English sentences ended with their full stop in front."""
    template = environment().from_string('<html lang="{{ w.spoken }}"><i lang="ar"{{ "ar" | direction }}></i>')
    assert template.render(lang="ar", w=words("ar")) == '<html lang="en"><i lang="ar" dir="rtl"></i>'
    concept = Concept(1, "https://example.org/s", "skill/s", "skill", "ماتحينهرش", "ar")
    assert ' lang="ar" dir="rtl">' in Links("", "ar", words("ar").spoken).concept(concept)
    assert "lang=" not in Links("", "pl", words("pl").spoken).concept(replace(concept, language="pl"))
