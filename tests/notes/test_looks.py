"""The page of the notes in a real browser: axe's rules, phone, dark, one first screen, and as a paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from tests.notes.sample_notes import GOLDEN
from tests.web.test_browser import CHROMIUM, FLAGS

pytestmark = pytest.mark.skipif(
    not Path(CHROMIUM).is_file(), reason=f"no browser: {CHROMIUM} is missing (apt-get install chromium)"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.mark.parametrize(
    ("name", "scheme", "width"),
    [("RELEASE-NOTES.html", "light", 1366), ("RELEASE-NOTES.de.html", "dark", 390)],
)
def test_no_axe_finding_and_nothing_wider_than_the_window(browser: Browser, name: str, scheme: str, width: int) -> None:
    """With every annex open: what is folded is looked at, too."""
    context = browser.new_context(viewport={"width": width, "height": 768}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto((GOLDEN / name).as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found = [f"{v['id']}: {v['nodes'][0]['html'][:150]}" for v in Axe().run(page).response["violations"]]
    wide = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert found == [] and wide <= width


def test_the_first_screen_says_it_all(browser: Browser) -> None:
    """Title, what it is, three figures, where to click and the picture fit a common screen."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.goto((GOLDEN / "RELEASE-NOTES.html").as_uri())
    bottom = page.evaluate("document.querySelector('.first').getBoundingClientRect().bottom")
    assert page.locator(".first .cards li").count() == 3 and page.locator(".first svg").count() == 1
    context.close()
    assert bottom <= 768


def test_it_prints_as_a_paper_of_at_most_ten_pages(browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto((GOLDEN / "RELEASE-NOTES.html").as_uri())
    paper = page.pdf(prefer_css_page_size=True)
    context.close()
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b(?!s)", paper)) <= 10
