"""Two releases of the demonstration data and the application over them, for all tests of the web."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from esco_kg.resources import folder
from esco_kg.web.app import make_app
from esco_kg.web.releases.model import Cluster, Concept
from esco_kg.web.releases.site import Site, open_site
from esco_kg.web.server.limits import Limits, QueryLimits
from esco_kg.web.static_site.build import write_site
from tests.support.built_once import built_once

OLD, NEW = "1.0.0", "2.0.0"


@pytest.fixture(scope="session")
def two_releases(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with 1.0.0, and 2.0.0 made with fewer clusters: some are retired, some renamed, skills moved."""

    def build(out: Path) -> None:
        from esco_kg.release import Request, make_release

        shutil.copytree(demonstration, out / OLD)
        own = folder("demonstration") / "v1.0.0"
        settings = (own / "release.toml").read_text(encoding="utf-8")
        changed = re.sub(r"^levels = .*$", "levels = [8, 16, 30]", settings, flags=re.MULTILINE)
        assert changed != settings
        fewer = tmp_path_factory.mktemp("config") / "release.toml"
        fewer.write_text(changed, encoding="utf-8")
        make_release(Request((own,), config=fewer, out=out, version=NEW, esco_version="1.0.0", use_cache=False))

    return built_once(tmp_path_factory, "two", build)


@pytest.fixture(scope="session")
def web_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def site(two_releases: Path, web_cache: Path) -> Iterator[Site]:
    opened = open_site(two_releases, web_cache)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def retired(site: Site) -> str:
    """A cluster of the older release that was retired in the newer one, with a successor."""
    return next(cluster.id for cluster in site.latest.clusters.values() if cluster.is_retired and cluster.replaced_by)


@pytest.fixture(scope="session")
def welding(site: Site) -> Concept:
    """The skill "weld aluminium" of the demonstration data, as the newer release has it."""
    path = next(hit.target for hit in site.latest.search("weld aluminium", "en", types=["skill"]))
    found = site.latest.concept(path)
    assert found is not None and found.label == "weld aluminium"
    return found


@pytest.fixture(scope="session")
def metal(site: Site, welding: Concept) -> Cluster:
    """The cluster of the top level that the skill of welding lies in."""
    home = site.latest.primary_of([welding.id])[welding.id]
    return [*site.latest.ancestors(home), site.latest.clusters[home]][0]


@pytest.fixture(scope="session")
def client(two_releases: Path, web_cache: Path) -> Iterator[TestClient]:
    """The application without a network; it opens the releases for itself."""
    own = open_site(two_releases, web_cache)
    limits = QueryLimits(seconds=3, rows=1000, workers=1)
    with TestClient(
        make_app(own, limits=Limits(rate=0), query_limits=limits, log=None), base_url="http://test"
    ) as found:
        yield found


@pytest.fixture(scope="session")
def static_site(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The static site without pages of skills."""
    out = tmp_path_factory.mktemp("static")
    write_site(site, out, with_skills=False, url="https://clusters.example/")
    return out


@pytest.fixture(scope="session")
def server(two_releases: Path, web_cache: Path, site: Site) -> Iterator[str]:
    """The address of ``esco-kg serve`` on a free port of this machine; ended by its process id."""
    command = [sys.executable, "-m", "esco_kg", "serve", str(two_releases), "--port", "0", "--cache", str(web_cache)]
    with subprocess.Popen(
        [*command, "--rate", "0", "--no-log", "--quiet"], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("Serving on http://127.0.0.1:")
            yield line.split()[2].rstrip("/")
        finally:
            process.terminate()
            process.wait(timeout=20)
