"""Write a folder aside, then give it its name in one step: a release appears whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from esco_kg.errors import OutputError, UsageError


@contextmanager
def staging(final: Path) -> Iterator[Path]:
    """Yield a fresh folder beside ``final``; rename it to ``final`` when the block ends well.

    When the block ends in any other way (an error, an interruption) the folder is removed, and so are the parents it
    had to create: everything is exactly as it was. Raises UsageError where ``final`` exists, OutputError where the disk
    is full or may not be written.
    """
    created = _missing_parents(final.parent)
    aside = None
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".partial-{final.name}-", dir=final.parent))
        aside.chmod(0o755)
        yield aside
        if final.exists():
            raise UsageError(
                f"{final} exists already", "A published release is never overwritten; give another version."
            )
        os.rename(aside, final)
    except BaseException as error:
        if aside is not None:
            shutil.rmtree(aside, ignore_errors=True)
        for parent in created:
            if parent.is_dir() and not any(parent.iterdir()):
                parent.rmdir()
        if isinstance(error, OSError):
            raise _output_error(error, final) from error
        raise


def write_atomically(path: Path, content: str) -> None:
    """Replace a file as a whole: readers see the old text or the new one."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(content)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _missing_parents(folder: Path) -> list[Path]:
    """The folders above and including this one that do not exist yet, deepest first."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    return missing


def _output_error(error: OSError, final: Path) -> OutputError:
    place = error.filename or str(final)
    hints = {
        errno.ENOSPC: "Free some space, or give another folder with --out.",
        errno.EFBIG: "The system limits the size of files; raise the limit (ulimit -f).",
        errno.EACCES: "Give a folder you may write to with --out.",
        errno.EPERM: "Give a folder you may write to with --out.",
        errno.EROFS: "Give a folder you may write to with --out.",
    }
    reason = error.strerror or str(error)
    return OutputError(
        f"{place}: {reason}", hints.get(error.errno or 0, "Nothing was published; mend this and run again.")
    )
