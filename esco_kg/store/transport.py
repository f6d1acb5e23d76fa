"""HTTP with bounds: one origin, a total time, a largest size. Everything this program asks a store goes through here.

A store's answer is a stranger's word. It may point elsewhere, come a byte a second, never end, or unpack to more than
any memory. So nothing is sent to another origin than the one that was given (RFC 6454), no redirect is followed, each
request has a deadline that covers connecting, sending and the last byte of the answer, and an answer is unpacked
piece by piece and counted.
"""

from __future__ import annotations

import os
import ssl
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

from esco_kg.errors import InputError, UsageError

LARGEST = 256_000_000  # bytes of an answer, unpacked; they lie on disk, not in memory
_WORDS = 1 << 16  # bytes of what comes with a status from 400 on: only its first words are told
_PIECE = 1 << 16  # bytes unpacked or sent at once


class Broken(Exception):
    """An answer that no further try would mend; the text says what is wrong with it."""


class Transport(httpx.BaseTransport):
    """Sends requests to the origin of ``url`` alone, until :attr:`deadline`.

    ``deadline`` is a time of ``time.monotonic()``, set by the caller before each request. ``largest`` is the number of
    bytes after which an answer is refused. For one thread. A proxy that the environment names (``HTTPS_PROXY``,
    ``NO_PROXY``) is used.
    """

    def __init__(self, url: str, *, largest: int = LARGEST) -> None:
        self.deadline = time.monotonic()
        self.largest = largest
        address = httpx.URL(url)
        self._origin = _origin(address)
        backend = _Backend(self)
        proxy = None if proxy_bypass(address.host) else getproxies().get(address.scheme)
        tls = _certificates()
        self._pool: httpcore.ConnectionPool
        if proxy:
            known = _proxy(proxy, address.scheme)
            self._pool = httpcore.HTTPProxy(
                str(known.url), proxy_auth=known.raw_auth, ssl_context=tls, network_backend=backend
            )
        else:
            self._pool = httpcore.ConnectionPool(ssl_context=tls, network_backend=backend)

    def left(self) -> float:
        """Seconds until the deadline, and never 0, which a socket would take for "do not wait"."""
        return max(0.001, self.deadline - time.monotonic())

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request. Raises httpx.TransportError where the connection fails, Broken for an answer of no use."""
        if _origin(request.url) != self._origin:
            raise Broken(f"nothing is sent to {request.url.host}, which is not the server that was named")
        url = request.url
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        sent = httpcore.Request(request.method, target, headers=request.headers.raw, content=request.stream)
        with _as_httpx():
            answer = self._pool.handle_request(sent)
        headers = httpx.Headers(answer.headers)
        body = _Body(self, answer, headers.pop("content-encoding", "").strip().lower())
        if answer.status in (301, 302, 303, 307, 308):
            body.close()
            there = headers.get("location", "elsewhere")
            raise Broken(f"sends us on to {there} ({answer.status}); give that URL")
        return httpx.Response(answer.status, headers=headers, stream=body, extensions=answer.extensions)

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()


def _certificates() -> ssl.SSLContext:
    """Whose word is believed of a server's name. Raises InputError where the environment names a file that is not
    one."""
    try:
        return httpx.create_ssl_context()
    except OSError as error:
        names = [name for name in ("SSL_CERT_FILE", "SSL_CERT_DIR") if os.environ.get(name)]
        place = " ".join(f"{name}={os.environ[name]}" for name in names) or "the certificates of this Python"
        raise InputError(place, f"cannot be read: {error.strerror or error}", "Name a file of certificates.") from None


def _proxy(said: str, scheme: str) -> httpx.Proxy:
    """The proxy that the environment names, which may hold a password. Raises UsageError where it is none of HTTP."""
    try:
        found = httpx.Proxy(said if "://" in said else f"http://{said}")
        urlsplit(said)  # stricter with brackets
        found.url.host.encode("idna")
        is_known = found.url.scheme in ("http", "https") and bool(found.url.host) and (found.url.port or 80) < 1 << 16
    except Exception:  # whatever the library throws at a host, a port or a character
        is_known = False
    if not is_known:
        hint = "Write it as http://proxy.example:3128, or leave this server out with no_proxy."
        raise UsageError(f"the environment's {scheme}_proxy is no URL of an HTTP proxy", hint)
    return found


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}.get(url.scheme)


class _Body(httpx.SyncByteStream):
    """The bytes of an answer, unpacked, until they are too many or come too late."""

    def __init__(self, transport: Transport, answer: httpcore.Response, packing: str) -> None:
        self._transport, self._answer, self._packing = transport, answer, packing

    def __iter__(self) -> Iterator[bytes]:
        passed = 0
        with _as_httpx():
            assert isinstance(self._answer.stream, Iterable)
            for piece in self._unpacked(self._answer.stream):
                passed += len(piece)
                if passed > _WORDS and self._answer.status >= 400:
                    return
                if passed > self._transport.largest:
                    raise Broken(f"the answer has more than {self._transport.largest // 1_000_000} MB")
                if time.monotonic() > self._transport.deadline:
                    raise httpcore.ReadTimeout
                yield piece

    def _unpacked(self, parts: Iterable[bytes]) -> Iterator[bytes]:
        if self._packing in ("", "identity"):
            yield from parts
            return
        if self._packing not in ("gzip", "x-gzip"):
            raise Broken(f"the answer is packed with {self._packing}, which was not asked for")
        unpacker = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
        try:
            for part in parts:
                while part:
                    yield unpacker.decompress(part, _PIECE)
                    part = unpacker.unconsumed_tail
                if unpacker.unused_data:  # zlib would keep all that follows, without end
                    raise Broken("the packed answer goes on after its end")
        except zlib.error as error:
            raise Broken(f"the answer cannot be unpacked: {error}") from None
        if not unpacker.eof:
            raise Broken("the packed answer was cut short")

    def close(self) -> None:
        self._answer.close()


class _Backend(httpcore.SyncBackend):
    """Sockets that wait until the deadline of the transport and no longer, however often bytes come."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        wait = min(10.0, self._transport.left())
        stream = super().connect_tcp(host, port, wait, local_address, socket_options)
        return _Stream(stream, self._transport)


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, transport: Transport) -> None:
        self._stream, self._transport = stream, transport

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if time.monotonic() > self._transport.deadline:
            raise httpcore.ReadTimeout
        return self._stream.read(max_bytes, self._transport.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        # In pieces: the deadline holds for each wait, and a reader may take a byte at a time.
        for start in range(0, len(buffer), _PIECE):
            if time.monotonic() > self._transport.deadline:
                raise httpcore.WriteTimeout
            self._stream.write(buffer[start : start + _PIECE], self._transport.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        wait = self._transport.left()
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, wait), self._transport)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


@contextmanager
def _as_httpx() -> Iterator[None]:
    """The errors of httpcore as those of httpx that have the same name."""
    try:
        yield
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError) as error:
        raise getattr(httpx, type(error).__name__, httpx.TransportError)(str(error)) from error
