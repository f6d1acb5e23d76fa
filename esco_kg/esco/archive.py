"""Files and zip members as byte streams: a table or a dump, plain, in a zip, in a zip inside a zip, packed by gzip.

A zip is judged before a byte of it is read: its members are counted, and a member that declares an absurd size or
compression is refused, so a zip bomb costs nothing. What gzip unpacks is judged while it is read. A zip inside a zip
is copied to a temporary file, for its directory stands at its end.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from esco_kg.errors import EscoKgError, InputError
from esco_kg.model.pillar import Source

# ESCO's largest table has 21 MB and deflates to a fifth. Deflate itself can reach 1 : 1032.
_MAX_MEMBERS = 10_000
_MAX_MEMBER_BYTES = 4 << 30
_MAX_RATIO = 200
_RATIO_MATTERS_FROM = 16 << 20
_GZIP = b"\x1f\x8b"
_HELD = 32 << 20  # bytes of a zip inside a zip that are held in memory
_OF_WORKBOOKS = {"xl/workbook.xml", "content.xml"}
INSIDE = "!/"
"""Between the name of a zip inside a zip and the name of what it holds."""

_AGAIN = "Download it again from the ESCO portal and give the file exactly as it came."


def is_zip_by_content(path: Path) -> bool:
    """Whether the file starts as a zip does; its name says nothing."""
    return _head(path).startswith(b"PK\x03\x04")


def is_workbook_by_content(path: Path) -> bool:
    """Whether a zip is a workbook in truth: of Excel, or an OpenDocument spreadsheet."""
    with _opened(path) as archive:
        return bool(_OF_WORKBOOKS & set(archive.namelist()))


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(512)
    except OSError as error:
        raise InputError(
            str(path), f"cannot be read: {error.strerror}", "Check the path and its permissions."
        ) from None


def _what_it_is_instead(path: Path) -> str:
    head = _head(path)
    if not head:
        return "is empty"
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return "is a web page saved as .zip, not a zip"
    if head.startswith(b"PK\x03\x04"):
        return "is a truncated zip: its end, where the list of its files stands, is missing"
    return f"is not a zip: it starts with {head[:8]!r}"


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except OSError as error:
        raise InputError(
            str(path), f"cannot be read: {error.strerror}", "Check the path and its permissions."
        ) from None
    except Exception:  # whatever zipfile throws at a directory of files that is damaged
        raise InputError(str(path), _what_it_is_instead(path), _AGAIN) from None


def member_names(path: Path) -> list[str]:
    """The names of a zip's files, sorted; those of a zip inside it as ``inner.zip!/name``, one level deep.

    Raises InputError for what is no zip, or holds an absurd number of files.
    """
    found: list[str] = []
    with _opened(path) as archive:
        members = sorted(info.filename for info in archive.infolist() if not info.is_dir())
        _refuse_many(str(path), len(members))
        for member in members:
            found.append(member)
            if member.lower().endswith(".zip"):
                place = f"{path.name}/{member}"
                with _inner(archive, member, place) as inner:
                    names = sorted(info.filename for info in inner.infolist() if not info.is_dir())
                    _refuse_many(place, len(names))
                    found += [f"{member}{INSIDE}{name}" for name in names]
    return found


def _refuse_many(place: str, number: int) -> None:
    if number > _MAX_MEMBERS:
        raise InputError(place, f"holds {number} files", "An ESCO download holds about 20. " + _AGAIN)


@contextmanager
def _inner(archive: zipfile.ZipFile, member: str, place: str) -> Iterator[zipfile.ZipFile]:
    """A zip inside a zip. Raises InputError where it is damaged or no zip."""
    info = archive.getinfo(member)
    refuse_absurd(place, info)
    with tempfile.SpooledTemporaryFile(_HELD) as copy:
        try:
            with archive.open(info) as packed:
                shutil.copyfileobj(packed, copy, 1 << 20)
            copy.seek(0)
            opened = zipfile.ZipFile(copy)
        except Exception as error:  # whatever zipfile throws at a damaged zip, outer or inner
            raise InputError(place, f"cannot be read as a zip: {error or type(error).__name__}", _AGAIN) from None
        with opened:
            yield opened


def refuse_absurd(place: str, info: zipfile.ZipInfo) -> None:
    """Raise InputError for a member that is encrypted, or that declares an absurd size or compression."""
    if info.flag_bits & 0x1:
        raise InputError(place, "is encrypted", "Give the zip without a password. " + _AGAIN)
    bomb = info.file_size > _RATIO_MATTERS_FROM and info.file_size > _MAX_RATIO * max(info.compress_size, 1)
    if bomb or info.file_size > _MAX_MEMBER_BYTES:
        sizes = f"would unpack from {info.compress_size} to {info.file_size} bytes"
        raise InputError(place, sizes, "This looks like a zip bomb, so it was not read. " + _AGAIN)


@contextmanager
def stream(path: Path, member: str | None, place: str) -> Iterator[BinaryIO]:
    """A file, or one member of a zip, as a buffered byte stream; what gzip packed is unpacked, whatever its name.

    Raises InputError, also while the caller reads inside the ``with``: damaged, encrypted or absurd members, a checksum
    that does not match, a disk that fails.
    """
    is_packed = member is not None or path.suffix.lower() == ".gz"
    try:
        with ExitStack() as stack:
            raw = _raw(path, member, place, stack)
            if raw.peek(2)[:2] == _GZIP or (member or path.name).lower().endswith(".gz"):  # type: ignore[attr-defined]
                is_packed = True
                packed = stack.enter_context(gzip.GzipFile(fileobj=raw))
                raw = stack.enter_context(io.BufferedReader(_Measured(packed, raw, place), 1 << 20))
            yield raw
    except EscoKgError:
        raise
    except (gzip.BadGzipFile, EOFError) as error:
        raise InputError(place, f"is damaged: {error}", _AGAIN) from None
    except OSError as error:
        raise InputError(
            place, f"cannot be read: {error.strerror or error}", "Check the disk and permissions."
        ) from None
    except SyntaxError:
        raise
    except Exception as error:  # whatever zipfile and the libraries under it throw: zlib, bz2, lzma, struct
        if not is_packed:
            raise
        kind = "gzip file" if member is None else "zip"
        raise InputError(place, f"is damaged inside the {kind}: {error or type(error).__name__}", _AGAIN) from error


def _raw(path: Path, member: str | None, place: str, stack: ExitStack) -> BinaryIO:
    """The bytes as they lie there, of a file or of a zip's member."""
    if member is None:
        return stack.enter_context(path.open("rb", buffering=1 << 20))
    archive = stack.enter_context(_opened(path))
    outer, _, inner = member.partition(INSIDE)
    if inner:
        archive, member = stack.enter_context(_inner(archive, outer, f"{path.name}/{outer}")), inner
    info = archive.getinfo(member)
    refuse_absurd(place, info)
    packed = stack.enter_context(archive.open(info))
    return stack.enter_context(io.BufferedReader(packed, 1 << 20))  # type: ignore[type-var]


class _Measured(io.RawIOBase):
    """What gzip unpacks, counted: a bomb is refused when it shows."""

    def __init__(self, packed: gzip.GzipFile, raw: BinaryIO, place: str) -> None:
        self._packed, self._raw, self._place, self._size = packed, raw, place, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        count = self._packed.readinto(buffer)
        self._size += count
        if self._size > _RATIO_MATTERS_FROM and self._size > _MAX_RATIO * max(self._raw.tell(), 1):
            problem = f"unpacks from {self._raw.tell()} to more than {self._size} bytes"
            raise InputError(self._place, problem, "This looks like a bomb, so it was not read on. " + _AGAIN)
        return count


def head(path: Path, member: str | None, place: str, size: int = 1 << 16) -> bytes:
    """The first bytes of a file or member, unpacked."""
    with stream(path, member, place) as raw:
        return raw.read(size)


def describe(path: Path) -> Source:
    """Name, SHA-256 and size of a file as it lies on the disk (of the zip, not of what is inside)."""
    with path.open("rb") as raw:
        return Source(path.name, _sha256(raw), path.stat().st_size)


def digest_of(path: Path, member: str | None, place: str) -> str:
    """SHA-256 in hex of the file or member."""
    with stream(path, member, place) as raw:
        return _sha256(raw)


def _sha256(raw: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := raw.read(1 << 20):
        digest.update(chunk)
    return digest.hexdigest()
