"""A store that means harm, on a loopback socket: it says that it is a Fuseki, then answers as it was told."""

from __future__ import annotations

import gzip
import json
import re
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Bytes = Iterable[bytes]
_LONGEST = 30.0  # seconds that an answer without end is kept up
_KNOWN = b"HTTP/1.1 200 OK\r\nFuseki-Request-Id: 1\r\nContent-Length: 2\r\n\r\nok"
_ROWS = '{"head":{"vars":["dataset","version","current"]},"results":{"bindings":['
_BASE = "https://example.org/esco-kg-demonstration/"


@dataclass
class Hostile:
    """``answer`` is what the next queries get; ``seen`` are the heads of all requests, here and elsewhere."""

    url: str
    elsewhere: str
    answer: Callable[[], Bytes] = field(default=lambda: [b""])
    is_known: bool = True
    seen: list[str] = field(default_factory=list)
    seen_elsewhere: list[str] = field(default_factory=list)


def head(status: str = "200 OK", kind: str = "application/sparql-results+json", **more: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in more.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def whole(
    content: bytes | str, status: str = "200 OK", kind: str = "application/sparql-results+json", **more: str
) -> Bytes:
    content = content if isinstance(content, bytes) else content.encode()
    return [head(status, kind, Content_Length=str(len(content)), **more) + content]


def for_ever(piece: bytes, pause: float = 0.0) -> Iterator[bytes]:
    until = time.monotonic() + _LONGEST
    while time.monotonic() < until:
        yield piece
        if pause:
            time.sleep(pause)


def then(*parts: bytes | Bytes) -> Iterator[bytes]:
    for part in parts:
        if isinstance(part, bytes):
            yield part
        else:
            yield from part


def chunked(parts: Bytes) -> Iterator[bytes]:
    for part in filter(None, parts):  # an empty chunk would be the last
        yield f"{len(part):x}\r\n".encode() + part + b"\r\n"


def row(**values: str) -> str:
    return json.dumps({n: {"type": "uri" if ":" in v else "literal", "value": v} for n, v in values.items()})


def bomb() -> Iterator[bytes]:
    """400 MB of blanks in 2 MB of gzip."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    for _ in range(400):
        yield packer.compress(b" " * 1_000_000)


def rubbish() -> Iterator[bytes]:
    return for_ever(b"z" * 60_000)


def variables(number: int) -> str:
    named = ",".join(f'"v{at}"' for at in range(number))
    return f'{{"head":{{"vars":[{named}]}},"results":{{"bindings":[]}}}}'


def long_rows() -> bytes:
    return (row(version="y" * 1000) + ",").encode() * 100


_MANY = [b"y" * 1_000_000] * 200
CHUNKED = head(Transfer_Encoding="chunked")
PACKED = {"Content_Encoding": "gzip"}
# What is answered to every query; what must be said of it; seconds that the command may take.
CASES: dict[str, tuple[Callable[[], Bytes], str, float]] = {
    "nothing at all": (lambda: [], "disconnected without sending a response", 20),
    "no HTTP": (lambda: [b"SSH-2.0-OpenSSH_9.2\r\n"], "(disconnected|illegal status line)", 20),
    "a head without end": (
        lambda: then(b"HTTP/1.1 200 OK\r\n", for_ever(b"X: " + b"y" * 999 + b"\r\n")),
        "(too (large|long)|exceed)",
        20,
    ),
    "a head of a byte a second": (
        lambda: then(b"HTTP/1.1 200 OK\r\nX: ", for_ever(b"y", 0.1)),
        "no whole answer within 1 s",
        1,
    ),
    "continue, for ever": (lambda: for_ever(b"HTTP/1.1 100 Continue\r\n\r\n"), "no whole answer within 1 s", 1),
    "silence": (lambda: for_ever(b"", 0.1), "no whole answer within 1 s", 1),
    "silence after the head": (lambda: then(CHUNKED, for_ever(b"", 0.1)), "no whole answer within 1 s", 1),
    "a byte now and then": (lambda: then(CHUNKED, chunked(for_ever(b" ", 0.05))), "no whole answer within 1 s", 1),
    "blanks without end": (lambda: then(CHUNKED, chunked(for_ever(b" " * 60_000))), "more than 256 MB", 120),
    "rows without end": (lambda: then(head(), _ROWS.encode(), for_ever(b"{}," * 20_000)), "more than 256 MB", 120),
    "a million rows": (lambda: whole(_ROWS + "{}," * 1_000_000 + "{}]}}"), "more than [0-9,]+ rows", 120),
    "a bomb": (
        lambda: then(head(Content_Encoding="gzip", Transfer_Encoding="chunked"), chunked(bomb())),
        "more than 256 MB",
        120,
    ),
    "a bomb for an error": (
        lambda: then(head("500 Oh", Transfer_Encoding="chunked", **PACKED), chunked(bomb())),
        "answered 500 Oh",
        20,
    ),
    "an error without end": (lambda: then(head("400 No"), for_ever(b"<script>" * 999)), "calls the query wrong", 20),
    "cut by length": (lambda: [head(Content_Length="99") + b"{"], "without sending complete message body", 20),
    "cut in chunks": (lambda: [CHUNKED + b"5\r\n{"], "without sending complete message body", 20),
    "bad chunks": (lambda: [CHUNKED + b"zz\r\n{\r\n"], "illegal chunk header", 20),
    "bad gzip": (lambda: whole(b"no gzip", **PACKED), "cannot be unpacked", 20),
    "cut gzip": (lambda: whole(gzip.compress(b"{}" * 999)[:-9], **PACKED), "packed answer was cut short", 20),
    "packed otherwise": (lambda: whole(b"x", Content_Encoding="br"), "packed with br", 20),
    "rubbish behind the packed answer": (
        lambda: then(head(Transfer_Encoding="chunked", **PACKED), chunked(then(gzip.compress(b"{}"), rubbish()))),
        "goes on after its end",
        20,
    ),
    # Whether one is declared twice is asked of all before it.
    "a hundred thousand variables": (lambda: whole(variables(100_000)), "cannot be read within 2 s", 2),
    "one text of 200 MB": (
        lambda: then(
            CHUNKED,
            chunked([_ROWS.encode() + b'{"version":{"type":"literal","value":"', *_MANY, b'"}}]}}']),
            b"0\r\n\r\n",
        ),
        "a text of more than 4 MB",
        120,
    ),
    "many long texts": (
        lambda: then(CHUNKED, chunked([_ROWS.encode(), *(long_rows() for _ in range(2000)), b"{}]}}"]), b"0\r\n\r\n"),
        "more than 64,000,000 characters",
        120,
    ),
    "a version of 5,000 digits": (
        lambda: whole(_ROWS + row(dataset=_BASE, version="9" * 5000 + ".0.0", current="1.0.0") + "]}}"),
        "the version .9",
        20,
    ),
    "a version with a zero in front": (
        lambda: whole(_ROWS + row(dataset=_BASE, version="01.0.0", current="1.0.0") + "]}}"),
        "the version .0",
        20,
    ),
    "two lengths": (
        lambda: [b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nab"],
        "conflicting",
        20,
    ),
    "another protocol": (
        lambda: [b"HTTP/1.1 101 Now\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n"],
        "SWITCH",
        20,
    ),
    "trailers without end": (
        lambda: then(CHUNKED + b"2\r\n{}\r\n0\r\n", for_ever(b"a: b\r\n" * 5000)),
        "buffer too long",
        20,
    ),
    "deep JSON": (lambda: whole('{"head":' + "[" * 200_000), "damaged query results", 20),
    "deep rows": (lambda: whole(_ROWS + "[" * 200_000), "damaged query results", 20),
    "no JSON": (lambda: whole("<html>"), "damaged query results", 20),
    "no UTF-8": (
        lambda: whole(_ROWS.encode() + b'{"version":{"type":"literal","value":"\xff"}}]}}'),
        "damaged query results",
        20,
    ),
    "half a surrogate": (
        lambda: whole(_ROWS + '{"version":{"type":"literal","value":"\\ud800"}}]}}'),
        "damaged query results",
        20,
    ),
    "yes": (lambda: whole('{"head":{},"boolean":true}'), "yes or no", 20),
    "other variables": (
        lambda: whole('{"head":{"vars":["x"]},"results":{"bindings":[]}}'),
        "answered x where dataset, version, current",
        20,
    ),
    "a web page": (
        lambda: whole("<h1>Sign in</h1>", kind="text/html"),
        "something other than query results: Sign in",
        20,
    ),
    "a strange charset": (
        lambda: whole("no", kind="text/plain; charset=hex"),
        "something other than query results",
        20,
    ),
    "no version": (
        lambda: whole(_ROWS + row(dataset=_BASE, version="9'; DROP ALL", current="1.0.0") + "]}}"),
        "the version .9",
        20,
    ),
    "no IRI": (lambda: whole(_ROWS + row(dataset="x", version="1.0.0", current="1.0.0") + "]}}"), "the dataset .x", 20),
    "an IRI with a query inside": (
        lambda: whole(_ROWS + '{"dataset":{"type":"uri","value":"a:> } ; DROP ALL"}}]}}'),
        "damaged query results",
        20,
    ),
    "colours": (lambda: whole("\x1b[2J\x1b]0;owned\x07", "403 No", "text/plain"), "answered 403 No", 20),
    "digest of no kind": (
        lambda: whole("", "401 Who", WWW_Authenticate='Digest realm="x", nonce="y", algorithm=ROT13'),
        "answered 401 Who",
        20,
    ),
    "wait for a year": (lambda: whole("", "503 Busy", Retry_After="31536000"), "answered 503 Busy", 20),
    "a redirect to nowhere": (
        lambda: whole("", "302 Found", Location="http://[bad/"),
        "sends us on to http://\\[bad/",
        20,
    ),
}


def redirects(elsewhere: str) -> dict[str, tuple[Callable[[], Bytes], str, float]]:
    """Each kind of redirect to another server."""

    def to(status: str) -> Callable[[], Bytes]:
        return lambda: whole("", status, Location=f"{elsewhere}/query")

    return {
        f"redirect {number}": (to(f"{number} There"), rf"sends us on to {re.escape(elsewhere)}/query \({number}\)", 20)
        for number in (301, 302, 303, 307, 308)
    }


@contextmanager
def hostile() -> Iterator[Hostile]:
    """The store, and another server to which it may point."""
    with socket.create_server(("127.0.0.1", 0)) as near, socket.create_server(("127.0.0.1", 0)) as far:
        found = Hostile(*(f"http://127.0.0.1:{each.getsockname()[1]}" for each in (near, far)))
        threads = [
            threading.Thread(target=_accept, args=(near, lambda c: _answer(c, found)), daemon=True),
            threading.Thread(target=_accept, args=(far, lambda c: _elsewhere(c, found)), daemon=True),
        ]
        for thread in threads:
            thread.start()
        yield found
        for listening in (near, far):
            listening.shutdown(socket.SHUT_RDWR)  # wakes who waits for a connection
        for thread in threads:
            thread.join()


def _accept(listening: socket.socket, handle: Callable[[socket.socket], None]) -> None:
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:  # closed
            return
        threading.Thread(target=_handled, args=(connection, handle), daemon=True).start()


def _handled(connection: socket.socket, handle: Callable[[socket.socket], None]) -> None:
    with connection, suppress(OSError):  # the client hangs up, as it should
        handle(connection)


def _request(connection: socket.socket) -> str:
    received = b""
    while b"\r\n\r\n" not in received:
        part = connection.recv(65536)
        if not part:
            return ""
        received += part
    top, _, body = received.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", top, re.IGNORECASE)
    while length and len(body) < int(length[1]):
        body += connection.recv(65536)
    return top.decode("latin-1")


def _answer(connection: socket.socket, store: Hostile) -> None:
    request = _request(connection)
    store.seen.append(request)
    if request.startswith("GET") and store.is_known:
        connection.sendall(_KNOWN)
        request = _request(connection)
        store.seen.append(request)
    for part in store.answer() if request else ():
        connection.sendall(part)


def _elsewhere(connection: socket.socket, store: Hostile) -> None:
    store.seen_elsewhere.append(_request(connection))
    content = _ROWS + row(dataset=_BASE + "dataset/clusters", version="1.0.0", current="1.0.0") + "]}}"
    for part in whole(content):
        connection.sendall(part)
