"""Who we are to a server: from the environment or a netrc file, never from a command line, never in a message."""

from __future__ import annotations

import netrc
import os
from dataclasses import dataclass, field
from pathlib import Path

from esco_kg.errors import InputError, UsageError


@dataclass(frozen=True, slots=True)
class Credentials:
    """A bearer token, or a user name and a password; all empty where the server is to be asked without."""

    token: str = field(default="", repr=False)
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


def credentials_for(host: str) -> Credentials:
    """``ESCO_KG_TOKEN``, otherwise ``ESCO_KG_USER`` and ``ESCO_KG_PASSWORD``, otherwise the host's entry in the netrc
    file.

    The netrc file is the one that ``NETRC`` names, otherwise ``~/.netrc``. Raises InputError where it is damaged.
    """
    token, user = os.environ.get("ESCO_KG_TOKEN", ""), os.environ.get("ESCO_KG_USER", "")
    if token or user:
        _refuse_unsendable("ESCO_KG_TOKEN", token, is_token=True)
        _refuse_unsendable("ESCO_KG_USER", user)
        _refuse_unsendable("ESCO_KG_PASSWORD", os.environ.get("ESCO_KG_PASSWORD", ""))
        return Credentials(token, user, os.environ.get("ESCO_KG_PASSWORD", ""))
    path = Path(os.environ.get("NETRC") or Path.home() / ".netrc")
    if not path.is_file():
        return Credentials()
    try:
        entry = netrc.netrc(str(path)).authenticators(host)
    except Exception as error:  # it is damaged, in no encoding, or of another user
        # The parser's own message repeats the word it stumbled over, which may be the password.
        place = f"{path}:{getattr(error, 'lineno', None) or 1}"
        raise InputError(place, "not readable as a netrc file", "See the manual page netrc(5).") from None
    return Credentials(user=entry[0], password=entry[2] or "") if entry else Credentials()


def _refuse_unsendable(name: str, value: str, *, is_token: bool = False) -> None:
    """Raise UsageError, without the value, for what no header can hold: whoever sends it might tell it in an error."""
    if not value.isprintable() or (is_token and not value.isascii()):
        raise UsageError(f"{name} holds a character that cannot be sent", "Is there a line end or a blank in it?")
