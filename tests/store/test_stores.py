"""Real stores: what a load leaves in Fuseki, Oxigraph and Virtuoso, and that readers never see anything between."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from esco_kg.cli import main
from esco_kg.errors import ServerError, UsageError
from esco_kg.store.catalogue import Names, all_stored_releases, graphs_to_ask, stored_releases
from esco_kg.store.client import Endpoint
from esco_kg.store.cookbook import cookbook
from esco_kg.store.load import load_release, make_current
from esco_kg.store.local import open_release
from esco_kg.store.remote import select, texts
from tests.pages.cookbook import answer
from tests.support.measured import cube, different
from tests.support.servers import KINDS, Server
from tests.support.small_releases import SCRIPTS, small_release


@pytest.fixture(scope="module", params=sorted(KINDS))
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with KINDS[request.param](tmp_path_factory.mktemp(request.param)) as started:
        yield started


@pytest.fixture
def endpoint(server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Endpoint]:
    """The store, with nothing of an earlier test in its default graph or its catalogue."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    with Endpoint(server.url, timeout=120) as found:
        if server.kind != "virtuoso":
            found.update("DROP ALL", "cleaning up")
        else:
            for stored in all_stored_releases(found):
                names = Names(stored.base)
                for graph in (names.catalogue, names.current):
                    found.update(f"DROP SILENT GRAPH <{graph}>", "cleaning up")
                for version in ("1.0.0", "1.1.0", "2.0.0"):
                    for name in ("clusters", "pillar", "codes", "extra", "catalogue", "statistics", "changes"):
                        found.update(f"DROP SILENT GRAPH <{names.graph(version, name)}>", "cleaning up")
        yield found


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two versions of one scheme with different contents, and the first version again with a third content."""
    top = tmp_path_factory.mktemp("small")
    small_release(top, "1.0.0", seed=7)
    small_release(top, "1.1.0", seed=8)
    small_release(top / "again", "1.0.0", seed=9)
    return top


def seen(endpoint: Endpoint, version: str | None = None) -> set[str]:
    """What readers of the current release, or of a version, see: the seeds that lie in the triples of ``extra``."""
    graphs = graphs_to_ask(endpoint, stored_releases(endpoint), version)
    rows = select(endpoint, "SELECT DISTINCT ?o WHERE { ?s ?p ?o . FILTER(STRENDS(STR(?p), '#seed')) }", graphs=graphs)
    return {str(row[0]) for row in rows.values()}


def size(endpoint: Endpoint) -> int:
    graphs = graphs_to_ask(endpoint, stored_releases(endpoint), None)
    rows = select(endpoint, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }", graphs=graphs)
    return int(str(rows.values()[0][0]))


def distinct_triples(folder: Path) -> int:
    import gzip

    return len({line for path in folder.glob("*.nt.gz") for line in gzip.decompress(path.read_bytes()).splitlines()})


def test_the_store_is_recognised(endpoint: Endpoint, server: Server) -> None:
    assert endpoint.dialect.name == server.kind


def test_the_address_of_the_queries_is_as_good(endpoint: Endpoint, server: Server) -> None:
    with Endpoint(f"{server.url}{endpoint.dialect.query}") as other:
        assert other.url == server.url


def test_a_load_leaves_the_whole_release_for_readers(endpoint: Endpoint, releases: Path) -> None:
    loaded = load_release(releases / "1.0.0", endpoint)
    assert loaded.switched and sum(loaded.sent.values()) >= distinct_triples(releases / "1.0.0")
    assert size(endpoint) == distinct_triples(releases / "1.0.0")
    assert seen(endpoint) == {"7"}


def test_texts_of_all_scripts_come_back_as_they_were(endpoint: Endpoint, releases: Path) -> None:
    load_release(releases / "1.0.0", endpoint)
    graphs = graphs_to_ask(endpoint, stored_releases(endpoint), None)
    rows = select(endpoint, "SELECT ?o WHERE { ?s ?p ?o FILTER(STRENDS(STR(?p), '#note')) } LIMIT 3000", graphs=graphs)
    found = {(term.value, term.language) for (term,) in rows.terms}  # type: ignore[union-attr]
    assert found == {(f"{SCRIPTS} {number}", "pl") for number in range(2000)}


def test_loading_twice_changes_nothing(endpoint: Endpoint, releases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_release(releases / "1.0.0", endpoint)
    monkeypatch.setattr(Endpoint, "_write", lambda *given: pytest.fail("something was written"))
    again = load_release(releases / "1.0.0", endpoint)
    assert not again.switched and set(again.sent.values()) == {0}


def test_a_new_version_takes_over_and_the_old_one_can_come_back(endpoint: Endpoint, releases: Path) -> None:
    load_release(releases / "1.0.0", endpoint)
    load_release(releases / "1.1.0", endpoint)
    assert (seen(endpoint), size(endpoint)) == ({"8"}, distinct_triples(releases / "1.1.0"))
    assert seen(endpoint, "1.0.0") == {"7"} and seen(endpoint, "1.1.0") == {"8"}
    assert make_current("1.0.0", endpoint)
    assert (seen(endpoint), size(endpoint)) == ({"7"}, distinct_triples(releases / "1.0.0"))
    assert not make_current("1.0.0", endpoint)
    assert stored_releases(endpoint).versions == ("1.0.0", "1.1.0")
    with pytest.raises(UsageError, match=r"does not hold the whole release 9\.0\.0"):
        make_current("9.0.0", endpoint)


class Plug(Exception):
    """Pulled."""


def pulled_after(parts: int) -> object:
    left = [parts]

    def progress(name: str, done: int, total: int) -> None:
        left[0] -= 1
        if not left[0]:
            raise Plug

    return progress


def test_a_broken_load_leaves_the_old_release_and_goes_on_later(endpoint: Endpoint, releases: Path) -> None:
    load_release(releases / "1.0.0", endpoint)
    with pytest.raises(Plug):
        load_release(releases / "1.1.0", endpoint, part_bytes=60_000, progress=pulled_after(9))  # type: ignore[arg-type]
    assert (seen(endpoint), size(endpoint)) == ({"7"}, distinct_triples(releases / "1.0.0"))
    with pytest.raises(UsageError, match="does not hold the whole"):
        make_current("1.1.0", endpoint)
    rest = load_release(releases / "1.1.0", endpoint, part_bytes=60_000)
    assert 0 < sum(rest.sent.values()) < distinct_triples(releases / "1.1.0")
    assert (seen(endpoint), size(endpoint)) == ({"8"}, distinct_triples(releases / "1.1.0"))


def test_another_content_of_the_same_version_replaces_it_whole(endpoint: Endpoint, releases: Path) -> None:
    load_release(releases / "1.0.0", endpoint)
    load_release(releases / "again" / "1.0.0", endpoint)
    assert (seen(endpoint), size(endpoint)) == ({"9"}, distinct_triples(releases / "again" / "1.0.0"))


def test_a_graph_that_lost_triples_is_noticed_and_mended(endpoint: Endpoint, releases: Path) -> None:
    load_release(releases / "1.0.0", endpoint)
    load_release(releases / "1.1.0", endpoint)
    graph = Names(stored_releases(endpoint).base).graph("1.0.0", "extra")
    lost = f"{stored_releases(endpoint).base}extra/00000"
    endpoint.update(f"DELETE WHERE {{ GRAPH <{graph}> {{ <{lost}> ?p ?o }} }}", "spoiling")
    with pytest.raises(ServerError, match=r"holds 5997 triples, its catalogue says 6000"):
        make_current("1.0.0", endpoint)
    assert seen(endpoint) == {"8"}
    load_release(releases / "1.0.0", endpoint)
    assert size(endpoint) == distinct_triples(releases / "1.0.0")


def test_a_graph_can_be_left_out(endpoint: Endpoint, releases: Path) -> None:
    load_release(releases / "1.0.0", endpoint)
    assert load_release(releases / "1.0.0", endpoint, without=["extra"]).switched
    assert seen(endpoint) == set()
    assert not load_release(releases / "1.0.0", endpoint, without=["extra"]).switched
    with pytest.raises(UsageError, match="'clusters' cannot be left out"):
        load_release(releases / "1.0.0", endpoint, without=["clusters"])


def test_what_others_keep_in_the_default_graph_is_never_overwritten(
    endpoint: Endpoint, server: Server, releases: Path
) -> None:
    if server.has_union:
        load_release(releases / "1.0.0", endpoint)  # nothing but graphs of ours is ever written there
        assert stored_releases(endpoint).current == "1.0.0"
        return
    endpoint.update("INSERT DATA { <urn:a> <urn:b> <urn:c> }", "an owner's triple")
    with pytest.raises(UsageError, match="holds triples that no release put there"):
        load_release(releases / "1.0.0", endpoint)
    assert texts(endpoint, "SELECT ?s WHERE { ?s ?p ?o }", what="a test") == [{"s": "urn:a"}]


def test_a_store_serves_one_scheme(endpoint: Endpoint, server: Server, releases: Path, tmp_path: Path) -> None:
    load_release(releases / "1.0.0", endpoint)
    other = small_release(tmp_path, base="https://example.org/other/")
    if not server.has_union:
        with pytest.raises(UsageError, match=r"serves the scheme .*, this release is of https://example\.org/other/"):
            load_release(other, endpoint)
        assert seen(endpoint) == {"7"}
    else:
        load_release(other, endpoint)
        with pytest.raises(UsageError, match="releases of several schemes"):
            stored_releases(endpoint)
        assert stored_releases(endpoint, "https://example.org/other/").current == "1.0.0"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_every_saved_query_gives_the_rows_of_the_folder(
    endpoint: Endpoint, second_release: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    load_release(second_release.parent / "1.0.0", endpoint)
    load_release(second_release, endpoint)
    local = open_release(second_release, caches=tmp_path_factory.getbasetemp() / "stores")
    stored = stored_releases(endpoint)
    for query in cookbook().values():
        text = query.bound(stored.base, query.sample)
        expected = answer(query, local, second_release)
        assert expected.rows, f"the sample of {query.name} has no rows, so nothing is compared"
        if query.needs:
            assert query.table(select(endpoint, text)) == expected, query.name
            continue
        for version in (None, stored.current):
            rows = select(endpoint, text, graphs=graphs_to_ask(endpoint, stored, version))
            assert query.table(rows) == expected, (query.name, version)


def test_a_section_stands_for_its_divisions(
    endpoint: Endpoint, demonstration: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The way up from divisions has no step where the sector is one itself."""
    load_release(demonstration, endpoint)
    local = open_release(demonstration, caches=tmp_path_factory.getbasetemp() / "stores")
    stored, query = stored_releases(endpoint), cookbook()["sector-occupation-skills"]
    for version in (None, stored.current):
        graphs = graphs_to_ask(endpoint, stored, version)
        for sector, least in (("C", 20), ("10", 5), ("99", 0)):
            text = query.bound(stored.base, {"division": sector})
            rows = select(endpoint, text, graphs=graphs)
            assert query.table(rows) == query.table(local.select(text)), (sector, version)
            assert len(rows.terms) >= least


def test_every_measure_gives_the_numbers_of_the_release(endpoint: Endpoint, demonstration: Path) -> None:
    """The statistics, measured once more in the store, are the files of the release, byte for byte."""
    load_release(demonstration, endpoint)
    assert different(endpoint, demonstration) == {}


def test_the_cubes_have_the_same_figures_as_in_the_folder(
    endpoint: Endpoint, demonstration: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    load_release(demonstration, endpoint)
    graphs = graphs_to_ask(endpoint, stored_releases(endpoint), None)
    figures = cube(open_release(demonstration, caches=tmp_path_factory.getbasetemp() / "stores").select)
    assert len(figures) > 1000
    assert cube(lambda text: select(endpoint, text, graphs=graphs)) == figures


def test_the_commands_load_query_and_go_back(endpoint: Endpoint, server: Server, demonstration: Path) -> None:
    done = run("load", demonstration, "--endpoint", server.url, "--quiet")
    assert done.exit_code == 0 and "Release 1.0.0 is the current one" in done.stdout, done.output
    assert "Nothing to do" in run("load", demonstration, "--endpoint", server.url, "--quiet").stdout
    assert "Nothing to do" in run("load", "--current", "1.0.0", "--endpoint", server.url).stdout
    asked = ("query", "level-clusters", "--param", "level=1", "--format", "csv")
    there = run(*asked, "--endpoint", server.url)
    assert there.exit_code == 0 and there.stdout.startswith("id,parent,label,branch,skills\nc00001,"), there.output
    assert run(*asked, "--endpoint", server.url, "--version", "1.0.0").stdout == there.stdout
    assert "does not hold the whole release 2.0.0" in run(*asked, "--endpoint", server.url, "--version", "2.0.0").stderr


def test_an_answer_cut_short_is_an_error(releases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Virtuoso gives the first rows alone and says so in a header."""
    from tests.support.servers import virtuoso

    with virtuoso(tmp_path, rows=100) as small:
        for name, value in small.environment.items():
            monkeypatch.setenv(name, value)
        with Endpoint(small.url) as endpoint:
            load_release(releases / "1.0.0", endpoint)
            graphs = graphs_to_ask(endpoint, stored_releases(endpoint), None)
            with pytest.raises(ServerError, match="gives 100 rows at most"):
                select(endpoint, "SELECT ?s WHERE { ?s ?p ?o }", graphs=graphs)
            assert len(select(endpoint, "SELECT ?s WHERE { ?s ?p ?o } LIMIT 50", graphs=graphs).terms) == 50


def test_virtuoso_tells_wrong_credentials_and_they_are_never_shown(
    releases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.support.servers import virtuoso

    with virtuoso(tmp_path) as small:
        monkeypatch.setenv("ESCO_KG_USER", "dba")
        monkeypatch.setenv("ESCO_KG_PASSWORD", "s3cret-and-wrong")
        done = run("load", releases / "1.0.0", "--endpoint", small.url, "--quiet")
    assert done.exit_code == 3 and "answered 401" in done.stderr and "ESCO_KG_PASSWORD" in done.stderr
    assert "s3cret" not in done.output and "Traceback" not in done.output
