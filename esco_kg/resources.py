"""Where the files beside the code lie: shapes, queries, templates, curation, the demonstration data.

In a checkout they are the folders at its top; in an installed wheel the same folders were mapped into the package.
"""

from __future__ import annotations

from pathlib import Path

from esco_kg.errors import InputError

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The folder ``shapes``, ``queries``, ``templates``, ``curation``, ``demonstration`` or ``defaults``."""
    for candidate in (_PACKAGE / name, _PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"this installation of esco_kg lacks its folder {name}/; install it again")


def files(name: str, suffix: str) -> list[Path]:
    """The files of a folder such as ``queries/checks``, by name; each has this suffix, and each is used.

    Raises InputError for a file of another kind there, and for a query in the folder above: nobody would read it.
    """
    top, _, below = name.partition("/")
    within = folder(top) / below
    for path in sorted(folder(top).iterdir()) if below and suffix == ".rq" else []:
        if path.suffix == suffix:
            raise InputError(f"{top}/{path.name}", "this file is used by nothing", f"Move it to {name} or the like.")
    found = sorted(path for path in within.iterdir() if path.is_file() and not path.name.startswith("."))
    for path in found:
        if path.suffix != suffix:
            raise InputError(f"{name}/{path.name}", "this file is used by nothing", f"Its name must end in {suffix}.")
    return found
