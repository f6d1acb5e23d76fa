"""A few worker processes for SPARQL: one query each at a time, killed at the time-out or when the reader leaves."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from esco_kg.web.http.answers import Problem
from esco_kg.web.server.limits import QueryLimits
from esco_kg.web.sparql.preparation import Preparation
from esco_kg.web.sparql.queue import FairQueue

_START = 30.0  # seconds a worker may take to open its stores
_LONGEST_LINE = 1 << 20
# What a worker says before it ends: Rust's allocator, Python's, and Rust's guard of the stack.
_OUT_OF_MEMORY = (b"memory allocation of", b"MemoryError", b"Cannot allocate memory")
_TOO_DEEP = (b"overflowed its stack",)
_FAULTS = (-signal.SIGSEGV, -signal.SIGBUS)  # with little memory left, nothing is said of a stack that overflowed


class Pool:
    """Workers over the stores of all releases. ``graphs``: store -> what the names of its graphs begin with."""

    def __init__(self, graphs: Mapping[Path, str], limits: QueryLimits) -> None:
        self.limits = limits
        self._stores = list(graphs)
        self._preparation = Preparation(graphs)
        self._idle: list[tuple[Process, set[Path]]] = []  # with the stores that each has opened
        self._turns = FairQueue(limits.workers)

    async def ask(self, client: str, store: Path, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Head and body of the answer to a client. Cancelling ends the query, whether it waits or runs.

        Raises Problem: too many queries wait, the store is still being made, the query took too long, it needed too
        much memory, or its worker ended.
        """
        asked = {**request, "store": str(store), "rows": self.limits.rows, "bytes": self.limits.bytes}
        async with self._turns.turn(client):
            await self._preparation.made(store)
            return await self._asked(store, asked)

    async def _asked(self, store: Path, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        worker, stores = await self._worker(store)
        answered = False
        try:
            async with asyncio.timeout(self.limits.seconds):
                found = await _exchange(worker, request)
            answered = True
            return found
        except TimeoutError:
            raise Problem(503, f"The query took longer than {self.limits.seconds:g} seconds and was stopped.") from None
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):
            raise Problem(503, await _why(worker)) from None
        finally:
            # Also where the reader went away: a worker that was not heard out is of no further use.
            if answered and worker.returncode is None:
                self._idle.append((worker, stores))
            else:
                await _kill(worker)

    async def _worker(self, store: Path) -> tuple[Process, set[Path]]:
        while self._idle:
            worker, stores = self._idle.pop()
            if worker.returncode is None and store in stores:
                return worker, stores
            await _kill(worker)  # it began before this store was made
        stores = {path for path in self._stores if path.is_dir()}
        arguments = ["-m", "esco_kg.web.sparql.worker", str(self.limits.memory), *map(str, sorted(stores))]
        worker = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, stdin=PIPE, stdout=PIPE, stderr=PIPE, limit=_LONGEST_LINE
        )
        assert worker.stdout is not None
        is_ready = False
        try:
            async with asyncio.timeout(_START):
                is_ready = await worker.stdout.readline() == b"ready\n"
        except TimeoutError:
            pass  # told below
        finally:
            if not is_ready:
                await _kill(worker)
        if not is_ready:
            raise Problem(503, "The query service did not start; try again soon.")
        return worker, stores

    async def prepare(self) -> None:
        """Make the stores of all releases before anybody asks."""
        await self._preparation.begin()

    async def close(self) -> None:
        """End all workers, and what makes a store."""
        await self._preparation.close()
        while self._idle:
            await _kill(self._idle.pop()[0])


async def _exchange(worker: Process, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    assert worker.stdin is not None and worker.stdout is not None
    worker.stdin.write(json.dumps(request).encode() + b"\n")
    await worker.stdin.drain()
    line = await worker.stdout.readline()
    head: dict[str, Any] = json.loads(line) if line else _gone()
    return head, await worker.stdout.readexactly(head["bytes"])


async def _why(worker: Process) -> str:
    """Why a worker ended in the middle of a query, from what it said last."""
    assert worker.stderr is not None
    await _kill(worker)
    last = await worker.stderr.read()
    if any(sign in last for sign in _OUT_OF_MEMORY):
        return "The query needed more memory than a query may have, and was stopped."
    if any(sign in last for sign in _TOO_DEEP) or worker.returncode in _FAULTS:
        return "The query is nested too deeply, and was stopped."
    return "The process that answered the query was ended from outside; try again."


def _gone() -> dict[str, Any]:
    raise ConnectionError("the worker ended")


async def _kill(worker: Process) -> None:
    if worker.returncode is None:
        worker.kill()
    await worker.wait()
