"""Texts say in which direction they are written, where one on the page is written from right to left."""

from __future__ import annotations

import pytest

from esco_kg.web.pages.render import environment
from esco_kg.web.pages.words import direction


@pytest.mark.parametrize(
    ("language", "page", "told"),
    [("ar", "ar", ' dir="rtl"'), ("ar", "en", ' dir="rtl"'), ("en", "ar", ' dir="ltr"'), ("mt", "en", "")],
)
def test_an_arabic_text_and_what_stands_on_its_page_say_their_direction(language: str, page: str, told: str) -> None:
    assert direction(language, page) == told
    template = environment().from_string('<p lang="{{ tag }}"{{ tag | direction }}>')
    assert template.render(tag=language, lang=page) == f'<p lang="{language}"{told}>'
