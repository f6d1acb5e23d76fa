"""The wheel, installed alone in a clean environment, makes the demonstration release: nothing is missing from it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.support.places import ROOT


def test_the_wheel_alone_makes_the_demonstration_release(tmp_path: Path, demonstration: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}

    def run(*command: str | Path) -> str:
        done = subprocess.run(list(map(str, command)), cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    pip = ("-m", "pip", "--disable-pip-version-check", "--quiet")
    run(sys.executable, *pip, "wheel", "--no-deps", "--wheel-dir", tmp_path / "dist", ROOT)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
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
