"""What stands beside the releases under ``releases/``: a catalogue, a page of history and a feed in each language,
rewritten with each release, and the log of changes, which is only ever added to."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Sequence
from pathlib import Path

from esco_kg.config import Config
from esco_kg.diff.report import release_event
from esco_kg.dump import turtle_text
from esco_kg.errors import InputError
from esco_kg.folder.find import published_releases
from esco_kg.folder.manifest import sha256_of
from esco_kg.folder.reading import CATALOGUE, MANIFEST, ReleaseFolder, version_key
from esco_kg.folder.staging import locked, write_whole
from esco_kg.notes import PLAIN_HISTORY, render_histories
from esco_kg.scheme import releases_catalogue_blocks

LOG = "changes.ndjson"
HISTORY, FEED = PLAIN_HISTORY


def update(out: Path, config: Config) -> None:
    """Bring everything beside the releases in ``out`` up to date, each file in one step; one that is stays untouched.

    Raises InputError where the log of changes is damaged: it cannot be made again in its order.
    """
    with locked(out):
        for path, content in files(out, config).items():
            write_whole(path, content)


def files(out: Path, config: Config, coming: ReleaseFolder | None = None) -> dict[Path, bytes]:
    """What is to stand beside the releases in ``out``, and the one that is ``coming``: files that change, by path.

    Raises InputError where the log of changes is damaged.
    """
    releases = published_releases(out, config.base_iri)
    if coming:
        releases = sorted([*releases, coming], key=lambda release: version_key(release.version))
    manifests = [release.manifest for release in releases]
    checksums = {release.version: sha256_of(release.folder / MANIFEST) for release in releases}
    texts = {
        CATALOGUE: turtle_text(releases_catalogue_blocks(config, manifests, checksums)),
        LOG: _log(out / LOG, releases),
        **render_histories(config, manifests, {one.version: _levels(one) for one in releases}),
    }
    wanted = {out / name: text.encode() for name, text in texts.items()}
    return {path: new for path, new in wanted.items() if not path.exists() or path.read_bytes() != new}


def _levels(release: ReleaseFolder) -> list[dict[str, str]]:
    """The rows of a release's measure ``levels``; none where it lacks the table."""
    path = release.folder / "statistics" / "levels.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _log(path: Path, releases: Sequence[ReleaseFolder]) -> str:
    """The log with the events of those releases it does not know yet, in the order of their versions.

    Its lines of a release that is there are those which the release holds: else the log was altered.
    """
    told = path.read_bytes() if path.exists() else b""
    known: dict[str, list[bytes]] = {}
    # A record ends at a newline and nowhere else: texts in it hold other line separators, such as U+2028.
    for number, line in enumerate(told.removesuffix(b"\n").split(b"\n") if told else (), start=1):
        try:
            known.setdefault(json.loads(line)["release"], []).append(line)
        except (ValueError, KeyError, TypeError, RecursionError):
            raise InputError(f"{path}:{number}", "not an event", "Restore the file from a copy.") from None
    for release in releases:
        lines = known.get(release.version)
        if lines and _kept(release).exists() and b"\n".join([*lines, b""]) != _events(release).encode():
            problem = f"its lines of release {release.version} are not those of {_kept(release)}"
            raise InputError(str(path), problem, "Restore the file from a copy.")
    return told.decode() + "".join(_events(release) for release in releases if release.version not in known)


def _kept(release: ReleaseFolder) -> Path:
    """Where a release that follows another one keeps its own events."""
    return release.folder / f"esco-kg-{release.version}-changes.ndjson.gz"


def _events(release: ReleaseFolder) -> str:
    if _kept(release).exists():
        return gzip.decompress(_kept(release).read_bytes()).decode()
    return release_event(release.version, "", str(release.manifest["issued"])) + "\n"
