"""A release whose manifest was edited to fit what else was altered is found out: its parts contradict each other."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from esco_kg.cli import main
from esco_kg.errors import InputError
from esco_kg.folder.manifest import own_sha256
from esco_kg.folder.verify import refuse_altered, verify

Manifest = dict[str, Any]
STEM = "esco-kg-1.0.0"


@pytest.fixture
def release(demonstration: Path, tmp_path: Path) -> Path:
    """A copy that a test may alter."""
    return Path(shutil.copytree(demonstration, tmp_path / "demonstration" / "1.0.0"))


def manifest(folder: Path) -> Manifest:
    return dict(json.loads((folder / "manifest.json").read_text(encoding="utf-8")))


def forge(folder: Path, change: Callable[[Manifest], object] = lambda content: None) -> None:
    """Change the manifest and make sizes, hashes and counts of it agree with the files that are there."""
    content = manifest(folder)
    for entry in content["files"]:
        path = folder / entry["name"]
        if path.is_file():
            entry |= {"bytes": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    for graph, entry in content["graphs"].items():
        path = folder / f"{STEM}-{graph}.nt.gz"
        data = gzip.decompress(path.read_bytes())
        entry |= {"triples": data.count(b"\n"), "rdfc10_sha256": hashlib.sha256(data).hexdigest()}
    change(content)
    content["own_sha256"] = own_sha256(content)
    (folder / "manifest.json").write_text(json.dumps(content), encoding="utf-8")


def halve(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as stream:
        head, *rows = list(csv.reader(stream))
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([head, *rows[::2]])


def repack(path: Path, change: Callable[[bytes], bytes]) -> None:
    before = gzip.decompress(path.read_bytes())
    assert change(before) != before
    path.write_bytes(gzip.compress(change(before), mtime=0))


def in_place(path: Path, old: bytes, new: bytes) -> None:
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, 1))


def told(folder: Path, *, is_thorough: bool = False) -> str:
    return "\n".join(f"{d.kind}: {d.name}: {d.message}" for d in verify(folder, is_thorough=is_thorough).deviations)


def test_a_release_agrees_with_itself(release: Path) -> None:
    assert told(release, is_thorough=True) == ""


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("version", "9.9.9", "its version is 9.9.9, and it lists"),
        ("issued", "2030-01-01", "its issued is not what the catalogue says"),
        ("esco_version", "1.2.1", "its esco_version is not what the catalogue says"),
        ("previous", "0.9.0", "its previous is not what the catalogue says"),
        ("base_iri", "https://elsewhere.example/", "is not that of its settings"),
        ("graphs", {}, "stands in files and not among the graphs"),
        ("graphs", [], "its list of graphs is damaged"),
        ("graphs", {"clusters": 3}, "its list of graphs is damaged"),
        ("inputs", [], "its inputs are not what the catalogue says"),
        ("languages", "en", "its languages is missing or of another type"),
        ("format", None, "its format is missing or of another type"),
        ("files", [], "it does not list"),
    ],
)
def test_a_manifest_that_says_something_else_is_named(release: Path, key: str, value: object, message: str) -> None:
    """ "0 deviations" was the answer to a version 9.9.9: the manifest was believed."""
    forge(release, lambda content: content.update({key: value}))
    assert message in told(release)
    with pytest.raises(InputError):
        refuse_altered(release)


@pytest.mark.parametrize(
    ("name", "alter", "message"),
    [
        ("allocations.csv", halve, "of its entries are in the graph clusters alone"),
        ("clusters.csv", halve, "of its entries are in the graph clusters alone"),
        ("registry.csv", halve, "of its entries are in the graph clusters alone"),
        (
            "clusters.nt.gz",
            lambda path: repack(path, lambda data: b"".join(data.splitlines(keepends=True)[:-9])),
            "triples, 1",
        ),
        (
            "clusters.ndjson.gz",
            lambda path: repack(path, lambda data: data.replace(b'"', b' "', 1)),
            "is not what the catalogue says",
        ),
        ("clusters.ttl", lambda path: in_place(path, b"cluster", b"Cluster"), "is not what the catalogue says"),
    ],
)
def test_a_file_that_was_altered_with_its_hash_is_named(
    release: Path, name: str, alter: Callable[[Path], None], message: str
) -> None:
    alter(release / f"{STEM}-{name}")
    forge(release)
    assert message in told(release)


def test_a_form_that_says_something_else_than_its_graph_is_named(release: Path) -> None:
    in_place(release / f"{STEM}-clusters.ttl", b"@en", b"@de")
    forge(release)
    lacks = f"graph: {STEM}-clusters.ttl: lacks a triple that {STEM}-clusters.nt.gz has"
    assert lacks in told(release, is_thorough=True)


def test_a_link_an_empty_folder_and_another_name_of_the_folder_are_named(release: Path) -> None:
    table = release / "statistics" / "levels.csv"
    table.rename(release.parent / "levels.csv")
    table.symlink_to(release.parent / "levels.csv")
    (release / "empty").mkdir()
    moved = release.rename(release.with_name("2.0.0"))
    assert told(moved).split("\n") == [
        "extra: empty: the manifest lists no file of this folder",
        "folder: 2.0.0: the folder is named so, and the release in it is 1.0.0",
        "link: statistics/levels.csv: a link stands here; a release holds its files itself",
    ]


@pytest.mark.parametrize("name", ["a" * 5000, "a/" * 5000 + "b", "", ".", "a//b", "a\x00b", "./a", "\udcff" * 300])
def test_a_name_that_is_none_is_refused(release: Path, name: str) -> None:
    forge(release, lambda content: content["files"][0].update(name=name))
    with pytest.raises(InputError, match="is no name of a file"):
        verify(release)


DEEP = "[" * 100_000


@pytest.mark.parametrize(
    "text", [DEEP, f'{{"version": {DEEP}', "\ufeff{}", '{"version": 3}', "null", "\x00"], ids=range(6)
)
def test_a_manifest_that_is_no_manifest_is_one_line(release: Path, text: str) -> None:
    (release / "manifest.json").write_text(text, encoding="utf-8")
    found = CliRunner().invoke(main, ["verify", str(release)])
    assert found.exit_code == 3, found.output
    assert "manifest.json: " in found.output and "a release's manifest" in found.output


def test_a_release_does_not_follow_an_altered_one(release: Path) -> None:
    """Half of the allocations deleted made a release 2.0.0 and 461 false lines in the log, which keeps them."""
    halve(release / f"{STEM}-allocations.csv")
    out = release.parent.parent
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    for with_manifest in (False, True):
        if with_manifest:
            forge(release)
            before[release / "manifest.json"] = (release / "manifest.json").read_bytes()
        # An unchanged input, of which "nothing changed" would be said, and another one.
        for more in ((), ("--languages", "en,de")):
            asked = ["release", "--out", str(out), "--issued", "2030-01-01", *more, "--quiet"]
            found = CliRunner().invoke(main, asked)
            assert (found.exit_code, "is not as published" in found.output) == (3, True), found.output
        assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
