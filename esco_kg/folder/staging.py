"""Write a folder or a file aside, then give it its name in one step: it appears whole or not at all."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from esco_kg.errors import OutputError, UsageError

# Seconds. Locks guard folders in use; where several machines share a disk and not its locks, age does.
_FRESH = 3600


@contextmanager
def aside(parent: Path, prefix: str) -> Iterator[Path]:
    """Yield a fresh hidden folder in ``parent``; what is still there when the block ends is removed.

    First the leftovers go of processes that were killed: folders with this prefix that nobody holds, an hour old at
    least. A folder is held by a lock, which ends with its process whatever ends that.
    """
    for left in sorted(path for path in parent.iterdir() if path.name.startswith(prefix)):
        if _is_left(left):
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    held = os.open(folder, os.O_RDONLY)
    try:
        # A disk without locks: nobody can take one, and so nobody takes the folder away.
        with suppress(OSError):
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(held)


def _is_left(folder: Path) -> bool:
    try:
        held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        if time.time() - os.fstat(held).st_mtime < _FRESH:
            return False
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except OSError:
        return False
    finally:
        os.close(held)


Files = Mapping[Path, bytes]


@contextmanager
def staging(
    final: Path, beside: Callable[[Path], Files] = lambda folder: {}, done: Callable[[], object] = lambda: None
) -> Iterator[Path]:
    """Yield a fresh folder beside ``final``; rename it to ``final`` when the block ends well.

    ``beside(folder)`` then gives the files that belong to it outside of it, by path, with their content: they are
    written aside before the rename and put in place with it, all or none. ``done`` is called when all is in place,
    before an interruption that came meanwhile is let through.

    When the block ends in any other way (an error, an interruption) the folder is removed, and so are the parents it
    had to create: everything is exactly as it was. Raises UsageError where ``final`` exists, OutputError where the disk
    is full or may not be written.
    """
    created = _missing_parents(final.parent)
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        with aside(final.parent, f".partial-{final.name}-") as folder:
            folder.chmod(0o755)
            yield folder
            with locked(final.parent), aside(final.parent, f".beside-{final.name}-") as room:
                if final.exists():
                    raise UsageError(
                        f"{final} exists already", "A published release is never overwritten; give another version."
                    )
                parts = _written_aside(room, beside(folder))
                with undisturbed():
                    _commit(folder, final, parts)
                    done()
    except BaseException as error:
        for parent in created:
            if parent.is_dir() and not any(parent.iterdir()):
                parent.rmdir()
        if isinstance(error, OSError):
            raise _output_error(error, final, "Nothing was published; mend this and run again.") from error
        raise


@dataclass(frozen=True, slots=True)
class _Part:
    """A file in waiting: where it is to stand, its new content, and the old one where there is one."""

    target: Path
    new: Path
    old: Path | None


def _written_aside(room: Path, files: Files) -> list[_Part]:
    parts = []
    for target, content in files.items():
        new, old = room / f"new-{target.name}", room / f"old-{target.name}"
        new.write_bytes(content)
        new.chmod(0o644)
        if target.exists():
            shutil.copy2(target, old)
        parts.append(_Part(target, new, old if target.exists() else None))
    return parts


def _commit(folder: Path, final: Path, parts: Sequence[_Part]) -> None:
    """Rename the folder and the files; where one rename fails, those before it are undone."""
    os.rename(folder, final)
    placed = []
    try:
        for part in parts:
            os.replace(part.new, part.target)
            placed.append(part)
    except BaseException:
        for part in placed:
            if part.old:
                os.replace(part.old, part.target)
            else:
                part.target.unlink()
        os.rename(final, folder)
        raise


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Wait until no other process changes what stands in the folder; on a disk without locks nobody waits."""
    held = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


_INTERRUPTIONS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let interruptions wait until the block has ended. Python tells them to the main thread alone."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = {each: signal.signal(each, lambda number, frame: came.append(number)) for each in _INTERRUPTIONS}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, signal.SIG_DFL if handler is None else handler)
        for number in dict.fromkeys(came):
            signal.raise_signal(number)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield the place where to write a file, and put it in the place of ``path`` when the block ends well.

    When the block ends in any other way, a file that was at ``path`` is there byte for byte, and may be read
    meanwhile: it can be the input. A link stays a link, permissions stay; a pipe or a device is written to as it is.
    Raises OutputError where the disk is full or may not be written.
    """
    target = path.resolve()
    try:
        if target.exists() and not target.is_file() and not target.is_dir():
            yield target
            return
        mode = target.stat().st_mode if target.exists() else None
        with aside(target.parent, f".partial-{target.name}-") as folder:
            part = folder / target.name
            yield part
            if mode is not None:
                part.chmod(mode & 0o7777)
            os.replace(part, target)
    except BrokenPipeError:
        raise  # the reader of a pipe has gone: no failure of ours
    except OSError as error:
        elsewhere = error.filename and not str(error.filename).startswith(str(target.parent))
        wrong = OSError(error.errno, error.strerror or str(error), error.filename if elsewhere else str(path))
        raise _output_error(wrong, path, "Nothing was written; what was there is as it was.") from error


@contextmanager
def replacing_all(paths: Sequence[Path]) -> Iterator[list[Path]]:
    """As :func:`replacing`, for files that belong together: all of them are replaced, or none."""
    with ExitStack() as stack:
        yield [stack.enter_context(replacing(path)) for path in paths]


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a text (UTF-8) or bytes as a whole: readers see the old file or the new one. Raises OutputError."""
    with replacing(path) as part:
        part.write_bytes(content.encode() if isinstance(content, str) else content)


def _missing_parents(folder: Path) -> list[Path]:
    """The folders above and including this one that do not exist yet, deepest first."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    return missing


def _is_fuller(one: str, other: Path) -> bool:
    """Whether the disk of one folder has less room than that of the other, or of the folder above it."""
    there = next((folder for folder in (other, *other.parents) if folder.is_dir()), Path())
    return shutil.disk_usage(one).free < shutil.disk_usage(there).free


def _output_error(error: OSError, final: Path, otherwise: str) -> OutputError:
    place = error.filename or str(final)
    if error.errno == errno.ENOSPC and not error.filename and _is_fuller(tempfile.gettempdir(), final.parent):
        # An error of writing names no file, and much is written aside.
        hint = "Free some space, or set TMPDIR to another folder."
        return OutputError(f"{tempfile.gettempdir()}: {error.strerror}", hint)
    hints = {
        errno.ENOSPC: "Free some space, or give another folder with --out.",
        errno.EFBIG: "The system limits the size of files; raise the limit (ulimit -f).",
        errno.EACCES: "Give a folder you may write to with --out.",
        errno.EPERM: "Give a folder you may write to with --out.",
        errno.EROFS: "Give a folder you may write to with --out.",
    }
    reason = error.strerror or str(error)
    return OutputError(f"{place}: {reason}", hints.get(error.errno or 0, otherwise))
