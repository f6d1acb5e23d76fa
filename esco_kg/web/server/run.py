"""Run the application under uvicorn: loopback by default, half-open connections closed, one address told."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import uvicorn
import uvloop
from starlette.routing import BaseRoute
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from esco_kg.errors import UsageError
from esco_kg.web.app import make_app
from esco_kg.web.releases.site import Site
from esco_kg.web.server.guard import Limits, to_stderr
from esco_kg.web.sparql.pool import QueryLimits

_HEAD_SECONDS, _BODY_SECONDS = 10.0, 20.0  # in which a request's head, then its body, must come in
_HEAD_BYTES = 64_000
_KEEP_ALIVE = 5
_CONNECTIONS = 512


class PatientProtocol(HttpToolsProtocol):
    """Closes a connection whose request does not come in time or whose head has no end; uvicorn itself would wait."""

    _timer: asyncio.TimerHandle | None = None
    _in_head = True
    _head = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait(_HEAD_SECONDS)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._head = self._head + len(data) if self._in_head else 0
        if self._head > _HEAD_BYTES and not self.transport.is_closing():
            self.transport.write(b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n\r\n")
            self.transport.close()

    def on_message_begin(self) -> None:
        self._in_head = True
        self._wait(_HEAD_SECONDS)
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._wait(_BODY_SECONDS)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._wait(None)
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait(None)
        super().connection_lost(exc)

    def _wait(self, seconds: float | None) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = self.loop.call_later(seconds, self._too_late) if seconds else None

    def _too_late(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()


def listening(host: str, port: int) -> socket.socket:
    """A bound socket; port 0 takes a free one. Raises UsageError where the address is taken or none of ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
    except OSError as error:
        found.close()
        raise UsageError(
            f"{host}:{port}: {error.strerror}", "Give another --port, or --port 0 for a free one."
        ) from None
    return found


def run(
    site: Site,
    bound: socket.socket,
    *,
    limits: Limits,
    query_limits: QueryLimits,
    log: bool,
    ready: Callable[[str], None],
    more_routes: Sequence[BaseRoute] = (),
) -> None:
    """Serve until interrupted. ``ready`` hears the address once connections are taken."""
    app = make_app(
        site,
        limits=limits,
        query_limits=query_limits,
        log=to_stderr if log else None,
        more_routes=more_routes,
    )
    settings: dict[str, Any] = {
        "http": PatientProtocol, "ws": "none", "access_log": False, "log_level": "error", "server_header": False,
        "timeout_keep_alive": _KEEP_ALIVE, "limit_concurrency": _CONNECTIONS, "timeout_graceful_shutdown": 3,
    }  # fmt: skip
    server = uvicorn.Server(uvicorn.Config(app, **settings))
    host, port = bound.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host

    async def serve() -> None:
        task = asyncio.create_task(server.serve(sockets=[bound]))
        while not server.started and not task.done():
            await asyncio.sleep(0.02)
        if server.started:
            ready(f"http://{shown}:{port}/")
        await task

    # uvicorn ends its connections and then raises the signal again: this is how a server is meant to end.
    with suppress(KeyboardInterrupt):
        uvloop.run(serve())
