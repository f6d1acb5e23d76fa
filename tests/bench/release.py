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
from tests.bench.quiet import refuse_under_load
from tests.support.places import ROOT

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
        request = Request(
            tuple(map(Path, paths)), nace=Path(nace) if nace else None, out=Path(out), use_cache=use_cache
        )
        outcome: Outcome = make_release(request)
        triples, seconds = floor(outcome.folder)
    stages = [[s.name, s.seconds, s.cpu_seconds, s.peak_mb] for s in outcome.stages]
    return {"triples": triples, "floor": seconds, "stages": stages}


def in_a_process(paths: list[str], nace: str | None, use_cache: bool = False) -> dict[str, object]:
    """The same in a process of its own, for a peak of its own."""
    command = [sys.executable, "-m", "tests.bench.release", "--one", *paths, *(["--nace", nace] if nace else [])]
    done = subprocess.run(
        [*command, *(["--cached"] if use_cache else [])], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def stage_table(run: dict[str, object]) -> list[str]:
    """A Markdown table of one run: each step, and the sum of all but clustering."""
    floor_seconds, stages = float(str(run["floor"])), list(run["stages"])  # type: ignore[call-overload]
    lines = ["| step | CPU s | wall s | ratio to the floor | peak so far, MB |", "|---|---:|---:|---:|---:|"]
    for name, wall, cpu, peak in stages:
        lines.append(f"| {name} | {cpu:.1f} | {wall:.1f} | {cpu / floor_seconds:.1f} | {peak:.0f} |")
    rest = sum(cpu for name, _, cpu, _ in stages if name != CLUSTERING)
    peak = max(peak for *_, peak in stages)
    lines.append(f"| **all but clustering** | **{rest:.1f}** | | **{rest / floor_seconds:.1f}** | **{peak:.0f}** |")
    lines.append(f"\nThe floor: {floor_seconds:.2f} s of CPU for {run['triples']:,} triples.\n")
    return lines


def growth_table(runs: dict[int, dict[str, object]]) -> list[str]:
    """Each size beside the first: how much larger the data, how much longer each part took."""
    lines = [
        "| times the data | triples | clustering, s | ratio | all else, s | ratio | peak, MB |",
        "|---:|---:|---:|---:|---:|---:|---:|",
    ]
    first: tuple[float, float] | None = None
    for times, run in sorted(runs.items()):
        stages = list(run["stages"])  # type: ignore[call-overload]
        clustering = sum(cpu for name, _, cpu, _ in stages if name == CLUSTERING)
        rest = sum(cpu for name, _, cpu, _ in stages if name != CLUSTERING)
        first = first or (clustering, rest)
        peak = max(peak for *_, peak in stages)
        figures = (f"{clustering:.0f}", f"{clustering / first[0]:.1f}", f"{rest:.0f}", f"{rest / first[1]:.1f}")
        lines.append(f"| {times} | {run['triples']:,} | {' | '.join(figures)} | {peak:.0f} |")
    return [*lines, ""]


def start_up() -> float:
    """Median wall-clock seconds of ``esco-kg --help`` over five runs."""
    seconds = []
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-m", "esco_kg", "--help"], check=True, capture_output=True)
        seconds.append(time.perf_counter() - started)
    return sorted(seconds)[2]


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*")
    parser.add_argument("--nace")
    parser.add_argument("--sizes", default="1,4,16", help="how many times the data, for the table of growth")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--cached", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(one_run(options.paths, options.nace, options.cached)))
        return
    if not options.paths:
        parser.error('name a folder of ESCO zips: make bench ESCO="downloads/esco-1.1.1-en"')
    refuse_under_load()
    from tests.bench.multiplied import multiply

    source = Path(options.paths[0])
    runs = {1: in_a_process(options.paths, options.nace)}
    in_a_process(options.paths, options.nace, use_cache=True)
    cached = in_a_process(options.paths, options.nace, use_cache=True)
    write_page(source.name, runs, cached)
    for times in [int(size) for size in options.sizes.split(",") if int(size) > 1]:
        with tempfile.TemporaryDirectory() as place:
            larger = multiply(source, Path(place) / source.name, times)
            runs[times] = in_a_process([str(larger)], options.nace)
        # After each size: where a larger one does not fit into memory, the figures of the smaller ones stay.
        write_page(source.name, runs, cached)


def write_page(source: str, runs: dict[int, dict[str, object]], cached: dict[str, object]) -> None:
    """Write ``docs/benchmarks.md`` from the runs so far; ``cached`` is a run that took the clusters from the cache."""
    from_cache = next(wall for name, wall, _, _ in cached["stages"] if name == CLUSTERING)  # type: ignore[attr-defined]
    page = [
        "# Benchmarks",
        "",
        "Written by `make bench`; ratios are to the floor of the same run: pyoxigraph streaming the same triples as",
        "N-Triples.",
        f"Python {platform.python_version()}, {platform.machine()}, input: `{source}`.",
        "",
        "## One release",
        "",
        *stage_table(runs[1]),
        f"A second release from the same inputs takes the clusters from the cache: {from_cache:.1f} s.",
        f"`esco-kg --help` takes {start_up():.2f} s (median of 5).",
        "",
        "## Growth",
        "",
        "The same tables made larger by perturbed recombination of labels and links (`tests/bench/multiplied.py`).",
        "Seconds are of CPU.",
        "",
        *growth_table(runs),
    ]
    PAGE.write_text("\n".join(page), encoding="utf-8", newline="\n")
    print(f"wrote {PAGE}", flush=True)


if __name__ == "__main__":
    main()
