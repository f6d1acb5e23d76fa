"""``make bench-commands``: whole commands of the program, and programs of others at the same work.

    python -m tests.bench.commands downloads/esco-1.1.1-en --nace downloads/esco_nace_crosswalk.xlsx

Each figure is the CPU of a process with its start, its reports and its end. The floor is pyoxigraph streaming the
release's triples as N-Triples. ``--check`` writes nothing and fails where a ratio to the floor is over its bound in
``bounds.json``.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from esco_kg.folder.cache import cache_folder
from esco_kg.validation.shapes import Shapes
from tests.bench.quiet import refuse_under_load
from tests.support.places import ROOT

PAGE = ROOT / "docs" / "benchmarks" / "commands.md"
BOUNDS = Path(__file__).with_name("bounds.json")
_PROGRAM = [sys.executable, "-m", "esco_kg"]
_READ = "import pyoxigraph as o,sys; sum(1 for _ in o.parse(path=sys.argv[1], format=o.RdfFormat.N_TRIPLES))"
_RDFLIB = "import rdflib,sys; rdflib.Graph().parse(sys.argv[1], format='nt')"
_WRITE = """import pyoxigraph as o,sys
o.serialize(o.parse(path=sys.argv[1], format=o.RdfFormat.N_TRIPLES), sys.argv[2], format=o.RdfFormat.TURTLE)"""
_WRITE_RDFLIB = "import rdflib,sys; rdflib.Graph().parse(sys.argv[1], format='nt').serialize(sys.argv[2], 'turtle')"
_SHAPES = """import sys; from pathlib import Path; from esco_kg.validation.engines import validate
validate(sys.argv[1], Path(sys.argv[2]).read_text(), Path(sys.argv[3]))"""
_GRAPH = "import esco_kg,sys; esco_kg.open(sys.argv[1]).graph('pillar')"


@dataclass(frozen=True)
class Run:
    """Seconds of wall clock and CPU, and the peak in MB, of one process and those it started. No peak is under that of
    the process that started it."""

    wall: float
    cpu: float
    peak: float


def measured(command: list[str], times: int = 1, status: int = 0) -> Run:
    """The median run of several by CPU. Raises where the command ends with another status."""
    return sorted((_once(command, status) for _ in range(times)), key=lambda run: run.cpu)[times // 2]


def _once(command: list[str], status: int) -> Run:
    started = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=said)
        _, code, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(code)
        if process.returncode != status:
            said.seek(0)
            raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{said.read().decode()[-2000:]}")
    return Run(time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def commands(release: Path, made: Run, again: Run, place: Path) -> list[tuple[str, Run, str]]:
    """What a person runs: name, run, and the aim in seconds of CPU, or of wall clock where it says so."""
    texts = place / "texts.csv"
    texts.write_text("text\nmilk cows\nrepair bicycles\nwrite reports\n", encoding="utf-8")
    assign = [*_PROGRAM, "assign", str(texts), str(release), "--column", "text", "--out", str(place / "found.csv")]
    levels = [*_PROGRAM, "measure", str(release), "--name", "levels"]
    demonstration = [*_PROGRAM, "release", "--out", str(place)]
    measured(levels), measured(assign), measured(demonstration)
    (small,) = sorted((place / "demonstration").glob("*/manifest.json"))
    return [
        ("`release`, the whole", made, "30 s of wall clock"),
        ("`release` again, clusters from the cache", again, ""),
        ("`release /nonexistent`", measured([*_PROGRAM, "release", "/nonexistent"], 5, 2), "0.3"),
        ("`import esco_kg`", measured([sys.executable, "-c", "import esco_kg"], 5), "0.1"),
        ("`measure --name levels`, again", measured(levels, 5), "0.3"),
        ("`assign` of three rows, again", measured(assign, 3), "1.5"),
        ("`verify`", measured([*_PROGRAM, "verify", str(release)]), ""),
        (
            "`graph()` of the demonstration, as rdflib",
            measured([sys.executable, "-c", _GRAPH, str(small.parent)]),
            "1.5",
        ),
    ]


def peers(release: Path, place: Path) -> list[tuple[str, str, Run]]:
    """Programs of others: what they do, which one, and its run."""
    plain = _plain(release, "pillar", place)
    target = str(place / "written.ttl")
    found = [
        ("read the pillar", "pyoxigraph", measured([sys.executable, "-c", _READ, str(plain)], 3)),
        ("read the pillar", "rdflib", measured([sys.executable, "-c", _RDFLIB, str(plain)])),
        *[
            ("read the pillar", "riot (Jena)", measured([*java, "riotcmd.riot", "--sink", str(plain)]))
            for java in _jena()
        ],
        (
            "read and write the pillar as Turtle",
            "pyoxigraph",
            measured([sys.executable, "-c", _WRITE, str(plain), target]),
        ),
        (
            "read and write the pillar as Turtle",
            "rdflib",
            measured([sys.executable, "-c", _WRITE_RDFLIB, str(plain), target]),
        ),
    ]
    (small,) = (place / "demonstration").glob("*/manifest.json")
    clusters, shapes = _plain(small.parent, "clusters", place), place / "shapes.nt"
    read = Shapes.read([ROOT / "shapes" / "cluster.ttl"], "https://w3id.org/esco-kg/")
    shapes.write_text(read.ntriples(), encoding="utf-8")
    for engine in ("shacl", "pyshacl"):
        command = [sys.executable, "-c", _SHAPES, engine, str(shapes), str(clusters)]
        found.append(("check the demonstration's clusters by shapes", engine, measured(command)))
    for java in _jena():
        command = [*java, "shacl.shacl", "validate", "--shapes", str(shapes), "--data", str(clusters)]
        found.append(("check the demonstration's clusters by shapes", "Jena SHACL", measured(command)))
    files = [str(path) for path in sorted(release.rglob("*")) if path.is_file()]
    found.append(("checksums of all files", "sha256sum", measured(["sha256sum", *files])))
    return found


def _plain(release: Path, graph: str, place: Path) -> Path:
    """A graph of a release as N-Triples that are not packed."""
    (packed,) = release.glob(f"*-{graph}.nt.gz")
    plain = place / packed.name.removesuffix(".gz")
    plain.write_bytes(gzip.decompress(packed.read_bytes()))
    return plain


def _jena() -> list[list[str]]:
    """How Jena's own commands are started, where `esco-kg fuseki` has brought it and there is Java; otherwise none."""
    homes = {path.parent for path in (cache_folder() / "fuseki").rglob("jena-cmds-*.jar")}
    return [["java", "-cp", f"{home}/*"] for home in sorted(homes)[-1:] if shutil.which("java")]


def _floor(release: Path, place: Path) -> float:
    graphs = sorted(path.name.removesuffix(".nt.gz").rpartition("-")[2] for path in release.glob("*.nt.gz"))
    return sum(measured([sys.executable, "-c", _READ, str(_plain(release, graph, place))]).cpu for graph in graphs)


def over_bounds(found: list[tuple[str, Run, str]], floor: float) -> list[str]:
    """The commands whose CPU, divided by the floor, is over its bound."""
    bounds: dict[str, float] = json.loads(BOUNDS.read_text(encoding="utf-8"))
    ratios = {name: run.cpu / floor for name, run, _ in found}
    return [
        f"{name}: {ratios[name]:.2f} times the floor, bound {bound:.2f}"
        for name, bound in bounds.items()
        if ratios[name] > bound
    ]


def page(source: str, floor: float, found: list[tuple[str, Run, str]], others: list[tuple[str, str, Run]]) -> str:
    """The page as Markdown."""
    lines = [
        "# Commands, and programs of others",
        "",
        "Written by `make bench-commands`; do not edit. Each row is a whole process, from start to end. The floor is",
        f"pyoxigraph streaming the release's triples as N-Triples: {floor:.2f} s of CPU.",
        f"Input: `{source}`. {os.cpu_count()} processors, {platform.machine()}, Python {platform.python_version()},",
        f"{date.today().isoformat()}, load average {os.getloadavg()[0]:.1f} at the end. A process is counted with "
        "the memory of the one that starts it: less than that is not seen.",
        "",
        "| command | CPU s | wall s | times the floor | peak, MB | aim, CPU s |",
        "|---|---:|---:|---:|---:|---|",
    ]
    lines += [
        f"| {name} | {run.cpu:.2f} | {run.wall:.2f} | {run.cpu / floor:.2f} | {_peak(run)} | {aim} |"
        for name, run, aim in found
    ]
    lines += [
        "",
        "The same machine and minute:",
        "",
        "| work | program | CPU s | wall s | peak, MB |",
        "|---|---|---:|---:|---:|",
    ]
    lines += [f"| {work} | {who} | {run.cpu:.2f} | {run.wall:.2f} | {_peak(run)} |" for work, who, run in others]
    if not _jena():
        lines += ["", "Jena was not measured: there is no Java, or `esco-kg fuseki` has not brought it."]
    lines += [
        "",
        "serd and TopBraid were not measured.",
    ]
    return "\n".join(lines) + "\n"


def _peak(run: Run) -> str:
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"{run.peak:.0f}" if run.peak > own + 1 else f"under {own:.0f}"


def main() -> None:
    """Measure and write the page, or check the bounds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source")
    parser.add_argument("--nace")
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    refuse_under_load()
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        make = [*_PROGRAM, "release", given.source, *(["--nace", given.nace] if given.nace else [])]
        made = measured([*make, "--no-cache", "--out", str(place / "first")])
        measured([*make, "--out", str(place / "second")])
        again = measured([*make, "--out", str(place / "third")])
        (manifest,) = (place / "first").glob("*/manifest.json")
        floor = _floor(manifest.parent, place)
        found = commands(manifest.parent, made, again, place)
        if given.check:
            over = over_bounds(found, floor)
            raise SystemExit("\n".join(over) if over else 0)
        PAGE.write_text(page(Path(given.source).name, floor, found, peers(manifest.parent, place)), encoding="utf-8")
    print(f"wrote {PAGE}", flush=True)


if __name__ == "__main__":
    main()
