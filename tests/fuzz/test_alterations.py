"""Every way of altering a previous release is named, and no release follows an altered one."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from esco_kg.errors import EscoKgError
from esco_kg.folder.verify import refuse_altered, verify
from tests.support.fuzz import drawn, linked_copy, number, part, replace

Alteration = Callable[[Path, Random], str]


def _files(release: Path) -> list[Path]:
    return sorted(path for path in release.rglob("*") if path.is_file())


def _bit(release: Path, random: Random) -> str:
    path = random.choice([path for path in _files(release) if path.stat().st_size])
    content = bytearray(path.read_bytes())
    content[random.randrange(len(content))] ^= 1 << random.randrange(8)
    replace(path, bytes(content))
    return f"a bit of {path.name}"


def _lost(release: Path, random: Random) -> str:
    path = random.choice([path for path in _files(release) if path.name != "manifest.json"])
    path.unlink()
    return f"{path.name} lost"


def _more(release: Path, random: Random) -> str:
    path = random.choice(_files(release)).with_name(f"more{random.randrange(10)}.txt")
    path.write_text("more")
    return f"{path.name} added"


def _emptied(release: Path, random: Random) -> str:
    path = random.choice([path for path in _files(release) if path.stat().st_size])
    replace(path, b"")
    return f"{path.name} emptied"


def _exchanged(release: Path, random: Random) -> str:
    one, other = random.sample(_files(release), 2)
    first, second = one.read_bytes(), other.read_bytes()
    replace(one, second)
    replace(other, first)
    return f"{one.name} and {other.name} exchanged" if first != second else _bit(release, random)


def _renamed(release: Path, random: Random) -> str:
    path = random.choice([path for path in _files(release) if path.name != "manifest.json"])
    path.rename(path.with_name(f"x-{path.name}"))
    return f"{path.name} renamed"


def _linked(release: Path, random: Random) -> str:
    path = random.choice([path for path in _files(release) if path.name != "manifest.json"])
    other = release.parent / f"outside-{path.name}"
    shutil.copyfile(path, other)
    path.unlink()
    path.symlink_to(other)
    return f"{path.name} is a link to the same content outside"


def _manifest(release: Path, random: Random) -> str:
    path = release / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    key = random.choice(sorted(manifest))
    how = random.choice(("lost", "emptied", "another"))
    if how == "lost":
        del manifest[key]
    elif how == "emptied":
        manifest[key] = type(manifest[key])()
    else:
        manifest[key] = f"{manifest[key]}9" if isinstance(manifest[key], str) else [manifest[key]]
    content = json.dumps(manifest).encode()
    if json.loads(content) == json.loads(path.read_bytes()):
        return _bit(release, random)
    replace(path, content)
    return f"the manifest's {key} {how}"


def _half_of_a_graph_with_its_sums(release: Path, random: Random) -> str:
    """What somebody does who knows the manifest: half of the statements gone, size and hash of the file made right."""
    path = random.choice(sorted(release.glob("*.nt.gz")))
    lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    other = gzip.compress(b"".join(lines[::2]), mtime=0)
    replace(path, other)
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    entry = next(file for file in manifest["files"] if file["name"] == path.name)
    entry |= {"bytes": len(other), "sha256": hashlib.sha256(other).hexdigest()}
    replace(release / "manifest.json", json.dumps(manifest).encode())
    return f"half of {path.name}, with its sums"


WAYS: list[Alteration] = [
    _bit, _lost, _more, _emptied, _exchanged, _renamed, _linked, _manifest, _half_of_a_graph_with_its_sums,
]  # fmt: skip


@pytest.mark.parametrize("alter", WAYS)
def test_an_alteration_is_named(demonstration: Path, tmp_path: Path, alter: Alteration) -> None:
    for at in part(number(1, 60)):
        random = drawn(alter.__name__, at)
        (tmp_path / str(at)).mkdir()
        release = linked_copy(demonstration, tmp_path / str(at) / "1.0.0")
        done = alter(release, random)
        try:
            found = verify(release).deviations
        except EscoKgError as error:
            assert "manifest" in error.message, f"{done}: {error}"
            found = (error,)  # type: ignore[assignment]
        assert found, f"not named: {done}"
        if alter is not _more:  # what lies beside the files of the manifest is read by nobody
            with pytest.raises(EscoKgError):
                refuse_altered(release)
        shutil.rmtree(tmp_path / str(at))
