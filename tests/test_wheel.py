"""The wheel, installed in a clean place by pip, pipx and uv, does what the manual says: nothing is missing from it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.places import ROOT

Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A program in an empty folder, with an empty home."""
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    environment = kept | {
        "HOME": str(tmp_path),
        "PIPX_HOME": str(tmp_path / "pipx"),
        "PIPX_BIN_DIR": str(tmp_path / "bin"),
    }
    environment |= {"UV_TOOL_DIR": str(tmp_path / "uv"), "UV_TOOL_BIN_DIR": str(tmp_path / "bin")}

    def start(*command: str | Path) -> str:
        done = subprocess.run(list(map(str, command)), cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return start


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that serves as an index: it holds the built wheel."""
    place = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "wheel", "--no-deps"]
    subprocess.run([*build, "--wheel-dir", str(place), str(ROOT)], check=True, cwd=place)
    return place


def test_the_wheel_alone_makes_the_demonstration_release(
    run: Run, wheels: Path, tmp_path: Path, demonstration: Path
) -> None:
    (wheel,) = wheels.glob("*.whl")
    pip = ("-m", "pip", "--disable-pip-version-check", "--quiet")
    run(sys.executable, "-m", "venv", "clean")
    python = tmp_path / "clean" / "bin" / "python"
    run(python, *pip, "install", "--require-hashes", "--requirement", ROOT / "requirements.lock")
    run(python, *pip, "install", "--no-deps", wheel)
    assert list((tmp_path / "clean").rglob("*.dist-info/sboms/sbom.cdx.json")), "the bill of materials is in it"
    said = run(tmp_path / "clean" / "bin" / "esco-kg", "release", "--quiet")
    made = tmp_path / "releases" / "demonstration" / "1.0.0"
    assert "Release 1.0.0 is in releases/demonstration/1.0.0" in said
    names = {p.relative_to(demonstration) for p in demonstration.rglob("*")}
    assert {p.relative_to(made) for p in made.rglob("*")} == names
    for name in ("esco-kg-1.0.0-clusters.ttl", "RELEASE-NOTES.md"):
        assert (made / name).read_bytes() == (demonstration / name).read_bytes()


@pytest.mark.parametrize("program", ["pipx", "uv"])
def test_the_command_is_installed_by_its_name(run: Run, wheels: Path, tmp_path: Path, program: str) -> None:
    """From a folder in place of an index; what it depends on has the versions of the lock file."""
    pins = re.findall(r"^([a-z][^ \\]*==[^\\\n]*?) *\\$", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    limits = tmp_path / "versions.txt"
    limits.write_text("\n".join(pins), encoding="utf-8")
    if program == "pipx":
        options = f"--find-links {wheels} --constraint {limits}"
        run(sys.executable, "-m", "pipx", "install", "esco-kg", f"--pip-args={options}")
    else:
        run(sys.executable, "-m", "uv", "tool", "install", "esco-kg", "--find-links", wheels, "--constraints", limits)
    command = tmp_path / "bin" / "esco-kg"
    commit = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True)
    first, *others = run(command, "--version").splitlines()
    built = f", commit {commit.stdout.strip()}" if commit.returncode == 0 else ""
    assert first.removesuffix("+") == f"esco-kg, version 0.1.0{built}"
    assert [line.partition(":")[0] for line in others] == [
        "ESCO", "Names of clusters", "Demonstration data (not ESCO)", "Text model",
    ]  # fmt: skip
    assert "300  skills" in run(command, "inspect"), "the demonstration needs no checkout"
