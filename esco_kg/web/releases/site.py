"""All releases that are served, and the addresses of their pages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from esco_kg import words
from esco_kg.config import CLUSTER_PATH
from esco_kg.folder.cache import cache_folder
from esco_kg.folder.find import find_release, published_releases
from esco_kg.folder.reading import CATALOGUE, MANIFEST, ReleaseFolder, release_folder
from esco_kg.notes import history_files
from esco_kg.release.index import LOG
from esco_kg.web.releases.cache import Progress
from esco_kg.web.releases.view import ReleaseView

# Files that every release brings up to date beside the releases, and their media types. History and feed of a language
# have the same names wherever that language is not the main one.
BESIDE_RELEASES = {CATALOGUE: "text/turtle", LOG: "application/x-ndjson"} | {
    name: media_type
    for main in words.languages()
    for names in history_files(main).values()
    for name, media_type in zip(names, ("text/html", "application/atom+xml"), strict=True)
}


class Site:
    """The releases of one scheme, oldest first; all have one base IRI."""

    def __init__(self, views: Sequence[ReleaseView], releases_folder: Path | None = None) -> None:
        self.views = list(views)
        self.by_version = {view.version: view for view in views}
        self.base = views[0].base
        # What stands beside the releases: name -> file.
        self.releases_folder = {
            name: releases_folder / name
            for name in sorted(BESIDE_RELEASES)
            if releases_folder and (releases_folder / name).is_file()
        }

    @property
    def latest(self) -> ReleaseView:
        return self.views[-1]

    @property
    def languages(self) -> list[str]:
        return self.latest.languages

    def close(self) -> None:
        for view in self.views:
            view.close()

    def iri(self, local: str) -> str:
        """The IRI of ours at this address; segments are escaped already. Clusters have the address ``cluster/<id>``,
        whatever the path of their IRIs."""
        if local.startswith(CLUSTER_PATH):
            return self.base + self.latest.cluster_path + local.removeprefix(CLUSTER_PATH)
        return self.base + local

    def iri_of_address(self, local: str) -> str:
        """The IRI that an address means: one of ours, or that of an ESCO concept (``skill/0005c151-...``).

        An address that no release knows means an IRI of ours.
        """
        iri = self.iri(local)
        if self.newest_with(iri):
            return iri
        concepts = (view.concept(local) for view in reversed(self.views))
        return next((concept.iri for concept in concepts if concept), iri)

    def newest_with(self, iri: str) -> ReleaseView | None:
        """The newest release that says anything of an IRI."""
        return next((view for view in reversed(self.views) if view.knows(iri)), None)

    def address(self, view: ReleaseView, language: str, path: str) -> str:
        """A page's address below the root of the site."""
        return f"{language}/{view.version}/{quote(path)}"


def open_site(folder: Path, cache: Path | None = None, listener: Progress = lambda name: None) -> Site:
    """Open a release, or all releases in a folder that have the base IRI of the newest.

    Raises InputError where there is none.
    """
    releases = releases_in(folder)
    caches = cache_folder(cache)
    releases_folder = None if (folder / MANIFEST).is_file() else releases[-1].folder.parent
    return Site([ReleaseView(release, caches, listener) for release in releases], releases_folder)


def releases_in(folder: Path) -> list[ReleaseFolder]:
    """The release in the folder, or those below it, oldest first; the demonstration's where there are none."""
    newest = release_folder(find_release(folder))
    if newest.folder == folder:
        return [newest]
    return published_releases(newest.folder.parent, newest.base_iri)
