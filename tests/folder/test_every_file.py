"""Each kind of file of a release, altered in each plausible way; by one who knows the manifest, too.

Who knows it makes size, hash and number of triples right and writes the manifest's own checksum again: then what the
catalogue says of every other file, and the forms of the catalogue among one another, tell it. A release follows none.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from esco_kg.folder.manifest import own_sha256
from esco_kg.folder.verify import HARMLESS, verify
from tests.support.fuzz import IS_LONG, linked_copy, replace


def _content(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def _write(path: Path, content: bytes) -> None:
    replace(path, gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)


def half(path: Path) -> None:
    """Every second line, the head kept."""
    head, *lines = _content(path).split(b"\n")
    _write(path, b"\n".join([head, *lines[1::2]]))


def word(path: Path) -> None:
    """One word of a text, as long as before."""
    content = _content(path)
    found = list(re.finditer(rb"[a-z]{4,}", content))
    if not found:
        return
    one = found[len(found) // 2]
    _write(path, content[: one.start()] + one[0][::-1].upper() + content[one.end() :])


def more(path: Path) -> None:
    """A line more."""
    _write(path, _content(path) + b"\n")


def emptied(path: Path) -> None:
    replace(path, b"")


def lost(path: Path) -> None:
    path.unlink()


def renamed(path: Path) -> None:
    path.rename(path.with_name(f"x-{path.name}"))


def linked(path: Path) -> None:
    """A link to the same content outside of the release."""
    outside = next(parent for parent in path.parents if parent.name == "releases") / "outside"
    shutil.copyfile(path, outside)
    path.unlink()
    path.symlink_to(outside)


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


WAYS: list[Callable[[Path], None]] = [half, word, more, emptied, lost, renamed, linked, folder]


def forge(release: Path, version: str) -> None:
    """The manifest of the files that are there now."""
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"] = [file for file in manifest["files"] if (release / file["name"]).is_file()]
    for file in manifest["files"]:
        content = (release / file["name"]).read_bytes()
        file |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    for graph, entry in manifest["graphs"].items():
        path = release / f"esco-kg-{version}-{graph}.nt.gz"
        if path.is_file() and path.stat().st_size:
            content = _content(path)
            entry |= {"triples": content.count(b"\n"), "rdfc10_sha256": hashlib.sha256(content).hexdigest()}
    manifest["own_sha256"] = own_sha256(manifest)
    replace(release / "manifest.json", json.dumps(manifest).encode())


def kinds(release: Path) -> list[str]:
    """Every file at the top, and of each folder one with each ending: the others are alike.

    In the short run the forms of the catalogue, which it does not list itself, and a few other files.
    """
    names = sorted(path.relative_to(release).as_posix() for path in release.rglob("*") if path.is_file())
    alike = {(Path(name).parent, Path(name).suffix): name for name in names if "/" in name}
    found = sorted({name for name in names if "/" not in name} - {"manifest.json"} | set(alike.values()))
    assert len(found) > 40
    if IS_LONG:
        return found
    return [
        name
        for name in found
        if "-catalogue." in name or name.endswith((".rq", "allocations.csv", ".xlsx", ".sqlite", ".parquet"))
    ]


# A blank line in a form of the catalogue, with a manifest made to fit, says nothing else: its statements are compared.
@pytest.mark.parametrize(
    ("way", "is_forged"), [(way, known) for known in (False, True) for way in WAYS if way is not more or not known]
)
def test_what_was_done_to_a_file_is_named(
    second_release: Path, tmp_path: Path, way: Callable[[Path], None], is_forged: bool
) -> None:
    version = second_release.name
    for name in kinds(second_release):
        release = linked_copy(second_release, tmp_path / "releases" / version)
        before = (release / name).read_bytes()
        way(release / name)
        if way not in (half, word) or (release / name).read_bytes() != before:  # else it has no lines, or no words
            if is_forged:
                forge(release, version)
            told = verify(release).deviations
            assert any(Path(name).stem in f"{one.name}: {one.message}" for one in told), (name, told)
            assert any(one.kind not in HARMLESS for one in told), (name, told)
        shutil.rmtree(tmp_path / "releases")
