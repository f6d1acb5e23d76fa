"""The JSON API against its own description, and what its answers say."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from openapi_spec_validator import validate
from starlette.testclient import TestClient

from esco_kg.web.interfaces.openapi import description
from esco_kg.web.releases.model import Cluster, Concept
from esco_kg.web.releases.site import Site
from tests.support.web_fixtures import NEW, OLD

BASE = "https://example.org/esco-kg-demonstration/"


@pytest.fixture(scope="module")
def api(server: str) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_url(f"{server}/api/openapi.json")


@pytest.mark.parametrize(
    "operation",
    ["versions", "clusters", "cluster", "members", "related", "path", "skillClusters", "search", "changes"],
)
def test_answers_are_as_described(api: schemathesis.BaseSchema, operation: str) -> None:
    cases = api.find_operation_by_id(operation).as_strategy()

    @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(cases)
    def asked(case: schemathesis.Case) -> None:
        case.call_and_validate()

    asked()


def test_every_operation_is_tried(site: Site) -> None:
    described = {path["get"]["operationId"] for path in description(site)["paths"].values()}
    (mark,) = test_answers_are_as_described.pytestmark  # type: ignore[attr-defined]
    assert described == set(mark.args[1])


def test_the_description_is_sound(site: Site) -> None:
    validate(description(site))


def test_a_cluster(client: TestClient, metal: Cluster) -> None:
    found = client.get(f"/api/v1/clusters/{metal.id}?language=de").json()
    assert (found["iri"], found["label"]) == (f"{BASE}cluster/{metal.id}", metal.labels["de"])
    assert found["skills"] == metal.skills and {child["id"] for child in found["children"]} == set(metal.children)
    assert sum(sector["share"] for sector in found["sectors"]) == pytest.approx(1, abs=0.01)
    path = client.get(f"/api/v1/clusters/{metal.children[0]}/path").json()["path"]
    assert [one["id"] for one in path] == [metal.id, metal.children[0]]


def test_members_come_in_parts(client: TestClient, metal: Cluster) -> None:
    address = f"/api/v1/clusters/{metal.id}/members"
    whole = client.get(f"{address}?limit=1000").json()
    assert whole["total"] == len(whole["members"]) == metal.skills
    parts = [client.get(f"{address}?limit=10&offset={n}").json()["members"] for n in range(0, metal.skills, 10)]
    assert [member for part in parts for member in part] == whole["members"]


def test_a_skills_clusters(client: TestClient, welding: Concept, metal: Cluster) -> None:
    found = client.get(f"/api/v1/skills/{welding.path.partition('/')[2]}/clusters").json()
    assert found["iri"] == welding.iri
    assert found["clusters"][0]["rank"] == "primary" and found["clusters"][0]["path"][0]["id"] == metal.id
    assert sum(p["weight"] for p in found["clusters"] if p["rank"] != "rejected") == pytest.approx(1, abs=0.001)


def test_changes_since(client: TestClient, site: Site, retired: str) -> None:
    found = client.get(f"/api/v1/changes?since={OLD}").json()
    assert {one["id"] for one in found["removed"]} == {c.id for c in site.latest.clusters.values() if c.is_retired}
    assert next(one for one in found["removed"] if one["id"] == retired)["replaced_by"]
    old, new = (one.primary_places() for one in site.views)
    assert found["skills_moved"] == sum(old[skill] != new[skill] for skill in old) > 0
    same = client.get(f"/api/v1/changes?since={NEW}").json()
    assert (same["added"], same["removed"], same["renamed"], same["skills_moved"]) == ([], [], [], 0)


def test_search_gives_addresses_of_pages(client: TestClient, metal: Cluster) -> None:
    found = client.get("/api/v1/search", params={"q": "weld aluminium", "language": "en", "type": "skill"}).json()[
        "results"
    ]
    assert found[0]["label"] == "weld aluminium" and found[0]["where"].startswith(metal.label("en"))
    assert client.get(f"/en/{NEW}/{found[0]['page']}").status_code == 200


def test_wrong_parameters_are_told(client: TestClient) -> None:
    for query in (
        "q=",
        "",
        "q=a&limit=0",
        "q=a&limit=x",
        "q=a&type=no",
        "q=a&language=xx",
        "q=a&version=0.0.1",
        "q=a&q=b",
    ):
        answer = client.get(f"/api/v1/search?{query}")
        assert answer.status_code == (200 if query == "q=" else 400), query
        assert answer.headers["content-type"] in ("application/json", "application/problem+json")
    assert client.get("/api/v1/clusters/c99999").status_code == 404
    assert client.put("/api/v1/clusters").status_code == 405


def test_health_names_what_is_served(client: TestClient) -> None:
    found = client.get("/health").json()
    assert found["status"] == "ok" and [one["version"] for one in found["releases"]] == [OLD, NEW]
    assert all(one["skills"] >= 200 for one in found["releases"])
