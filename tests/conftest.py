"""What all tests share: where real data lie, and the rule that CI skips nothing."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.places import ROOT

pytest_plugins = ["tests.support.web_fixtures"]
# Every release that a test makes is of this day, whenever the tests run: 2024-12-24, 12:00 UTC.
os.environ["SOURCE_DATE_EPOCH"] = "1735041600"
SHARED = ROOT.parent / "shared"
# A machine that does other work, too, is slow at times: that is no failure.
settings.register_profile("any machine", suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


# What `make test-programs` runs: tests that need a server, a browser, R or Java, or wait for a network.
PROGRAMS = {
    "store/test_any_vocabulary.py",
    "store/test_examples.py",
    "store/test_faults.py",
    "store/test_fuseki.py",
    "store/test_hostile.py",
    "store/test_stores.py",
    "trials/test_spark.py",
    "validation/test_shacl_suite.py",
    "web/test_browser.py",
    "web/test_hosts.py",
}
# What `make test-docs` runs: tests that do what the pages for users say.
DOCUMENTS = {
    "release/test_own_clusters.py",
    "statistics/test_analysts_page.py",
    "statistics/test_offices_page.py",
    "test_docs.py",
    "test_wheel.py",
}


def pytest_configure() -> None:
    """A shell that starts the tests in the background has SIGINT ignored; tests send it, so they must hear it."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        place = item.path.relative_to(ROOT / "tests").as_posix()
        # What runs in one process: a file, or its tests of one triple store.
        server = item.callspec.params.get("server", "") if hasattr(item, "callspec") else ""
        item.add_marker(pytest.mark.xdist_group(f"{place}:{server}"))
        if place in PROGRAMS or "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("programs")
        elif place in DOCUMENTS:
            item.add_marker("documents")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real ESCO data beside the checkout; tests that need it skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("no real ESCO data: the folder ../shared is not beside this checkout")
    return SHARED


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In CI a skipped test is a failure: nothing passes because something is absent."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if os.environ.get("ESCO_KG_ALLOW_NO_SKIP") and skipped and exitstatus == 0:
        reporter.write_line(f"{len(skipped)} tests were skipped, and ESCO_KG_ALLOW_NO_SKIP is set", red=True)
        session.exitstatus = 1


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of the demonstration data, made once for all tests that only read it."""
    from esco_kg.release import Request, make_release

    out = tmp_path_factory.mktemp("releases")
    return make_release(Request(out=out, use_cache=False)).folder


@pytest.fixture(scope="session")
def second_release(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's next release, with changes: the one that samples of saved queries are from."""
    from tests.pages.cookbook import second_release as made

    return made(demonstration, tmp_path_factory.mktemp("second"))
