"""Find the releases that a path names: a release folder, or those in a folder of releases."""

from __future__ import annotations

from pathlib import Path

from esco_kg.errors import InputError, MissingError
from esco_kg.folder.reading import MANIFEST, ReleaseFolder, release_folder, version_key

RELEASES = Path("releases")


def find_release(folder: Path = RELEASES, version: str | None = None, *, demonstration: bool = True) -> Path:
    """The release folder itself, or the newest release in a folder of releases, or the one of ``version`` there.

    Where the folder holds no release, the releases of the demonstration data below it are taken, unless
    ``demonstration`` is False. Raises MissingError where the folder is not there, InputError where it holds no release
    or none of this version.
    """
    if not folder.exists():
        hint = "Make a release with `esco-kg release`, or give the folder of a release."
        raise MissingError(str(folder), hint)
    if folder.is_file():
        raise InputError(str(folder), "is a file", "Give the folder of a release, the one it lies in.")
    if (folder / MANIFEST).is_file():
        found = [folder]
    else:
        found = releases_below(folder) or (releases_below(folder / "demonstration") if demonstration else [])
    if not found:
        hint = "Make a release with `esco-kg release`, or give the folder of a release, the one manifest.json lies in."
        if releases_below(folder / "demonstration"):
            hint = f"It holds the demonstration's: name {folder / 'demonstration'} to use them."
        raise InputError(str(folder), "holds no release", hint)
    held = {release.version: release for release in map(release_folder, found)}
    if version and version not in held:
        listed = ", ".join(sorted(held, key=version_key))
        raise InputError(str(folder), f"holds no release {version}", f"It holds {listed}.")
    return held[version].folder if version else max(held.values(), key=_age).folder


def _age(release: ReleaseFolder) -> tuple[str, tuple[int, int, int]]:
    """Date before number: releases of several schemes may lie in one folder, whose numbers have nothing in common."""
    return release.manifest["issued"], version_key(release.version)


def holds_releases(folder: Path) -> bool:
    """Whether this is a release folder, or a folder of releases."""
    if not folder.is_dir():
        return False
    return (folder / MANIFEST).is_file() or bool(releases_below(folder) or releases_below(folder / "demonstration"))


def is_demonstration(folder: Path) -> bool:
    """Whether a release folder lies where releases of the demonstration data do."""
    return folder.absolute().parent.name == "demonstration"


def releases_below(folder: Path) -> list[Path]:
    """The release folders in a folder of releases; nothing where it is not there."""
    return [path.parent for path in sorted(folder.glob(f"*/{MANIFEST}")) if not path.parent.name.startswith(".")]


def published_releases(out: Path, base_iri: str) -> list[ReleaseFolder]:
    """The releases in ``out`` that have this base IRI, oldest version first."""
    found = [release for path in releases_below(out) if (release := release_folder(path)).base_iri == base_iri]
    return sorted(found, key=lambda release: version_key(release.version))
