"""Open a release: the one that a path names, or one of the demonstration data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from esco_kg.folder.find import RELEASES, find_release, holds_releases, is_demonstration

if TYPE_CHECKING:
    from esco_kg.library.files import AnyPath
    from esco_kg.library.release import Release

__all__ = ["RELEASES", "demonstration", "find_release", "holds_releases", "is_demonstration", "open"]


def open(
    release: AnyPath = RELEASES, version: str | None = None, listener: Callable[[str], None] = lambda name: None
) -> Release:
    """A release: its folder, or a folder of releases, of which the newest or the one of ``version`` is taken.

    ``listener`` hears what takes long when it begins, such as a local store that is made. Raises InputError where there
    is none. A release of the demonstration data is taken only where it is named.
    """
    from esco_kg.library.release import Release

    return Release(find_release(Path(release), version, demonstration=False), listener)


def demonstration(out: AnyPath = RELEASES) -> Release:
    """The newest release of the demonstration data (invented, not ESCO) below ``out``; made if there is none."""
    from esco_kg.library.making import make_release
    from esco_kg.library.release import Release

    folder = Path(out) / "demonstration"
    if not any(folder.glob("*/manifest.json")):
        make_release(out=out)
    return Release(find_release(folder))
