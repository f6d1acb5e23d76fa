"""``esco-kg serve`` behind nginx and Apache with their defaults, with a path in front."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin

import httpx
import pytest

from tests.support.servers import free_port
from tests.support.web_hosts import PACKAGES, web_host

PREFIX = "/some/path"
# What the manuals of both give for a server behind them: nothing about hosts, origins or addresses.
NGINX = "location {prefix}/ {{ proxy_pass http://127.0.0.1:{port}/; }}"
APACHE = "ProxyPass {prefix}/ http://127.0.0.1:{port}/\nProxyPassReverse {prefix}/ http://127.0.0.1:{port}/"
MODULES = ("mpm_event", "authz_core", "mime", "proxy", "proxy_http")


class Served:
    """A server with ``--review`` at a port of its own, which can be killed and started again."""

    def __init__(self, release: Path, cache: Path, folder: Path) -> None:
        self.port, self.inbox = free_port(), folder / "inbox"
        self._line = [
            sys.executable, "-m", "esco_kg", "serve", str(release), "--port", str(self.port), "--cache", str(cache),
            "--inbox", str(self.inbox), "--review", "r1", "--quiet", "--rate", "0",
        ]  # fmt: skip
        self._process: subprocess.Popen[str] | None = None

    def start(self, *more: str) -> None:
        self._process = subprocess.Popen(
            [*self._line, *more], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self._process.stdout and self._process.stdout.readline().startswith("Serving on ")

    def stop(self) -> None:
        if self._process:
            os.kill(self._process.pid, signal.SIGKILL)
            self._process.communicate()
            self._process = None

    def decisions(self) -> int:
        return sum(path.read_bytes().count(b"\n") for path in self.inbox.glob("*.ndjson"))


class Front(NamedTuple):
    """A proxy's address with the path, and the server behind it, which runs."""

    url: str
    served: Served


@pytest.fixture(scope="module", params=sorted(PACKAGES))
def front(
    request: pytest.FixtureRequest, demonstration: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Front]:
    name, work = str(request.param), tmp_path_factory.mktemp(f"proxy-{request.param}")
    served = Served(demonstration, work / "cache", work)
    known = {"prefix": PREFIX, "port": served.port}
    inside = (NGINX if name == "nginx" else APACHE).format(**known)
    with web_host(name, work, inside, modules=MODULES) as url:
        served.start("--public-url", f"{url}{PREFIX}/", "--trust-proxy", "127.0.0.1")
        try:
            yield Front(f"{url}{PREFIX}/", served)
        finally:
            served.stop()


def test_every_link_of_the_pages_stays_below_the_path(front: Front) -> None:
    with httpx.Client(follow_redirects=True, timeout=30) as web:
        start = web.get(front.url, headers={"Accept": "text/html"})
        assert start.status_code == 200 and str(start.url).startswith(front.url)
        found = {urljoin(str(start.url), link) for link in re.findall(r'(?:href|src)="([^"#]+)"', start.text)}
        ours = sorted(link for link in found if link.startswith("http://127.0.0.1"))
        assert len(ours) > 20 and all(link.startswith(front.url) for link in ours), ours
        assert {web.get(link).status_code for link in ours[:25]} == {200}
        document = web.get(f"{front.url}cluster/c00001", headers={"Accept": "text/turtle"})
        assert document.headers["content-type"].startswith("text/turtle") and front.url in str(document.url)


def test_programs_are_told_the_public_address_with_its_path(front: Front) -> None:
    with httpx.Client(follow_redirects=True, timeout=30) as web:
        manifest = web.get(f"{front.url}reconcile").json()
        here = front.url.rstrip("/")
        assert manifest["view"]["url"] == f"{here}/view?id={{{{id}}}}"
        assert manifest["suggest"]["entity"]["service_url"] == here
        entity = manifest["suggest"]["entity"]
        assert web.get(entity["service_url"] + entity["service_path"], params={"prefix": "weld"}).json()["result"]
        (server,) = web.get(f"{front.url}api/openapi.json").json()["servers"]
        assert server["url"] == f"{here}/api/v1" and web.get(f"{server['url']}/versions").json()["versions"]


def test_a_reviewer_writes_through_it_and_a_killed_server_loses_nothing(front: Front) -> None:
    """A browser's request: the origin is the proxy, the host is what the proxy makes of it."""
    before = front.served.decisions()
    origin = front.url.removesuffix(f"{PREFIX}/")
    with httpx.Client(timeout=30) as web:

        def save(data: dict[str, str]) -> httpx.Response:
            return web.post(f"{front.url}review/r1/en/1", data=data, headers={"Origin": origin})

        def fields() -> dict[str, str]:
            page = web.get(f"{front.url}review/r1/en/1").text
            found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', page))
            return found | {"decision": "unsure"}

        old = fields()
        answer = save(old)
        assert answer.status_code == 303 and urljoin(str(answer.url), answer.headers["location"]).startswith(front.url)
        front.served.stop()
        assert save(old).status_code in (502, 503), "the proxy's own page: the browser keeps the decision"
        front.served.start("--public-url", front.url, "--trust-proxy", "127.0.0.1")
        for _ in range(60):  # Apache passes a server that failed by for a while
            if (again := save(old)).status_code != 503:
                break
            httpx.get(front.url)
            signal.sigtimedwait([], 1)
        assert again.status_code == 403 and "Save once more" in again.text, "a session ends with its server"
        assert save(fields()).status_code == 303
        assert front.served.decisions() == before + 2
        evil = web.post(f"{front.url}review/r1/en/1", data=fields(), headers={"Origin": "http://evil.example"})
        assert evil.status_code == 403 and front.served.decisions() == before + 2


@pytest.mark.parametrize(("trusted", "expected"), [((), "127.0.0.1"), (("--trust-proxy", "127.0.0.1"), "203.0.113.9")])
def test_forwarded_headers_are_believed_from_trusted_proxies_alone(
    two_releases: Path, web_cache: Path, site: object, tmp_path: Path, trusted: tuple[str, ...], expected: str
) -> None:
    """A stranger who forges the header would get a fresh rate limit with each request."""
    command = [sys.executable, "-m", "esco_kg", "serve", str(two_releases), "--port", "0", "--cache", str(web_cache)]
    log = tmp_path / "log"
    with log.open("w") as stream, subprocess.Popen(
        [*command, "--quiet", *trusted], stdout=subprocess.PIPE, stderr=stream, text=True
    ) as process:  # fmt: skip
        try:
            assert process.stdout
            address = process.stdout.readline().split()[2]
            assert httpx.get(f"{address}robots.txt", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 200
        finally:
            process.terminate()
            process.wait(20)
    assert f'"client": "{expected}"' in log.read_text()
