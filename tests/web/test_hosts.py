"""The static site behind nginx and Apache with the rules that it brings: content negotiation, 303, 406, Vary, types."""

from __future__ import annotations

import re
import tempfile
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
from tests.support.web_hosts import PACKAGES, web_host

PREFIX = "clusters"  # the site does not lie at the host's root
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
FORMS = {
    "text/turtle": "ttl", "application/ld+json": "jsonld", "application/n-triples": "nt", "application/rdf+xml": "rdf",
    "text/turtle, application/rdf+xml;q=0.9, */*;q=0.1": "ttl",
}  # fmt: skip
APACHE = """
DocumentRoot {root}
<Directory {root}>
  AllowOverride All
  Require all granted
</Directory>
"""
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
    name, work = str(request.param), tmp_path_factory.mktemp(str(request.param))
    if name == "nginx":
        rules = published / PREFIX
        running = web_host(
            name, work, f"root {published}; include {rules}/nginx-server.conf;",
            outside=f"include {rules}/nginx-http.conf;",
        )  # fmt: skip
    else:
        running = web_host(name, work, APACHE.format(root=published), modules=MODULES)
    with running as url:
        yield Host(name, f"{url}/{PREFIX}/")


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
        (f"release/{OLD}/scheme-{OLD}", f"data/{OLD}/release/{OLD}/scheme-{OLD}"),
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
        assert _leads_to(host, f"release/{OLD}/scheme-{OLD}", **headers) == f"{tag}/{OLD}/index.html"
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


def test_the_root_leads_to_the_reader_s_language(host: Host) -> None:
    for wanted, found in (("de-AT,de;q=0.9,en;q=0.5", "de"), ("fr", "fr"), ("xx", "en")):
        answer = host.ask("", accept=BROWSER, accept_language=wanted)
        assert answer.status_code == 302 and "Accept-Language" in answer.headers["vary"]
        assert urljoin(host.url, answer.headers["location"]) == f"{host.url}{found}/{NEW}/index.html"


def test_other_origins_may_read_and_what_is_missing_stays_in_the_site(host: Host) -> None:
    for path in (f"data/{NEW}/scheme.ttl", f"en/{NEW}/index.html", "scheme", "en/there/is/none.html"):
        assert host.ask(path).headers.get("access-control-allow-origin") == "*", path
    missing = host.ask("en/there/is/none.html", accept=BROWSER)
    assert missing.status_code == 404 and f'<base href="/{PREFIX}/">' in missing.text
    for link in re.findall(r'(?:href|src|action)="([^"]+)"', missing.text):
        assert httpx.get(urljoin(f"{host.url}", link), timeout=10).status_code in (200, 302), link
