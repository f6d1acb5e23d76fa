"""JSON of a stranger on its way into a parser, which may take hours for it, or all memory for one text."""

from __future__ import annotations

import time
from typing import IO

LONGEST = 4 << 20  # bytes of one text: the longest of ESCO have a few thousand


class BoundedJson:
    """A stream that a parser reads in pieces, for ``left`` of ``timeout`` seconds.

    Raises TimeoutError afterwards, and OverflowError for a text of more than :data:`LONGEST` bytes.
    """

    def __init__(self, body: IO[bytes], left: float, timeout: float) -> None:
        self._body, self._until, self._timeout = body, time.monotonic() + left, timeout
        self._since = 0  # bytes since the last quotation mark that begins or ends a text
        self._escape = b""

    def read(self, size: int = -1) -> bytes:
        """The next piece."""
        if time.monotonic() > self._until:
            raise TimeoutError(f"within {self._timeout:g} s (--timeout)")
        piece = self._body.read(size)
        self._measure(piece)
        return piece

    def _measure(self, piece: bytes) -> None:
        whole = self._escape + piece
        at_the_end = len(whole) - len(whole.rstrip(b"\\"))
        self._escape = b"\\" if at_the_end % 2 else b""  # what it escapes comes with the next piece
        runs = whole.replace(rb"\\", b"..").replace(rb"\"", b"..").split(b'"')
        if max(self._since + len(runs[0]), *map(len, runs)) > LONGEST:
            raise OverflowError(f"holds a text of more than {LONGEST >> 20} MB")
        self._since = len(runs[0]) + self._since if len(runs) == 1 else len(runs[-1])
