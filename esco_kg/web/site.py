"""All releases that are served, and the addresses of their pages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from esco_kg.errors import InputError
from esco_kg.published import MANIFEST, Shelved, read_manifest, shelved, version_key
from esco_kg.shelf import CATALOGUE, FEED, HISTORY, LOG
from esco_kg.web.cache import Progress, cache_folder
from esco_kg.web.edition import Edition

# Files that every release brings up to date beside the releases, and their media types.
SHELF = {
    CATALOGUE: "text/turtle",
    FEED: "application/atom+xml",
    HISTORY: "text/html",
    LOG: "application/x-ndjson",
}


class Site:
    """The releases of one scheme, oldest first; all have one base IRI."""

    def __init__(self, editions: Sequence[Edition], shelf: Path | None = None) -> None:
        self.editions = list(editions)
        self.by_version = {edition.version: edition for edition in editions}
        self.base = editions[0].base
        # What stands beside the releases: name -> file.
        self.shelf = {name: shelf / name for name in sorted(SHELF) if shelf and (shelf / name).is_file()}

    @property
    def latest(self) -> Edition:
        return self.editions[-1]

    @property
    def languages(self) -> list[str]:
        return self.latest.languages

    def close(self) -> None:
        for edition in self.editions:
            edition.close()

    def iri(self, local: str) -> str:
        """The IRI of ours with this rest; segments are escaped already."""
        return self.base + local

    def meant(self, local: str) -> str:
        """The IRI that an address means: one of ours, or that of an ESCO concept (``skill/0005c151-...``).

        An address that no release knows means an IRI of ours.
        """
        iri = self.iri(local)
        if self.newest_with(iri):
            return iri
        concepts = (edition.concept(local) for edition in reversed(self.editions))
        return next((concept.iri for concept in concepts if concept), iri)

    def newest_with(self, iri: str) -> Edition | None:
        """The newest release that says anything of an IRI."""
        return next((edition for edition in reversed(self.editions) if edition.knows(iri)), None)

    def address(self, edition: Edition, language: str, path: str) -> str:
        """A page's address below the root of the site."""
        return f"{language}/{edition.version}/{quote(path)}"


def open_site(folder: Path, cache: Path | None = None, listener: Progress = lambda name: None) -> Site:
    """Open a release, or all releases in a folder that have the base IRI of the newest.

    Raises InputError where there is none.
    """
    releases = releases_in(folder)
    caches = cache_folder(cache)
    shelf = None if (folder / MANIFEST).is_file() else releases[-1].folder.parent
    return Site([Edition(release, caches, listener) for release in releases], shelf)


def releases_in(folder: Path) -> list[Shelved]:
    """The release in the folder, or those below it, oldest first; the demonstration's where there are none."""
    if (folder / MANIFEST).is_file():
        manifest = read_manifest(folder)
        return [Shelved(folder, manifest["version"], manifest)]
    demonstration = folder / "demonstration"
    if not any(folder.glob(f"*/{MANIFEST}")) and any(demonstration.glob(f"*/{MANIFEST}")):
        folder = demonstration
    manifests = [read_manifest(path.parent) for path in sorted(folder.glob(f"*/{MANIFEST}"))]
    if not manifests:
        raise InputError(
            str(folder), "there is no release here", "Make one with `esco-kg release`, or name its folder."
        )
    newest = max(manifests, key=lambda manifest: (manifest["issued"], version_key(manifest["version"])))
    return shelved(folder, newest["base_iri"])
