"""The search of the static site asked in a real browser, from a disk, over any index of the matcher."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

from playwright.sync_api import sync_playwright

from esco_kg.web.search.index import TYPES
from esco_kg.web.search.static_index import scripts
from tests.support.kept_queries import LANGUAGES, Query
from tests.support.places import ROOT

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
_FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
_ASK = """async ([places, texts]) => {
  const found = [];
  for (const text of texts) {
    const start = performance.now();
    const hits = await escoKgFind(places, text, 10);
    found.push([hits.map((hit) => hit.href), performance.now() - start]);
  }
  return found;
}"""


def write_index(folder: Path, connection: sqlite3.Connection) -> None:
    """The scripts of each language of the kept set; an address is the thing itself."""
    for language in LANGUAGES:
        out = folder / language / "find"
        out.mkdir(parents=True)
        for name, script in scripts(connection, language, lambda kind, target: target, list(TYPES)):
            (out / f"{name}.js").write_text(script, encoding="utf-8")


def asked_from_disk(
    scratch: Path, indexes: Mapping[str, sqlite3.Connection], kept: Sequence[Query]
) -> dict[Query, tuple[list[str], float]]:
    """Query -> (the ten best things, milliseconds with all that had to be loaded)."""
    page = scratch / "page.html"
    script = (ROOT / "esco_kg" / "web" / "static" / "find.js").as_uri()
    page.write_text(f'<!DOCTYPE html><meta charset="utf-8"><script src="{script}"></script>', encoding="utf-8")
    for data, connection in indexes.items():
        write_index(scratch / data, connection)
    found = {}
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        for data, language in sorted({(query.data, query.language) for query in kept}):
            asked = [query for query in kept if (query.data, query.language) == (data, language)]
            shown = browser.new_page()
            shown.goto(page.as_uri())
            tags = dict.fromkeys((language, "en"))
            places = [{"language": tag, "folder": f"{(scratch / data / tag).as_uri()}/"} for tag in tags]
            answers = shown.evaluate(_ASK, [places, [query.text for query in asked]])
            found |= {query: (hrefs, took) for query, (hrefs, took) in zip(asked, answers, strict=True)}
            shown.close()
        browser.close()
    return found
