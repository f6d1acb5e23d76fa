"""Room on the disk for what is made while a download is read."""

from __future__ import annotations

import tempfile
from pathlib import Path


class Scratch:
    """A temporary folder, made when it is first needed and gone when the reading is over."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def folder(self) -> Path:
        """The folder."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="esco-kg-read-")
        return Path(self._folder.name)

    def close(self) -> None:
        """Take it away."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
