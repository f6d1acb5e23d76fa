"""``make bench``: time and memory of each step of a release, as ratios to a floor measured in the same run.

The floor is the CPU time pyoxigraph needs to stream the same triples as N-Triples. Each size runs in a process of its
own, so that a peak is that run's.
"""

from __future__ import annotations

import argparse
import gzip
import json
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyoxigraph as ox

from esco_kg.release import Outcome, Request, make_release

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks.md"
CLUSTERING = "cluster skills"


def floor(folder: Path) -> tuple[int, float]:
    """Triples of a release and the CPU seconds of streaming them."""
    triples, seconds = 0, 0.0
    for path in sorted(folder.glob("*.nt.gz")):
        with tempfile.NamedTemporaryFile(suffix=".nt") as plain:
            plain.write(gzip.decompress(path.read_bytes()))
            plain.flush()
            started = time.process_time()
            triples += sum(1 for _ in ox.parse(path=plain.name, format=ox.RdfFormat.N_TRIPLES))
            seconds += time.process_time() - started
    return triples, seconds


def one_run(paths: list[str], nace: str | None, use_cache: bool) -> dict[str, object]:
    """Make a release in a folder of its own; give its stages and the floor."""
    with tempfile.TemporaryDirectory() as out:
        request = Request(tuple(map(Path, paths)), nace=Path(nace) if nace else None, out=Path(out), use_cache=use_cache)
        outcome: Outcome = make_release(request)
        triples, seconds = floor(outcome.folder)
    stages = [[s.name, s.seconds, s.cpu_seconds, s.peak_mb] for s in outcome.stages]
    return {"triples": triples, "floor": seconds, "stages": stages}
