"""A few worker processes for SPARQL: one query each at a time, killed at the time-out, started again when needed."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from esco_kg.web.http.answers import Problem

_WAITING = 16  # queries that may wait for a worker; more are turned away
_START = 30.0  # seconds a worker may take to open its stores
_LONGEST_LINE = 1 << 20


@dataclass(frozen=True, slots=True)
class QueryLimits:
    """``seconds`` for one query, ``rows`` in its answer, ``memory`` of a worker and ``bytes`` of an answer in bytes."""

    seconds: float = 20.0
    rows: int = 10_000
    memory: int = 1 << 30
    bytes: int = 32 << 20
    workers: int = 2


class Pool:
    """Workers over the stores of all releases."""

    def __init__(self, stores: Sequence[Path], limits: QueryLimits) -> None:
        self.limits = limits
        self._stores = [str(path) for path in stores]
        self._idle: list[Process] = []
        self._free = asyncio.Semaphore(limits.workers)
        self._waiting = 0

    async def ask(self, store: Path, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Head and body of the answer.

        Raises Problem: too many queries wait, the query took too long, or it needed too much memory.
        """
        if self._waiting >= _WAITING:
            raise Problem(503, "Too many queries are waiting; try again soon.", Retry_After="10")
        self._waiting += 1
        try:
            await self._free.acquire()
        finally:
            self._waiting -= 1
        try:
            return await self._asked(
                {**request, "store": str(store), "rows": self.limits.rows, "bytes": self.limits.bytes}
            )
        finally:
            self._free.release()

    async def _asked(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        worker = await self._worker()
        answered = False
        try:
            async with asyncio.timeout(self.limits.seconds):
                found = await _exchange(worker, request)
            answered = True
            return found
        except TimeoutError:
            raise Problem(503, f"The query took longer than {self.limits.seconds:g} seconds and was stopped.") from None
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):
            raise Problem(503, "The query needed more memory than a query may have, and was stopped.") from None
        finally:
            # Also where the reader went away: a worker that was not heard out is of no further use.
            if answered and worker.returncode is None:
                self._idle.append(worker)
            else:
                await _kill(worker)

    async def _worker(self) -> Process:
        while self._idle:
            worker = self._idle.pop()
            if worker.returncode is None:
                return worker
        arguments = ["-m", "esco_kg.web.sparql.worker", str(self.limits.memory), *self._stores]
        worker = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, stdin=PIPE, stdout=PIPE, stderr=asyncio.subprocess.DEVNULL, limit=_LONGEST_LINE
        )
        assert worker.stdout is not None
        async with asyncio.timeout(_START):
            if await worker.stdout.readline() != b"ready\n":
                await _kill(worker)
                raise Problem(503, "The query service did not start.")
        return worker

    async def close(self) -> None:
        """End all workers."""
        while self._idle:
            await _kill(self._idle.pop())


async def _exchange(worker: Process, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    assert worker.stdin is not None and worker.stdout is not None
    worker.stdin.write(json.dumps(request).encode() + b"\n")
    await worker.stdin.drain()
    line = await worker.stdout.readline()
    head: dict[str, Any] = json.loads(line) if line else _gone()
    return head, await worker.stdout.readexactly(head["bytes"])


def _gone() -> dict[str, Any]:
    raise ConnectionError("the worker ended")


async def _kill(worker: Process) -> None:
    if worker.returncode is None:
        worker.kill()
    await worker.wait()
