"""Release, catalogue, history, feed and log appear together: whatever ends the run, all or nothing is there."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from esco_kg.config import read_config
from esco_kg.errors import OutputError
from esco_kg.folder.reading import ReleaseFolder, read_manifest
from esco_kg.folder.staging import staging
from esco_kg.folder.verify import verify
from esco_kg.notes import history_files
from esco_kg.release import index
from esco_kg.resources import folder
from tests.support.places import ROOT

CONFIG = read_config(folder("demonstration") / "v1.0.0" / "release.toml")
BESIDE = {"catalogue.ttl", "changes.ndjson", *(name for names in history_files("en").values() for name in names)}
NAMES = {"1.0.0", *BESIDE}


def publish(source: Path, out: Path) -> None:
    """What the last step of a release does, with a release that is made already."""

    def beside(aside: Path) -> dict[Path, bytes]:
        return index.files(out, CONFIG, ReleaseFolder(aside, "1.0.0", read_manifest(aside)))

    with staging(out / "1.0.0", beside) as aside:
        shutil.copytree(source, aside, dirs_exist_ok=True)


def names(out: Path) -> set[str]:
    return {path.name for path in out.iterdir() if not path.name.startswith(".")}


def test_all_is_there_at_once(demonstration: Path, tmp_path: Path) -> None:
    publish(demonstration, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == NAMES
    assert index.files(tmp_path, CONFIG) == {}, "nothing is left to bring up to date"


@pytest.mark.parametrize("number", range(4))
def test_a_disk_that_fails_between_the_renames_leaves_nothing(
    demonstration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """ "Nothing was published" was said when the release was there and the log was not."""
    (tmp_path / "feed.xml").write_text("old feed")
    rename, calls = os.replace, []

    def failing(source: Path, target: Path) -> None:
        calls.append(target)
        if len(calls) == number + 1:
            raise OSError(errno.EIO, "Input/output error", str(target))
        rename(source, target)

    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(OutputError) as caught:
        publish(demonstration, tmp_path)
    assert "Nothing was published" in caught.value.hint
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"feed.xml": "old feed"}


def test_an_interruption_waits_until_all_is_in_place(tmp_path: Path) -> None:
    seen: list[set[str]] = []

    def done() -> None:
        signal.raise_signal(signal.SIGINT)
        seen.append(names(tmp_path))

    with (
        pytest.raises(KeyboardInterrupt),
        staging(tmp_path / "1.0.0", lambda _: {tmp_path / "log": b"x"}, done) as aside,
    ):
        (aside / "a.txt").write_text("whole")
    assert seen == [{"1.0.0", "log"}] and names(tmp_path) == {"1.0.0", "log"}


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.release.test_publishing import publish
at, source, out = int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
calls = []
def counted(real):
    def call(*arguments):
        calls.append(arguments)
        if len(calls) > at:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments)
    return call
os.rename, os.replace = counted(os.rename), counted(os.replace)
publish(source, out)
"""


# Of the renames in the middle, which are alike, one.
@pytest.mark.parametrize("at", [0, 1, 2, len(NAMES) // 2, len(NAMES) - 1, len(NAMES)])
def test_what_a_kill_leaves_the_next_run_mends(demonstration: Path, tmp_path: Path, at: int) -> None:
    """Killed before the rename of the folder, between the renames that follow it, and after the last one."""
    command = [sys.executable, "-c", KILLED, str(at), str(demonstration), str(tmp_path)]
    ended = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert ended.returncode == (0 if at == len(NAMES) else -signal.SIGKILL), ended.stderr
    if at == 0:
        assert names(tmp_path) == set()
        publish(demonstration, tmp_path)
    assert verify(tmp_path / "1.0.0").deviations == ()
    index.update(tmp_path, CONFIG)
    assert names(tmp_path) == NAMES
    assert index.files(tmp_path, CONFIG) == {}
