"""Killed at any moment of a run: the folder of releases has all of the release or nothing, and the next run goes on.

The moments are drawn by seed over the time that a whole run takes. The steps between and after the renames, which no
moment hits by chance, are each hit by ``tests/release/test_publishing.py``.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from esco_kg.config import Config, read_config
from esco_kg.folder.verify import verify
from esco_kg.notes import history_files
from esco_kg.release import index
from tests.support.fuzz import TABLES, Failures, drawn, number, part

_BESIDE = {"catalogue.ttl", "changes.ndjson", *(name for names in history_files("en").values() for name in names)}


def _run(out: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "esco_kg", "release", "--out", str(out), "--quiet", "--issued", "2026-01-31"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=out.parent)


def test_a_killed_run_leaves_all_or_nothing(tmp_path: Path) -> None:
    failures, config = Failures(), read_config(TABLES / "release.toml")
    began = time.monotonic()
    assert _run(tmp_path / "whole").wait() == 0
    whole = time.monotonic() - began
    killed = published = 0
    for at in part(number(1, 200)):
        out, moment = tmp_path / f"out{at}", drawn("kill", at).random()
        process = _run(out)
        try:
            process.wait(moment * whole)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            killed += process.wait() == -signal.SIGKILL
        with failures.of(f"{at}: killed after {moment:.0%} of a run"):
            is_there = _has_all(out, config)
            published += is_there
            if at < 3 and not is_there:
                assert _run(out).wait() == 0
        shutil.rmtree(out, ignore_errors=True)
    print(f"{killed} killed, {published} runs were there whole", flush=True)
    failures.none()


def _has_all(out: Path, config: Config) -> bool:
    """Whether the release is there, with all of it; asserts that else nothing is."""
    place = out / "demonstration"  # where releases of the demonstration data lie
    there = {path.name for path in place.glob("[!.]*")} if place.exists() else set()
    release = next((place / name for name in there if (place / name).is_dir()), None)
    if release is None:
        assert not there & _BESIDE, there
        return False
    assert verify(release).deviations == ()
    index.update(place, config)
    assert index.files(place, config) == {}
    return True
