"""What stands before every request: limits on size and rate, security headers, a line of access log, no stack trace."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from esco_kg.web.http.answers import PAGE_POLICY, Problem
from esco_kg.web.server.connections import client_of
from esco_kg.web.server.limits import Limits

_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_HEALTH = "/health"  # answers whatever else happens: no limit of rate or of connections holds for it
_CLIENTS = 10_000  # remembered at once; the one seen longest ago is forgotten first


# What programs on pages of other origins read.
_OPEN = ("/api", "/reconcile", "/sparql", "/data/", "/release/", "/cluster/", "/skill/", "/occupation/", "/scheme")


class Guard:
    """The outermost application. ``log`` gets one JSON object per request as text.

    ``is_full`` tells whether the server has more connections than it works for.
    """

    def __init__(
        self,
        app: ASGIApp,
        limits: Limits,
        log: Callable[[str], None] | None = None,
        is_full: Callable[[], bool] = lambda: False,
    ) -> None:
        self._app = app
        self._limits = limits
        self._log = log
        self._is_full = is_full
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sent = _Sent(scope, send, time.perf_counter())
        refusal = self._refusal(scope)
        try:
            if refusal:
                await sent.refuse(*refusal)
            else:
                await self._app(scope, self._limited(receive), sent)
        except asyncio.CancelledError:
            # The server ends while this is being answered, and nobody stands above to be told.
            sent.error = "ended with the server"
            await sent.refuse(503, "The server is ending.")
        except Exception as error:
            # Nothing of our inside goes out; the operator finds it in the log.
            sent.error = f"{type(error).__name__}: {error}"
            await sent.refuse(500, "Something went wrong here.")
        finally:
            if self._log:
                self._log(sent.line())

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        if scope["method"] not in _METHODS:
            return 405, "This server only reads: GET, HEAD, and POST where an interface says so."
        path = scope["path"]
        if len(scope.get("raw_path") or b"") > self._limits.path or len(scope["query_string"]) > self._limits.query:
            return 414, "The address is too long."
        if sum(len(name) + len(value) for name, value in scope["headers"]) > self._limits.headers:
            return 431, "The headers are too long."
        if "\x00" in path or "\\" in path or any(part in ("..", ".") for part in path.split("/")):
            return 400, "The address is malformed."
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if not length.isdigit() or int(length) > self._limits.body:
            return 413, "The request is too large."
        if path == _HEALTH:
            return None
        if self._is_full():
            return 503, "Too many connections; try again soon."
        if self._limits.rate and not self._admitted(client_of((scope.get("client") or ("",))[0])):
            return 429, "Too many requests; wait a little."
        return None

    def _admitted(self, client: str) -> bool:
        """A token bucket per client."""
        now = time.monotonic()
        tokens, seen = self._buckets.pop(client, (float(self._limits.burst), now))
        tokens = min(self._limits.burst, tokens + (now - seen) * self._limits.rate)
        admitted = tokens >= 1
        self._buckets[client] = (tokens - 1 if admitted else tokens, now)
        if len(self._buckets) > _CLIENTS:
            self._buckets.popitem(last=False)
        return admitted

    def _limited(self, receive: Receive) -> Receive:
        """Counts what comes in: a body without a length is limited too."""
        total = 0

        async def counted() -> Message:
            nonlocal total
            message = await receive()
            total += len(message.get("body", b""))
            if total > self._limits.body:
                raise Problem(413, "The request is too large.", Connection="close")
            return message

        return counted


class _Sent:
    """Passes messages on, adds the headers, remembers what the log needs."""

    def __init__(self, scope: Scope, send: Send, start: float) -> None:
        self._scope, self._send, self._start = scope, send, start
        self.status = 0
        self.bytes = 0
        self.error = ""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            names = {name.lower() for name, _ in message["headers"]}
            more = [(n.encode(), v.encode()) for n, v in _HEADERS.items() if n.lower().encode() not in names]
            # A page of another origin must be able to read why it was refused, whoever refused it.
            if self._scope["path"].startswith(_OPEN) and b"access-control-allow-origin" not in names:
                more.append((b"Access-Control-Allow-Origin", b"*"))
            if b"content-security-policy" not in names:
                more.append((b"Content-Security-Policy", PAGE_POLICY.encode()))
            message = {**message, "headers": [*message["headers"], *more]}
        else:
            self.bytes += len(message.get("body", b""))
        await self._send(message)

    async def refuse(self, status: int, text: str) -> None:
        if self.status:
            return  # the answer has begun; the server closes the connection
        body = json.dumps({"title": text, "status": status}).encode()
        headers = [(b"content-type", b"application/problem+json"), (b"content-length", str(len(body)).encode())]
        if status in (429, 503):
            headers.append((b"retry-after", b"5"))
        if status == 405:
            headers.append((b"allow", b"GET, HEAD, POST, OPTIONS"))
        if status in (413, 503):
            headers.append((b"connection", b"close"))
        await self({"type": "http.response.start", "status": status, "headers": headers})
        await self({"type": "http.response.body", "body": body if self._scope["method"] != "HEAD" else b""})

    def line(self) -> str:
        """One JSON object: when (epoch seconds), who, what, how it ended, how long it took in milliseconds."""
        query = self._scope["query_string"].decode("latin-1")
        record: dict[str, Any] = {
            "time": round(time.time(), 3),
            "client": (self._scope.get("client") or ("",))[0],
            "method": self._scope["method"],
            "path": self._scope["path"] + (f"?{query[:200]}" if query else ""),
            "status": self.status,
            "bytes": self.bytes,
            "ms": round(1000 * (time.perf_counter() - self._start), 1),
        }
        if self.error:
            record["error"] = self.error
        return json.dumps(record, ensure_ascii=True)


def to_stderr(line: str) -> None:
    """The access log's default place."""
    sys.stderr.write(line + "\n")
