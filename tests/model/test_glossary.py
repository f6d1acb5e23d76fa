"""The glossary of docs/contributing.md has each noun of ``model/``, and no other."""

from __future__ import annotations

import inspect
import pkgutil
import re
from importlib import import_module

from esco_kg import model
from tests.support.places import ROOT


def test_the_glossary_has_the_nouns_of_the_model() -> None:
    modules = [import_module(f"esco_kg.model.{found.name}") for found in pkgutil.iter_modules(model.__path__)]
    nouns = {
        name
        for module in modules
        for name, value in inspect.getmembers(module, inspect.isclass)
        if value.__module__ == module.__name__ and not name.startswith("_")
    }
    glossary = (ROOT / "docs" / "contributing.md").read_text(encoding="utf-8").partition("## Glossary")[2]
    lines = [line for line in glossary.split("\n") if line.startswith("| `")]
    assert {noun for line in lines for noun in re.findall(r"`([A-Z]\w+)`", line)} == nouns
