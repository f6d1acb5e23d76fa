"""Things, documents and their forms: what a client of linked data meets."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from starlette.testclient import TestClient

from esco_kg.web.http.negotiation import HTML, RDF_FORMS, best_form, best_language
from esco_kg.web.releases.site import Site
from tests.support.web_fixtures import NEW, OLD

BASE = "https://example.org/esco-kg-demonstration/"
FORMATS = {
    "ttl": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
}


def triples(body: bytes, ending: str) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(body, format=FORMATS[ending], base_iri="https://base.example/")}


@pytest.mark.parametrize("form", RDF_FORMS, ids=lambda form: form.ending)
def test_a_cluster_leads_by_303_to_each_form(client: TestClient, form: object) -> None:
    answer = client.get("/cluster/c00001", headers={"accept": form.media_type}, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"../data/{NEW}/cluster/c00001.{form.ending}"
    assert {part.strip() for part in answer.headers["vary"].split(",")} >= {"Accept", "Accept-Language"}
    document = client.get("/cluster/c00001", headers={"accept": form.media_type})
    assert document.headers["content-type"].partition(";")[0] == form.media_type
    assert triples(document.content, form.ending)


def test_all_forms_of_a_document_say_the_same(client: TestClient, retired: str) -> None:
    of_release = f"release/{NEW}"
    for thing in ("cluster/c00001", "scheme", f"{of_release}/scheme-{NEW}", "model", of_release, f"cluster/{retired}"):
        said = {ending: triples(client.get(f"/data/{NEW}/{thing}.{ending}").content, ending) for ending in FORMATS}
        assert said["nt"] and said["nt"] == said["ttl"] == said["jsonld"] == said["rdf"], thing


def test_a_document_is_what_the_release_says(client: TestClient, two_releases: Path) -> None:
    stem = two_releases / NEW / f"esco-kg-{NEW}-clusters.nt.gz"
    lines = set(gzip.decompress(stem.read_bytes()).decode().splitlines())
    document = client.get(f"/data/{NEW}/cluster/c00001.nt").text.splitlines()
    assert set(document) <= lines
    about = {line for line in lines if line.startswith(f"<{BASE}cluster/c00001> ")}
    allocations = {line for line in lines if line.startswith(f"<{BASE}allocation/c00001/")}
    assert about | allocations <= set(document)


def test_browsers_get_a_page_in_their_language(client: TestClient) -> None:
    headers = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8", "accept-language": "de-AT,de;q=0.9,en;q=0.5"}
    scheme = client.get(f"/release/{NEW}/scheme-{NEW}", headers=headers, follow_redirects=False)
    assert scheme.headers["location"].endswith(f"/de/{NEW}/index.html")
    answer = client.get("/cluster/c00001", headers=headers, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"../de/{NEW}/cluster/c00001.html"


def test_what_cannot_be_had_is_406(client: TestClient) -> None:
    answer = client.get("/cluster/c00001", headers={"accept": "image/png"})
    assert answer.status_code == 406
    assert "text/turtle" in answer.text
    assert "Accept" in answer.headers["vary"]


def test_unknown_things_are_404_in_the_form_asked_for(client: TestClient) -> None:
    assert client.get("/cluster/c99999", headers={"accept": "text/turtle"}).json()["status"] == 404
    assert "<h1>" in client.get("/cluster/c99999", headers={"accept": "text/html"}).text


def test_a_retired_cluster_names_its_successor(client: TestClient, site: Site, retired: str) -> None:
    successors = site.latest.clusters[retired].replaced_by
    assert successors
    page = client.get(f"/cluster/{retired}", headers={"accept": "text/html", "accept-language": "en"})
    assert page.status_code == 200 and "This cluster is retired." in page.text
    assert all(f'href="../cluster/{identifier}.html"' in page.text for identifier in successors)
    said = client.get(f"/cluster/{retired}", headers={"accept": "application/n-triples"}).text
    assert f"<{BASE}cluster/{retired}> <http://www.w3.org/2002/07/owl#deprecated>" in said
    assert all(f"isReplacedBy> <{BASE}cluster/{identifier}>" in said for identifier in successors)


def test_versioned_things_lead_into_their_release(client: TestClient, retired: str) -> None:
    answer = client.get(f"/release/{OLD}/cluster/{retired}", headers={"accept": "text/html"}, follow_redirects=False)
    assert answer.headers["location"].endswith(f"/{OLD}/cluster/{retired}.html")
    answer = client.get(f"/release/{OLD}/cluster/{retired}", headers={"accept": "text/turtle"})
    assert answer.status_code == 200 and f"release/{OLD}/cluster/{retired}" in answer.text


def test_every_iri_of_ours_that_is_a_subject_answers(client: TestClient, site: Site) -> None:
    kinds = {}
    for iri in site.latest.subjects(BASE):
        name = iri.removeprefix(f"{BASE}release/{NEW}/")
        if iri != BASE and name not in site.latest.files:  # a file answers with itself
            kinds.setdefault(iri.removeprefix(BASE).split("/")[0].partition("#")[0], iri)
    assert {"cluster", "allocation", "label", "relation", "level", "scheme", "model", "agent"} <= set(kinds)
    for iri in kinds.values():
        local = iri.removeprefix(BASE).partition("#")[0]
        for accept in ("text/html", "text/turtle"):
            answer = client.get(f"/{local}", headers={"accept": accept})
            assert answer.status_code == 200, (iri, accept)
            assert answer.headers["content-type"].startswith(accept), (iri, accept)


def test_the_root_leads_programs_to_the_catalogue(client: TestClient) -> None:
    answer = client.get("/", headers={"accept": "text/turtle"})
    assert answer.status_code == 200 and f"<{BASE}catalogue>" in answer.text


def test_validators_and_conditional_requests(client: TestClient, site: Site) -> None:
    path = f"/data/{NEW}/cluster/c00001.ttl"
    first = client.get(path)
    tag, modified = first.headers["etag"], first.headers["last-modified"]
    assert modified == site.latest.moment.strftime("%a, %d %b %Y 00:00:00 GMT")
    assert client.get(path, headers={"if-none-match": tag}).status_code == 304
    assert client.get(path, headers={"if-none-match": '"other"'}).status_code == 200
    assert client.get(path, headers={"if-modified-since": modified}).status_code == 304
    # If-None-Match decides alone (RFC 9110, section 13.2.2).
    both = {"if-none-match": '"other"', "if-modified-since": modified}
    assert client.get(path, headers=both).status_code == 200
    assert client.get(f"/data/{NEW}/cluster/c00001.nt").headers["etag"] != tag
    page = client.get(f"/en/{NEW}/cluster/c00001.html")
    assert (
        client.get(f"/en/{NEW}/cluster/c00001.html", headers={"if-none-match": page.headers["etag"]}).status_code == 304
    )


def test_head_has_the_headers_alone(client: TestClient) -> None:
    for path in (f"/data/{NEW}/cluster/c00001.ttl", f"/en/{NEW}/index.html", "/cluster/c00001"):
        got, head = client.get(path, follow_redirects=False), client.head(path, follow_redirects=False)
        assert head.status_code == got.status_code and head.content == b""
        assert head.headers.get("etag") == got.headers.get("etag")


def test_mementos_lead_through_the_versions(client: TestClient, site: Site) -> None:
    answer = client.get("/cluster/c00001", headers={"accept": "text/turtle"}, follow_redirects=False)
    link = answer.headers["link"]
    assert f'<{BASE}cluster/c00001>; rel="original timegate"' in link
    assert f'<../data/{OLD}/cluster/c00001.ttl>; rel="first memento"' in link
    assert f'<../data/{NEW}/cluster/c00001.ttl>; rel="last memento"' in link
    listed = client.get("/timemap/cluster/c00001")
    assert listed.headers["content-type"].startswith("application/link-format")
    assert OLD in listed.text and NEW in listed.text
    document = client.get(f"/data/{NEW}/cluster/c00001.ttl").headers
    assert f'<../../{OLD}/cluster/c00001.ttl>; rel="predecessor-version"' in document["link"]
    assert document["memento-datetime"] == site.latest.moment.strftime("%a, %d %b %Y 00:00:00 GMT")


def test_accept_datetime_chooses_the_release_of_that_day(client: TestClient) -> None:
    past = {"accept": "text/turtle", "accept-datetime": "Thu, 01 Jan 1970 00:00:00 GMT"}
    answer = client.get("/cluster/c00001", headers=past, follow_redirects=False)
    assert answer.headers["location"] == f"../data/{OLD}/cluster/c00001.ttl"
    wrong = {"accept": "text/turtle", "accept-datetime": "yesterday"}
    assert client.get("/cluster/c00001", headers=wrong).status_code == 400


def test_files_of_a_release_lie_where_the_catalogue_says(client: TestClient, two_releases: Path) -> None:
    manifest = json.loads((two_releases / NEW / "manifest.json").read_text(encoding="utf-8"))
    for file in manifest["files"]:
        answer = client.get(f"/release/{NEW}/{file['name']}")
        assert answer.content == (two_releases / NEW / file["name"]).read_bytes()
        assert answer.headers["content-type"].partition(";")[0] == file["media_type"]
    assert client.get(f"/release/{NEW}/no-such-file").status_code == 404


def test_a_concept_of_esco_has_a_document_and_a_link_home(client: TestClient, site: Site) -> None:
    path = next(site.latest.of_kind("skill"))
    concept = site.latest.concept(path)
    assert concept is not None
    said = client.get(f"/data/{NEW}/{path}.nt").text
    assert f"<{concept.iri}> " in said and f"sourceConcept> <{concept.iri}>" in said
    assert concept.iri in client.get(f"/en/{NEW}/{path}.html").text


@pytest.mark.parametrize(
    ("accept", "ending"),
    [
        (None, "html"),
        ("*/*", "html"),
        ("text/turtle;q=0.5, application/ld+json", "jsonld"),
        ("application/*", "jsonld"),
        ("text/html;q=0, */*;q=0.1", "ttl"),
        ("image/png", None),
        ("text/turtle;q=zero", None),
        ("text/turtle;q=0", None),
    ],
)
def test_the_best_form(accept: str | None, ending: str | None) -> None:
    found = best_form(accept)
    assert (found.ending if found else None) == ending
    assert best_form("text/html") is HTML


def test_the_best_language() -> None:
    assert best_language("fr-BE, en;q=0.3", ["de", "en", "fr"]) == "fr"
    assert best_language("zz", ["de", "en"]) == "en"
    assert best_language(None, ["de", "fr"]) == "de"


def test_a_concept_of_esco_answers_at_the_end_of_its_iri(client: TestClient, site: Site) -> None:
    for kind in ("skill", "occupation"):
        path = next(site.latest.of_kind(kind))
        concept = site.latest.concept(path)
        assert concept is not None
        program = client.get(f"/{path}", headers={"accept": "text/turtle"}, follow_redirects=False)
        assert program.status_code == 303 and program.headers["location"] == f"../data/{NEW}/{path}.ttl"
        assert f"<../data/{OLD}/{path}.ttl>" in program.headers["link"]
        assert triples(client.get(f"/{path}", headers={"accept": "text/turtle"}).content, "ttl")
        reader = {"accept": "text/html", "accept-language": "fr"}
        assert (
            client.get(f"/{path}", headers=reader, follow_redirects=False).headers["location"]
            == f"../fr/{NEW}/{path}.html"
        )
        assert concept.iri in client.get(f"/timemap/{path}").text
    assert client.get("/skill/none", headers={"accept": "text/turtle"}).status_code == 404


def test_an_occupation_shows_its_sectors(client: TestClient, site: Site) -> None:
    path = next(p for p in site.latest.of_kind("occupation") if site.latest.sector_codes(site.latest.concept(p).id))  # type: ignore[union-attr]
    concept = site.latest.concept(path)
    assert concept is not None
    said = client.get(f"/data/{NEW}/{path}.nt").text
    page = client.get(f"/en/{NEW}/{path}.html").text
    for code in site.latest.sector_codes(concept.id):
        assert f"targetConcept> <http://data.europa.eu/ux2/nace2.1/{code}>" in said
        assert f"sector/{code}.html" in page
