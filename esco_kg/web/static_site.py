"""The same pages as files for any web host: pages, documents, search shards, sitemap, rewrite rules.

A run writes only what differs from what is there, and removes only what an earlier run wrote: ``.site.json`` lists it.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from esco_kg.errors import InputError, OutputError
from esco_kg.web import shards, siteindex
from esco_kg.web.browsers import skohub_file, skosmos_configuration
from esco_kg.web.cache import Progress
from esco_kg.web.documents import documents
from esco_kg.web.edition import Edition
from esco_kg.web.pages import Page, find_page
from esco_kg.web.render import render
from esco_kg.web.site import Site
from esco_kg.web.tables import members_table
from esco_kg.web.things import resolve
from esco_kg.web.words import words

_LIST = ".site.json"
_STATIC = Path(__file__).parent / "static"
_NOT_STATIC = ("yasgui/", "query.js")  # the query page needs a server


@dataclass(frozen=True, slots=True)
class Written:
    """How many files the site has, how many of them were written now, how many old ones removed."""

    files: int
    changed: int
    removed: int


class _Folder:
    """Writes into the site's folder what is not there yet."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.names: set[str] = set()
        self.changed = 0

    def text(self, name: str, content: str) -> None:
        self.bytes(name, content.encode())

    def bytes(self, name: str, content: bytes) -> None:
        path = self._path(name)
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            self.changed += 1

    def file(self, name: str, source: Path) -> None:
        """A release's file: linked where the file system can, for it never changes; else copied."""
        path = self._path(name)
        if path.is_file() and path.stat().st_size == source.stat().st_size:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        try:
            os.link(source, path)
        except OSError:
            shutil.copyfile(source, path)
        self.changed += 1

    def _path(self, name: str) -> Path:
        self.names.add(name)
        return self.out / name


def write_site(
    site: Site, out: Path, *, with_skills: bool = True, url: str = "", listener: Progress = lambda name: None
) -> Written:
    """Write the site into ``out``. ``url`` is where it will lie, for the sitemap; else the base IRI.

    Raises InputError where ``out`` holds something else, OutputError where it cannot be written.
    """
    before = _earlier(out)
    folder = _Folder(out)
    try:
        for edition in site.editions:
            for language in edition.languages:
                listener(f"release {edition.version}, {language}")
                _pages(site, edition, language, folder, with_skills)
                for name, rows in shards.shards(edition, language, with_skills):
                    folder.text(f"{language}/{edition.version}/find/{name}.json", rows)
            listener(f"release {edition.version}, documents")
            _documents(site, edition, folder, with_skills)
            _files(edition, folder)
            folder.text(f"browsers/{edition.version}/skohub.ttl", skohub_file(edition))
            configuration = skosmos_configuration(edition, f"{site.base}sparql")
            folder.text(f"browsers/{edition.version}/skosmos.ttl", configuration)
        for name, source in site.shelf.items():
            folder.bytes(f"release/{name}", source.read_bytes())
        for path in sorted(p for p in _STATIC.rglob("*") if p.is_file()):
            name = path.relative_to(_STATIC).as_posix()
            if not name.startswith(_NOT_STATIC):
                folder.bytes(f"static/{name}", path.read_bytes())
        for name, text in siteindex.index_files(site, sorted(folder.names), url or site.base):
            folder.text(name, text)
        removed = _tidied(out, before - folder.names)
        (out / _LIST).write_text(json.dumps(sorted(folder.names), indent=0) + "\n", encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{error.filename or out}: {error.strerror}", "Give a folder that can be written.") from None
    return Written(len(folder.names), folder.changed, removed)


def _earlier(out: Path) -> set[str]:
    """What an earlier run wrote here."""
    if not out.exists():
        return set()
    listed = out / _LIST
    if not listed.is_file():
        if any(out.iterdir()):
            raise InputError(str(out), "the folder holds something else than a site", "Give an empty or new folder.")
        return set()
    return set(json.loads(listed.read_text(encoding="utf-8")))


def _tidied(out: Path, gone: set[str]) -> int:
    removed = 0
    for name in sorted(gone):
        path = out / name
        # The list may have been edited by hand: nothing outside of the folder is ever touched.
        if path.is_file() and out.resolve() in path.resolve().parents:
            path.unlink()
            removed += 1
    return removed


def page_paths(edition: Edition, with_skills: bool) -> Iterator[str]:
    """The addresses of a release's pages below ``<language>/<version>/``."""
    yield from ("index.html", "sectors.html", "hierarchy.html", "version.html", "data.html")
    yield from (f"cluster/{identifier}.html" for identifier in edition.clusters)
    yield from (f"sector/{code}.html" for code in edition.sectors)
    for kind in ("group", "isco", "occupation", *(("skill",) if with_skills else ())):
        yield from (f"{path}.html" for path in edition.of_kind(kind))


def _pages(site: Site, edition: Edition, language: str, folder: _Folder, with_skills: bool) -> None:
    def write(page: Page) -> None:
        html = render(site, edition, language, page, is_static=True, with_skills=with_skills)
        folder.text(f"{language}/{edition.version}/{page.path}", html)

    for path in (*page_paths(edition, with_skills), *_comparisons(site, edition)):
        page = find_page(site, edition, language, path)
        if page is not None:
            write(page)
    write(Page("search", "search.html", words(language)("search"), context={"hits": [], "most": 0}, is_listed=False))


def _comparisons(site: Site, edition: Edition) -> Iterator[str]:
    """Every pair of releases that a cluster's page links to."""
    for other in site.editions:
        if other is not edition:
            yield from (f"compare/{other.version}/cluster/{i}.html" for i in edition.clusters if i in other.clusters)


def _documents(site: Site, edition: Edition, folder: _Folder, with_skills: bool) -> None:
    kinds = ("occupation", *(("skill",) if with_skills else ()), "group", "isco")
    names = ["scheme", "model", f"release/{edition.version}"]
    names += [f"cluster/{identifier}" for identifier in edition.clusters]
    names += [path for kind in kinds for path in edition.of_kind(kind)]
    for name in names:
        iri = resolve(site, edition, name)
        for ending, text in documents(edition, iri).items() if iri else ():
            folder.text(f"data/{edition.version}/{name}.{ending}", text)
    for identifier in edition.clusters:
        table = members_table(edition, f"cluster/{identifier}")
        if table is not None:
            folder.text(f"data/{edition.version}/cluster/{identifier}.csv", table)


def _files(edition: Edition, folder: _Folder) -> None:
    for name in (*edition.files, "manifest.json"):
        folder.file(f"release/{edition.version}/{name}", edition.release.folder / name)
