"""What is made of releases and kept between runs, outside of the tree. Losing it loses nothing."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from esco_kg.folder.staging import aside


def cache_folder(given: Path | None = None) -> Path:
    """Where caches lie: ``given``, otherwise ``$XDG_CACHE_HOME/esco-kg``, otherwise ``~/.cache/esco-kg``.

    A path that is not absolute is passed over, as the XDG Base Directory Specification has it.
    """
    if given:
        return given
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (base if base.is_absolute() else Path.home() / ".cache") / "esco-kg"


def make_once(target: Path, fill: Callable[[Path], object]) -> None:
    """Fill a folder aside and rename it whole: a half-made one is never found.

    Where another process makes the same one meanwhile, its folder serves as well. Raises OSError.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with aside(target.parent, ".making-") as folder:
        fill(folder)
        try:
            folder.rename(target)
        except OSError:
            if not target.is_dir():
                raise
