"""``make bench-stores RELEASE=folder``: loading and querying each real store, written to docs/benchmarks-stores.md.

Loading is measured beside the store's own bulk loader on the same triples, in the same run, in seconds and in seconds
of processor; a query is asked as a user would ask it, six times over HTTP, and the median of the last five counts. A
store that is not installed is left out and named.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from esco_kg.folder.reading import read_manifest
from esco_kg.rdf.graphs import Rows
from esco_kg.store import catalogue
from esco_kg.store.client import Endpoint
from esco_kg.store.cookbook import Query, cookbook
from esco_kg.store.fuseki import jars
from esco_kg.store.load import load_release
from esco_kg.store.local import ReleaseStore, open_release
from esco_kg.store.remote import select
from tests.support.measured import different
from tests.support.places import ROOT
from tests.support.servers import Server, free_port, fuseki, oxigraph, running, virtuoso

PAGE = ROOT / "docs" / "benchmarks-stores.md"
_RUNS = 5
_SEARCHED = {
    "occupation": "SELECT ?o WHERE { ?o a esco:Occupation ; esco:relatedEssentialSkill ?s } "
    "GROUP BY ?o ORDER BY DESC(COUNT(?s)) ?o LIMIT 2",
    "skill": "SELECT ?s WHERE { ?a xkos:sourceConcept ?s ; ekg:weight ?w } "
    "GROUP BY ?s ORDER BY DESC(COUNT(?a)) ?s LIMIT 1",
    "cluster": "SELECT ?id WHERE { ?c skos:narrowMatch ?s ; skos:notation ?id } "
    "GROUP BY ?id ORDER BY DESC(COUNT(?s)) ?id LIMIT 1",
}  # fmt: skip
_FIXED = {"isco": "2", "text": "weld", "sector": "C", "division": "62", "group": "S1", "margin": "0.01"}


def parameters(query: Query, found: dict[str, list[str]]) -> dict[str, str]:
    """Values that make the query work hard on this release: large clusters, occupations with many skills."""
    given = {}
    for parameter in query.parameters:
        if parameter.name in _FIXED:
            given[parameter.name] = _FIXED[parameter.name]
        elif parameter.type in found:
            given[parameter.name] = found[parameter.type][-1 if parameter.name == "to" else 0]
        elif parameter.default is None:
            given[parameter.name] = query.sample[parameter.name]
    return given


def searched(store: ReleaseStore, base: str) -> dict[str, list[str]]:
    """The values that are looked for in the release."""
    head = f"""BASE <{base}> PREFIX ekg: <model#> PREFIX esco: <http://data.europa.eu/esco/model#>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        PREFIX xkos: <http://rdf-vocabulary.ddialliance.org/xkos#> """
    return {kind: [str(row[0]) for row in store.select(head + text).values()] for kind, text in _SEARCHED.items()}


def median(ask: Callable[[], Rows]) -> tuple[float, int]:
    """Seconds, and rows."""
    seconds = []
    for _ in range(_RUNS + 1):
        started = time.perf_counter()
        rows = ask()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds[1:]), len(rows.terms)


@dataclass(frozen=True)
class Effort:
    """Seconds by the clock, and of processor in this process, in those that it ran, and in the server."""

    wall: float
    processor: float


def clocked(work: Callable[[], object], server: int | None = None) -> Effort:
    """The effort of some work; ``server`` is the id of a process that does part of it."""
    started, busy = time.perf_counter(), processor(server)
    work()
    return Effort(time.perf_counter() - started, processor(server) - busy)


def processor(server: int | None) -> float:
    """Seconds of processor so far: this process, those it ran that have ended, and the server (Linux alone tells)."""
    seconds = sum(os.times()[:4])
    if server is not None:
        fields = Path(f"/proc/{server}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        seconds += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return seconds


def memory(server: int) -> int:
    """The most memory that the server has held so far, in MB."""
    line = next(line for line in Path(f"/proc/{server}/status").read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) // 1024


def first_answer(release: Path) -> float:
    """Seconds from the start of ``esco-kg serve`` to its first answer, on a release that it served before."""
    port = free_port()
    line = [sys.executable, "-m", "esco_kg", "serve", str(release), "--port", str(port), "--quiet", "--no-log"]
    with tempfile.TemporaryDirectory() as cache:
        for _ in range(2):
            started = time.perf_counter()
            with running([*line, "--cache", cache], f"http://127.0.0.1:{port}/", Path(cache, "log"), patience=600):
                seconds = time.perf_counter() - started
    return seconds


@contextmanager
def credentials(server: Server) -> Iterator[None]:
    """The environment of a server, for as long as it is asked."""
    before = dict(os.environ)
    os.environ.update(server.environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def bulk_fuseki(plain: dict[str, Path], scratch: Path, server: Server) -> None:
    """TDB2's own loader, on a dataset of its own, without a text index."""
    line = ["java", "-Xmx2g", "-cp", f"{jars()}{os.sep}*", "tdb2.tdbloader", "--loc", str(scratch / "tdb2")]
    subprocess.run([*line, str(next(iter(plain.values())).parent / "all.nq")], check=True, capture_output=True)


def bulk_oxigraph(plain: dict[str, Path], scratch: Path, server: Server) -> None:
    """``oxigraph load`` into a store of its own, offline."""
    line = [str(Path(sys.executable).parent / "oxigraph"), "load", "--location", str(scratch / "bulk")]
    for graph, path in plain.items():
        subprocess.run([*line, "--file", str(path), "--graph", graph], check=True, capture_output=True)


def bulk_virtuoso(plain: dict[str, Path], scratch: Path, server: Server) -> None:
    """``rdf_loader_run`` in the same server, into graphs of another name."""
    place = scratch / "virtuoso" / "bulk"
    place.mkdir()
    for number, (graph, path) in enumerate(plain.items()):
        shutil.copy(path, place / f"{number}.nt")
        (place / f"{number}.nt.graph").write_text(f"{graph}/bulk")
    steps = f"ld_dir('{place}', '*.nt', ''); rdf_loader_run(); checkpoint;"
    line = ["isql-vt", server.environment["VIRTUOSO_SQL"], "dba", "dba", f"exec={steps}"]
    subprocess.run(line, check=True, capture_output=True)


def bench(kind: str, release: Path, plain: dict[str, Path], asked: dict[str, str]) -> dict[str, Any]:
    """One store: seconds of loading, of switching and of its own loader, and the median of each query."""
    start = {"fuseki": fuseki, "oxigraph": oxigraph, "virtuoso": partial(virtuoso, buffers=170_000)}
    bulk = {"fuseki": bulk_fuseki, "oxigraph": bulk_oxigraph, "virtuoso": bulk_virtuoso}[kind]
    switches: list[float] = []
    update = Endpoint.update

    def timed(self: Endpoint, operations: str, what: str) -> None:
        started = time.perf_counter()
        update(self, operations, what)
        if what.startswith("switching"):
            switches.append(time.perf_counter() - started)

    with tempfile.TemporaryDirectory() as scratch, start[kind](Path(scratch)) as server, credentials(server):
        with Endpoint(server.url, timeout=1800) as endpoint:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(Endpoint, "update", timed)
                whole = clocked(lambda: load_release(release, endpoint), server.process)
            held = memory(server.process)
            again = clocked(lambda: load_release(release, endpoint))
            graphs = catalogue.graphs_to_ask(endpoint, catalogue.stored_releases(endpoint), None)
            queries = {name: median(lambda t=text: select(endpoint, t, graphs=graphs)) for name, text in asked.items()}  # type: ignore[misc]
            unlike: dict[str, Any] = {}
            measuring = clocked(lambda: unlike.update(different(endpoint, release)))
        own = clocked(lambda: bulk(plain, Path(scratch), server), server.process)
    return {
        "load": whole.wall - sum(switches), "switch": sum(switches), "again": again.wall, "own": own.wall,
        "memory": held,
        "measuring": measuring.wall, "unlike": sorted(unlike), "queries": queries,
        "processor": whole.processor, "own processor": own.processor,
    }  # fmt: skip


def page(
    esco: str,
    triples: int,
    found: dict[str, dict[str, Any]],
    absent: list[str],
    local: dict[str, tuple[float, int]],
    made: float,
    served: float,
) -> str:
    """The whole page."""
    lines = [
        "# Stores",
        "",
        f"Written by `make bench-stores` with a release of ESCO {esco}: {triples:,} triples, {os.cpu_count()} cores, "
        f"{platform.machine()}, Python {platform.python_version()}. Load average when it began and ended: "
        f"{found.pop('average')['text']}.",
        "",
        "## Loading",
        "",
        "Triples per second of `esco-kg load` over HTTP, counted back included, beside the store's own loader (TDB2's",
        "tdbloader and `oxigraph load` offline, Virtuoso's `rdf_loader_run` in the server); the share is of that",
        "loader's speed. The switch makes the release the current one: it copies all of it a first time. Again:",
        "loading what is there. Fuseki indexes labels for text search while it loads; its own loader does not.",
        "Processor: all seconds of client and server together, switch included, which hardly depend on what else the",
        "machine does. Memory: the most that the server held.",
        "",
        "| store | triples/s | own loader | share | switch, s | again, s | processor, s | own loader's, s | MB |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for kind, run in found.items():
        load, own = run["load"], run["own"]
        lines.append(
            f"| {kind} | {triples / load:,.0f} | {triples / own:,.0f} | {own / load:.0%} | {run['switch']:.1f} | "
            f"{run['again']:.1f} | {run['processor']:.1f} | {run['own processor']:.1f} | {run['memory']:,} |"
        )
    lines += [
        "",
        f"The embedded store of a folder is made in {made:.1f} s, once. `make serve` gives its first answer",
        f"{served:.1f} s after its start, on a release that it served before.",
        "",
    ]
    lines += [
        "## Numbers",
        "",
        "All measures of the release, asked of each store, beside its files in `statistics/`:",
        "",
    ]
    for kind, run in found.items():
        said = f"differ in {', '.join(run['unlike'])}" if run["unlike"] else "the same files, byte for byte"
        lines.append(f"- {kind}: {said}, in {run['measuring']:.1f} s")
    lines.append("")
    lines += [f"Not installed, so not measured: {', '.join(absent)}.", ""] if absent else []
    lines += [
        "## Saved queries",
        "",
        f"Median seconds of {_RUNS} runs after a first one, each over HTTP but for the embedded store. The parameters",
        "make a query work hard: large clusters, occupations with many skills.",
        "",
        f"| query | rows | embedded | {' | '.join(found)} |",
        "| --- | ---: | ---: |" + " ---: |" * len(found),
    ]
    for name, (seconds, rows) in local.items():
        cells = [f"{run['queries'][name][0]:.3f}" for run in found.values()]
        lines.append(f"| {name} | {rows:,} | {seconds:.3f} | {' | '.join(cells)} |")
    slowest = max(local, key=lambda name: local[name][0])
    lines += ["", f"The slowest on the embedded store is {slowest}, with {local[slowest][0]:.2f} s.", ""]
    return "\n".join(lines)


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("release", type=Path)
    parser.add_argument("--stores", default="fuseki,oxigraph,virtuoso")
    options = parser.parse_args()
    manifest = read_manifest(options.release)
    base, version = manifest["base_iri"], manifest["version"]
    average = f"{os.getloadavg()[0]:.1f}"
    with tempfile.TemporaryDirectory() as scratch:
        plain = {}
        for name in sorted(manifest["graphs"]):
            path = Path(scratch, f"{name}.nt")
            with gzip.open(options.release / f"esco-kg-{version}-{name}.nt.gz") as packed, path.open("wb") as target:
                shutil.copyfileobj(packed, target)
            plain[catalogue.Names(base).graph(version, name)] = path
        with Path(scratch, "all.nq").open("wb") as quads:
            for graph, path in plain.items():
                with path.open("rb") as lines:
                    quads.writelines(line[:-2] + f"<{graph}> .\n".encode() for line in lines)
        made = clocked(lambda: open_release(options.release, caches=Path(scratch, "stores"))).wall
        store = open_release(options.release, caches=Path(scratch, "stores"))
        hard = searched(store, base)
        asked = {query.name: query.bound(base, parameters(query, hard)) for query in cookbook().values()}
        local = {name: median(lambda t=text: store.select(t)) for name, text in asked.items()}  # type: ignore[misc]
        found, absent = {}, []
        for kind in options.stores.split(","):
            try:
                found[kind] = bench(kind, options.release, plain, asked)
            except pytest.skip.Exception as reason:
                absent.append(f"{kind} ({reason.msg})")
            print(kind, json.dumps(found.get(kind), default=str)[:300], file=sys.stderr)
    found["average"] = {"text": f"{average} and {os.getloadavg()[0]:.1f}"}
    triples = sum(int(facts["triples"]) for facts in manifest["graphs"].values())
    text = page(manifest["esco_version"], triples, found, absent, local, made, first_answer(options.release))
    PAGE.write_text(text, encoding="utf-8", newline="\n")
    print(f"wrote {PAGE}")


if __name__ == "__main__":
    main()
