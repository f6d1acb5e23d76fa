"""Files and zip members as byte streams. Nothing is ever unpacked onto the disk.

A zip is judged before a byte of it is read: its members are counted, and a member that declares an absurd size or
compression is refused, so a zip bomb costs nothing.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from esco_kg.errors import EscoKgError, InputError
from esco_kg.model.pillar import Source

# ESCO's largest table has 21 MB and deflates to a fifth. Deflate itself can reach 1 : 1032.
_MAX_MEMBERS = 10_000
_MAX_MEMBER_BYTES = 4 << 30
_MAX_RATIO = 200
_RATIO_MATTERS_FROM = 16 << 20

_AGAIN = "Download it again from the ESCO portal and give the file exactly as it came."


def is_zip_by_content(path: Path) -> bool:
    """Whether the file starts as a zip does; its name says nothing."""
    return _head(path).startswith(b"PK\x03\x04")


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
    """The names of a zip's files, sorted. Raises InputError for what is no zip, or holds an absurd number of files."""
    with _opened(path) as archive:
        members = [info.filename for info in archive.infolist() if not info.is_dir()]
    if len(members) > _MAX_MEMBERS:
        raise InputError(str(path), f"holds {len(members)} files", "An ESCO download holds about 20. " + _AGAIN)
    return sorted(members)


def _refuse_absurd(place: str, info: zipfile.ZipInfo) -> None:
    if info.flag_bits & 0x1:
        raise InputError(place, "is encrypted", "Give the zip without a password. " + _AGAIN)
    bomb = info.file_size > _RATIO_MATTERS_FROM and info.file_size > _MAX_RATIO * max(info.compress_size, 1)
    if bomb or info.file_size > _MAX_MEMBER_BYTES:
        sizes = f"would unpack from {info.compress_size} to {info.file_size} bytes"
        raise InputError(place, sizes, "This looks like a zip bomb, so it was not read. " + _AGAIN)


@contextmanager
def stream(path: Path, member: str | None, place: str) -> Iterator[BinaryIO]:
    """A file, or one member of a zip, as a buffered byte stream.

    Raises InputError, also while the caller reads inside the ``with``: damaged, encrypted or absurd members, a checksum
    that does not match, a disk that fails.
    """
    try:
        if member is None:
            with path.open("rb", buffering=1 << 20) as plain:
                yield plain
        else:
            with _opened(path) as archive:
                info = archive.getinfo(member)
                _refuse_absurd(place, info)
                with archive.open(info) as packed, io.BufferedReader(packed, 1 << 20) as buffered:  # type: ignore[type-var]
                    yield buffered
    except EscoKgError:
        raise
    except OSError as error:
        raise InputError(
            place, f"cannot be read: {error.strerror or error}", "Check the disk and permissions."
        ) from None
    except Exception as error:  # whatever zipfile and the libraries under it throw: zlib, bz2, lzma, struct
        if member is None:
            raise
        raise InputError(place, f"is damaged inside the zip: {error or type(error).__name__}", _AGAIN) from error


def describe(path: Path) -> Source:
    """Name, SHA-256 and size of a file as it lies on the disk (of the zip, not of what is inside)."""
    with stream(path, None, str(path)) as raw:
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
