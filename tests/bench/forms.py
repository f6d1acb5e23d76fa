"""``make bench-forms``: CPU and memory of reading ESCO in its forms, as ratios to a floor measured in the same run.

The floor of a dump is the CPU time that pyoxigraph needs to stream it; of tables it is the reading of one language.
Of a folder, a release of one language and of all is made and measured, too.
Each run is a process of its own, so that a peak is that run's.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.support.places import ROOT

PAGE = ROOT / "docs" / "benchmarks" / "forms.md"


def floor(path: Path) -> int:
    """Stream a dump; gives its triples."""
    from esco_kg.esco.dump.syntax import triples

    with triples(path, None, path.name) as found:
        return sum(1 for _ in found)


def read(path: Path, languages: list[str] | None) -> int:
    """Read ESCO into the pillar; gives its skills."""
    from esco_kg.esco.pillar import read_pillar

    return len(read_pillar([path], languages=languages).skills)


def release(path: Path, languages: list[str] | None) -> int:
    """Make a release and throw it away; gives its files."""
    from esco_kg.release import Request, make_release

    with tempfile.TemporaryDirectory(prefix="esco-kg-bench-") as out:
        make_release(
            Request((path,), languages=tuple(languages) if languages else None, out=Path(out), use_cache=False)
        )
        return sum(1 for found in Path(out).rglob("*") if found.is_file())


def measured(path: Path, what: str) -> dict[str, float]:
    """One run in this process: its count, CPU seconds and peak in MB."""
    started = time.process_time()
    step, _, chosen = what.rpartition(":")
    languages = None if chosen == "all" else chosen.split(",")
    count = floor(path) if what == "floor" else (release if step else read)(path, languages)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"count": count, "cpu": time.process_time() - started, "peak": peak}


def in_a_process(path: Path, what: str) -> dict[str, float]:
    """The same in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.forms", "--one", what, str(path)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    found = dict(json.loads(done.stdout.split("\n")[0]))
    print(path.name, what, found, flush=True)
    return found


def table(path: Path, languages: str) -> list[str]:
    """A Markdown table of one path: the floor, one language, all."""
    is_dump = path.is_file() and path.suffix not in (".zip", ".ods", ".xlsx")
    base = in_a_process(path, "floor" if is_dump else languages)
    runs = {"pyoxigraph streams it" if is_dump else f"languages {languages}": base}
    if is_dump:
        runs[f"languages {languages}"] = in_a_process(path, languages)
    runs["all languages"] = in_a_process(path, "all")
    lines = [f"`{path.name}`", "", "| what | CPU s | ratio | peak, MB |", "|---|---:|---:|---:|"]
    for name, run in runs.items():
        lines.append(f"| {name} | {run['cpu']:.1f} | {run['cpu'] / base['cpu']:.1f} | {run['peak']:.0f} |")
    size = f"{base['count']:,.0f} {'triples' if is_dump else 'skills'}"
    return [*lines, "", f"It holds {size}.", ""]


def releases(path: Path, languages: str) -> list[str]:
    """A Markdown table of whole releases: of one language, and of all."""
    one, every = (in_a_process(path, f"release:{chosen}") for chosen in (languages, "all"))
    lines = [f"`{path.name}`, a whole release", "", "| what | CPU s | ratio | peak, MB |", "|---|---:|---:|---:|"]
    for name, run in ((f"languages {languages}", one), ("all languages", every)):
        lines.append(f"| {name} | {run['cpu']:.0f} | {run['cpu'] / one['cpu']:.1f} | {run['peak']:.0f} |")
    return [*lines, ""]


def main() -> None:
    """Measure each path and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--languages", default="en", help="what is read of each beside all languages")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measured(options.paths[0], options.one)))
        return
    page = [
        "# Benchmarks of reading",
        "",
        "Written by `make bench-forms`. CPU and memory of reading ESCO into the program, before any clustering.",
        "A ratio of a dump is to pyoxigraph streaming the same file, of tables to reading one language.",
        f"Python {platform.python_version()}, {platform.machine()}, load {os.getloadavg()[0]:.1f} at the start.",
        "",
    ]
    for path in options.paths:
        page += table(path, options.languages)
        if path.is_dir():
            page += releases(path, options.languages)
        PAGE.write_text("\n".join(page), encoding="utf-8", newline="\n")
    print(f"wrote {PAGE}", flush=True)


if __name__ == "__main__":
    main()
