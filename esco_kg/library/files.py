"""Files that a call writes: all of them or none, and never inside a published release."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path

from esco_kg.errors import OutputError
from esco_kg.folder.reading import refuse_in_release

AnyPath = str | PathLike[str]

__all__ = ["AnyPath", "make_folder", "refuse_in_release", "write_files"]


def write_files(contents: Mapping[Path, str | bytes]) -> None:
    """Write every file, text as UTF-8; where one cannot be written, all stay as they were. Raises OutputError."""
    from esco_kg.folder.staging import replacing_all

    with replacing_all(list(contents)) as places:
        for place, content in zip(places, contents.values(), strict=True):
            place.write_bytes(content if isinstance(content, bytes) else content.encode())


def make_folder(out: Path) -> None:
    """Make the folder for what is written, where it is not there. Raises OutputError."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{error.filename or out}: {error.strerror}", "Give another folder.") from error
