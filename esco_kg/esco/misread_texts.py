"""Texts in UTF-8 that a program read as Windows-1252: ``cafÃ©`` for ``café``."""

from __future__ import annotations

import re

# The first byte of a letter beyond ASCII, then what Windows-1252 makes of a following byte (0x80 to 0xBF).
_FOLLOWING = "".join(
    sorted({bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0xC0)} | {"\ufffd"})
)
_MISREAD = re.compile(rf"[\u00c2-\u00f4][{re.escape(_FOLLOWING)}]")
_LOST = "\ufffd"


def looks_misread(text: str) -> bool:
    """Whether the text holds a pair of signs that misread UTF-8 always has, and is UTF-8 as a whole, or lost letters.

    Such a pair alone tells nothing: ``é”`` is one.
    """
    return bool(_MISREAD.search(text)) and (_LOST in text or decoded(text) is not None)


def decoded(text: str) -> str | None:
    """The text as it was meant; None where signs were lost, so that it cannot be known."""
    if _LOST in text:
        return None
    try:
        return b"".join(_byte(sign) for sign in text).decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return None


def _byte(sign: str) -> bytes:
    """The byte that a program made the sign of; Windows-1252 leaves five bytes as they are."""
    return bytes([ord(sign)]) if 0x80 <= ord(sign) < 0xA0 else sign.encode("cp1252")
