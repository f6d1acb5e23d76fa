"""A stranger's load: whoever asks too much waits or is turned away alone; the state of the server is always told."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

import psutil
import pytest
from starlette.testclient import TestClient

from esco_kg.web.http.answers import Problem
from esco_kg.web.server.connections import Connections, client_of
from esco_kg.web.sparql.queue import FairQueue
from tests.web.test_sparql import HEAVY

STRANGER, READER = "127.0.0.2", "127.0.0.1"
ASK = "/sparql?" + urlencode({"query": "ASK { ?c xkos:depth 1 }"})
ENDLESS = "/sparql?" + urlencode({"query": HEAVY})
T = TypeVar("T")


def test_a_client_has_half_of_the_workers_and_the_others_go_on() -> None:
    async def scene() -> list[str]:
        turns, order, hold = FairQueue(2), [], asyncio.Event()

        async def query(client: str, name: str, held: bool) -> None:
            async with turns.turn(client):
                order.append(name)
                if held:
                    await hold.wait()

        stranger = [asyncio.create_task(query("stranger", f"s{n}", True)) for n in range(5)]
        await asyncio.sleep(0)
        await asyncio.gather(*(query("reader", f"r{n}", False) for n in range(3)))
        hold.set()
        await asyncio.gather(*stranger)
        return order

    assert asyncio.run(scene()) == ["s0", "r0", "r1", "r2", "s1", "s2", "s3", "s4"]


def test_clients_that_wait_are_served_in_rotation() -> None:
    async def scene() -> list[str]:
        turns, order = FairQueue(1), []

        async def query(client: str) -> None:
            async with turns.turn(client):
                order.append(client)
                await asyncio.sleep(0)

        await asyncio.gather(*(query(client) for client in "aaaabbc"))
        return order

    assert asyncio.run(scene()) == ["a", "a", "b", "c", "a", "b", "a"]


def test_queues_have_bounds_and_a_reader_who_leaves_gives_the_place_back() -> None:
    async def scene() -> None:
        turns, hold = FairQueue(2), asyncio.Event()

        async def query(client: str) -> None:
            async with turns.turn(client):
                await hold.wait()

        waiting = [asyncio.create_task(query("stranger")) for _ in range(9)]
        await asyncio.sleep(0)
        with pytest.raises(Problem) as own:
            await query("stranger")
        assert own.value.status == 429
        waiting.pop().cancel()
        await asyncio.sleep(0)
        waiting.append(asyncio.create_task(query("stranger")))
        others = [asyncio.create_task(query(f"other {n}")) for n in range(57)]
        await asyncio.sleep(0)
        with pytest.raises(Problem) as all_:
            await query("one more")
        assert all_.value.status == 503
        waiting[0].cancel()  # the one that runs
        hold.set()
        await asyncio.gather(*waiting, *others, return_exceptions=True)
        assert turns._free == 2 and not turns._queues and not turns._running

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("::ffff:192.0.2.7", "192.0.2.7"),
        ("testclient", "testclient"), ("", ""),
    ],
)  # fmt: skip
def test_who_is_one_client(address: str, client: str) -> None:
    assert client_of(address) == client


class _Open:
    """What :class:`Connections` sees of a connection."""

    def __init__(self, peer: str, is_waiting: bool) -> None:
        self.peer, self.is_waiting, self.dropped = peer, is_waiting, False

    def drop(self) -> None:
        self.dropped = True


def test_a_client_with_all_its_connections_makes_room_itself() -> None:
    all_ = Connections((ipaddress.ip_network("192.0.2.0/24"),), most=6, most_of_one=3, reserve=2)
    busy, idle = _Open("a", False), [_Open("a", True) for _ in range(2)]
    later = [_Open("a", True) for _ in range(2)]
    assert all(all_.admit(one) for one in (busy, *idle, *later))  # type: ignore[arg-type]
    assert [one.dropped for one in (busy, *idle, *later)] == [False, True, True, False, False]
    for one in later:
        one.is_waiting = False
    assert not all_.admit(_Open("a", True)), "all its places are at work"  # type: ignore[arg-type]
    proxied = [_Open("192.0.2.1", True) for _ in range(5)]
    assert all(all_.admit(one) for one in proxied) and all_.is_full()  # type: ignore[arg-type]
    assert all_.admit(_Open("b", True)) and proxied[0].dropped  # type: ignore[arg-type]
    for one in (*later, busy, *proxied):
        all_.forget(one)  # type: ignore[arg-type]
    assert not all_.is_full()


@pytest.fixture(scope="module")
def patient_server(two_releases: Path, web_cache: Path, site: object) -> Iterator[tuple[str, int]]:
    """Address and process of a server that lets a query run longer than these tests: no time-out ends one."""
    command = [sys.executable, "-m", "esco_kg", "serve", str(two_releases), "--port", "0", "--cache", str(web_cache)]
    with subprocess.Popen(
        [*command, "--rate", "0", "--timeout", "3000", "--memory", "256", "--no-log", "--quiet"],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().split()[2], process.pid
        finally:
            process.terminate()
            process.wait(timeout=20)


def connected(server: str, client: str) -> socket.socket:
    parts = urlsplit(server)
    return socket.create_connection((parts.hostname, parts.port), timeout=300, source_address=(client, 0))


def send(server: str, client: str, target: str) -> socket.socket:
    opened = connected(server, client)
    opened.sendall(f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
    return opened


def answer(opened: socket.socket) -> tuple[int, str]:
    """Status and body, read until the server closes."""
    with opened:
        found = b""
        while chunk := opened.recv(65536):
            found += chunk
    head, _, body = found.partition(b"\r\n\r\n")
    return int(head.split()[1]), body.decode()


def running_workers(process: int) -> list[psutil.Process]:
    """The workers that compute: they use the processor while we look."""
    before = _used(process)
    time.sleep(0.5)
    after = _used(process)
    return [worker for worker, seconds in before.items() if after.get(worker, seconds) != seconds]


def _used(process: int) -> dict[psutil.Process, float]:
    found = {}
    for child in psutil.Process(process).children():
        with suppress(psutil.NoSuchProcess):  # it ended while we looked
            if "esco_kg.web.sparql.worker" in child.cmdline():
                found[child] = child.cpu_times().user
    return found


def is_gone(worker: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE
    return True  # it ended while we looked


def wait_for(condition: Callable[[], T], what: str) -> T:
    """What the condition gives, once it is true: asked a second time, it may be another on a busy machine."""
    for _ in range(600):
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError(what)


def test_heavy_queries_of_a_stranger_leave_room_and_end_when_the_stranger_leaves(
    patient_server: tuple[str, int],
) -> None:
    server, process = patient_server
    with ExitStack() as opened:
        heavy = [opened.enter_context(send(server, STRANGER, ENDLESS)) for _ in range(18)]
        workers = wait_for(lambda: running_workers(process), "no heavy query runs")
        for _ in range(5):
            status, body = answer(send(server, READER, ASK))
            assert status == 200 and json.loads(body)["boolean"] is True, "the reader has a worker"
        turned_away = [one for one in heavy if _has_answer(one)]
        assert len(turned_away) == 9, "one runs, eight wait"
    wait_for(lambda: all(map(is_gone, workers)), "a query goes on although its reader has left")
    assert answer(send(server, STRANGER, ASK))[0] == 200


def _has_answer(opened: socket.socket) -> bool:
    opened.settimeout(0.5)
    try:
        return b" 429 " in opened.recv(100)
    except TimeoutError:
        return False


def test_requests_in_one_go_end_with_their_connection_too(patient_server: tuple[str, int]) -> None:
    """Of several requests in one go uvicorn tells the last one that the reader left, not the one that runs."""
    server, process = patient_server
    line = f"GET {ENDLESS} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /robots.txt HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with connected(server, STRANGER) as opened:
        opened.sendall(line.encode())
        workers = wait_for(lambda: running_workers(process), "the heavy query does not run")
    wait_for(lambda: all(map(is_gone, workers)), "a query goes on although its reader has left")


def test_a_worker_that_was_killed_is_told_as_that(patient_server: tuple[str, int]) -> None:
    server, process = patient_server
    assert answer(send(server, READER, ASK))[0] == 200  # a worker has started, so what computes next is a query
    with send(server, READER, ENDLESS) as opened:
        wait_for(lambda: running_workers(process), "the heavy query does not run")[0].kill()
        status, body = answer(opened)
    assert status == 503 and "ended from outside" in body and "memory" not in body


def test_a_query_that_needs_too_much_memory_is_told_as_that(patient_server: tuple[str, int]) -> None:
    server, _ = patient_server
    greedy = "SELECT (GROUP_CONCAT(CONCAT(STR(?c), STR(?f))) AS ?x) { ?a ?b ?c . ?d ?e ?f }"
    status, body = answer(send(server, READER, "/sparql?" + urlencode({"query": greedy})))
    assert status == 503 and "needed more memory" in body, body


def test_workers_end_with_a_server_that_is_killed(two_releases: Path, web_cache: Path, site: object) -> None:
    command = [sys.executable, "-m", "esco_kg", "serve", str(two_releases), "--port", "0", "--cache", str(web_cache)]
    with subprocess.Popen(
        [*command, "--timeout", "3000", "--no-log", "--quiet"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        with send(process.stdout.readline().split()[2], READER, ENDLESS):
            (worker,) = wait_for(lambda: running_workers(process.pid), "the heavy query does not run")
            process.kill()
            process.wait(20)
    wait_for(lambda: is_gone(worker), "the worker goes on")


def test_half_open_connections_of_strangers_do_not_lock_others_out(patient_server: tuple[str, int]) -> None:
    """First one address that opens 600, then so many addresses that every place is taken."""
    server, _ = patient_server
    with ExitStack() as opened:
        for number in range(600):
            one = opened.enter_context(connected(server, STRANGER))
            if number % 2:
                one.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        assert answer(send(server, READER, "/health"))[0] == 200
        assert answer(send(server, READER, ASK))[0] == 200
    with ExitStack() as opened:
        for number in range(700):
            opened.enter_context(connected(server, f"127.0.0.{2 + number % 8}"))
        status, body = answer(send(server, READER, "/health"))
        assert status == 200 and json.loads(body)["status"] == "ok"


def test_a_refused_weight_is_honoured_for_encodings(client: TestClient) -> None:
    """``q=0`` is "not this one" (RFC 9110, section 12.4.2)."""
    for accept, encoding in (
        ("gzip", "gzip"), ("gzip;q=0", ""), ("gzip; q=0.0, *", ""), ("*", "gzip"), ("*;q=0", ""),
        ("br, *;q=0.1", "gzip"), ("identity", ""), ("GZIP", "gzip"),
    ):  # fmt: skip
        found = client.get("/en/2.0.0/index.html", headers={"Accept-Encoding": accept})
        assert found.headers.get("content-encoding", "") == encoding, accept
        assert "Accept-Encoding" in found.headers["vary"]
