"""A release folder that is not what was published is found out, whatever was done to it."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from esco_kg.cli import main
from esco_kg.errors import InputError
from esco_kg.folder.manifest import write_manifest
from esco_kg.folder.verify import Deviation, verify

LEVELS = "statistics/levels.csv"


@pytest.fixture
def release(demonstration: Path, tmp_path: Path) -> Path:
    """A copy of a release that a test may alter."""
    return Path(shutil.copytree(demonstration, tmp_path / "1.0.0"))


def _edit(path: Path) -> None:
    """Change a digit: as many bytes and rows as before."""
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("1,", "2,", 1), encoding="utf-8")


def _entry(manifest: dict[str, Any], name: str) -> dict[str, Any]:
    return next(file for file in manifest["files"] if file["name"] == name)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _write(folder: Path, manifest: dict[str, Any]) -> None:
    """As somebody does who knows how: with the manifest's own checksum."""
    write_manifest(folder, manifest)


def _manifest(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "manifest.json").read_text()))


def _run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["verify", *map(str, arguments)])


def test_a_release_as_published_is_told_so(release: Path) -> None:
    result = _run(release)
    number = len(_manifest(release)["files"])
    assert (result.exit_code, result.output) == (
        0, f"Release 1.0.0: 0 deviations in {number} files and 5 graphs; not signed.\n"
    )  # fmt: skip


def test_every_kind_of_deviation_is_named(release: Path) -> None:
    _edit(release / LEVELS)
    (release / "esco-kg-1.0.0-clusters.nt.gz").unlink()
    (release / "statistics" / "more.csv").write_text("x\n")
    found = verify(release).deviations
    assert [(d.kind, d.name) for d in found] == [
        ("altered", "statistics/levels.csv"),
        ("extra", "statistics/more.csv"),
        ("missing", "esco-kg-1.0.0-clusters.nt.gz"),
    ]
    result = _run(release)
    assert result.exit_code == 1
    assert "missing: esco-kg-1.0.0-clusters.nt.gz: the manifest lists this file" in result.output
    assert "3 deviations" in result.output


def test_a_file_of_another_size_is_altered(release: Path) -> None:
    size = (release / LEVELS).stat().st_size
    with (release / LEVELS).open("a", encoding="utf-8") as stream:
        stream.write("\n")
    assert verify(release).deviations == (Deviation("altered", LEVELS, f"{size + 1} bytes instead of {size}"),)


def test_a_graph_that_does_not_unpack_to_its_hash_is_found(release: Path) -> None:
    """Both file and manifest were edited, but not the graph's canonical hash."""
    name = "esco-kg-1.0.0-clusters.nt.gz"
    triples = gzip.decompress((release / name).read_bytes())
    other = gzip.compress(triples.replace(b"primary", b"Primary", 1), mtime=0)
    (release / name).write_bytes(other)
    manifest = _manifest(release)
    _entry(manifest, name).update(bytes=len(other), sha256=_sha256(other))
    _write(release, manifest)
    assert [(d.kind, d.name) for d in verify(release).deviations] == [
        ("graph", "clusters"),
        ("manifest", "manifest.json"),  # the catalogue knows another hash
    ]


def test_a_broken_archive_is_a_deviation_not_a_traceback(release: Path) -> None:
    path = release / "esco-kg-1.0.0-clusters.nt.gz"
    path.write_bytes(path.read_bytes()[:-9])
    assert {d.kind for d in verify(release).deviations} == {"altered", "graph", "table"}


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "..\\secret"])
def test_a_manifest_that_points_outside_is_refused(release: Path, name: str) -> None:
    manifest = _manifest(release)
    manifest["files"][0]["name"] = name
    _write(release, manifest)
    with pytest.raises(InputError, match="lies outside of the release"):
        verify(release)


def test_a_folder_without_a_manifest_is_bad_input(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["verify", str(tmp_path)])
    assert result.exit_code == 3
    assert "holds no release" in result.output


def test_for_programs(release: Path) -> None:
    (release / "statistics" / "levels.csv").unlink()
    result = _run(release, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["deviations"][0]["name"] == "statistics/levels.csv"


def test_the_demonstration_release_verifies(demonstration: Path) -> None:
    found = verify(demonstration)
    assert found.deviations == ()
    assert found.files == len(_manifest(demonstration)["files"])


@pytest.fixture(scope="module")
def keys() -> Iterator[tuple[str, Path]]:
    """Name of a fresh key in a keyring of the test's own, and the exported public key."""
    if shutil.which("gpg") is None:
        pytest.skip("gpg is not on PATH, so its signatures cannot be made")
    # A short path: the agent's socket lies in it.
    with tempfile.TemporaryDirectory(prefix="gk-", dir="/tmp") as home, pytest.MonkeyPatch.context() as patch:
        patch.setenv("GNUPGHOME", home)
        name = "publisher@example.org"
        made = ["gpg", "--batch", "--passphrase", "", "--quick-generate-key", name, "ed25519", "sign", "never"]
        subprocess.run(made, check=True, capture_output=True)
        public = Path(home) / "public.asc"
        exported = subprocess.run(["gpg", "--armor", "--export", name], check=True, capture_output=True)
        public.write_bytes(exported.stdout)
        yield name, public
        subprocess.run(["gpgconf", "--kill", "gpg-agent"], check=True)


class TestSignedWithGpg:
    """GnuPG itself, with a key made for the test."""

    def test_signed_and_verified(self, release: Path, keys: tuple[str, Path]) -> None:
        name, public = keys
        signed = _run(release, "--sign", "gpg", "--key", name)
        assert signed.exit_code == 0, signed.output
        assert (release / "manifest.json.asc").is_file()
        result = _run(release, "--key", public)
        assert result.exit_code == 0
        assert "0 deviations" in result.output and "signed with OpenPGP key" in result.output

    def test_an_edited_manifest_breaks_the_signature(self, release: Path, keys: tuple[str, Path]) -> None:
        """Each file agrees with the manifest: only the signature shows that both were changed."""
        name, public = keys
        assert _run(release, "--sign", "gpg", "--key", name).exit_code == 0
        _edit(release / LEVELS)
        manifest = _manifest(release)
        _entry(manifest, LEVELS)["sha256"] = _sha256((release / LEVELS).read_bytes())
        _write(release, manifest)
        result = _run(release, "--key", public)
        assert result.exit_code == 1
        assert "signature: manifest.json.asc: the signature does not hold" in result.output

    def test_an_unsigned_release_is_none_where_a_key_is_asked_for(self, release: Path, keys: tuple[str, Path]) -> None:
        result = _run(release, "--key", keys[1])
        assert result.exit_code == 1
        assert "the manifest is not signed" in result.output

    def test_a_signature_by_an_unknown_key_is_not_called_good(self, release: Path, keys: tuple[str, Path]) -> None:
        assert _run(release, "--sign", "gpg", "--key", keys[0]).exit_code == 0
        with tempfile.TemporaryDirectory(prefix="gk-", dir="/tmp") as home, pytest.MonkeyPatch.context() as patch:
            patch.setenv("GNUPGHOME", home)
            assert verify(release).signature.state == "unchecked"


_KEY = "RWQ" + 53 * "a"  # as long as minisign prints a public key


class TestSignedWithMinisign:
    """A stand-in that takes minisign's arguments: it signs by hashing, and tells whether the hash is the same."""

    @pytest.fixture(autouse=True)
    def _program(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        program = tmp_path / "bin" / "minisign"
        program.parent.mkdir()
        program.write_text(
            "#!/bin/sh\nmode=$1; shift\n"
            "while [ $# -gt 0 ]; do case $1 in -m) m=$2;; -x) x=$2;; -s|-p|-P) k=$2;; esac; shift 2; done\n"
            'now=$(sha256sum < "$m")\n'
            'if [ "$mode" = -S ]; then echo "$now" > "$x"; else [ "$now" = "$(cat "$x")" ] || '
            "{ echo 'Signature verification failed' >&2; exit 1; }; fi\n"
        )
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")

    def test_signed_and_verified(self, release: Path) -> None:
        assert _run(release, "--sign", "minisign", "--key", "secret.key").exit_code == 0
        assert verify(release, _KEY).signature.state == "good"
        assert verify(release).signature.message == "not checked: give the publisher's minisign key with --key"

    def test_an_edited_manifest_breaks_the_signature(self, release: Path) -> None:
        assert _run(release, "--sign", "minisign").exit_code == 0
        _write(release, _manifest(release) | {"issued": "2026-02-01"})
        result = _run(release, "--key", _KEY)
        assert result.exit_code == 1
        assert "the signature does not hold: Signature verification failed" in result.output

    def test_a_file_of_a_key_that_is_not_there_is_no_bad_signature(self, release: Path) -> None:
        assert _run(release, "--sign", "minisign").exit_code == 0
        result = _run(release, "--key", "no/such/publisher.pub")
        assert (result.exit_code, "no/such/publisher.pub: there is no such file" in result.output) == (2, True)


@pytest.mark.parametrize(
    ("text", "message"), [("{}", "it has no version"), ("[]", "cannot be read as a release's manifest")]
)
def test_a_manifest_of_something_else_is_named(release: Path, text: str, message: str) -> None:
    (release / "manifest.json").write_text(text)
    result = _run(release)
    assert (result.exit_code, message in result.output) == (3, True), result.output


def test_a_file_in_place_of_the_folder_is_named(release: Path) -> None:
    result = _run(release / "RELEASE-NOTES.md")
    assert (result.exit_code, "the folder of a release" in result.output) == (3, True), result.output


def test_one_deviation_is_told_as_one(release: Path) -> None:
    (release / "statistics" / "levels.csv").unlink()
    assert "1 deviation in" in _run(release).output


def test_an_altered_release_is_not_signed(release: Path) -> None:
    (release / "statistics" / "levels.csv").unlink()
    assert _run(release, "--sign", "gpg").exit_code == 1
    assert not (release / "manifest.json.asc").exists()


def test_a_program_that_is_not_there_is_named(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(release))
    result = _run(release, "--sign", "minisign")
    assert result.exit_code == 2
    assert "minisign is not on PATH" in result.output
