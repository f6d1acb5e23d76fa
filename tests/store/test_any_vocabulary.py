"""RDF files of anyone in real stores: loaded whole into a named graph, replaced, and asked by a query of one's own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from esco_kg.cli import main
from esco_kg.errors import ServerError
from esco_kg.store.client import Endpoint
from esco_kg.store.remote import select
from esco_kg.store.vocabulary import load_vocabulary
from tests.support.servers import KINDS, Server

ROCKS = """@prefix : <https://rocks.example.org/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:scheme a skos:ConceptScheme ; skos:prefLabel "Rocks"@en .
:rock a skos:Concept ; skos:inScheme :scheme ; skos:prefLabel "rock"@en , "Gestein"@de ; skos:notation "1" .
:basalt a skos:Concept ; skos:inScheme :scheme ; skos:broader :rock ; skos:prefLabel "basalt"@en ; skos:notation "11" ;
  skos:note [ rdfs:comment "dark"@en ; rdfs:seeAlso [ rdfs:label "lava"@en ] ] .
"""
SCHEME = "https://rocks.example.org/scheme"
QUERY = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?concept ?name (xsd:integer(?code) AS ?number) WHERE {
  ?concept skos:prefLabel ?name ; skos:notation ?code FILTER(LANG(?name) = "en")
} ORDER BY ?code""".replace("xsd:integer", "<http://www.w3.org/2001/XMLSchema#integer>")
ANSWER = [
    {"concept": "https://rocks.example.org/rock", "name": "rock", "number": 1},
    {"concept": "https://rocks.example.org/basalt", "name": "basalt", "number": 11},
]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


@pytest.fixture
def rocks(tmp_path: Path) -> Path:
    (tmp_path / "rocks.ttl").write_text(ROCKS, encoding="utf-8")
    (tmp_path / "names.rq").write_text(QUERY, encoding="utf-8")
    return tmp_path / "rocks.ttl"


@pytest.fixture(scope="module", params=sorted(KINDS))
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with KINDS[request.param](tmp_path_factory.mktemp(request.param)) as started:
        yield started


@pytest.fixture
def url(server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    return server.url


def graphs(url: str) -> set[str]:
    """The graphs of the store that hold something of the rocks, or have no lasting name."""
    with Endpoint(url) as endpoint:
        rows = select(endpoint, "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }").values()
    return {str(row[0]) for row in rows if "rocks" in str(row[0]) or "uuid" in str(row[0])}


def test_a_file_is_loaded_replaced_and_asked(url: str, rocks: Path) -> None:
    loaded = run("load", rocks, "--endpoint", url, "--quiet", "--json")
    assert json.loads(loaded.output) == {"graph": SCHEME, "triples": 16}, loaded.output
    asked = run("query", rocks.parent / "names.rq", "--endpoint", url, "--graph", SCHEME, "--json")
    assert json.loads(asked.output) == ANSWER, asked.output
    rocks.write_text(ROCKS.replace(":basalt", ":gabbro").replace("basalt", "gabbro"), encoding="utf-8")
    assert run("load", rocks, "--endpoint", url, "--quiet").output == f"<{SCHEME}> holds 16 triples at {url}\n"
    asked = run("query", rocks.parent / "names.rq", "--endpoint", url, "--graph", SCHEME, "--json")
    assert [row["name"] for row in json.loads(asked.output)] == ["rock", "gabbro"]
    assert graphs(url) == {SCHEME}


def test_a_load_that_fails_leaves_what_was_there(url: str, rocks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Endpoint(url) as endpoint:
        load_vocabulary([rocks], endpoint, part_bytes=200)
        lost = Endpoint.add
        sent: list[str] = []

        def forgetful(self: Endpoint, graph: str | None, triples: bytes, what: str) -> None:
            sent.append(what)
            if len(sent) != 2:
                lost(self, graph, triples, what)

        monkeypatch.setattr(Endpoint, "add", forgetful)
        with pytest.raises(ServerError, match=r"holds .* triples, the files have 16"):
            load_vocabulary([rocks], endpoint, part_bytes=200)
    assert len(sent) > 2 and graphs(url) == {SCHEME}
    asked = run("query", rocks.parent / "names.rq", "--endpoint", url, "--graph", SCHEME, "--json")
    assert json.loads(asked.output) == ANSWER, asked.output
