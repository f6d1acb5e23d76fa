"""Reconciliation: what OpenRefine asks, what it gets, and that the answers have the specification's shape."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from esco_kg.web.releases.model import Cluster, Concept
from esco_kg.web.releases.site import Site
from tests.support import reconciliation_schemas as shapes
from tests.support.web_fixtures import NEW

BASE = "https://example.org/esco-kg-demonstration/"


def valid(content: Any, schema: shapes.Schema) -> Any:
    Draft202012Validator(schema).validate(content)
    return content


def reconciled(client: TestClient, **queries: dict[str, Any]) -> dict[str, Any]:
    answer = client.post("/reconcile", data={"queries": json.dumps(queries)}, headers={"accept-language": "en"})
    assert answer.status_code == 200
    return valid(answer.json(), shapes.RESULTS)


def test_the_manifest(client: TestClient) -> None:
    found = valid(client.get("/reconcile").json(), shapes.MANIFEST)
    assert found["identifierSpace"] == BASE
    suggest = found["suggest"]["entity"]
    assert client.get(suggest["service_url"] + suggest["service_path"], params={"prefix": "weld"}).status_code == 200
    assert client.get("/reconcile?callback=back").text.startswith("/**/back({")
    assert client.get("/reconcile?callback=alert(1)").status_code == 400


def test_a_list_of_skills_is_matched(client: TestClient, metal: Cluster) -> None:
    name = metal.label("en")
    found = reconciled(
        client,
        q0={"query": "weld aluminium", "type": "skill"},
        q1={"query": name, "type": ["cluster"], "limit": 3},
        q2={"query": "xyzzyxyzzy"},
        q3={"query": "weld aluminium", "type": "no-such-type"},
    )
    best = found["q0"]["result"][0]
    assert (best["name"], best["match"], best["score"], best["type"][0]["id"]) == (
        "weld aluminium",
        True,
        100.0,
        "skill",
    )
    assert best["description"].startswith(name)
    assert found["q1"]["result"][0]["id"] == f"{BASE}cluster/{metal.id}" and len(found["q1"]["result"]) <= 3
    assert found["q2"]["result"] == found["q3"]["result"] == []


def test_a_vague_word_is_no_match(client: TestClient) -> None:
    found = reconciled(client, q={"query": "weld"})["q"]["result"]
    assert found and not any(candidate["match"] for candidate in found)
    assert [c["score"] for c in found] == sorted((c["score"] for c in found), reverse=True)


def test_by_get_too(client: TestClient) -> None:
    queries = json.dumps({"q": {"query": "weld aluminium"}})
    assert client.get("/reconcile", params={"queries": queries}).json()["q"]["result"]


def test_suggestions(client: TestClient) -> None:
    found = valid(client.get("/reconcile/suggest/entity?prefix=weld").json(), shapes.SUGGESTED_ENTITIES)["result"]
    assert any(entity["name"] == "weld aluminium" for entity in found)
    types = valid(client.get("/reconcile/suggest/type?prefix=skill").json(), shapes.SUGGESTED)["result"]
    assert {"cluster", "skill"} <= {one["id"] for one in types}
    assert valid(client.get("/reconcile/suggest/property?prefix=margin").json(), shapes.SUGGESTED)["result"]
    assert client.get("/reconcile/suggest/nothing").status_code == 404


def test_extension_brings_clusters_to_a_list_of_skills(
    client: TestClient, site: Site, welding: Concept, metal: Cluster
) -> None:
    cluster, name = f"{BASE}cluster/{metal.id}", metal.label("en")
    proposed = valid(client.get("/reconcile/properties?type=skill").json(), shapes.PROPOSED)["properties"]
    asked = {"ids": [welding.iri, cluster, "urn:unknown"], "properties": [{"id": p["id"]} for p in proposed]}
    answer = client.post("/reconcile", data={"extend": json.dumps(asked)}, headers={"accept-language": "en"})
    found = valid(answer.json(), shapes.EXTENSION)
    row = found["rows"][welding.iri]
    assert row["top_cluster"] == [{"id": cluster, "name": name}]
    assert row["cluster_path"][0]["str"].startswith(f"{name} › ")
    parents = {concept.iri for concept in site.latest.linked(welding.id, "broader", "en")}
    assert {parent["id"] for parent in row["official_parents"]} == parents
    assert found["rows"][cluster]["size"] == [{"int": metal.skills}]
    assert all(values == [] for values in found["rows"]["urn:unknown"].values())
    assert [one["id"] for one in found["meta"]] == [p["id"] for p in proposed]


def test_preview_flyout_and_view(client: TestClient, metal: Cluster) -> None:
    iri = f"{BASE}cluster/{metal.id}"
    preview = client.get("/reconcile/preview", params={"id": iri}, headers={"accept-language": "de"})
    assert metal.labels["de"] in preview.text and "frame-ancestors" not in preview.headers["content-security-policy"]
    assert metal.labels["en"] in client.get("/reconcile/flyout", params={"id": iri}).json()["html"]
    assert client.get("/view", params={"id": iri}).url.path == f"/en/{NEW}/cluster/{metal.id}.html"
    assert client.get("/view", params={"id": "urn:unknown"}).status_code == 404


@pytest.mark.parametrize(
    "sent",
    [
        {"queries": "no json"}, {"queries": "[]"}, {"queries": '{"q": 1}'}, {"queries": '{"q": {"query": 1}}'},
        {"queries": '{"q": {"query": "a", "limit": "x"}}'}, {"queries": "[" * 50_000},
        {"extend": "{}"}, {"extend": '{"ids": ["a"], "properties": [{"id": "no"}]}'},
        {"extend": '{"ids": [1], "properties": []}'},
    ],
)  # fmt: skip
def test_what_is_malformed_is_told(client: TestClient, sent: dict[str, str]) -> None:
    answer = client.post("/reconcile", data=sent)
    assert answer.status_code == 400 and answer.json()["title"]


def test_large_batches_are_refused(client: TestClient) -> None:
    queries = {f"q{n}": {"query": "a"} for n in range(51)}
    assert client.post("/reconcile", data={"queries": json.dumps(queries)}).status_code == 413
