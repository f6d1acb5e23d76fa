"""The cache of partitions: the same partition comes back, and a damaged file is made again, never believed."""

from __future__ import annotations

import ast
import gzip
import logging
from dataclasses import replace
from importlib.metadata import packages_distributions
from pathlib import Path

import numpy as np
import pytest

from esco_kg import clusters
from esco_kg.clusters.cache import cached, partition_key
from esco_kg.folder.cache import cache_folder
from esco_kg.model.clustering import PACKAGES
from esco_kg.model.expertise import Decision, Expertise, Frame
from esco_kg.model.partition import Partition
from esco_kg.model.pillar import Source
from tests.support import trades


def same(one: Partition, other: Partition) -> bool:
    return all(
        np.array_equal(np.asarray(a), np.asarray(b)) and getattr(a, "dtype", None) == getattr(b, "dtype", None)
        for name in ("finest", "runners_up", "margins")
        for a, b in [(getattr(one, name), getattr(other, name))]
    ) and all(
        getattr(one, name) == getattr(other, name)
        for name in ("skills", "branches", "frames", "further", "methods", "decisions", "parameters", "statements")
    )


class Maker:
    """Counts how often the partition is made."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> Partition:
        self.times += 1
        made = trades.partition(trades.pillar())
        made.parameters = {"seed": 1, "nested": {"a": [1.5]}}
        made.statements = ["“Ünï” < & >"]
        return made


def test_the_second_time_it_is_read(tmp_path: Path) -> None:
    make = Maker()
    first, second = (cached("k", make, tmp_path / "deep" / "er") for _ in range(2))
    assert make.times == 1 and same(first, second)
    assert [np.array_equal(a, b) for a, b in zip(first.parents, second.parents, strict=True)] == [True, True]


def test_no_key_keeps_nothing(tmp_path: Path) -> None:
    make = Maker()
    cached("", make, tmp_path)
    assert make.times == 1 and list(tmp_path.iterdir()) == []


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def turned(data: bytes) -> bytes:
    """A figure changed inside a whole gzip: only the hash can tell."""
    return gzip.compress(gzip.decompress(data).replace(b"0.75", b"0.85", 1))


@pytest.mark.parametrize(
    "spoil", [cut, turned, lambda data: b"", lambda data: b"no gzip", lambda data: gzip.compress(b"")]
)
def test_a_damaged_file_is_made_again_and_mended(tmp_path: Path, spoil: object) -> None:
    make = Maker()
    cached("k", make, tmp_path)
    path = tmp_path / "k.json.gz"
    whole = path.read_bytes()
    path.write_bytes(spoil(whole))  # type: ignore[operator]
    assert same(cached("k", make, tmp_path), make())
    assert make.times == 3 and path.read_bytes() == whole


def test_a_folder_that_cannot_be_written_is_said_and_no_failure(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    with caplog.at_level(logging.WARNING):
        assert same(cached("k", Maker(), tmp_path / "file"), Maker()())
    assert "the clusters were not kept for the next run" in caplog.text


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    for n in range(23):
        cached(f"k{n:02d}", Maker(), tmp_path)
    assert len(list(tmp_path.iterdir())) == 20 and not (tmp_path / "k00.json.gz").exists()


def test_the_folder_follows_the_xdg_rule(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "esco-kg"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert cache_folder() == tmp_path / "home" / ".cache" / "esco-kg"


def test_everything_that_decides_the_partition_is_in_the_key() -> None:
    made, sectors, settings = trades.pillar(), trades.sectors(), trades.config().clusters
    key = partition_key(made, sectors, settings, Expertise(), {})
    others = [
        partition_key(
            replace(made, sources=[Source("workshop.csv", "cd" * 32, 1)]), sectors, settings, Expertise(), {}
        ),
        partition_key(made, replace(sectors, sources=[Source("n.xlsx", "ef" * 32, 1)]), settings, Expertise(), {}),
        partition_key(made, trades.no_sectors(), settings, Expertise(), {}),
        partition_key(made, sectors, replace(settings, seed=2), Expertise(), {}),
        partition_key(made, sectors, settings, Expertise(frames=[Frame("f", "sector", {"en": "F"})]), {}),
        partition_key(made, sectors, settings, Expertise(decisions=[Decision("seed", ("a",), "f", "", "x")]), {}),
        partition_key(made, sectors, settings, Expertise(), {"a": "c00001"}),
    ]
    assert len({key, *others}) == 8
    named = partition_key(made, sectors, replace(settings, level_names={"en": {1: "x"}}), Expertise(), {})
    renamed = partition_key(
        replace(made, sources=[Source("other.csv", "ab" * 32, 1)]), sectors, settings, Expertise(), {}
    )
    assert named == renamed == key
    assert partition_key(replace(made, sources=[]), sectors, settings, Expertise(), {}) == ""


def test_every_package_that_clusters_are_computed_with_is_named() -> None:
    """Else another version of it would be no cause of a change, and old results would come out of the cache."""
    names = packages_distributions()
    found = set()
    for path in Path(clusters.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.partition(".")[0])
    imported = {names[name][0] for name in found - {"esco_kg"} if name in names}
    # These read what was given, or keep sums on one thread; the program's own version is named apart.
    assert imported - {"pyoxigraph", "rdflib", "threadpoolctl", "polars", "python-calamine"} <= set(PACKAGES)
    assert "tokenizers" in PACKAGES  # cuts texts for wordllama
