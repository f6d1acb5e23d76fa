"""Measure the web on a folder of releases and write ``docs/benchmarks/web.md``.

    python -m tests.bench.web RELEASES [--seconds 60]

Needs ``wrk`` (Debian's package). The server and wrk share the machine: figures are those of both together.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import psutil

from esco_kg.web.pages.concepts import hierarchy_paths
from esco_kg.web.releases.model import Concept
from esco_kg.web.releases.site import Site, open_site
from esco_kg.web.releases.view import ReleaseView
from esco_kg.web.static_site.build import page_paths
from tests.support.places import ROOT

PAGE = ROOT / "docs" / "benchmarks" / "web.md"
SEED, SKILLS, CONNECTIONS = 20, 200, 8
HEAVY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . FILTER(STRLEN(CONCAT(STR(?a), STR(?d))) < 3) }"
# Links of the lists that a reader goes through, on each kind of page.
CARDS, INSIDE = r'<h2 id="h-[^"]+"><a href="([^"]+)"', r'<span class="row"><a href="(\.\./cluster/[^"]+)"'
MEMBERS = r'<li[^>]*><a href="(\.\./skill/[^"]+)"'
ROOTS = r'<a href="((?:skill|isced-f)/[^"]+)"'
LISTED = r'<li>(?:<span class="code">[^<]*</span> )?<a href="([^"]+)"'
PAGE_TEXT = """# The web

Written by `python -m tests.bench.web`; do not edit. {processors} processors for server, load
generator and all else that ran, Python {python}, load average {load:.1f} at the end. Releases {versions}; the newest is
made from ESCO {esco}:
{skills:,} skills, {clusters:,} clusters, {occupations:,} occupations; {addresses:,} addresses in all.

| measure | figure | aim |
| --- | --- | --- |
{measured}

## Ways to {ways} random skills

On the pages as served: clicks from the first page, and options read down to the right one on each page. Where the
official hierarchy has several ways to a skill, the shortest counts; its first page shows two levels at once.

| way | clicks | options read | options read, 90th percentile |
| --- | --- | --- | --- |
| clusters | {ours} |
| official hierarchy | {theirs} |
"""
SCRIPT = """
local paths = {}
for line in io.lines("%s") do paths[#paths + 1] = line end
local drawn = 0
function setup(thread) drawn = drawn + 1; thread:set("number", drawn) end
function init() math.randomseed(number) end
function request() return wrk.format("GET", paths[math.random(#paths)]) end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format("MEASURED %%d %%d %%d %%.3f %%.3f\\n", summary.requests, summary.duration,
    e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(50) / 1000, latency:percentile(95) / 1000))
end
"""


@contextmanager
def served(releases: Path, cache: Path) -> Iterator[tuple[str, psutil.Process]]:
    """The address of a server of our own, and its process."""
    command = [sys.executable, "-m", "esco_kg", "serve", str(releases), "--port", "0", "--cache", str(cache)]
    with subprocess.Popen([*command, "--rate", "0", "--no-log"], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().split()[2].rstrip("/"), psutil.Process(process.pid)
        finally:
            process.terminate()


def addresses(site: Site) -> list[str]:
    """Pages of every release and language, documents, searches: each address once."""
    found = []
    for view in site.views:
        pages = list(page_paths(view, with_skills=True))
        found += [f"/{tag}/{view.version}/{urllib.parse.quote(path)}" for tag in view.languages for path in pages]
        found += [f"/data/{view.version}/cluster/{identifier}.ttl" for identifier in view.clusters]
        found += [f"/api/v1/clusters/{identifier}?version={view.version}" for identifier in view.clusters]
    return sorted(found)


def load(address: str, paths: Sequence[str], seconds: int) -> dict[str, float]:
    """wrk's figures: requests a second, errors, 50th and 95th percentile in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        listed, script = Path(folder) / "paths", Path(folder) / "draw.lua"
        listed.write_text("\n".join(paths) + "\n")
        script.write_text(SCRIPT % listed)
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s", "-s", str(script), address]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    requests, micros, errors, half, most = map(float, re.search(r"MEASURED (.*)", printed)[1].split())  # type: ignore[index]
    return {"rate": requests / micros * 1e6, "errors": errors, "p50": half, "p95": most}


@contextmanager
def heavy_queries(address: str) -> Iterator[list[int]]:
    """Ask heavy SPARQL queries all the while; gives the statuses of their answers."""
    over, statuses = threading.Event(), []

    def ask() -> None:
        while not over.is_set():
            query = urllib.parse.urlencode({"query": HEAVY}).encode()
            try:
                with urllib.request.urlopen(f"{address}/sparql", query, timeout=120) as answer:
                    statuses.append(answer.status)
            except urllib.error.HTTPError as error:
                statuses.append(error.code)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield statuses
    finally:
        over.set()
        thread.join()


def first_bytes(address: str, paths: Sequence[str]) -> tuple[float, int, str]:
    """95th percentile of the time to the first byte in ms, one request after another; the largest page in bytes."""
    times, largest = [], (0, "")
    for path in paths:
        start = time.perf_counter()
        with urllib.request.urlopen(address + path, timeout=20) as answer:
            body = answer.read(1)
            times.append(1000 * (time.perf_counter() - start))
            largest = max(largest, (len(body + answer.read()), path))
    return statistics.quantiles(times, n=20)[-1], *largest


def links(address: str, pattern: str) -> list[str]:
    """Links of a page's list, in the order shown."""
    with urllib.request.urlopen(address, timeout=20) as answer:
        html = answer.read().decode()
    main = html[html.index("<main") : html.index("</main>")]
    return [urllib.parse.urljoin(address, found) for found in re.findall(pattern, main)]


def walk(pages: Sequence[tuple[str, str, str]]) -> tuple[int, int]:
    """Clicks, and options read down to the right one on each page; (page, links, the one to follow) each."""
    seen = 0
    for address, pattern, wanted in pages:
        offered = links(address, pattern)
        seen += offered.index(wanted) + 1
    return len(pages), seen


def navigation(address: str, view: ReleaseView) -> dict[str, list[tuple[int, int]]]:
    """Ways to random skills through the clusters and through the official hierarchy, on the pages as served.

    Where the official hierarchy has several ways, the shortest counts.
    """
    home = f"{address}/en/{view.version}/"
    found: dict[str, list[tuple[int, int]]] = {"clusters": [], "official": []}
    for path in random.Random(SEED).sample(sorted(view.of_kind("skill")), SKILLS):
        skill = view.concept(path)
        assert skill is not None
        leaf = view.primary_of([skill.id])[skill.id]
        way = [f"{home}cluster/{one.id}.html" for one in (*view.ancestors(leaf), view.clusters[leaf])]
        steps = [(f"{home}index.html", CARDS, way[0]), *((a, INSIDE, b) for a, b in pairwise(way))]
        found["clusters"].append(walk([*steps, (way[-1], MEMBERS, f"{home}{path}.html")]))
        official = [walk(steps) for steps in _official(view, skill, home)]
        found["official"].append(min(official, key=lambda walked: walked[1]))
    return found


def _official(view: ReleaseView, skill: Concept, home: str) -> Iterator[list[tuple[str, str, str]]]:
    for path in hierarchy_paths(view, skill, "en"):
        pages = [f"{home}{one.path}.html" for one in (*path, skill)]
        # The first page shows two levels: the roots and what is below them.
        entered = pages[1:] if len(path) > 1 else pages
        yield [(f"{home}hierarchy.html", ROOTS, entered[0]), *((a, LISTED, b) for a, b in pairwise(entered))]


def figures(ways: Sequence[tuple[int, int]]) -> str:
    clicks, seen = [w[0] for w in ways], [w[1] for w in ways]
    return f"{statistics.mean(clicks):.1f} | {statistics.mean(seen):.1f} | {statistics.quantiles(seen, n=10)[-1]:.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("releases", type=Path)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--cache", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        cache = given.cache or Path(scratch) / "cache"
        site = open_site(given.releases, cache)
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(report(site, given.releases, cache, given.seconds), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} written")


def report(site: Site, releases: Path, cache: Path, seconds: int) -> str:
    """Everything measured, as the page."""
    paths = addresses(site)
    drawn = random.Random(SEED).sample(paths, min(300, len(paths)))
    with served(releases, cache) as (address, process):
        # SQLite's caches fill first (32 MB a release): what grows after that is a leak.
        load(address, paths, 10)
        before = process.memory_info().rss / 1e6
        calm = load(address, paths, seconds)
        after = process.memory_info().rss / 1e6
        with heavy_queries(address) as statuses:
            busy = load(address, paths, min(seconds, 30))
        late, largest, where = first_bytes(address, [path for path in drawn if path.endswith(".html")])
        ways = navigation(address, site.latest)
    latest, stopped = site.latest, f"{len(statuses)} stopped, answers {sorted(set(statuses))}"
    rows = [
        (f"requests a second, {seconds} s, {CONNECTIONS} connections, any address", f"{calm['rate']:.0f}", "300"),
        ("95th percentile under that load", f"{calm['p95']:.0f} ms", "100 ms"),
        ("errors", f"{calm['errors']:.0f}", "0"),
        ("memory of the server before and after, warmed up for 10 s", f"{before:.0f} MB, {after:.0f} MB", "flat"),
        (f"requests a second while heavy SPARQL queries run ({stopped})", f"{busy['rate']:.0f}", "served"),
        ("95th percentile while they run", f"{busy['p95']:.0f} ms", "served"),
        ("time to the first byte, 95th percentile, one request at a time", f"{late:.0f} ms", "30 ms"),
        (f"largest of {len(drawn)} pages drawn ({where})", f"{largest / 1000:.0f} kB", "100 kB"),
    ]  # fmt: skip
    measured = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return PAGE_TEXT.format(
        processors=os.cpu_count(), python=platform.python_version(), load=os.getloadavg()[0],
        versions=", ".join(site.by_version), esco=latest.manifest["esco_version"], skills=latest.counts["skill"],
        clusters=len(latest.current()), occupations=latest.counts["occupation"], addresses=len(paths),
        measured=measured, ways=SKILLS, ours=figures(ways["clusters"]), theirs=figures(ways["official"]),
    )  # fmt: skip


if __name__ == "__main__":
    main()
