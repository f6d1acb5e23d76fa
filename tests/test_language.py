"""README, changelog and docs/ are written in short sentences."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.places import ROOT

LONGEST = 35
MEAN = 25
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def paragraphs(text: str) -> list[str]:
    """The running text of a page of Markdown: no code, comments, headings or tables; each item of a list alone."""
    text = re.sub(r"^ *```.*?^ *```\s*$", "\n", text, flags=re.S | re.M)
    text = re.sub(r"(?<!`)<!--.*?-->", "", text, flags=re.S)
    found: list[list[str]] = [[]]
    for line in map(str.strip, text.split("\n")):
        item = re.match(r"(?:[-*]|\d+\.)\s+", line)
        if not line or item or line.startswith(("|", "#")):
            found.append([])
        if line and not line.startswith(("|", "#")):
            found[-1].append(line[item.end() :] if item else line)
    return [" ".join(lines) for lines in found if lines]


def sentences(paragraph: str) -> list[str]:
    plain = re.sub(r"`[^`]*`", "X", paragraph)
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", plain)
    return [part for part in re.split(r"(?<=[.!?:])\)?\s+(?=[A-Z0-9“\"(*])", plain) if part.strip()]


def words(sentence: str) -> int:
    """Figures are no words."""
    return len(re.findall(r"[\w’'.%-]*[^\W\d_][\w’'.%-]*", sentence))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_sentences_are_short(page: Path) -> None:
    found = [said for part in paragraphs(page.read_text(encoding="utf-8")) for said in sentences(part)]
    assert [f"{words(said)} words: {said}" for said in found if words(said) > LONGEST] == []
    assert not found or sum(map(words, found)) / len(found) <= MEAN


# Words that people took for a language of its own, and what says it plainly.
PLAIN = {
    r"\b[Tt]old\b": "is reported, is named, is given, is known",
    r"\bat fault\b": "invalid",
    r"\banew\b": "again, new",
    r"\bmended\b": "corrected",
    r"\bheld against\b": "compared with",
    r"\bof anyone\b": "any",
    r"\bthat (is|are) none\b": "invalid, not one",
    r"\b([Ww]eights? are not weighed|weighs? no weights)\b": "ignores q-values",
    r"([,;] else\b(?! if)|\bElse\b)": "Default: ..., otherwise",
}


@pytest.mark.parametrize("words", PLAIN)
def test_pages_and_help_use_plain_words(words: str) -> None:
    """docs/commands.md holds the help of every command."""
    lines = [
        (page.name, line) for page in PAGES for line in re.sub(r"\s*\n +", " ", page.read_text("utf-8")).split("\n")
    ]
    assert [f"{name}: {line}" for name, line in lines if re.search(words, line)] == [], f"write: {PLAIN[words]}"


def test_a_long_sentence_is_seen() -> None:
    long = "Word " + "and word " * LONGEST + "ends."
    text = f"Short. {long} `code that counts as one word`."
    assert [words(said) > LONGEST for said in sentences(text)] == [False, True, False]
