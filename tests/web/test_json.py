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
    [
        "match",
        "versions",
        "tree",
        "clusters",
        "cluster",
        "members",
        "related",
        "path",
        "skill",
        "occupation",
        "skillClusters",
        "search",
        "changes",
        "classifications",
        "classification",
        "codesAt",
        "codes",
        "codeChanges",
        "correspondsAt",
        "corresponds",
        "version",
        "correspondenceTable",
    ],
)
def test_answers_are_as_described(api: schemathesis.BaseSchema, operation: str) -> None:
    cases = api.find_operation_by_id(operation).as_strategy()

    @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(cases)
    def asked(case: schemathesis.Case) -> None:
        case.call_and_validate()

    asked()


def test_every_operation_is_tried(site: Site) -> None:
    described = {one["operationId"] for path in description(site)["paths"].values() for one in path.values()}
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
    assert client.get(found[0]["page"]).status_code == 200


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


def test_texts_are_matched_with_clusters_at_each_level(client: TestClient, welding: Concept, site: Site) -> None:
    texts = ["weld aluminum", welding.iri, "xyzzyxyzzy", ""]
    found = client.post("/api/v1/match", json={"texts": texts, "language": "en"}).json()
    assert [one["text"] for one in found["results"]] == texts and found["total"] == 4
    for one in found["results"][:2]:
        assert one["match"]["iri"] == welding.iri and one["match"]["id"] == welding.path.partition("/")[2]
        assert [cluster["depth"] for cluster in one["clusters"]] == [1, 2, 3]
        assert one["clusters"][-1]["id"] == site.latest.primary_of([welding.id])[welding.id]
    assert all(one["match"] is None and one["clusters"] == [] for one in found["results"][2:])
    assert len(found["results"][0]["alternatives"]) <= 3


def test_job_titles_lead_to_clusters(client: TestClient) -> None:
    titles = ["Welder (m/f/d)", "senior software developer", "truck driver", "registered nurse"]
    given = {"texts": titles, "language": "en", "types": ["occupation"]}
    found = client.post("/api/v1/match", json=given).json()["results"]
    labels = ["welder", "software developer", "lorry driver", "registered nurse"]
    assert [one["match"]["label"] for one in found] == labels
    assert all(0 < cluster["share"] <= 1 for one in found for cluster in one["clusters"])
    assert all(len(one["clusters"]) == 3 for one in found)


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ({"texts": ["a"] * 201}, 413, "At most 200 texts"),
        ({"texts": "a"}, 400, "list of texts"),
        ({"texts": [], "types": ["tool"]}, 400, "types is a list of"),
        ({"texts": [], "language": "xx"}, 400, "language is one of"),
        ({"texts": [], "alternatives": True}, 400, "alternatives is a whole number"),
        ({"texts": [], "skill": 1}, 400, "Unknown: skill"),
    ],
)
def test_what_cannot_be_matched_is_refused(client: TestClient, given: object, status: int, said: str) -> None:
    answer = client.post("/api/v1/match", json=given)
    assert answer.status_code == status and said in answer.json()["title"]
    assert answer.headers["access-control-allow-origin"] == "*"


def test_members_stand_in_the_order_of_the_page(client: TestClient, site: Site, metal: Cluster) -> None:
    strongest = [one.skill.iri for one in site.latest.strongest(metal.id, "en", 20)]
    found = client.get(f"/api/v1/clusters/{metal.id}/members?limit=20&language=en").json()["members"]
    assert [one["iri"] for one in found] == strongest
    (leaf, *_) = site.latest.finest(metal.id)
    members = [one.skill.iri for one in site.latest.members([leaf], "en")]
    found = client.get(f"/api/v1/clusters/{leaf}/members?limit=1000&language=en").json()["members"]
    assert [one["iri"] for one in found] == members


def test_typical_occupations_begin_with_the_one_that_needs_most_skills(site: Site) -> None:
    """They stood in the order of their IRIs: a primary school teacher before the musician."""
    view = site.latest
    seen = 0
    for cluster in view.clusters.values():
        skills = {one.skill.iri for one in view.members(view.finest(cluster.id), "en")}
        needed = []
        for iri in cluster.occupations:
            of = view.concept_of(iri, "en")
            assert of
            linked = [*view.linked(of.id, "essential", "en"), *view.linked(of.id, "optional", "en")]
            needed.append(-len(skills & {skill.iri for skill in linked}))
        assert needed == sorted(needed), cluster.id
        seen += len(set(needed)) > 1
    assert seen


def test_an_occupation_has_its_skills_by_cluster(client: TestClient, site: Site) -> None:
    hit = client.get("/api/v1/search?q=welder&type=occupation&language=en").json()["results"][0]
    found = client.get(f"/api/v1/occupations/{hit['id']}?language=en").json()
    concept = site.latest.concept_of(hit["iri"])
    assert concept is not None
    needed = {one.iri for kind in ("essential", "optional") for one in site.latest.linked(concept.id, kind, "en")}
    told = [one["iri"] for cluster in found["clusters"] for kind in ("essential", "optional") for one in cluster[kind]]
    assert len(told) == len(set(told)) == found["skills"] and set(told) <= needed
    assert sum(cluster["share"] for cluster in found["clusters"]) == pytest.approx(1, abs=0.001)


def test_the_tree_holds_every_cluster_once(client: TestClient, site: Site) -> None:
    found = client.get("/api/v1/tree").json()

    def below(clusters: list[dict[str, object]]) -> list[str]:
        return [str(c["id"]) for c in clusters] + [i for c in clusters for i in below(c["children"])]  # type: ignore[arg-type]

    assert sorted(below(found["clusters"])) == [cluster.id for cluster in site.latest.current()]
    assert found["total"] == len(site.latest.current())


def test_every_address_is_told_and_answers(client: TestClient) -> None:
    for start in ("/api", "/api/v1", "/api/v1/"):
        found = client.get(start).json()
        assert {one["method"] for one in found["addresses"]} == {"GET", "POST"}
        assert all(one["address"].startswith("http://test/api/v1/") for one in found["addresses"])
    assert client.get(found["examples"]).status_code == client.get(found["description"]).status_code == 200


def test_answers_have_an_entity_tag_and_absolute_links(client: TestClient, metal: Cluster) -> None:
    answer = client.get(f"/api/v1/clusters/{metal.id}?language=de")
    again = client.get(f"/api/v1/clusters/{metal.id}?language=de", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(answer.json()["page"]).status_code == 200
    for missing in ("/api/v1/clusters/none", "/api/v1/search", "/api/nothing"):
        assert client.get(missing).headers["access-control-allow-origin"] == "*"


def test_search_comes_in_parts(client: TestClient) -> None:
    whole = client.get("/api/v1/search?q=metal&limit=100&language=en").json()
    parts = [client.get(f"/api/v1/search?q=metal&limit=7&offset={n}&language=en").json() for n in range(0, 21, 7)]
    assert [hit for part in parts for hit in part["results"]] == whole["results"][:21]
    assert sum(whole["counts"].values()) == whole["total"] >= len(whole["results"])


def test_an_iri_answers_json(client: TestClient, metal: Cluster) -> None:
    answer = client.get(f"/cluster/{metal.id}", headers={"accept": "application/json"})
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("application/ld+json")
