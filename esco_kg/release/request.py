"""What a user asks of a release, and what is refused before any work begins."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from esco_kg.clusters.given import check_named
from esco_kg.errors import MissingError, UsageError
from esco_kg.folder.reading import ReleaseFolder, version_key
from esco_kg.model.published import Published


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for; every field but ``paths`` may be left out. No ``paths``: the demonstration data.

    ``clusters`` are those that somebody else made: paths, ``official:2``, or data frames; ``complete`` places the
    skills that they leave out. ``extract`` says that a part of ESCO is meant; ``repair`` has damage of the input
    undone.
    """

    paths: tuple[Path, ...] = ()
    nace: Path | None = None
    version: str | None = None
    esco_version: str | None = None
    previous: Path | None = None
    languages: tuple[str, ...] | None = None
    out: Path = Path("releases")
    issued: str | None = None
    config: Path | None = None
    curation: Path | None = None
    engine: str = "shacl"
    use_cache: bool = True
    clusters: tuple[Any, ...] = ()
    complete: bool = False
    extract: bool = False
    repair: bool = False


def day_of_issue(given: str | None) -> str:
    """The ISO date a release is issued on: the one given, otherwise SOURCE_DATE_EPOCH's, otherwise today's, both in
    UTC.

    SOURCE_DATE_EPOCH is specified at reproducible-builds.org. Raises UsageError where it is no number of seconds.
    """
    if given:
        return given
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return datetime.now(UTC).date().isoformat()
    try:
        return datetime.fromtimestamp(int(epoch), UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"SOURCE_DATE_EPOCH {epoch!r} is no number of seconds", "Unset it or give --issued.") from None


def check_request(request: Request) -> None:
    """Raise UsageError for options that contradict each other or are no values, MissingError for a file not there."""
    if request.complete and not request.clusters:
        raise UsageError("--complete without --clusters", "It places the skills that clusters of yours leave out.")
    if request.clusters:
        check_named(request.clusters)
    if request.issued and not _is_date(request.issued):
        raise UsageError(f"--issued {request.issued} is no date", "Write it as 2026-01-31.")
    if request.curation and not request.curation.is_dir():
        raise MissingError(f"--curation {request.curation}")
    # Looked for before any work begins: ESCO takes a while to read.
    for option, path in (("--nace", request.nace), ("--config", request.config), ("--previous", request.previous)):
        if path and not path.exists():
            raise MissingError(f"{option} {path}")
    if request.version:
        try:
            version_key(request.version)
        except ValueError as error:
            raise UsageError(f"--version: {error}") from None


def check_version(version: str | None, earlier: Sequence[ReleaseFolder], previous: Published | None) -> None:
    """Raise UsageError where a release has this number already, or the previous one a higher one."""
    if version is None:
        return
    if any(release.version == version for release in earlier):
        raise UsageError(
            f"release {version} exists, and something changed since the newest release",
            "A published release is never changed; give a higher version.",
        )
    if previous and version_key(version) <= version_key(previous.version):
        raise UsageError(
            f"version {version} is not above {previous.version}, the previous release", "Give a higher one."
        )


def check_issued(issued: str, earlier: Sequence[ReleaseFolder], previous: Published | None) -> None:
    """Raise UsageError where a release of this scheme was issued on a later day."""
    known = [(str(release.manifest["issued"]), release.version) for release in earlier]
    known += [(previous.issued, previous.version)] if previous else []
    latest, version = max(known, default=("", ""))
    if issued < latest:
        raise UsageError(
            f"the date of issue {issued} is before that of release {version}, {latest}",
            f"Give --issued {latest} or a later day.",
        )


def _is_date(text: str) -> bool:
    """Whether the text is a day of the calendar, written as 2026-01-31."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
