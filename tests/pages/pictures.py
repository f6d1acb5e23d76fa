"""``make docs-pictures``: photograph the pages that the manual shows, of a demonstration release made for it.

With a folder of releases as its argument the picture of the README is made, too, of the newest release there. Needs
Debian's Chromium. The same pages give the same pictures on the same machine; another machine has other fonts.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.support.places import ROOT

PICTURES = ROOT / "docs" / "pictures"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
WIDE, HIGH = 1000, 700
README = "start-page"
# Name of the picture -> address below the server, or file in the release.
SHOWN = {
    "tutorial-notes": "RELEASE-NOTES.html",
    "tutorial-start": "/en/1.0.0/index.html",
    "tutorial-cluster": "/en/1.0.0/cluster/c00061.html",
}


@contextmanager
def served(releases: Path) -> Iterator[str]:
    """The address of a server over these releases."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "esco_kg", "serve", str(releases), "--port", str(port)]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5)
                break
            except OSError:
                assert server.poll() is None, "the server ended"
                time.sleep(0.5)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=60)


def photograph(browser: Browser, address: str, to: Path) -> None:
    page = browser.new_page(viewport={"width": WIDE, "height": HIGH}, locale="en-GB", reduced_motion="reduce")
    answer = page.goto(address)
    assert answer is not None and answer.ok, address
    page.screenshot(path=to, animations="disabled", caret="hide")
    page.close()


def demonstration_pictures(releases: Path, to: Path, browser: Browser) -> None:
    """The pictures of the tutorials, of releases that hold the demonstration's 1.0.0."""
    with served(releases) as server:
        for name, place in SHOWN.items():
            file = releases / "1.0.0" / place
            photograph(browser, f"{server}{place}" if place.startswith("/") else file.as_uri(), to / f"{name}.png")


def main(real: list[str]) -> None:
    os.environ["SOURCE_DATE_EPOCH"] = "1735041600"
    from esco_kg.release import Request, make_release

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        make_release(Request(out=Path(folder)))
        demonstration_pictures(Path(folder) / "demonstration", PICTURES, browser)
        for releases in real[:1]:
            with served(Path(releases)) as server:
                photograph(browser, f"{server}/en/current/index.html", PICTURES / f"{README}.png")


if __name__ == "__main__":
    main(sys.argv[1:])
