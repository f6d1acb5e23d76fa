"""Rules of style that ruff does not know: nobody takes lines of text for records, nor digits of any script for numbers.

``str.splitlines`` also breaks at U+2028, U+2029, U+0085 and the control characters FS, GS and RS, which may stand in
any label; so does ``iter_lines`` of httpx. Records end at a newline: ``text.split("\\n")``, a binary stream, or
``io.StringIO(text, newline="")``.

In a pattern of a text a digit of any script fits ``\\d``, so that "1٢.0.0" was a version number; ``[0-9]`` is what is
meant. ``python -m tests.support.lines`` lists the places that break a rule.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.support.places import ROOT

_FORBIDDEN = re.compile(r"\.(splitlines|iter_lines|aiter_lines)\b|(?<!\\W)\\d")


def broken(top: Path) -> Iterator[str]:
    """``file:line: text`` of every place in the program and its templates that breaks a rule."""
    for path in sorted([*(top / "esco_kg").rglob("*.py"), *(top / "templates").rglob("*.j2")]):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
            if _FORBIDDEN.search(line):
                yield f"{path.relative_to(top)}:{number}: {line.strip()}"


if __name__ == "__main__":
    found = list(broken(ROOT))
    if found:
        sys.exit("\n".join([*found, "Records end at a newline alone, digits are [0-9]: see tests/support/lines.py."]))
