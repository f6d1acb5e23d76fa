"""Stores that cannot be had here, by their manuals: a load never reaches a graph that it does not name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from esco_kg.cli.load import load
from esco_kg.errors import ServerError, UsageError
from esco_kg.store.catalogue import Names, graphs_to_ask, stored_releases
from esco_kg.store.client import Endpoint
from esco_kg.store.dialects import NAMES
from esco_kg.store.load import load_release, make_current
from esco_kg.store.remote import select
from tests.support.manuals import Manual, by_manual
from tests.support.small_releases import small_release


@pytest.fixture(params=["graphdb", "neptune"])
def manual(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Manual]:
    monkeypatch.setenv("HOME", str(tmp_path))
    with by_manual(request.param) as started:
        yield started


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("small")
    small_release(top, "1.0.0", seed=7)
    small_release(top, "1.1.0", seed=8)
    return top


def test_every_dialect_can_be_chosen() -> None:
    """The command has the names itself, so that its help starts without the modules of stores."""
    (option,) = [one for one in load.params if one.name == "store"]
    assert sorted(option.type.choices) == sorted(NAMES)


def sizes(manual: Manual) -> dict[str, int]:
    found: dict[str, int] = {}
    for quad in manual.store:
        found[quad.graph_name.value] = found.get(quad.graph_name.value, 0) + 1  # type: ignore[union-attr]
    return found


def seen(endpoint: Endpoint, version: str | None = None) -> set[str]:
    graphs = graphs_to_ask(endpoint, stored_releases(endpoint), version)
    rows = select(endpoint, "SELECT DISTINCT ?o WHERE { ?s ?p ?o . FILTER(STRENDS(STR(?p), '#seed')) }", graphs=graphs)
    return {str(row[0]) for row in rows.values()}


def test_two_releases_are_loaded_switched_and_rolled_back(manual: Manual, releases: Path) -> None:
    with Endpoint(manual.url) as endpoint:
        assert endpoint.dialect.name == {"graphdb": "rdf4j", "neptune": "neptune"}[manual.kind]
        load_release(releases / "1.0.0", endpoint)
        first = sizes(manual)
        load_release(releases / "1.1.0", endpoint)
        names = Names(stored_releases(endpoint).base)
        assert seen(endpoint) == {"8"} and seen(endpoint, "1.0.0") == {"7"}
        kept = {graph: size for graph, size in first.items() if graph not in (names.current, names.catalogue)}
        assert kept and {graph: sizes(manual)[graph] for graph in kept} == kept
        assert make_current("1.0.0", endpoint) and seen(endpoint) == {"7"}
        assert sizes(manual)[names.current] == first[names.current]
        assert not load_release(releases / "1.0.0", endpoint).switched
    assert manual.unnamed == [], "every update names its graph"
    assert not [graph for graph in sizes(manual) if "/probe/" in graph], "what was tried is gone"


def test_a_version_that_lost_triples_is_told_at_the_end_of_a_load(manual: Manual, releases: Path) -> None:
    """Whoever harms an earlier version, a load does not report success."""
    with Endpoint(manual.url) as endpoint:
        load_release(releases / "1.0.0", endpoint)
        graph = Names(stored_releases(endpoint).base).graph("1.0.0", "extra")
        for quad in list(manual.store.quads_for_pattern(None, None, None, ox.NamedNode(graph)))[:10]:
            manual.store.remove(quad)
        with pytest.raises(
            ServerError, match=r"1\.0\.0/graph/extra> holds 5990 triples, its catalogue says 6000"
        ) as told:
            load_release(releases / "1.1.0", endpoint)
        assert "Load release 1.0.0 from its folder again." in told.value.hint
        assert seen(endpoint) == {"8"}, "the new release itself is whole"


def test_a_switch_that_was_broken_off_is_told_and_mended(
    manual: Manual, releases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    update = Endpoint.update

    def broken(self: Endpoint, operations: str, what: str) -> None:
        if what.startswith("switching") and "FILTER NOT EXISTS" in operations:
            raise ServerError("the power is gone")
        update(self, operations, what)

    with Endpoint(manual.url) as endpoint:
        load_release(releases / "1.0.0", endpoint)
        with monkeypatch.context() as patch, pytest.raises(ServerError, match="the power is gone"):
            patch.setattr(Endpoint, "update", broken)
            load_release(releases / "1.1.0", endpoint)
        assert stored_releases(endpoint).versions == ("1.0.0", "1.1.0"), "all its graphs were there before the switch"
        with pytest.raises(UsageError, match="no release is the current one"):
            seen(endpoint)
        assert make_current("1.0.0", endpoint) and seen(endpoint) == {"7"}
        load_release(releases / "1.1.0", endpoint)
        assert seen(endpoint) == {"8"} and seen(endpoint, "1.0.0") == {"7"}
