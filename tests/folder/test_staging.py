"""A folder appears whole or not at all."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from esco_kg.errors import OutputError, UsageError
from esco_kg.folder.staging import staging, write_whole


def content(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): p.read_text() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_finished_folder_gets_its_name(tmp_path: Path) -> None:
    with staging(tmp_path / "releases" / "1.0.0") as aside:
        (aside / "a.txt").write_text("whole")
        assert not (tmp_path / "releases" / "1.0.0").exists()
    assert content(tmp_path) == {"releases/1.0.0/a.txt": "whole"}


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError, SystemExit])
def test_a_failure_leaves_nothing_not_even_the_parents(tmp_path: Path, error: type[BaseException]) -> None:
    with pytest.raises(error), staging(tmp_path / "new" / "releases" / "1.0.0") as aside:
        (aside / "a.txt").write_text("half")
        raise error
    assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "0.9.0").mkdir()
    (tmp_path / "0.9.0" / "old.txt").write_text("old")
    with pytest.raises(ValueError), staging(tmp_path / "1.0.0"):
        raise ValueError
    assert content(tmp_path) == {"0.9.0/old.txt": "old"}


def test_a_full_folder_of_temporary_files_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder given with --out was, which had room."""
    (tmp_path / "aside").mkdir()
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path / "aside"))
    monkeypatch.setattr("shutil.disk_usage", lambda at: SimpleNamespace(free=0 if Path(at).name == "aside" else 1))
    with pytest.raises(OutputError) as caught, staging(tmp_path / "out" / "1.0.0"):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert caught.value.message == f"{tmp_path / 'aside'}: No space left on device" and "TMPDIR" in caught.value.hint


def test_a_full_disk_names_the_file_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"big\.ttl: No space left on device") as caught, staging(tmp_path / "1.0.0"):
        raise OSError(errno.ENOSPC, "No space left on device", "big.ttl")
    assert "Free some space" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_an_existing_release_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "1.0.0").mkdir()
    (tmp_path / "1.0.0" / "old.txt").write_text("old")
    with pytest.raises(UsageError, match="exists already"), staging(tmp_path / "1.0.0") as aside:
        (aside / "new.txt").write_text("new")
    assert content(tmp_path) == {"1.0.0/old.txt": "old"}


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.ttl"
    path.write_text("old")
    write_whole(path, "new é\n")
    assert path.read_bytes() == "new é\n".encode()
    assert [p.name for p in tmp_path.iterdir()] == ["catalogue.ttl"]


def test_a_file_that_cannot_be_written_keeps_its_old_text(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.ttl"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "lone surrogate \ud800")
    assert content(tmp_path) == {"catalogue.ttl": "old"}


WORK = """
import sys, time
from pathlib import Path
from esco_kg.folder.staging import staging
with staging(Path(sys.argv[1])) as aside:
    (aside / "half.txt").write_text("half")
    print(aside.name, flush=True)
    time.sleep(60)
"""


def at_work(final: Path, *, hours: int) -> tuple[subprocess.Popen[str], Path]:
    """A process that makes ``final``, and its folder, which has not changed for so many hours."""
    process = subprocess.Popen([sys.executable, "-c", WORK, str(final)], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    folder = final.parent / process.stdout.readline().strip()
    process.stdout.close()
    then = time.time() - hours * 3600
    os.utime(folder, (then, then))
    return process, folder


def test_what_a_killed_run_left_goes_with_the_next_and_what_others_work_on_stays(tmp_path: Path) -> None:
    final = tmp_path / "1.0.0"
    dead, left = at_work(final, hours=2)
    dead.kill()
    dead.wait(10)
    fresh = tmp_path / ".partial-1.0.0-fresh"
    fresh.mkdir()
    other = tmp_path / ".partial-2.0.0-other"
    other.mkdir()
    os.utime(other, (0, 0))
    alive, used = at_work(final, hours=2)
    try:
        assert not left.exists(), "the second run takes it away"
        with staging(final) as aside:
            (aside / "a.txt").write_text("whole")
        assert content(final) == {"a.txt": "whole"}
        assert content(used) == {"half.txt": "half"} and fresh.is_dir() and other.is_dir()
    finally:
        alive.kill()
        alive.wait(10)
