"""Run the application under uvicorn: loopback by default, proxies believed by name, one address printed."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import uvicorn
import uvloop
from starlette.routing import BaseRoute

from esco_kg.errors import UsageError
from esco_kg.web.app import make_app
from esco_kg.web.releases.site import Site
from esco_kg.web.server.connections import BoundedProtocol, Connections, Network
from esco_kg.web.server.guard import to_stderr
from esco_kg.web.server.limits import Limits, QueryLimits

_KEEP_ALIVE = 5


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
    public_url: str = "",
    trusted: Sequence[Network] = (),
) -> None:
    """Serve until interrupted. ``ready`` hears the address once connections are taken.

    ``public_url`` is the address that visitors know; ``trusted`` are the proxies whose ``X-Forwarded-For`` and
    ``X-Forwarded-Proto`` are believed: from anybody else they are a stranger's words.
    """
    connections = Connections(trusted)
    app = make_app(
        site,
        limits=limits,
        query_limits=query_limits,
        log=to_stderr if log else None,
        more_routes=more_routes,
        public_url=public_url,
        is_full=connections.is_full,
        prepares=True,
    )
    settings: dict[str, Any] = {
        "http": partial(BoundedProtocol, connections=connections), "ws": "none", "access_log": False,
        "log_level": "error", "server_header": False, "timeout_keep_alive": _KEEP_ALIVE, "timeout_graceful_shutdown": 3,
        "proxy_headers": bool(trusted), "forwarded_allow_ips": [str(network) for network in trusted],
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
