"""Where the files beside the code lie: shapes, queries, templates, curation, the demonstration data.

In a checkout they are the folders at its top; in an installed wheel the same folders were mapped into the package.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The folder ``shapes``, ``queries``, ``templates``, ``curation``, ``demonstration`` or ``defaults``."""
    for candidate in (_PACKAGE / name, _PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"this installation of esco_kg lacks its folder {name}/; install it again")
