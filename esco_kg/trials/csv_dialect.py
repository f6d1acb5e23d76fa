"""How a CSV file is written: its encoding and the sign between cells, recognised or given."""

from __future__ import annotations

import codecs
import csv
import io
import sys
from dataclasses import dataclass
from pathlib import Path

from esco_kg.errors import UsageError

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
_NAMES = {sign: name for name, sign in DELIMITERS.items()}
_SAMPLE, _RECORDS = 1 << 16, 30
_PART = 1 << 20
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SPOKEN = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252",
}


@dataclass(frozen=True, slots=True)
class Dialect:
    """``encoding`` as Python names it, '' to be recognised; ``delimiter`` the sign between cells, '' likewise."""

    encoding: str = ""
    delimiter: str = ""

    @property
    def spoken(self) -> str:
        """The encoding's name for people."""
        return _SPOKEN.get(self.encoding, self.encoding)

    @property
    def told(self) -> str:
        """What is not as it usually is, for people: '' for UTF-8 with commas."""
        parts = []
        if self.encoding != "utf-8-sig":
            parts.append(f"read as {self.spoken}")
        if self.delimiter != ",":
            parts.append(f"cells are parted by {_NAMES.get(self.delimiter, repr(self.delimiter))}")
        return ", ".join(parts)


def dialect_given(encoding: str | None, delimiter: str | None) -> Dialect:
    """The dialect that somebody asks for. Raises UsageError for an unknown encoding or a sign of several letters."""
    sign = DELIMITERS.get(delimiter or "", delimiter or "")
    if len(sign) > 1:
        raise UsageError(f"{sign!r} cannot part cells", f"Give one sign, or one of {', '.join(DELIMITERS)}.")
    if not encoding:
        return Dialect("", sign)
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        raise UsageError(f"there is no encoding {encoding!r}", "Give utf-8, utf-16, windows-1252 or another.") from None
    return Dialect("utf-8-sig" if name == "utf-8" else name, sign)


def dialect_of(path: Path, given: Dialect) -> Dialect:
    """What is given, and what is recognised of the rest; ``-`` is standard input, of which no byte is taken."""
    if str(path) == "-":
        sample = sys.stdin.buffer.peek(_SAMPLE) if hasattr(sys.stdin.buffer, "peek") else b""
    else:
        with path.open("rb") as stream:
            sample = stream.read(_SAMPLE)
    encoding = given.encoding or _marked(sample) or _recognised(path, sample)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(sample)
    return Dialect(encoding, given.delimiter or _delimiter(text))


def _marked(sample: bytes) -> str:
    return next((encoding for mark, encoding in _MARKS if sample.startswith(mark)), "")


def _recognised(path: Path, sample: bytes) -> str:
    """UTF-16 by its zero bytes, UTF-8 where all of the file is, otherwise Windows-1252, which most others are nearest
    to."""
    if sample[:400].count(0) > len(sample[:400]) // 4:
        return "utf-16-be" if sample[:1] == b"\0" else "utf-16-le"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        if str(path) == "-":
            decoder.decode(sample)
            return "utf-8-sig"
        with path.open("rb") as stream:
            while part := stream.read(_PART):
                decoder.decode(part)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def faulty_line(path: Path, encoding: str) -> int:
    """The first line that holds something else than the encoding; 0 where it is unknown, as of standard input."""
    if not path.is_file():
        return 0
    decoder, line = codecs.getincrementaldecoder(encoding)(), 1
    with path.open("rb") as stream:
        while part := stream.read(_PART):
            try:
                line += decoder.decode(part).count("\n")
            except UnicodeDecodeError as error:
                return line + codecs.decode(error.object[: error.start], encoding, "replace").count("\n")
    return 0


def _delimiter(text: str) -> str:
    """The sign that gives all of the first records as many cells as the first line, most of them; otherwise the
    comma."""
    best = (1, ",")
    for sign in DELIMITERS.values():
        records = [cells for cells, _ in zip(_records(text, sign), range(_RECORDS), strict=False)]
        # The last record of a sample may be cut short.
        whole = [len(cells) for cells in (records[:-1] if len(records) > 1 else records) if cells]
        if whole and len(set(whole)) == 1 and whole[0] > best[0]:
            best = (whole[0], sign)
    return best[1]


def _records(text: str, sign: str) -> list[list[str]]:
    found = []
    try:
        for cells in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=sign):
            found.append(cells)
            if len(found) > _RECORDS:
                break
    except csv.Error:
        pass  # what is no CSV is told with its line when it is read
    return found
