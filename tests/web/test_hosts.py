"""The static site behind nginx and Apache with the rules that it brings: content negotiation, 303, 406, Vary, types."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

from esco_kg.web.releases.model import Cluster
from esco_kg.web.releases.site import Site
from esco_kg.web.static_site.build import write_site
from tests.support.web_fixtures import NEW, OLD

PREFIX = "clusters"  # the site does not lie at the host's root
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
FORMS = {
    "text/turtle": "ttl", "application/ld+json": "jsonld", "application/n-triples": "nt", "application/rdf+xml": "rdf",
    "text/turtle, application/rdf+xml;q=0.9, */*;q=0.1": "ttl",
}  # fmt: skip
NGINX = """
daemon off; worker_processes 1; pid {work}/nginx.pid; error_log {work}/error.log; {user}
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path {work}/a; proxy_temp_path {work}/b; fastcgi_temp_path {work}/c;
  uwsgi_temp_path {work}/d; scgi_temp_path {work}/e;
  include {root}/{prefix}/nginx-http.conf;
  server {{ listen 127.0.0.1:{port}; root {root}; include {root}/{prefix}/nginx-server.conf; }}
}}
"""
APACHE = """
ServerRoot {work}
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
PidFile {work}/apache.pid
ErrorLog {work}/error.log
{user}
{modules}
TypesConfig {work}/mime.types
DocumentRoot {root}
<Directory {root}>
  AllowOverride All
  Require all granted
</Directory>
"""
PACKAGES = {"nginx": "nginx-light", "apache2": "apache2-bin"}
MODULES = ("mpm_event", "authz_core", "mime", "dir", "rewrite", "headers")


class Host(NamedTuple):
    """A running web server: its name and the site's address on it."""

    name: str
    url: str

    def ask(self, path: str, **headers: str) -> httpx.Response:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.get(self.url + path, headers={"accept": "*/*", **sent}, timeout=10)


@pytest.fixture(scope="module")
def published(site: Site) -> Iterator[Path]:
    """A document root with the site below a path, where a server that drops its rights can read it."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        root.chmod(0o755)
        write_site(site, root / PREFIX, with_skills=False, url=f"https://host.example/{PREFIX}/")
        yield root


@pytest.fixture(scope="module", params=sorted(PACKAGES))
def host(request: pytest.FixtureRequest, published: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """A web server of our own on a free port of this machine; ended by its process id."""
    name = str(request.param)
    program = shutil.which(name) or f"/usr/sbin/{name}"
    if not Path(program).is_file():
        pytest.skip(f"no {name} here (apt-get install {PACKAGES[name]})")
    work = tmp_path_factory.mktemp(name)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    is_root = os.geteuid() == 0
    known = {"work": work, "root": published, "prefix": PREFIX, "port": port}
    settings = work / "server.conf"
    if name == "nginx":
        settings.write_text(NGINX.format(user="user root;" if is_root else "", **known))
        command = [program, "-c", str(settings), "-p", str(work)]
    else:
        (work / "mime.types").write_text("text/html html\ntext/css css\nimage/svg+xml svg\napplication/json json\n")
        modules = "\n".join(f"LoadModule {m}_module /usr/lib/apache2/modules/mod_{m}.so" for m in MODULES)
        user = "User www-data\nGroup www-data" if is_root else ""
        settings.write_text(APACHE.format(user=user, modules=modules, **known))
        command = [program, "-f", str(settings), "-DFOREGROUND"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            _wait_for(port, process)
            yield Host(name, f"http://127.0.0.1:{port}/{PREFIX}/")
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait_for(port: int, process: subprocess.Popen[str]) -> None:
    for _ in range(100):
        assert process.poll() is None, process.stderr and process.stderr.read()
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server does not answer")


def _leads_to(host: Host, path: str, **headers: str) -> str:
    """Where a thing leads to, below the site; it must lead there by 303, say what it depends on, and be there."""
    answer = host.ask(path, **headers)
    assert answer.status_code == 303, (path, headers, answer.status_code)
    assert "Accept" in answer.headers["vary"] and "Accept-Language" in answer.headers["vary"]
    target = urljoin(host.url + path, answer.headers["location"])
    assert urlsplit(target).path.startswith(f"/{PREFIX}/")
    assert httpx.get(target, timeout=10).status_code == 200, target
    return target.removeprefix(host.url)


@pytest.mark.parametrize("accept", FORMS)
def test_a_program_gets_the_form_it_asks_for(host: Host, metal: Cluster, accept: str) -> None:
    thing, ending = f"cluster/{metal.id}", FORMS[accept]
    assert _leads_to(host, thing, accept=accept) == f"data/{NEW}/{thing}.{ending}"
    document = host.ask(f"data/{NEW}/{thing}.{ending}")
    assert document.headers["content-type"].split(";")[0] == accept.split(",")[0]
    for path, target in (
        (f"release/{OLD}/{thing}", f"data/{OLD}/{thing}"),
        (f"release/{OLD}/scheme", f"data/{OLD}/scheme"),
        (f"release/{OLD}", f"data/{OLD}/release/{OLD}"),
        ("model", f"data/{NEW}/model"),
    ):
        assert _leads_to(host, path, accept=accept) == f"{target}.{ending}"


def test_a_reader_gets_the_page_in_the_own_language(host: Host, metal: Cluster, retired: str) -> None:
    thing = f"cluster/{metal.id}"
    for headers, tag in (
        ({"accept": BROWSER}, "en"),
        ({"accept": BROWSER, "accept-language": "de-AT,de;q=0.9,en;q=0.5"}, "de"),
        ({"accept": BROWSER, "accept-language": "fr"}, "fr"),
        ({"accept": BROWSER, "accept-language": "ga"}, "en"),
        ({"accept": "*/*"}, "en"),
    ):
        assert _leads_to(host, thing, **headers) == f"{tag}/{NEW}/{thing}.html"
        assert _leads_to(host, "scheme", **headers) == f"{tag}/{NEW}/index.html"
        assert _leads_to(host, f"release/{OLD}", **headers) == f"{tag}/{OLD}/version.html"
        assert _leads_to(host, f"release/{OLD}/{thing}", **headers) == f"{tag}/{OLD}/{thing}.html"
        assert _leads_to(host, f"cluster/{retired}", **headers) == f"{tag}/{NEW}/cluster/{retired}.html"


def test_a_form_that_there_is_not_is_refused(host: Host, metal: Cluster) -> None:
    answer = host.ask(f"cluster/{metal.id}", accept="image/png")
    assert answer.status_code == 406 and "Accept" in answer.headers["vary"]


def test_pages_and_files_have_their_types(host: Host, metal: Cluster, site: Site) -> None:
    for path, expected in (
        (f"de/{NEW}/index.html", "text/html; charset=utf-8"),
        (f"data/{NEW}/cluster/{metal.id}.ttl", "text/turtle; charset=utf-8"),
        (f"data/{NEW}/cluster/{metal.id}.csv", "text/csv; charset=utf-8"),
        ("static/style.css", "text/css; charset=utf-8"),
        ("static/icon.svg", "image/svg+xml"),
        (f"release/{NEW}/manifest.json", "application/json"),
        (f"release/{NEW}/esco-kg-{NEW}-clusters.nt.gz", "application/gzip"),
    ):
        answer = host.ask(path)
        assert (answer.status_code, answer.headers["content-type"]) == (200, expected), path
        assert "content-encoding" not in answer.headers, path
    missing = host.ask(f"en/{NEW}/nothing.html")
    assert missing.status_code == 404 and "<h1" in missing.text
    assert host.ask("").status_code == 200
