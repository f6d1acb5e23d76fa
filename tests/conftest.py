"""What all tests share: where real data lie, and the rule that CI skips nothing."""

from __future__ import annotations

import gc
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadFileScheduling

from tests.support.built_once import built_once
from tests.support.places import ROOT
from tests.support.servers import KINDS

pytest_plugins = ["tests.support.web_fixtures"]
# Every release that a test makes is of this day, whenever the tests run: 2024-12-24, 12:00 UTC.
os.environ["SOURCE_DATE_EPOCH"] = "1735041600"
SHARED = ROOT.parent / "shared"
# As a release does it: these processes hold whole releases, among which there is little cyclic garbage.
gc.set_threshold(50_000, 20, 20)
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
    "test_manual_site.py",
    "test_tutorials.py",
    "test_wheel.py",
}


# The files that take longest, begun first: else one process works on the last of them while the others are done.
LONG = (
    "trials/test_plans.py",
    "release/test_release.py",
    "trials/test_tables_unharmed.py",
    "cli/test_relative_paths.py",
    "test_library.py",
    "release/test_changes.py",
    "web/test_stranger_load.py",
    "folder/test_every_file.py",
    "confidentiality/test_aggregates.py",
    "esco/test_dump.py",
    "trials/review/test_review.py",
    "validation/test_vocabulary_rules.py",
    "web/test_static_site.py",
    "store/test_cookbook.py",
    "store/test_manuals.py",
)


def pytest_configure(config: pytest.Config) -> None:
    """A shell that starts the tests in the background has signals ignored; tests send them, so they must hear them."""
    config.option.loadscopereorder = False  # the order of pytest_collection_modifyitems holds
    for number, handler in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, handler)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling:
    return ByFileAndStore(config, log)


class ByFileAndStore(LoadFileScheduling):
    """Hands out tests file by file, and where a file tries several triple stores, store by store."""

    def _split_scope(self, nodeid: str) -> str:
        of_the_case = set(nodeid.rpartition("[")[2].rstrip("]").split("-"))
        return f"{super()._split_scope(nodeid)} {' '.join(of_the_case & KINDS.keys())}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        place = item.path.relative_to(ROOT / "tests").as_posix()
        if place in PROGRAMS or "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("programs")
        elif place in DOCUMENTS:
            item.add_marker("documents")
    for place in (*PROGRAMS, *DOCUMENTS, *LONG):
        assert (ROOT / "tests" / place).is_file(), f"tests/conftest.py names {place}, which is not there"
    first = {place: number for number, place in enumerate(LONG)}
    items.sort(key=lambda item: first.get(item.path.relative_to(ROOT / "tests").as_posix(), len(first)))


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

    out = built_once(tmp_path_factory, "releases", lambda out: make_release(Request(out=out, use_cache=False)))
    return out / "demonstration" / "1.0.0"


@pytest.fixture(scope="session")
def second_release(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's next release, with changes: the one that samples of saved queries are from."""
    from tests.pages.cookbook import second_release as made

    out = built_once(tmp_path_factory, "second", lambda out: made(demonstration, out)) / "releases" / "demonstration"
    return next(folder for folder in out.iterdir() if folder.is_dir() and folder.name != demonstration.name)
