"""Tables that a release published are read as they would be counted, and never where that is not so."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import esco_kg
from esco_kg.folder.find import find_release
from esco_kg.library.measures import _counted
from esco_kg.statistics.published import published


@pytest.fixture
def folder(tmp_path: Path, two_releases: Path) -> Path:
    return Path(shutil.copytree(find_release(two_releases), tmp_path / "1.1.0"))


def test_published_tables_are_those_that_counting_gives(folder: Path) -> None:
    """Read and counted, each measure is the same: values, types, blanks and what is said of the columns."""
    assert published(folder) == _counted([folder], (), None) == esco_kg.measure(folder)


def test_an_altered_table_is_counted_again(folder: Path) -> None:
    path = folder / "statistics" / "levels.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("1,", "2,", 1), encoding="utf-8")
    assert published(folder, ["levels"]) is None
    assert esco_kg.measure(folder, names=["levels"]) == _counted([folder], ["levels"], None)


def test_a_table_that_answers_another_query_is_counted_again(folder: Path) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["measures"]["levels"]["query_sha256"] = "0" * 64
    path.write_text(json.dumps(manifest), encoding="utf-8")
    assert published(folder, ["levels"]) is None and published(folder, ["clusters"]) is not None
