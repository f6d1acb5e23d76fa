"""Every error a user can meet: one line that names file, line and value, one hint, an exit status.

Exit statuses of the command line: 0 good, 1 findings at or above ``--fail-on``, 2 wrong use, 3 bad input or a
server that failed, 70 a defect of ours (the traceback is in the file that the message names), 130 interrupted.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

# Line ends of every kind that a terminal or an editor may know, and the other control characters (C0, DEL and C1).
_LINE_ENDS = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f]")


def one_line(text: str) -> str:
    """The text on one line, fit for a terminal: line ends are spaces, control characters are shown as ``\\x1b``."""
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", _LINE_ENDS.sub(" ", text)).strip()


class EscoKgError(Exception):
    """A failure the user can act on.

    ``error.message`` is one line that names file, line and value, ``error.hint`` one sentence that says what to do,
    ``error.exit_status`` the process's exit status. ``str(error)`` is the message and the hint, a line each.
    """

    exit_status = 3

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(one_line(message))
        self.message = one_line(message)
        self.hint = one_line(hint)

    def __str__(self) -> str:
        return f"{self.message}\nhint: {self.hint}" if self.hint else self.message


class UsageError(EscoKgError):
    """The command was used wrongly: an unknown measure, a version that exists already."""

    exit_status = 2


class InputError(EscoKgError):
    """An input cannot be read as what it should be.

    The message starts with the place: ``file``, ``file:line`` or ``archive.zip/table.csv:line``.
    """

    def __init__(self, place: str, problem: str, hint: str = "") -> None:
        super().__init__(f"{place}: {problem}", hint)
        self.place = place


def is_panic(error: BaseException) -> bool:
    """Whether a library in Rust gave up: PyO3 throws what is no Exception, of a type that cannot be imported."""
    return type(error).__name__ == "PanicException"


def unreadable(place: str, kind: str, error: BaseException, hint: str) -> InputError:
    """The boundary around a reader: whatever its library throws, as an error that names the place.

    ``kind`` is what the input should have been, such as ``TOML``. Libraries throw more than they document: a damaged
    file may end in a RecursionError, an AttributeError or a MemoryError somewhere inside.
    """
    said = str(error) or type(error).__name__
    if isinstance(error, RecursionError):
        said = "it is nested too deeply"
    return InputError(place, f"cannot be read as {kind}: {said}", hint)


@contextmanager
def reading_as(kind: str, place: str, hint: str) -> Iterator[None]:
    """The boundary around a block in which libraries read an input, as :func:`unreadable`; errors of ours pass."""
    try:
        yield
    except EscoKgError:
        raise
    except BaseException as error:
        if not isinstance(error, Exception) and not is_panic(error):
            raise
        raise unreadable(place, kind, error, hint) from error


class MissingError(InputError):
    """A file or folder that the user named is not there: wrong use, whatever would have been read from it."""

    exit_status = 2

    def __init__(self, place: str, hint: str = "Check the name, and the folder you are in.") -> None:
        super().__init__(place, "there is no such file or folder", hint)


class ValidationError(EscoKgError):
    """A graph of ours breaks a rule, so the release stops. ``report`` is where the findings were written."""

    exit_status = 1


class Interrupted(EscoKgError):
    """An interruption that came after something was finished; the message says what is there."""

    exit_status = 130


class OutputError(EscoKgError):
    """Something could not be written: a full disk, a folder without permission."""


class ServerError(EscoKgError):
    """A server did not do what it was asked; the message holds the server's own words."""


def not_utf8(data: bytes, at: int) -> str:
    """What to say of the byte at this place, which is not UTF-8: what it is in Windows-1252, as spreadsheets save."""
    byte = data[at : at + 1]
    said = f"byte 0x{byte[0]:02X} is not UTF-8"
    if at == 0 and data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return f"{said}: the file is UTF-16"
    sign = byte.decode("cp1252", "ignore")
    if not sign:
        return said
    shown = f"“{sign}”" if sign.isprintable() else unicodedata.name(sign).lower()
    return f"{said}; in Windows-1252, as spreadsheet programs save, it is {shown}"
