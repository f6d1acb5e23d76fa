"""``make docs-site``: the manual is built without a warning, needs nobody else, and holds what readers look for."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import lxml.html
import pytest

import esco_kg
from tests.pages.commands import commands
from tests.support.places import ROOT

DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def manual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The call of the Makefile, into a folder of its own."""
    (call,) = re.findall(r"^\t\$\(BIN\)/python -m (sphinx .*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    top = tmp_path_factory.mktemp("site")
    arguments = call.replace("build/doctrees", str(top / "doctrees")).replace("$(MANUAL)", str(top / "manual")).split()
    run = subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return top / "manual"


def page(path: Path) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(path.read_bytes())


def test_each_page_of_docs_is_a_page_of_the_manual(manual: Path) -> None:
    sources = {path.relative_to(DOCS).with_suffix("") for path in DOCS.rglob("*.md")}
    start = {link.partition("#")[0] for link in page(manual / "index.html").xpath("//aside//a/@href")}
    assert {f"{source.as_posix()}.html" for source in sources} - {"index.html"} <= start, "each stands in the menu"


def test_every_link_and_every_place_in_a_page_is_there(manual: Path) -> None:
    pages = {path: page(path) for path in manual.rglob("*.html")}
    places = {path: {*tree.xpath("//@id"), *tree.xpath("//@name"), ""} for path, tree in pages.items()}
    for path, tree in pages.items():
        for link in tree.xpath("//a/@href | //img/@src | //link/@href | //script/@src"):
            address, _, place = unquote(link).partition("#")
            if ":" not in address:
                target = (path.parent / address.partition("?")[0]).resolve() if address else path
                assert target.is_file(), f"{path.name}: {link}"
                assert target not in places or place in places[target], f"{path.name}: {link}"


def test_the_manual_loads_nothing_from_elsewhere(manual: Path) -> None:
    for path in manual.rglob("*.html"):
        loaded = page(path).xpath("//script/@src | //img/@src | //link[not(@rel='canonical')]/@href | //iframe/@src")
        assert [address for address in loaded if "//" in address] == [], path.name


def test_the_search_knows_the_pages_and_their_words(manual: Path) -> None:
    index = json.loads((manual / "searchindex.js").read_text(encoding="utf-8")[len("Search.setIndex(") : -1])
    assert len(index["docnames"]) == len(list(DOCS.rglob("*.md")))
    assert index["docnames"][index["terms"]["crosswalk"][0]] and "nace" in index["terms"]


def test_commands_and_python_calls_can_be_looked_up(manual: Path) -> None:
    ids = set(page(manual / "commands.html").xpath("//@id"))
    assert {f"esco-kg-{name.replace(' ', '-')}" for name in commands()} <= ids
    tree = page(manual / "python.html")
    assert {f"esco_kg.{name}" for name in esco_kg.__all__ if not name.startswith("_")} <= set(tree.xpath("//@id"))
    bare = [
        d.get("id")
        for d in tree.xpath("//dl[contains(@class, 'py')]/dt[@id]")
        if not d.getnext().text_content().strip()
    ]
    assert bare == [], "each call is described"
