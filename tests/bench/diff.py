"""Time and memory of comparing two versions, beside the time that sorting both takes; ``make bench-versions`` runs it.

    python -m tests.bench.diff downloads/esco-1.1.0-en downloads/esco-1.1.1-en --section docs/benchmarks/versions.md

makes a release of each download (or takes folders of releases as they are), compares them, and compares the
downloads as well. The floor is the CPU time of sorting both versions' N-Triples, clusters and pillar, with
``LC_ALL=C sort`` on one core. Every run is a process of its own, so that its peak is its own.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.support.places import ROOT


@dataclass(frozen=True)
class Run:
    """Seconds of wall clock and CPU, the peak in MB, and how many changes were found."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    changes: int


def compared(old: str, new: str) -> Run:
    """One comparison in this process."""
    from esco_kg.diff.compare import compare

    wall, cpu = time.perf_counter(), time.process_time()
    delta = compare(Path(old), Path(new)).delta
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Run(time.perf_counter() - wall, time.process_time() - cpu, peak, len(delta.changes))


def in_a_process(old: Path, new: Path) -> Run:
    """The same in a process of its own."""
    return Run(**_apart("--one", old, new))


def _apart(what: str, old: Path, new: Path) -> Any:
    """What another process measured. A process starts with its parent's peak, so the parent must stay small."""
    command = [sys.executable, "-m", "tests.bench.diff", what, str(old), str(new)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def sorting(*releases: Path) -> tuple[int, float]:
    """Triples of the releases' clusters and pillars, and the CPU seconds of sorting them, read in another order."""
    triples, seconds = 0, 0.0
    for release in releases:
        for graph in ("clusters", "pillar"):
            with tempfile.NamedTemporaryFile(suffix=".nt") as plain:
                lines = gzip.decompress(next(release.glob(f"*-{graph}.nt.gz")).read_bytes()).splitlines(keepends=True)
                # By their ends, so that nothing of the order they were written in is left.
                plain.writelines(sorted(lines, key=lambda line: line[::-1]))
                plain.flush()
                triples += len(lines)
                before = resource.getrusage(resource.RUSAGE_CHILDREN)
                subprocess.run(
                    ["sort", "--parallel=1", plain.name],
                    check=True,
                    stdout=subprocess.DEVNULL,
                    env=os.environ | {"LC_ALL": "C"},
                )
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
                seconds += after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return triples, seconds


def released(path: Path, nace: str | None, out: Path) -> Path:
    """The folder of a release: the one given, or one made of a download."""
    if (path / "manifest.json").is_file():
        return path
    command = [sys.executable, "-m", "esco_kg", "release", str(path), "--out", str(out), "--quiet"]
    subprocess.run([*command, *(("--nace", nace) if nace else ())], cwd=ROOT, check=True, capture_output=True)
    return max((f.parent for f in out.glob("*/manifest.json")), key=lambda folder: folder.stat().st_mtime)


def growth(old: Path, new: Path, sizes: list[int]) -> list[tuple[int, Run]]:
    """Both downloads made larger, compared."""
    from tests.bench.multiplied import multiply

    runs = []
    for times in sizes:
        with tempfile.TemporaryDirectory() as place:
            larger = [multiply(path, Path(place) / path.name, times) for path in (old, new)]
            runs.append((times, in_a_process(*larger)))
    return runs


def row(name: str, run: Run, floor: float) -> str:
    """A line of the table."""
    return (
        f"| {name} | {run.changes:,} | {run.seconds:.1f} | {run.cpu_seconds:.1f} | {run.cpu_seconds / floor:.1f} |"
        f" {run.peak_mb:.0f} |"
    )


def section(old: Path, new: Path, nace: str | None, sizes: list[int]) -> str:
    """Measure, and tell in Markdown."""
    downloads = not (old / "manifest.json").is_file()
    with tempfile.TemporaryDirectory() as out:
        releases = [released(path, nace, Path(out)) for path in (old, new)]
        triples, floor = _apart("--floor", *releases)
        lines = [
            "# Comparing two versions",
            "",
            f"`esco-kg diff` on releases of `{old.name}` and `{new.name}`: {triples:,} triples of clusters and pillar",
            f"on both sides. The floor is the CPU time of sorting these N-Triples, {floor:.1f} s.",
            f"Python {platform.python_version()}, {platform.machine()}.",
            "",
            "| compared | changes found | seconds | CPU seconds | times the floor | peak, MB |",
            "|---|---:|---:|---:|---:|---:|",
            row("two releases, pillar included", in_a_process(*releases), floor),
        ]
    if downloads:
        lines.append(row("two downloads of ESCO, read from their zips", in_a_process(old, new), floor))
        runs = growth(old, new, sizes)
        lines += ["", "Downloads made larger (`tests/bench/multiplied.py`):", ""]
        lines += ["| times the data | changes found | CPU seconds | ratio | peak, MB |", "|---:|---:|---:|---:|---:|"]
        first = runs[0][1].cpu_seconds if runs else 1.0
        lines += [
            f"| {n} | {r.changes:,} | {r.cpu_seconds:.1f} | {r.cpu_seconds / first:.1f} | {r.peak_mb:.0f} |"
            for n, r in runs
        ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure and write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--nace")
    parser.add_argument("--sizes", default="1,4", help="how many times the data, for the table of growth")
    parser.add_argument("--section", type=Path, help="the file to write; else standard output")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--floor", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.floor:
        print(json.dumps(sorting(options.old, options.new)))
        return
    if options.one:
        print(json.dumps(asdict(compared(options.old, options.new))))
        return
    text = section(options.old, options.new, options.nace, [int(size) for size in options.sizes.split(",")])
    if options.section:
        options.section.write_text(text, encoding="utf-8", newline="\n")
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
