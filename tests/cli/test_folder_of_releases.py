"""Commands that read a release take a folder of releases, too, even if it holds the demonstration alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from esco_kg.cli import main

ASKED = ["verify {}", "check {}", "measure {} --name levels", "query level-clusters {}", "contents {}", "names fr {}"]


@pytest.mark.parametrize("folder", ["releases", "releases/demonstration", "releases/demonstration/1.0.0"])
@pytest.mark.parametrize("asked", ASKED)
def test_a_folder_of_releases_stands_for_the_newest(
    asked: str, folder: str, demonstration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``check`` said that manifest.json is not there, and ``verify`` refused the demonstration."""
    shutil.copytree(demonstration, tmp_path / "releases" / "demonstration" / "1.0.0")
    monkeypatch.chdir(tmp_path)
    found = CliRunner().invoke(main, asked.format(folder).split())
    assert found.exit_code == 0, found.output
    if not folder.endswith("1.0.0"):
        named = "Release 1.0.0 of the demonstration data, which are invented: releases/demonstration/1.0.0"
        assert named in found.stderr
