"""Every error a user can meet: one line that names file, line and value, one hint, an exit status.

Exit statuses of the command line: 0 good, 1 findings at or above ``--fail-on``, 2 wrong use, 3 bad input or a
server that failed, 130 interrupted.
"""

from __future__ import annotations


class EscoKgError(Exception):
    """A failure the user can act on.

    ``str(error)`` is one line, ``error.hint`` one sentence that says what to do, ``error.exit_status`` the
    process's exit status.
    """

    exit_status = 3

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(" ".join(message.splitlines()))
        self.hint = " ".join(hint.splitlines())


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


class ValidationError(EscoKgError):
    """A graph of ours breaks a rule, so the release stops. ``report`` is where the findings were written."""

    exit_status = 1


class OutputError(EscoKgError):
    """Something could not be written: a full disk, a folder without permission."""


class ServerError(EscoKgError):
    """A server did not do what it was asked; the message holds the server's own words."""
