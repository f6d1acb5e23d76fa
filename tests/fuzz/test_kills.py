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
from random import Random

from esco_kg.config import read_config
from esco_kg.folder.verify import verify
from esco_kg.notes import history_files
from esco_kg.release import index
from tests.support.fuzz import SEED, TABLES, number

_BESIDE = {"catalogue.ttl", "changes.ndjson", *(name for names in history_files("en").values() for name in names)}


def _run(out: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "esco_kg", "release", "--out", str(out), "--quiet", "--issued", "2026-01-31"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=out.parent)


def test_a_killed_run_leaves_all_or_nothing(tmp_path: Path) -> None:
    random, config = Random(SEED), read_config(TABLES / "release.toml")
    began = time.monotonic()
    assert _run(tmp_path / "whole").wait() == 0
    whole = time.monotonic() - began
    killed = published = 0
    for at in range(number(1, 200)):
        out = tmp_path / f"out{at}"
        process = _run(out)
        try:
            process.wait(random.random() * whole)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            killed += process.wait() == -signal.SIGKILL
        place = out / "demonstration"  # where releases of the demonstration data lie
        there = {path.name for path in place.glob("[!.]*")} if place.exists() else set()
        release = next((place / name for name in there if (place / name).is_dir()), None)
        if release:
            published += 1
            assert verify(release).deviations == ()
            index.update(place, config)
            assert index.files(place, config) == {}
        else:
            assert not there & _BESIDE, there
            if at < 3:
                assert _run(out).wait() == 0
        shutil.rmtree(out, ignore_errors=True)
    print(f"{killed} killed, {published} of them after the release was there")
