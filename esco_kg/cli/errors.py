"""How commands fail: whatever ends one is one line, perhaps a hint, and an exit status; no traceback is shown."""

from __future__ import annotations

import errno
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

import click

from esco_kg.errors import EscoKgError, Interrupted, OutputError, is_panic, one_line

UNEXPECTED = 70
"""Exit status of a failure that nobody foresaw: EX_SOFTWARE of sysexits.h."""

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
# What click itself turns into a message, and a reader of our output that has gone.
_NOT_OURS = (click.exceptions.Exit, click.ClickException, click.Abort, BrokenPipeError)


def guarded(context: click.Context, run: Callable[[], Any]) -> Any:
    """Run a command; what it throws becomes lines on stderr and the exit status of ``context``."""
    try:
        with _interruptible():
            return run()
    except EscoKgError as error:
        kind = "interrupted" if isinstance(error, Interrupted) else "error"
        click.echo(f"{kind}: {error.message}", err=True)
        if error.hint:
            click.echo(f"hint: {error.hint}", err=True)
        context.exit(error.exit_status)
    except KeyboardInterrupt:
        click.echo(f"interrupted: {_left_by(context.invoked_subcommand)}", err=True)
        context.exit(130)
    except _NOT_OURS:
        raise
    except BaseException as error:
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            raise  # told by `written`
        if not isinstance(error, Exception) and not is_panic(error):
            raise
        _tell_unexpected(error, context.invoked_subcommand)
        context.exit(UNEXPECTED)


@contextmanager
def written() -> Iterator[None]:
    """The outermost boundary: what is printed arrives to its last byte, or one line says why not, with status 3."""
    try:
        try:
            yield
        finally:
            if sys.stdout:  # None where the caller closed it
                sys.stdout.flush()
    except BrokenPipeError:
        raise  # the reader of a pipe has gone: click knows
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        place = error.filename or "the output cannot be written"  # an error of writing names no file
        with suppress(OSError):  # it may lie on the same disk
            click.echo(f"error: {place}: {error.strerror}", err=True)
            click.echo("hint: Free some space, or write to another disk.", err=True)
        _forget_output()
        sys.exit(OutputError.exit_status)


def _forget_output() -> None:
    """Let go what could not be printed: else Python tries again at its end, with a traceback and its own status."""
    with suppress(OSError, ValueError, AttributeError):  # an output that is no file, or none
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


@contextmanager
def _interruptible() -> Iterator[None]:
    """SIGTERM and SIGHUP end a command as Ctrl-C does, unless the caller ignores them, as nohup makes them be."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    ours = [number for number, handler in before.items() if handler is not signal.SIG_IGN]
    for number in ours:
        signal.signal(number, _interrupt)
    try:
        yield
    finally:
        # A program that calls the command (a test, a scheduler) keeps its own handlers afterwards.
        for number in ours:
            signal.signal(number, before[number] or signal.SIG_DFL)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _left_by(command: str | None) -> str:
    """What an interrupted command leaves."""
    return {
        "release": "nothing was published",
        "load": "the store shows the release it showed before; the same command goes on from here",
        "site": "the site is not finished; the same command finishes it",
    }.get(command or "", f"{command} left every file whole, as it was or finished")


def _tell_unexpected(error: BaseException, command: str | None) -> None:
    """One line for the user; the traceback goes into a file. Arguments stay out of it: they may be secret."""
    from importlib import metadata

    said = one_line(f"{type(error).__name__}: {error}")[:300]
    click.echo(f"error: {command} failed in a way that nobody foresaw: {said}", err=True)
    try:
        handle, name = tempfile.mkstemp(prefix="esco-kg-error-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as stream:
            stream.write(f"esco-kg {metadata.version('esco-kg')} {command}, Python {sys.version}\n\n")
            stream.writelines(traceback.format_exception(error))
        with_it = f"Please report it with {name}, which tells where it is."
    except OSError as failed:
        with_it = f"Where it is could not be written: {failed.strerror}. Make room, run it again, and please report it."
    click.echo(f"hint: This is a defect of esco-kg. {with_it}", err=True)
