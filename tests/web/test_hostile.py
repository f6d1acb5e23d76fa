"""What is sent to break the server: it refuses in words, tells nothing of its inside, and goes on."""

from __future__ import annotations

import asyncio
import gzip
import json
import shutil
import socket
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from esco_kg.errors import InputError
from esco_kg.web.app import make_app
from esco_kg.web.releases.site import Site, open_site
from esco_kg.web.server.guard import Guard
from esco_kg.web.server.limits import Limits
from tests.support.web_fixtures import NEW

HEADERS = {
    "content-security-policy", "x-content-type-options", "referrer-policy", "permissions-policy",
    "cross-origin-opener-policy",
}  # fmt: skip


def raw(server: str, data: bytes, wait: float = 5.0) -> bytes:
    """Send bytes as they are and read until the server closes or falls silent."""
    parts = urlsplit(server)
    with socket.create_connection((parts.hostname, parts.port), timeout=wait) as connection:
        connection.sendall(data)
        found = b""
        try:
            while chunk := connection.recv(65536):
                found += chunk
                if b"\r\n\r\n" in found and b"content-length: 0" in found.lower():
                    break
        except TimeoutError:
            pass
    return found


def request_line(target: str) -> bytes:
    return f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode("latin-1")


@pytest.mark.parametrize(
    "target",
    [
        "/../../etc/passwd", "/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py",

        "/static/%5c..%5capp.py", "/release/2.0.0/../../../etc/passwd", "/release/2.0.0/%2e%2e/%2e%2e/manifest.json",
        "/en/2.0.0/%00.html", "/en/2.0.0/cluster/%ff%fe.html", "//etc/passwd",
        "/data/2.0.0/..%2f..%2fmodel.sqlite.ttl", "/%c0%ae%c0%ae/",
    ],
)  # fmt: skip
def test_path_tricks_open_nothing(server: str, target: str) -> None:
    answer = raw(server, request_line(target))
    assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 404")), answer[:80]
    assert b"root:" not in answer and b"SQLite" not in answer and b"import " not in answer


def test_requests_that_are_too_large(client: TestClient) -> None:
    assert client.get("/" + "a" * 3000).status_code == 414
    assert client.get("/api/v1/search?q=" + "a" * 9000).status_code == 414
    assert client.post("/sparql", content=b"a" * 300_000).status_code == 413

    def endless() -> object:
        for _ in range(400):
            yield b"a" * 1000

    chunked = client.post("/sparql", content=endless(), headers={"content-type": "application/sparql-query"})
    assert chunked.status_code == 413


def test_huge_headers_are_refused(server: str) -> None:
    for size in (20_000, 200_000, 5_000_000):
        head = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Long: " + b"a" * size + b"\r\n\r\n"
        try:
            answer = raw(server, head)
        except ConnectionError:  # closed while we were still sending
            continue
        assert answer == b"" or answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 431")), (size, answer[:60])


def test_what_is_no_http_is_refused(server: str) -> None:
    for data in (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 60,
        b"HELLO\r\n\r\n",
        b"GET /\x80\r\n\r\n",
    ):
        answer = raw(server, data)
        assert answer == b"" or answer.startswith(b"HTTP/1.1 400")


def test_methods_that_write_are_refused(client: TestClient) -> None:
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"):
        answer = client.request(method, "/cluster/c00001")
        assert answer.status_code == 405 and "GET" in answer.headers["allow"], method
    assert client.post("/cluster/c00001").status_code == 405
    assert client.post(f"/en/{NEW}/index.html").status_code == 405
    assert client.post("/api/v1/clusters").status_code == 405


def test_half_open_connections_are_closed_and_others_served(server: str) -> None:
    parts = urlsplit(server)
    opened = [socket.create_connection((parts.hostname, parts.port), timeout=15) for _ in range(60)]
    try:
        for number, connection in enumerate(opened):
            connection.sendall(b"" if number % 2 else b"GET / HTTP/1.1\r\nHost: x\r\n")
        assert raw(server, request_line("/health")).startswith(b"HTTP/1.1 200")
        deadline = time.monotonic() + 14
        for connection in opened:
            connection.settimeout(max(deadline - time.monotonic(), 0.1))
            assert connection.recv(100) == b"", "the server still holds the connection open"
    finally:
        for connection in opened:
            connection.close()
    assert raw(server, request_line("/health")).startswith(b"HTTP/1.1 200")


def test_security_headers_stand_everywhere(client: TestClient) -> None:
    for path in (
        "/",
        "/health",
        "/nothing",
        f"/en/{NEW}/index.html",
        "/static/style.css",
        "/sparql",
        "/reconcile",
        "/x" * 2000,
    ):
        found = {name.lower() for name in client.get(path).headers}
        assert found >= HEADERS, path
    policy = client.get(f"/en/{NEW}/index.html").headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy


def test_no_stack_trace_ever(site: Site) -> None:
    async def broken(request: Request) -> Response:
        raise RuntimeError("secret of the inside")

    lines: list[str] = []
    app = make_app(site, limits=Limits(rate=0), log=lines.append, more_routes=[Route("/broken", broken)])
    answer = TestClient(app, raise_server_exceptions=False).get("/broken")
    assert answer.status_code == 500
    assert "secret" not in answer.text and "Traceback" not in answer.text
    record = json.loads(lines[-1])
    assert record["status"] == 500 and record["error"] == "RuntimeError: secret of the inside"


def test_the_access_log_is_one_json_object_a_line(site: Site) -> None:
    lines: list[str] = []
    web = TestClient(make_app(site, limits=Limits(rate=0), log=lines.append))
    web.get("/health")
    web.get("/api/v1/search", params={"q": 'a\n"b'})
    records = [json.loads(line) for line in lines]
    assert [record["status"] for record in records] == [200, 400]
    assert records[0]["path"] == "/health" and records[0]["bytes"] > 0 and all("\n" not in line for line in lines)


def test_too_many_requests_wait(site: Site) -> None:
    web = TestClient(make_app(site, limits=Limits(rate=1, burst=5), log=None))
    codes = [web.get("/robots.txt").status_code for _ in range(8)]
    assert codes[:5] == [200] * 5 and codes[-1] == 429
    assert web.get("/robots.txt").headers["retry-after"] == "5"
    assert web.get("/health").status_code == 200, "the state of the server is told whatever happens"


def test_clients_are_forgotten_before_they_fill_the_memory() -> None:
    async def app(scope: object, receive: object, send: object) -> None:
        return None

    guard = Guard(app, Limits(rate=1, burst=2))

    async def many() -> None:
        for number in range(12_000):
            scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
            client = (f"10.0.{number >> 8}.{number & 255}", 1)
            await guard({**scope, "client": client}, None, None)  # type: ignore[arg-type]

    asyncio.run(many())
    assert len(guard._buckets) <= 10_000


def test_headers_of_strange_content_are_survived(client: TestClient) -> None:
    strange = [
        {"accept": "," * 5000}, {"accept": "text/turtle;q=NaN"}, {"accept-language": "-" * 3000},
        {"accept": "a/b;" * 800},
        {"if-modified-since": "never"}, {"if-none-match": '"' * 2000}, {"accept-datetime": "0"},
        {"host": "evil.example"},
    ]  # fmt: skip
    for headers in strange:
        for path in ("/cluster/c00001", f"/data/{NEW}/cluster/c00001.ttl", f"/en/{NEW}/index.html"):
            assert client.get(path, headers=headers, follow_redirects=False).status_code < 500, (headers, path)


@pytest.mark.parametrize("half", ["\\ud800", "a\\udfffb"])
def test_half_a_surrogate_pair_is_no_text(client: TestClient, half: str) -> None:
    """JSON can write it and UTF-8 cannot: it was an error of ours, 500."""
    for body in (f'{{"q0":{{"query":"{half}"}}}}', f'{{"{half}":{{"query":"a"}}}}'):
        assert client.post("/reconcile", data={"queries": body}).status_code == 400
    for body in (f'{{"texts":["{half}"]}}', f'{{"{half}":1}}', f'{{"texts":["a"],"language":"{half}"}}'):
        assert client.post("/api/v1/match", content=body).status_code == 400


def test_the_cache_is_made_whole_or_not_at_all(two_releases: Path, tmp_path: Path) -> None:
    broken = tmp_path / "releases" / NEW
    shutil.copytree(two_releases / NEW, broken)
    graph = broken / f"esco-kg-{NEW}-pillar.nt.gz"
    graph.write_bytes(graph.read_bytes()[:5000])
    with pytest.raises(InputError, match="pillar"):
        open_site(tmp_path / "releases", tmp_path / "cache")
    assert not list((tmp_path / "cache").glob("*"))
    graph.write_bytes(gzip.compress(b"not triples at all\n"))
    with pytest.raises(InputError, match="pillar"):
        open_site(tmp_path / "releases", tmp_path / "cache")
    assert not list((tmp_path / "cache").glob("*"))


@pytest.mark.parametrize("name", [f"esco-kg-{NEW}-clusters.nt.gz", f"esco-kg-{NEW}-clusters.csv", "RELEASE-NOTES.html"])
def test_what_is_not_as_published_is_not_served(two_releases: Path, tmp_path: Path, name: str) -> None:
    shutil.copytree(two_releases / NEW, tmp_path / "releases" / NEW)
    file = tmp_path / "releases" / NEW / name
    content = gzip.decompress(file.read_bytes()) if name.endswith(".gz") else file.read_bytes()
    altered = content.replace(b"c000", b"c999")
    assert altered != content
    file.write_bytes(gzip.compress(altered) if name.endswith(".gz") else altered)
    with pytest.raises(InputError, match=f"{name}.*is not as published"):
        open_site(tmp_path / "releases", tmp_path / "cache")
    assert not (tmp_path / "cache").exists()
