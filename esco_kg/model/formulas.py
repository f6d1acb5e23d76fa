"""Texts that a spreadsheet would take for a formula, in files that people open.

Sources: OWASP, "CSV Injection"; ECMA-376 part 1, 18.8.45 (``quotePrefix``). A label is a stranger's text: opened in a
spreadsheet it must stay a text. Files for programs keep their texts as they are.
"""

from __future__ import annotations

import re
from typing import Any

_SIGNS = r"[=+\-@\t\r\n]"
_MEANT = re.compile(rf"'*{_SIGNS}")
_ESCAPED = re.compile(rf"'+{_SIGNS}")


def escaped(text: str) -> str:
    """The text with an apostrophe in front where a spreadsheet that opens a CSV file would compute it."""
    return f"'{text}" if _MEANT.match(text) else text


def unescaped(text: str) -> str:
    """The text that :func:`escaped` made this of."""
    return text[1:] if _ESCAPED.match(text) else text


def keep_as_text(cell: Any) -> None:
    """Make a cell of openpyxl hold its text as text, also after somebody edits it: as if typed behind an apostrophe."""
    cell.data_type = "s"
    if re.match(_SIGNS, str(cell.value)):
        cell.quotePrefix = True
