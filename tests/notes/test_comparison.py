"""A comparison in Markdown and as a page: both say what the other forms say, and the page is whole by itself."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner

from esco_kg.cli import main

HEAD = "@prefix : <https://example.org/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"


@pytest.fixture
def pair(tmp_path: Path) -> list[str]:
    """Twelve concepts more, one renamed to something that is no plain text, a link turned round."""
    old, new = tmp_path / "old.ttl", tmp_path / "new.ttl"
    old.write_text(HEAD + ':cat a skos:Concept ; skos:prefLabel "cat"@en ; skos:broader :pet . :pet a skos:Concept .')
    more = "".join(f':c{n} a skos:Concept ; skos:prefLabel "breed {n}"@en .\n' for n in range(12))
    new.write_text(
        HEAD
        + ':cat a skos:Concept ; skos:prefLabel "<b>tom|*cat*</b>"@en . :pet a skos:Concept ; skos:narrower :cat .'
        + more
    )
    return [str(old), str(new)]


def shown(pair: list[str], form: str) -> str:
    found = CliRunner().invoke(main, ["diff", *pair, "--quiet", "--format", form])
    assert found.exit_code == 0, found.output
    return found.output


class Page(HTMLParser):
    """The open and the folded lists, and the number of items of each."""

    def __init__(self) -> None:
        super().__init__()
        self.lists: dict[str, tuple[bool, int]] = {}
        self.sources: list[str] = []
        self._here = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        self.sources += [str(found[name]) for name in ("src", "srcset") if name in found] + (
            ["link"] if tag == "link" else []
        )
        if tag == "details":
            self._here = str(found["id"])
            self.lists[self._here] = ("open" in found, 0)
        elif tag == "li":
            is_open, number = self.lists[self._here]
            self.lists[self._here] = (is_open, number + 1)


def test_the_page_has_every_change_folds_long_lists_and_needs_nothing_else(pair: list[str]) -> None:
    text = shown(pair, "html")
    page = Page()
    page.feed(text)
    assert page.lists == {"concept-added": (False, 12), "concept-renamed": (True, 1)}
    assert page.sources == [] and "<b>" not in text and "&lt;b&gt;tom|*cat*&lt;/b&gt;" in text
    assert "skos:broader" in text and "skos:narrower" in text


def test_markdown_says_the_same_in_short(pair: list[str]) -> None:
    text = shown(pair, "markdown")
    assert text.startswith("# old.ttl → new.ttl\n\n**Verdict: minor: concept: 12 added**\n")
    assert "## concept added: 12" in text and "- … and 2 more" in text
    assert re.search(r"preferredLabel@en: cat → \\<b\\>tom\\\|\\\*cat\\\*\\</b\\>$", text, re.MULTILINE)
    assert "| skos:narrower | 0 | 1 |" in text and "\n\n\n" not in text
    for line in text.splitlines():
        if line.startswith("|"):
            assert len(re.findall(r"(?<!\\)\|", line)) in (4, 5), line


def test_a_scheme_that_is_not_of_esco_has_no_word_of_esco(pair: list[str]) -> None:
    for form in ("table", "markdown", "html"):
        text = shown(pair, form)
        assert "ESCO" not in text and "skills" not in text, form
    assert json.loads(shown(pair, "json"))["verdict"]["esco"] == ""


def test_nothing_changed_is_said_in_both(pair: list[str]) -> None:
    for form in ("markdown", "html"):
        assert "Nothing changed." in shown([pair[0], pair[0]], form)
