"""A store that means harm: credentials go nowhere else, and each broken answer is one line and status 3, in bounds."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from esco_kg.errors import ServerError
from esco_kg.store.client import Endpoint
from tests.support import hostile as answers
from tests.support.hostile import CASES, Hostile, hostile, redirects

MOST_MEMORY = 200  # MB, Python and its libraries included
SECRET = "s3cret"
# Runs the command once for each line of stdin and tells what came out; its memory is the most of all runs.
CHILD = """
import json, sys
from click.testing import CliRunner
from esco_kg.cli import main
from esco_kg.store.client import Endpoint
Endpoint.__init__.__kwdefaults__["pauses"] = (0.01,)
for line in sys.stdin:
    done = CliRunner().invoke(main, ["query", "level-clusters", *json.loads(line)])
    status = open("/proc/self/status").read()  # getrusage would count the tests' own process before this one began
    most = int(status.split("VmHWM:")[1].split()[0]) // 1024
    print(json.dumps({"status": done.exit_code, "out": done.stdout, "err": done.stderr, "most": most}), flush=True)
"""


@pytest.fixture(scope="module")
def store() -> Iterator[Hostile]:
    with hostile() as started:
        yield started


@pytest.fixture(scope="module")
def asked(store: Hostile, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A function that runs the command against the store as it answers now, and gives what came out."""
    aside = str(tmp_path_factory.mktemp("aside"))
    environment = {**os.environ, "ESCO_KG_USER": "loader", "ESCO_KG_PASSWORD": SECRET, "TMPDIR": aside}
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
    )
    assert child.stdin and child.stdout

    def ask(timeout: float) -> dict[str, Any]:
        assert child.stdin and child.stdout
        child.stdin.write(json.dumps(["--endpoint", store.url, "--timeout", str(timeout)]) + "\n")
        child.stdin.flush()
        return dict(json.loads(child.stdout.readline()))

    yield ask
    child.stdin.close()
    child.wait(20)
    child.stdout.close()


ALL = [*CASES, *redirects("http://127.0.0.1")]


def test_there_are_forty_of_them() -> None:
    assert len(ALL) >= 50


@pytest.mark.parametrize("name", ALL)
def test_a_hostile_answer_is_one_line_and_status_3(name: str, store: Hostile, asked: Any) -> None:
    store.answer, said, timeout = {**CASES, **redirects(store.elsewhere)}[name]
    store.seen.clear()
    done = asked(timeout)
    assert done["status"] == 3 and done["out"] == "", done
    error, *hint = done["err"].rstrip("\n").split("\n")
    assert re.fullmatch(rf"error: {re.escape(store.url)}/query: .*{said}.*", error), done["err"]
    assert len(hint) <= 1 and all(line.startswith("hint: ") for line in hint), done["err"]
    assert error.isprintable(), "nothing that a terminal would obey"
    assert SECRET not in done["err"]
    assert done["most"] < MOST_MEMORY
    assert store.seen_elsewhere == [], "asked a server that nobody named"
    sent = base64.b64encode(f"loader:{SECRET}".encode()).decode()
    assert any(sent in request for request in store.seen), "the store itself was asked, with the credentials"


@pytest.mark.parametrize("name", ["redirect 302", "a head of a byte a second", "a bomb", "no HTTP"])
def test_the_first_answer_is_believed_no_more(name: str, store: Hostile, asked: Any) -> None:
    """Before the store's kind is known, nothing is sent that tells who asks."""
    store.answer, said, timeout = {**CASES, **redirects(store.elsewhere)}[name]
    store.seen.clear()
    store.is_known = False
    try:
        done = asked(timeout)
    finally:
        store.is_known = True
    assert done["status"] == 3 and re.match(
        rf"error: {re.escape(store.url)}: .*{said.replace('/query', '/query')}", done["err"]
    )
    assert not any("authorization" in request.lower() for request in store.seen) and store.seen_elsewhere == []


def test_a_reader_that_takes_a_byte_at_a_time_is_left(tmp_path: Path) -> None:
    """A part of a load is sent until the deadline, too."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        enough = threading.Event()

        def sip() -> None:
            connection, _ = listening.accept()
            with connection:
                while not enough.wait(0.05) and connection.recv(1):
                    pass

        thread = threading.Thread(target=sip, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        with (
            Endpoint(url, "fuseki", timeout=1, pauses=()) as endpoint,
            pytest.raises(ServerError, match=r"no whole answer within 1 s \(--timeout\)"),
        ):
            endpoint.add("urn:g", b"<urn:a> <urn:b> <urn:c> .\n" * 1_000_000, "part 1")
        enough.set()
        thread.join(20)


def test_a_packed_answer_is_read(store: Hostile) -> None:
    import gzip

    from esco_kg.store.remote import select

    content = gzip.compress(b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"y"}}]}}')
    store.answer = lambda: answers.whole(content, Content_Encoding="gzip")
    with Endpoint(store.url) as endpoint:
        assert select(endpoint, "SELECT ?x WHERE { ?s ?p ?x }").values() == [("y",)]


def test_a_request_leaves_for_no_other_origin(store: Hostile) -> None:
    """Whatever a library would do on its own: the transport has the last word."""
    with Endpoint(store.url) as endpoint, pytest.raises(ServerError, match=r"nothing is sent to elsewhere\.example"):
        endpoint.sent("GET", "http://elsewhere.example/", "a test")
