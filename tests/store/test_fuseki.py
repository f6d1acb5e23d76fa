"""``make fuseki``: a real server in the foreground, with data that stay, searchable labels and the pinned jars."""

from __future__ import annotations

import re
import shutil
import signal
import socket
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from esco_kg.cli import main
from esco_kg.errors import ServerError
from esco_kg.store.catalogue import stored_releases
from esco_kg.store.client import Endpoint
from esco_kg.store.fuseki import jars
from esco_kg.store.load import load_release, make_current
from esco_kg.store.remote import select
from tests.support.places import ROOT
from tests.support.servers import free_port, fuseki, running
from tests.support.small_releases import small_release

needs_java = pytest.mark.skipif(
    not (shutil.which("java") and shutil.which("mvn")),
    reason="no Fuseki: java and mvn are needed, such as Debian's openjdk-17-jre-headless and maven",
)
SEARCH = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX text: <http://jena.apache.org/text#>
SELECT DISTINCT ?label WHERE { ?c text:query (skos:prefLabel "%s") . ?c skos:prefLabel ?label } ORDER BY ?label"""


@needs_java
def test_the_command_serves_until_it_is_interrupted_and_keeps_its_data(tmp_path: Path) -> None:
    port = free_port()
    line = [sys.executable, "-m", "esco_kg", "fuseki", "--port", str(port), "--data", str(tmp_path / "with a space")]
    url = f"http://127.0.0.1:{port}"
    release = small_release(tmp_path / "releases")
    for _ in range(2):
        with running(line, f"{url}/$/ping", tmp_path / "log", stop=signal.SIGINT):
            # Another address of this machine: a server on all addresses would answer there.
            with socket.socket() as probe, pytest.raises(OSError):
                probe.connect(("127.0.0.2", port))
            with Endpoint(f"{url}/esco") as endpoint:
                loaded = load_release(release, endpoint)
    assert not loaded.switched, "the second start found what the first had loaded"
    log = (tmp_path / "log").read_text()
    assert f"Fuseki on http://127.0.0.1:{port}/esco" in log and "Exception" not in log


@needs_java
def test_labels_are_found_by_text_and_only_those_of_the_current_release(tmp_path: Path) -> None:
    first, second = small_release(tmp_path, "1.0.0", seed=7), small_release(tmp_path, "1.1.0", seed=8)
    with fuseki(tmp_path) as server, Endpoint(server.url) as endpoint:
        load_release(first, endpoint)
        found = [row[0] for row in select(endpoint, SEARCH % "occup*").values()]
        assert len(found) > 5 and all("occup" in str(label) for label in found)
        only_then = _labels(endpoint)
        load_release(second, endpoint)
        gone = sorted(only_then - _labels(endpoint))
        make_current("1.0.0", endpoint)
        assert _labels(endpoint) == only_then
        make_current("1.1.0", endpoint)
        for label in gone[:5]:
            word = label.split()[-1]
            assert label not in [row[0] for row in select(endpoint, SEARCH % word).values()]
        assert stored_releases(endpoint).current == "1.1.0"


def _labels(endpoint: Endpoint) -> set[str]:
    return {str(row[0]) for row in select(endpoint, SEARCH % "skill").values()}


LABELS = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
INSERT DATA {
  <urn:preferred> skos:prefLabel "weld pipes"@en , "weld-Rohre"@de ;
    skos:altLabel "welding pipes"@en , "pipe welder"@en .
  <urn:alternative> skos:prefLabel "join metal"@en ; skos:altLabel "weld metal"@en .
  <urn:other> skos:prefLabel "bake bread"@en ; skos:altLabel "weld-Brot"@de .
}"""


@needs_java
def test_a_query_has_an_end_and_asks_no_other_server(tmp_path: Path) -> None:
    """A query that would run for days is stopped, whatever its client does, and none makes the server ask others."""
    with fuseki(tmp_path) as server:
        settings = (tmp_path / "fuseki data" / "fuseki.ttl").read_text(encoding="utf-8")
        assert 'ja:cxtName "arq:queryTimeout" ; ja:cxtValue "120000"' in settings
        with Endpoint(server.url, pauses=()) as endpoint:
            numbers = " ".join(f"<urn:{number}>" for number in range(200))
            data = " . ".join(f"<urn:{number}> <urn:p> {numbers.replace(' ', ' , ')}" for number in range(100))
            endpoint.update(f"INSERT DATA {{ {data} }}", "a test")
            endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(STR(?a) < STR(?d)) }"
            # A client may ask for less time than the server gives.
            answer = endpoint.sent(
                "POST", f"{endpoint.query_url}?timeout=1", "a test", fine=(503,), data={"query": endless}
            )
            assert answer.status == 503 and answer.words() == "Query timed out"
            with pytest.raises(ServerError, match="SERVICE execution disabled"):
                select(endpoint, "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }")
        log = (tmp_path / "fuseki.log").read_text(encoding="utf-8")
        assert "\tat " not in log, "no stack trace"


@needs_java
def test_a_property_is_searched_alone_and_the_example_of_the_page_gives_a_concept_once(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "stores.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```sparql\n(.*?)```", page, flags=re.DOTALL)
    both = '(skos:prefLabel skos:altLabel "weld*" "lang:en")'
    assert both in example
    with fuseki(tmp_path) as server, Endpoint(server.url) as endpoint:
        endpoint.update(LABELS, "labels")
        found = select(endpoint, example).values()
        assert sorted(found) == [("urn:alternative", "join metal"), ("urn:preferred", "weld pipes")]

        def concepts(searched: str) -> set[str]:
            only = example.replace(both, searched).replace('FILTER(LANG(?label) = "en")', "")
            return {str(row[0]) for row in select(endpoint, only).values()}

        assert concepts('(skos:prefLabel "weld*")') == {"urn:preferred"}
        assert concepts('"weld*"') == {"urn:preferred"}, "without a property, preferred labels are searched"
        assert concepts('(skos:altLabel "weld*" "lang:en")') == {"urn:preferred", "urn:alternative"}
        assert concepts('(skos:altLabel "weld*")') == {"urn:preferred", "urn:alternative", "urn:other"}


@needs_java
def test_a_jar_that_is_not_the_pinned_one_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = jars()
    copied = tmp_path / "esco-kg" / "fuseki" / real.name
    shutil.copytree(real, copied)
    spoilt = sorted(copied.glob("jena-*.jar"))[0]
    spoilt.write_bytes(spoilt.read_bytes() + b"x")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    done = CliRunner().invoke(main, ["fuseki", "--data", str(tmp_path / "data")])
    assert done.exit_code == 3 and f"{spoilt}: not the jar that fuseki.sha256 lists" in done.stderr
    spoilt.write_bytes((real / spoilt.name).read_bytes())
    (copied / "more.jar").write_bytes(b"")
    done = CliRunner().invoke(main, ["fuseki", "--data", str(tmp_path / "data")])
    assert done.exit_code == 3 and "more.jar: fuseki.sha256 does not list it" in done.stderr


@needs_java
def test_a_fuseki_of_the_users_own_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "apache-jena-fuseki"
    shutil.copytree(jars(), home / "lib")
    monkeypatch.setenv("FUSEKI_HOME", str(home))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "empty"))
    with fuseki(tmp_path) as server, Endpoint(server.url) as endpoint:
        assert endpoint.dialect.name == "fuseki" and not (tmp_path / "empty").exists()


def test_what_is_missing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    done = CliRunner().invoke(main, ["fuseki", "--data", str(tmp_path / "data")])
    assert done.exit_code == 3 and "needs Java 17 or newer, and there is no java command" in done.stderr
    assert "apt install" in done.stderr and "make serve" in done.stderr
    java = tmp_path / "java"
    java.touch(0o755)
    for version, told in (("echo", "tells no version"), ('echo \'openjdk version "11.0.2"\'', "is version 11"),
                          ('echo \'java version "1.8.0_402"\'', "is version 8")):  # fmt: skip
        java.write_text(f"#!/bin/sh\n{version} >&2\n")
        done = CliRunner().invoke(main, ["fuseki", "--data", str(tmp_path / "data")])
        assert done.exit_code == 3 and told in done.stderr and "apt install" in done.stderr, done.stderr
    java.write_text("#!/bin/sh\necho 'openjdk version \"21\" 2023-09-19' >&2\n")
    done = CliRunner().invoke(main, ["fuseki", "--data", str(tmp_path / "data")])
    assert done.exit_code == 3 and "there is no mvn command" in done.stderr and "FUSEKI_HOME" in done.stderr
    monkeypatch.setenv("FUSEKI_HOME", str(tmp_path))
    done = CliRunner().invoke(main, ["fuseki", "--data", str(tmp_path / "data")])
    assert done.exit_code == 3 and "holds no fuseki-server.jar" in done.stderr


@needs_java
def test_a_taken_port_is_told_before_the_server_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = CliRunner().invoke(main, ["fuseki", "--port", port, "--data", str(tmp_path / "data")])
    assert done.exit_code == 3 and f"port {port} of 127.0.0.1 cannot be had" in done.stderr and "--port" in done.stderr
