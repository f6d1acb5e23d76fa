"""Find the release that a path names: a release folder, or one of a folder of releases."""

from __future__ import annotations

from pathlib import Path

from esco_kg.errors import InputError, MissingError
from esco_kg.folder.reading import MANIFEST, read_manifest, version_key

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
        found = _releases_below(folder) or (_releases_below(folder / "demonstration") if demonstration else [])
    if not found:
        hint = "Make a release with `esco-kg release`, or give the folder of a release, the one manifest.json lies in."
        if _releases_below(folder / "demonstration"):
            hint = f"It holds the demonstration's: name {folder / 'demonstration'} to use them."
        raise InputError(str(folder), "holds no release", hint)
    held = {str(read_manifest(path)["version"]): path for path in found}
    if version and version not in held:
        listed = ", ".join(sorted(held, key=version_key))
        raise InputError(str(folder), f"holds no release {version}", f"It holds {listed}.")
    return held[version or max(held, key=version_key)]


def holds_releases(folder: Path) -> bool:
    """Whether this is a release folder, or a folder of releases."""
    if not folder.is_dir():
        return False
    return (folder / MANIFEST).is_file() or bool(_releases_below(folder) or _releases_below(folder / "demonstration"))


def is_demonstration(folder: Path) -> bool:
    """Whether a release folder lies where releases of the demonstration data do."""
    return folder.absolute().parent.name == "demonstration"


def _releases_below(folder: Path) -> list[Path]:
    return [path.parent for path in sorted(folder.glob(f"*/{MANIFEST}")) if not path.parent.name.startswith(".")]
