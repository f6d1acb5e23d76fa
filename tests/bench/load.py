"""Measure what one hostile client costs another: ``python -m tests.bench.load RELEASES [--seconds 60]``.

``esco-kg serve`` with its defaults. The hostile client, at 127.0.0.2, sends heavy queries as fast as it may, closes
half of their connections at once, and holds 512 half-open ones. The other one, at 127.0.0.1, asks an ASK a second.
"""

from __future__ import annotations

import argparse
import socket
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from tests.bench.web import HEAVY

STRANGER, READER = "127.0.0.2", "127.0.0.1"
ASK = "/sparql?" + urlencode({"query": "ASK { ?c xkos:depth 1 }"})


def _send(server: str, client: str, target: str) -> socket.socket:
    parts = urlsplit(server)
    opened = socket.create_connection((parts.hostname, parts.port), timeout=60, source_address=(client, 0))
    opened.sendall(f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
    return opened


def _hostile(server: str, until: float) -> None:
    parts, number = urlsplit(server), 0
    held: list[socket.socket] = []
    while time.monotonic() < until:
        try:
            opened = _send(server, STRANGER, "/sparql?" + urlencode({"query": f"{HEAVY} # {number}"}))
            number += 1
            if number % 2:
                opened.close()
            else:
                held.append(opened)
            half = socket.create_connection((parts.hostname, parts.port), timeout=5, source_address=(STRANGER, 0))
            half.sendall(b"GET / HTTP/1.1\r\n")
            held.append(half)
        except OSError:
            pass  # refused or closed: what it is there for
        while len(held) > 512:
            held.pop(0).close()
        time.sleep(0.02)
    for one in held:
        one.close()


def measured(server: str, seconds: float) -> list[float]:
    """Seconds that each ASK took; one that got no answer 200 counts as infinite."""
    until = time.monotonic() + seconds
    stranger = threading.Thread(target=_hostile, args=(server, until))
    stranger.start()
    took = []
    while time.monotonic() < until:
        began = time.monotonic()
        try:
            with _send(server, READER, ASK) as opened:
                head = opened.recv(100)
                while opened.recv(65536):
                    pass
            took.append(time.monotonic() - began if b" 200 " in head else float("inf"))
        except OSError:
            took.append(float("inf"))
        time.sleep(max(0.0, 1 - (time.monotonic() - began)))
    stranger.join()
    return took


def main() -> None:
    """Print how many ASKs were answered under two seconds, and their median and slowest."""
    parser = argparse.ArgumentParser()
    parser.add_argument("releases", type=Path)
    parser.add_argument("--seconds", type=float, default=60)
    given = parser.parse_args()
    command = [sys.executable, "-m", "esco_kg", "serve", str(given.releases), "--port", "0", "--no-log", "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            took = measured(process.stdout.readline().split()[2], given.seconds)
        finally:
            process.terminate()
            process.wait(20)
    good = sum(one < 2 for one in took)
    print(f"{good} of {len(took)} ASKs under 2 s; median {statistics.median(took):.3f} s, slowest {max(took):.3f} s")


if __name__ == "__main__":
    main()
