"""A faulty network on a real socket: a proxy before a real store that spoils the requests it is told to spoil."""

from __future__ import annotations

import http.client
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

Fault = Callable[["Handler"], None]


@dataclass
class Proxy:
    """``faults`` holds what befalls the next writes, in order; None lets one through. ``seen`` are all requests."""

    url: str
    upstream: str
    faults: list[Fault | None] = field(default_factory=list)
    spoil: Callable[[str, str], bool] = lambda method, path: method == "POST" and ("/data" in path or "/store" in path)
    seen: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)


class Handler(BaseHTTPRequestHandler):
    """Forwards to the store, unless a fault is due."""

    protocol_version = "HTTP/1.1"
    proxy: Proxy

    def _handle(self) -> None:
        proxy = self.proxy
        proxy.seen.append((self.command, self.path, dict(self.headers)))
        if proxy.faults and proxy.spoil(self.command, self.path):
            fault = proxy.faults.pop(0)
            if fault is not None:
                fault(self)
                return
        self.forward()

    do_GET = do_POST = do_PUT = _handle

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def forward(self) -> None:
        """Ask the store and hand its answer on."""
        parts = urlsplit(self.proxy.upstream)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=120)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
        connection.request(self.command, parts.path + self.path, self.body(), headers)
        answer = connection.getresponse()
        content = answer.read()
        kept = [
            (n, v)
            for n, v in answer.getheaders()
            if n.lower() not in ("transfer-encoding", "content-length", "connection")
        ]
        self.reply(answer.status, content, kept)
        connection.close()

    def reply(self, status: int, content: bytes, headers: list[tuple[str, str]]) -> None:
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


def answering(status: int, content: str, kind: str = "text/plain", **headers: str) -> Fault:
    """The proxy answers by itself."""

    def fault(handler: Handler) -> None:
        handler.body()
        more = [(name.replace("_", "-"), value) for name, value in headers.items()]
        handler.reply(status, content.encode(), [("Content-Type", kind), *more])

    return fault


def reset(handler: Handler) -> None:
    """The connection is reset when half of the upload has come, as when a cable is pulled."""
    handler.rfile.read(int(handler.headers.get("Content-Length", 0)) // 2)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.close()


def lost_answer(handler: Handler) -> None:
    """The store does what it is asked, but its answer never arrives."""
    handler.reply = lambda *given: None  # type: ignore[method-assign]
    handler.forward()
    reset_now(handler)


def reset_now(handler: Handler) -> None:
    """The connection is reset without a word."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.close()


def slow(seconds: float) -> Fault:
    """The answer comes late."""

    def fault(handler: Handler) -> None:
        time.sleep(seconds)
        try:
            handler.forward()
        except OSError:
            handler.close_connection = True  # the client has given up, as it should

    return fault


@contextmanager
def proxied(upstream: str) -> Iterator[Proxy]:
    """A proxy before the store at this URL, on a free port of the loopback address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    proxy = Proxy(f"http://127.0.0.1:{server.server_address[1]}", upstream)
    server.RequestHandlerClass = type("Bound", (Handler,), {"proxy": proxy})
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
