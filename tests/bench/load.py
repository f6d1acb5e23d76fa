"""Measure what one hostile client costs another: ``python -m tests.bench.load RELEASES [--seconds 60]``.

Writes docs/benchmarks/load.md.

``esco-kg serve`` with its defaults. The hostile client, at 127.0.0.2, sends heavy queries as fast as it may, closes
half of their connections at once, and holds 512 half-open ones. The other one, at 127.0.0.1, asks an ASK a second.
"""

from __future__ import annotations

import argparse
import os
import platform
import socket
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from tests.bench.web import HEAVY
from tests.support.places import ROOT

PAGE = ROOT / "docs" / "benchmarks" / "load.md"
STRANGER, READER = "127.0.0.2", "127.0.0.1"
ASK = "ASK { ?c xkos:depth 1 } # %d"


def _send(server: str, client: str, target: str) -> socket.socket:
    parts = urlsplit(server)
    opened = socket.create_connection((parts.hostname, parts.port), timeout=60, source_address=(client, 0))
    opened.sendall(f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
    return opened


def _hostile(server: str, until: float, sent: list[str]) -> None:
    """Go on until then; ``sent`` has an entry for each heavy query and each half-open connection."""
    parts, number = urlsplit(server), 0
    held: list[socket.socket] = []
    while time.monotonic() < until:
        try:
            opened = _send(server, STRANGER, "/sparql?" + urlencode({"query": f"{HEAVY} # {number}"}))
            number += 1
            sent.append("query")
            if number % 2:
                opened.close()
            else:
                held.append(opened)
            half = socket.create_connection((parts.hostname, parts.port), timeout=5, source_address=(STRANGER, 0))
            half.sendall(b"GET / HTTP/1.1\r\n")
            held.append(half)
            sent.append("half-open")
        except OSError:
            pass  # refused or closed: what it is there for
        while len(held) > 512:
            held.pop(0).close()
        time.sleep(0.02)
    for one in held:
        one.close()


def measured(server: str, seconds: float) -> tuple[list[float], list[str]]:
    """Seconds that each ASK took, infinite where no answer 200 came; and what the hostile client sent meanwhile."""
    until = time.monotonic() + seconds
    sent: list[str] = []
    stranger = threading.Thread(target=_hostile, args=(server, until, sent))
    stranger.start()
    took = []
    while time.monotonic() < until:
        began = time.monotonic()
        try:
            with _send(server, READER, "/sparql?" + urlencode({"query": ASK % len(took)})) as opened:
                head = opened.recv(100)
                while opened.recv(65536):
                    pass
            took.append(time.monotonic() - began if b" 200 " in head else float("inf"))
        except OSError:
            took.append(float("inf"))
        time.sleep(max(0.0, 1 - (time.monotonic() - began)))
    stranger.join()
    return took, sent


def page(took: list[float], sent: list[str], seconds: float) -> str:
    """What was measured, as Markdown."""
    good, in_order = sum(one < 2 for one in took), sorted(took)
    load, python = os.getloadavg()[0], platform.python_version()
    processors, heavy, open_ = os.cpu_count(), sent.count("query"), sent.count("half-open")
    return f"""# One hostile client

Written by `python -m tests.bench.load`; do not edit. `esco-kg serve` with its defaults, releases of
the demonstration data; {processors} processors for server, both clients and all else that ran, Python {python}, load
average {load:.1f} at the end.

For {seconds:.0f} s one client sent {heavy:,} heavy SPARQL queries, closed half of their connections at once, and left
{open_:,} connections half-open. Another client sent an ASK once a second, each another text. One that got no answer 200
counts as not in time.

| measure | figure | aim |
| --- | --- | --- |
| ASKs of the other client under 2 s | {good} of {len(took)} ({good / len(took):.0%}) | 95 % |
| median | {statistics.median(took):.3f} s | |
| 95th percentile | {in_order[int(0.95 * (len(took) - 1))]:.3f} s | 2 s |
| slowest | {in_order[-1]:.3f} s | |
"""


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser()
    parser.add_argument("releases", type=Path)
    parser.add_argument("--seconds", type=float, default=60)
    given = parser.parse_args()
    command = [sys.executable, "-m", "esco_kg", "serve", str(given.releases), "--port", "0", "--no-log", "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            took, sent = measured(process.stdout.readline().split()[2], given.seconds)
        finally:
            process.terminate()
            process.wait(20)
    PAGE.write_text(page(took, sent, given.seconds), encoding="utf-8")
    print(f"wrote {PAGE}: {sum(one < 2 for one in took)} of {len(took)} ASKs under 2 s")


if __name__ == "__main__":
    main()
