"""Whose query comes next: a share of the workers for each client, and queues with a bound."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from esco_kg.web.http.answers import Problem
from esco_kg.web.server.limits import QUERIES_WAITING, QUERIES_WAITING_OF_ONE_CLIENT


class FairQueue:
    """Turns at ``workers``. One client has at most half of them at once, so that another one always finds a worker
    where there are two or more; clients that wait are served in rotation, the queries of each in their order.
    """

    def __init__(self, workers: int) -> None:
        self._free = workers
        self._share = max(1, workers // 2)
        self._running: Counter[str] = Counter()
        self._queues: dict[str, deque[asyncio.Future[None]]] = {}  # clients in the order of their turns

    @asynccontextmanager
    async def turn(self, client: str) -> AsyncIterator[None]:
        """Wait for a turn and keep it. Raises Problem where too many queries wait."""
        await self._taken(client)
        try:
            yield
        finally:
            self._give_back(client)

    async def _taken(self, client: str) -> None:
        if self._free and self._running[client] < self._share:
            self._start(client)
            return
        own = self._queues.get(client, ())
        if len(own) >= QUERIES_WAITING_OF_ONE_CLIENT:
            raise Problem(429, "Too many of your queries are waiting; ask one after the other.", Retry_After="10")
        if sum(map(len, self._queues.values())) >= QUERIES_WAITING:
            raise Problem(503, "Too many queries are waiting; try again soon.", Retry_After="10")
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queues.setdefault(client, deque()).append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if mine.cancelled():
                self._forget(client, mine)
            else:  # the turn came at the same moment
                self._give_back(client)
            raise

    def _start(self, client: str) -> None:
        self._free -= 1
        self._running[client] += 1

    def _give_back(self, client: str) -> None:
        self._free += 1
        self._running[client] -= 1
        if not self._running[client]:
            del self._running[client]
        while self._free:
            following = next((one for one in self._queues if self._running[one] < self._share), None)
            if following is None:
                return
            queue = self._queues.pop(following)
            mine = queue.popleft()
            if queue:
                self._queues[following] = queue  # behind all others
            self._start(following)
            mine.set_result(None)

    def _forget(self, client: str, mine: asyncio.Future[None]) -> None:
        queue = self._queues[client]
        queue.remove(mine)
        if not queue:
            del self._queues[client]
