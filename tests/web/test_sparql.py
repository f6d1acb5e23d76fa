"""The SPARQL end point: the protocol, and what it refuses."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as ET
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
from starlette.testclient import TestClient

from esco_kg.web.app import make_app
from esco_kg.web.pages.query import examples
from esco_kg.web.releases.site import Site, open_site
from esco_kg.web.server.limits import Limits, QueryLimits
from esco_kg.web.sparql.store import write_store
from tests.support.web_fixtures import NEW, OLD

COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?c skos:topConceptOf <scheme> }"
BASE = "https://example.org/esco-kg-demonstration/"
HEAVY = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(STRLEN(CONCAT(STR(?a), STR(?d), STR(?g))) < 3) }"
)


def ask(client: TestClient, query: str, accept: str = "application/sparql-results+json", path: str = "/sparql"):
    return client.get(path, params={"query": query}, headers={"accept": accept})


def test_three_ways_to_send_a_query(client: TestClient, site: Site) -> None:
    answers = [
        ask(client, COUNT),
        client.post("/sparql", data={"query": COUNT}),
        client.post("/sparql", content=COUNT, headers={"content-type": "application/sparql-query"}),
    ]
    assert [a.json()["results"]["bindings"][0]["n"]["value"] for a in answers] == [str(len(site.latest.top))] * 3


def test_results_in_every_form_say_the_same(client: TestClient) -> None:
    query = 'SELECT ?c ?l ?nothing WHERE { ?c skos:prefLabel ?l ; ekg:depth 1 . FILTER(LANG(?l) = "de") } ORDER BY ?c'
    rows = ask(client, query).json()["results"]["bindings"]
    assert len(rows) >= 6 and all("nothing" not in row for row in rows)
    table = list(csv.reader(io.StringIO(ask(client, query, "text/csv").text)))
    assert table[0] == ["c", "l", "nothing"]
    assert [row[:2] for row in table[1:]] == [[r["c"]["value"], r["l"]["value"]] for r in rows]
    tree = ET.fromstring(ask(client, query, "application/sparql-results+xml").text)
    space = "{http://www.w3.org/2005/sparql-results#}"
    assert [e.text for e in tree.iter(f"{space}literal")] == [r["l"]["value"] for r in rows]
    tsv = ask(client, query, "text/tab-separated-values").text.splitlines()
    assert tsv[0] == "?c\t?l\t?nothing" and tsv[1].split("\t")[1] == f'"{rows[0]["l"]["value"]}"@de'
    parsed = ox.parse_query_results(ask(client, query).content, format=ox.QueryResultsFormat.JSON)
    assert len(list(parsed)) == len(rows)


def test_graphs_and_booleans(client: TestClient, site: Site) -> None:
    turtle = ask(client, "CONSTRUCT { ?c a skos:Concept } WHERE { ?c skos:topConceptOf <scheme> }", "text/turtle")
    assert turtle.headers["content-type"].startswith("text/turtle")
    assert len(list(ox.parse(turtle.content, format=ox.RdfFormat.TURTLE))) == len(site.latest.top)
    assert ask(client, "ASK { ?c ekg:depth 1 }").json()["boolean"] is True
    assert ask(client, "ASK { ?c ekg:depth 1 }", "text/turtle").status_code == 406
    assert ask(client, COUNT, "image/png").status_code == 406


def test_a_release_of_its_own_and_chosen_graphs(client: TestClient) -> None:
    retired = "SELECT (COUNT(*) AS ?n) WHERE { ?c owl:deprecated true }"
    counts = [ask(client, retired, path=f"/release/{v}/sparql").json()["results"]["bindings"] for v in (OLD, NEW)]
    assert [int(rows[0]["n"]["value"]) > 0 for rows in counts] == [False, True]
    params = {"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "default-graph-uri": f"{BASE}release/{NEW}/graph/codes"}
    one = int(client.get("/sparql", params=params).json()["results"]["bindings"][0]["n"]["value"])
    whole = int(ask(client, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").json()["results"]["bindings"][0]["n"]["value"])
    assert 0 < one < whole
    assert client.get("/sparql", params={"query": COUNT, "default-graph-uri": "no iri"}).status_code == 400


def test_updates_are_refused(client: TestClient) -> None:
    update = "INSERT DATA { <urn:a> <urn:b> <urn:c> }"
    assert client.post("/sparql", data={"update": update}).status_code == 403
    content_type = {"content-type": "application/sparql-update"}
    assert client.post("/sparql", content=update, headers=content_type).status_code == 415
    assert ask(client, update).status_code == 400
    assert ask(client, "ASK { <urn:a> ?p ?o }").json()["boolean"] is False


def test_what_is_no_query_is_told_so(client: TestClient) -> None:
    for query in ("SELECT", "SELECT * { ?s ?p }", "🙂", "SELECT * WHERE {" * 2000):
        answer = client.post("/sparql", data={"query": query})
        assert answer.status_code == 400 and "title" in answer.json()
    assert client.get("/sparql?query=ASK%7B%7D&query=ASK%7B%7D").status_code == 400
    broken = client.post("/sparql", content=b"\xff\xfe", headers={"content-type": "application/sparql-query"})
    assert broken.status_code == 400


class _Witness(BaseHTTPRequestHandler):
    called: list[str] = []  # noqa: RUF012

    def do_POST(self) -> None:
        self.called.append(self.path)
        self.send_response(500)
        self.end_headers()

    do_GET = do_POST

    def log_message(self, *args: object) -> None:
        pass


@pytest.mark.parametrize(
    "wording",
    ["SERVICE", "service", "SerVice SILENT", "OPTIONAL { ?a ?b ?c } SERVICE", "# it's\n SERVICE", "\\u0053ERVICE"],
)
def test_no_other_server_is_ever_called(client: TestClient, wording: str) -> None:
    server = HTTPServer(("127.0.0.1", 0), _Witness)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        query = f"SELECT * WHERE {{ {wording} <http://127.0.0.1:{server.server_port}/x> {{ ?s ?p ?o }} }}"
        assert ask(client, query).status_code in (400, 403)
        named = f"SELECT * FROM <http://127.0.0.1:{server.server_port}/y> WHERE {{ ?s ?p ?o }}"
        assert ask(client, named).json()["results"]["bindings"] == []
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert _Witness.called == []


def test_a_worker_can_make_no_connection(site: Site) -> None:
    """Behind the refusal of SERVICE stands a second wall; here it is met alone."""
    write_store(site.latest.cache, f"{BASE}release/{NEW}/graph/")
    query = "SELECT * { SERVICE <http://127.0.0.1:8099/> { ?s ?p ?o } }"
    graphs: list[str] = []
    request = {
        "query": query, "store": str(site.latest.store), "base": BASE, "default_graphs": graphs, "named_graphs": graphs,
        "table_form": "text/csv", "graph_form": None, "rows": 5, "bytes": 10_000,
    }  # fmt: skip
    command = [sys.executable, "-m", "esco_kg.web.sparql.worker", str(1 << 30), str(site.latest.store)]
    line = json.dumps(request).encode() + b"\n"
    printed = subprocess.run(command, input=line, capture_output=True, timeout=60, check=True).stdout.splitlines()
    assert printed[0] == b"ready"
    answer = json.loads(printed[1])
    assert answer["status"] == 400 and "Permission denied" in answer["message"]


def test_the_word_service_may_stand_in_texts(client: TestClient) -> None:
    assert ask(client, 'ASK { ?s ?p ?service FILTER(STR(?service) != "a SERVICE") # SERVICE\n }').status_code == 200


def test_a_heavy_query_is_stopped_and_the_next_is_answered(client: TestClient) -> None:
    start = time.monotonic()
    answer = ask(client, HEAVY)
    assert answer.status_code == 503 and "stopped" in answer.json()["title"]
    assert time.monotonic() - start < 30
    assert ask(client, COUNT).status_code == 200


def test_an_answer_is_cut_and_says_so(client: TestClient) -> None:
    answer = ask(client, "SELECT * { ?s ?p ?o } LIMIT 5000")
    assert len(answer.json()["results"]["bindings"]) == 1000
    assert answer.headers["x-rows-cut"] == "after 1000"
    assert "x-rows-cut" not in ask(client, COUNT).headers


def test_without_a_query_the_service_describes_itself(client: TestClient, site: Site) -> None:
    answer = client.get("/sparql")
    quads = list(ox.parse(answer.content, format=ox.RdfFormat.TURTLE))
    assert any(q.predicate.value.endswith("#supportedLanguage") for q in quads)
    assert sum(q.predicate.value.endswith("#namedGraph") for q in quads) == len(site.latest.manifest["graphs"])


def test_other_origins_may_ask(client: TestClient) -> None:
    assert ask(client, COUNT).headers["access-control-allow-origin"] == "*"
    preflight = client.options("/sparql", headers={"origin": "https://example.com"})
    assert preflight.status_code == 204 and "POST" in preflight.headers["access-control-allow-methods"]


def test_every_example_of_the_query_page_runs(client: TestClient, site: Site) -> None:
    saved = examples(site.latest, "en")
    names = {example.name for example in saved}
    assert {"cluster-members", "skill-clusters", "measure-levels"} <= names and len(names) == len(saved)
    empty = []
    for example in saved:
        answer = client.post("/sparql", data={"query": example.text})
        assert answer.status_code == 200, example.name
        empty += [] if answer.headers["x-rows"] != "0" else [example.name]
    assert not {"cluster-members", "cluster-path", "skill-clusters", "occupation-clusters", "measure-levels"} & set(
        empty
    )


def test_the_query_page_answers_without_a_script(client: TestClient, site: Site) -> None:
    page = client.get(f"/en/{NEW}/query.html", params={"example": "measure-levels"}).text
    assert "How many clusters and skills does each level have?" in page and "&lt;model#&gt;" in page
    answer = client.post(f"/en/{NEW}/query.html", data={"query": COUNT}).text
    assert f"<td>{len(site.latest.top)}</td>" in answer
    assert client.get(f"/en/{NEW}/query.html", params={"query": COUNT, "run": "1"}).text == answer
    wrong = client.post(f"/en/{NEW}/query.html", content=urlencode({"query": "SELECT <x>"}).encode(),
                        headers={"content-type": "application/x-www-form-urlencoded"}).text  # fmt: skip
    assert "This is no SPARQL query" in wrong


def test_a_saved_query_has_its_parameters_as_fields(client: TestClient, site: Site) -> None:
    other = site.latest.top[1].id
    asked = {"example": "cluster-members", "p.cluster": other}
    page = client.get(f"/en/{NEW}/query.html", params=asked).text
    assert f'name="p.cluster" value="{other}"' in page and f"cluster/{other}&gt;" in page
    wrong = client.get(f"/en/{NEW}/query.html", params=asked | {"p.cluster": "a b"}).text
    assert 'role="alert"' in wrong and "is not an id such as c00042" in wrong


def test_two_columns_of_numbers_have_a_chart(client: TestClient) -> None:
    query = "SELECT ?depth (COUNT(?c) AS ?n) WHERE { ?c ekg:depth ?depth } GROUP BY ?depth ORDER BY ?depth"
    page = client.get(f"/en/{NEW}/query.html", params={"query": query, "run": "1"}).text
    assert page.count("<circle") == 3 and 'class="chart"' in page
    labels = client.get(f"/en/{NEW}/query.html", params={"query": COUNT, "run": "1"}).text
    assert "<circle" not in labels


@pytest.mark.parametrize(("form", "media_type"), [("csv", "text/csv"), ("json", "application/sparql-results+json")])
def test_a_form_names_the_form_of_the_answer(client: TestClient, form: str, media_type: str) -> None:
    answer = client.post("/sparql", data={"query": COUNT, "format": form})
    assert answer.headers["content-type"].startswith(media_type)
    assert answer.headers["content-disposition"] == f'attachment; filename="answer.{form}"'
    assert client.post("/sparql", data={"query": COUNT, "format": "doc"}).status_code == 400


def test_an_answer_that_was_cut_says_so_in_itself(client: TestClient) -> None:
    rows = {"query": "SELECT ?s ?p ?o WHERE { ?s ?p ?o }"}
    found = client.post("/sparql", data=rows, headers={"accept": "application/sparql-results+json"}).json()
    assert found["cut"]["after"] == len(found["results"]["bindings"]) == 1000
    xml = client.post("/sparql", data=rows, headers={"accept": "application/sparql-results+xml"}).text
    assert "cut after 1000 rows" in xml and len(ET.fromstring(xml)) == 2
    graph = {"query": "CONSTRUCT WHERE { ?s ?p ?o }"}
    turtle = client.post("/sparql", data=graph, headers={"accept": "text/turtle"}).text
    assert turtle.rstrip().splitlines()[-1].startswith("# This answer was cut")
    for accept, asked in (("text/csv", rows), ("text/tab-separated-values", rows), ("application/ld+json", graph)):
        refused = client.post("/sparql", data=asked, headers={"accept": accept})
        assert refused.status_code == 413 and "ask for them in parts" in refused.json()["title"]


def test_the_store_is_made_when_a_query_asks_for_it(demonstration: Path, tmp_path: Path) -> None:
    """Pages do not need it, and of a real release it is most of the work. Found with one in 28 languages: 5 GB."""
    site = open_site(demonstration, tmp_path)
    with TestClient(make_app(site, limits=Limits(rate=0), query_limits=QueryLimits(workers=1), log=None)) as client:
        assert client.get("/en/1.0.0/index.html").status_code == 200
        assert not site.latest.store.exists()
        assert int(ask(client, COUNT).json()["results"]["bindings"][0]["n"]["value"]) == len(site.latest.top)
        assert site.latest.store.is_dir()


def test_a_server_makes_the_store_beside_its_pages(demonstration: Path, tmp_path: Path) -> None:
    """Else the first query of a real release waits for a minute and gets 503 where the machine is busy."""
    site = open_site(demonstration, tmp_path)
    with TestClient(make_app(site, limits=Limits(rate=0), log=None, prepares=True)) as client:
        for _ in range(600):
            assert client.get("/health").status_code == 200
            if site.latest.store.is_dir():
                break
            time.sleep(0.1)
        assert site.latest.store.is_dir()
        assert ask(client, COUNT).status_code == 200


def test_a_store_that_cannot_be_made_is_told(
    demonstration: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    site = open_site(demonstration, tmp_path)
    with TestClient(make_app(site, limits=Limits(rate=0), query_limits=QueryLimits(workers=1), log=None)) as client:
        (whole := site.latest.cache / "codes.nt").write_text("no triple\n", encoding="utf-8")
        answer = ask(client, COUNT)
        assert answer.status_code == 503 and "could not be prepared" in answer.text
        assert "SyntaxError" in capfd.readouterr().err
        whole.write_text("", encoding="utf-8")
        assert ask(client, COUNT).status_code == 200, "the next query tries again"
    assert not [path for path in site.latest.cache.iterdir() if path.name.startswith(".")], "nothing half-made is left"
