"""A folder appears whole or not at all."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from esco_kg.errors import OutputError, UsageError
from esco_kg.staging import staging, write_atomically


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
    write_atomically(path, "new é\n")
    assert path.read_bytes() == "new é\n".encode()
    assert [p.name for p in tmp_path.iterdir()] == ["catalogue.ttl"]


def test_a_file_that_cannot_be_written_keeps_its_old_text(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.ttl"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "lone surrogate \ud800")
    assert content(tmp_path) == {"catalogue.ttl": "old"}
