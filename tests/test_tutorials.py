"""The tutorials, done as they stand, in an empty folder with an empty home: each command, and what it prints."""

from __future__ import annotations

import os
import re
import shlex
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.support.places import ROOT

TUTORIALS = ("tutorial.md", "tutorial-analysts.md")
_BLOCK = re.compile(
    r"^(?:[^\n]*[Ss]ave these lines as `(?P<file>[\w.-]+)`:\n\n)?```(?P<kind>\w+)\n(?P<text>.*?)^```", re.M | re.S
)


def fits(shown: str, printed: str) -> bool:
    """Whether this is what the page shows; ``...`` stands for anything, a line of it for no line, too."""
    pattern = ".*".join(re.escape(part) for part in re.split(r"(?m:^\.\.\.\n)|\.\.\.", shown))
    return re.fullmatch(pattern, printed, re.DOTALL) is not None


class Reader:
    """Somebody who does what the page says, in a folder of their own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.place = home / "work"
        self.place.mkdir()
        self.environment = {"HOME": str(home), "PATH": f"{Path(sys.executable).parent}:{os.defpath}", "LANG": "C.UTF-8"}
        self.printed = ""

    def run(self, command: list[str], said: str) -> None:
        run = subprocess.run(
            command, cwd=self.place, env=self.environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        assert run.returncode == 0, f"{said}\n{run.stdout}"
        self.printed = run.stdout

    def start(self, command: str) -> None:
        """A server: it answers at its address, and ends when it is told to."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        words = shlex.split(command)
        words = [*words, "--port", port] if words[0] == "esco-kg" else [*words[:-1], port]
        server = subprocess.Popen(words, cwd=self.place, env=self.environment, stderr=subprocess.DEVNULL)
        try:
            for _ in range(240):
                try:
                    found = urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30).read().decode()
                    break
                except OSError:
                    assert server.poll() is None, f"{command}: the server ended"
                    time.sleep(0.5)
            assert "<html" in found
        finally:
            server.terminate()
            server.wait(timeout=60)


@pytest.mark.parametrize("name", TUTORIALS)
def test_a_tutorial_is_done_as_it_stands(name: str, tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    done = 0
    for block in _BLOCK.finditer(page):
        kind, text = block["kind"], block["text"]
        if block["file"]:
            (reader.place / block["file"]).write_text(text, encoding="utf-8")
        elif kind == "console":
            for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
                command, _, shown = part.partition("\n")
                if "esco-kg serve" in command or "http.server" in command:
                    reader.start(command)
                else:
                    reader.run(["bash", "-c", command], command)
                    assert fits(shown, reader.printed), f"{command} prints\n{reader.printed}"
                done += 1
        elif kind == "python":
            reader.run([sys.executable, "-c", text], text)
            done += 1
        elif kind == "text" and reader.printed:
            assert fits(text.replace(" \n", "\n"), reader.printed.replace(" \n", "\n")), reader.printed
        else:
            assert kind == "text", f"nobody runs this block: {text}"
    assert done >= 8
