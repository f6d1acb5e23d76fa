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
from esco_kg.web.classification.files import FILES
from esco_kg.web.classification.tables import FOLDER, tables, writer
from esco_kg.web.linked_data.documents import documents
from esco_kg.web.linked_data.resources import resolve
from esco_kg.web.linked_data.vocabulary_browsers import skohub_file, skosmos_configuration
from esco_kg.web.pages.addresses import Page, find_page
from esco_kg.web.pages.render import render
from esco_kg.web.pages.tables import members_table
from esco_kg.web.pages.views import search_page
from esco_kg.web.pages.words import words
from esco_kg.web.releases.cache import Progress
from esco_kg.web.releases.site import Site
from esco_kg.web.releases.view import ReleaseView
from esco_kg.web.search.index import TYPES
from esco_kg.web.static_site import index

_LIST = ".site.json"
_STATIC = Path(__file__).parent.parent / "static"
_NOT_STATIC = ("query.js", "review.", "ahead.js")  # these pages need a server


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
        """A release's file: linked where the file system can, for it never changes; otherwise copied."""
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
    """Write the site into ``out``. ``url`` is where it will lie, for the sitemap; otherwise the base IRI.

    Raises InputError where ``out`` holds something else, OutputError where it cannot be written.
    """
    before = _earlier(out)
    folder = _Folder(out)
    try:
        for view in site.views:
            for language in view.languages:
                listener(f"release {view.version}, {language}")
                _pages(site, view, language, folder, with_skills)
                types = [words(language)(name) for name in TYPES]
                for name, script in view.search_scripts(language, with_skills, types):
                    folder.text(f"{language}/{view.version}/find/{name}.js", script)
            listener(f"release {view.version}, documents")
            _documents(site, view, folder, with_skills)
            _files(view, folder)
            folder.text(f"browsers/{view.version}/skohub.ttl", skohub_file(view))
            configuration = skosmos_configuration(view, f"{site.base}sparql")
            folder.text(f"browsers/{view.version}/skosmos.ttl", configuration)
        for name, source in site.releases_folder.items():
            folder.bytes(f"release/{name}", source.read_bytes())
        for path in sorted(p for p in _STATIC.rglob("*") if p.is_file()):
            name = path.relative_to(_STATIC).as_posix()
            if not name.startswith(_NOT_STATIC):
                folder.bytes(f"static/{name}", path.read_bytes())
        for name, text in index.index_files(site, sorted(folder.names), url or site.base):
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


def page_paths(view: ReleaseView, with_skills: bool) -> Iterator[str]:
    """The addresses of a release's pages below ``<language>/<version>/``."""
    yield from ("index.html", "sectors.html", "hierarchy.html", "version.html", "data.html", "classification.html")
    yield from (f"cluster/{identifier}.html" for identifier in view.clusters)
    yield from (f"sector/{code}.html" for code in view.sectors)
    for kind in ("group", "isco", "occupation", *(("skill",) if with_skills else ())):
        yield from (f"{path}.html" for path in view.of_kind(kind))


def _pages(site: Site, view: ReleaseView, language: str, folder: _Folder, with_skills: bool) -> None:
    def write(page: Page) -> None:
        html = render(site, view, language, page, is_static=True, with_skills=with_skills)
        folder.text(f"{language}/{view.version}/{page.path}", html)

    for path in (*page_paths(view, with_skills), *_comparisons(site, view)):
        page = find_page(site, view, language, path)
        if page is not None:
            write(page)
    write(search_page(view, language, ""))
    for table in tables(site, view, language):
        for form in FILES:
            name = f"{language}/{view.version}/{FOLDER}/{table.name}.{form.ending}"
            folder.bytes(name, writer(view, language, table, form)())


def _comparisons(site: Site, view: ReleaseView) -> Iterator[str]:
    """Every pair of releases that a cluster's page links to."""
    for other in site.views:
        if other is not view:
            yield from (f"compare/{other.version}/cluster/{i}.html" for i in view.clusters if i in other.clusters)


def _documents(site: Site, view: ReleaseView, folder: _Folder, with_skills: bool) -> None:
    kinds = ("occupation", *(("skill",) if with_skills else ()), "group", "isco")
    names = ["scheme", "model", f"release/{view.version}", f"release/{view.version}/scheme-{view.version}"]
    names += [f"cluster/{identifier}" for identifier in view.clusters]
    names += [path for kind in kinds for path in view.of_kind(kind)]
    for name in names:
        iri = resolve(site, view, name)
        for ending, text in documents(view, iri).items() if iri else ():
            folder.text(f"data/{view.version}/{name}.{ending}", text)
    for identifier in view.clusters:
        table = members_table(view, f"cluster/{identifier}")
        if table is not None:
            folder.text(f"data/{view.version}/cluster/{identifier}.csv", table)


def _files(view: ReleaseView, folder: _Folder) -> None:
    for name in (*view.files, "manifest.json"):
        folder.file(f"release/{view.version}/{name}", view.release.folder / name)
