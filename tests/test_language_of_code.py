"""Messages, help and docstrings use the plain words that README and docs/ use."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.support.places import ROOT
from tests.test_language import PLAIN

MODULES = sorted((ROOT / "esco_kg").rglob("*.py"))
TEMPLATES = sorted([*(ROOT / "templates").rglob("*.j2"), ROOT / "templates" / "words" / "en.toml"])
QUERIES = sorted([*(ROOT / "queries").rglob("*.rq"), *(ROOT / "shapes").glob("*.ttl")])


def texts(module: Path) -> list[tuple[int, str]]:
    """Line and text of every string of several words in a module, each as one line; names of code are left out."""
    nodes = ast.walk(ast.parse(module.read_text(encoding="utf-8")))
    strings = [node for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    prose = [(node.lineno, re.sub(r"``[^`]*``", "X", node.value)) for node in strings]
    return [(line, " ".join(text.split())) for line, text in prose if " " in text.strip()]


@pytest.mark.parametrize("words", PLAIN)
def test_messages_help_and_docstrings_use_plain_words(words: str) -> None:
    found = [
        f"{module.relative_to(ROOT)}:{line}: {text[:200]}"
        for module in MODULES
        for line, text in texts(module)
        if re.search(words, text)
    ]
    assert found == [], f"write: {PLAIN[words]}"


@pytest.mark.parametrize("words", PLAIN)
def test_templates_and_texts_of_rules_use_plain_words(words: str) -> None:
    """Names of variables in templates are no words: what stands between braces is left out."""
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()[:200]}"
        for path in [*TEMPLATES, *QUERIES]
        for line in re.sub(r"\{[{%#].*?[}%#]\}", "", path.read_text(encoding="utf-8"), flags=re.S).split("\n")
        if re.search(words, line)
    ]
    assert found == [], f"write: {PLAIN[words]}"


def test_a_word_of_the_list_is_seen_in_a_message(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text('told = "one"\nhint = "The row\\n at fault is told."\n', encoding="utf-8")
    [(line, text)] = texts(module)
    assert line == 2
    assert [bool(re.search(words, text)) for words in PLAIN].count(True) == 2
